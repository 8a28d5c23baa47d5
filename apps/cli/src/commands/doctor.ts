import { styleText } from "node:util";
import { SystemClock } from "@svara/kernel";
import type { Diagnosis, Verdict } from "@svara/server";
import type { Command } from "../command.ts";
import { loadServer } from "../server-door.ts";

const COLOURS: Readonly<Record<Verdict, "green" | "yellow" | "red">> = {
  ok: "green",
  warn: "yellow",
  fail: "red",
};

export const doctor: Command = {
  name: "doctor",
  summary: "look at everything that calls need, and say what to mend",
  usage: "[options]",
  details: `Looks at disk, limits, ports, database, clock, certificate, the carriers' names (DNS), address translation (NAT),
trunks (OPTIONS to each) and sends a tone through the media. Changes nothing, and may run beside the server, which it then
asks what it knows. Each finding is ok, warn (works, but will trouble somebody) or fail (does not work), with what to do.
Exit code: 0 when nothing fails, 1 when something does, 2 when a setting cannot be used.

  svara doctor
  SVARA_SIP_PORT=5070 svara doctor          would a server with these settings work?
  svara doctor --json | jq '.checks[] | select(.verdict != "ok")'`,
  options: {},
  async run({ json }, terminal) {
    const { overallVerdict, readSettings, runDoctor } = await loadServer();
    const report = (diagnosis: Diagnosis): void => terminal.out(describe(diagnosis));
    const found = await runDoctor(readSettings(terminal.env), {
      clock: new SystemClock(),
      ...(json ? {} : { report }),
    });
    const verdict = overallVerdict(found);
    if (json) terminal.out(`${JSON.stringify({ verdict, checks: found })}\n`);
    return verdict === "fail" ? 1 : 0;
  },
};

function describe(diagnosis: Diagnosis): string {
  const mark = styleText(COLOURS[diagnosis.verdict], diagnosis.verdict.padEnd(4));
  const remedy = "remedy" in diagnosis ? `\n      what to do: ${diagnosis.remedy}` : "";
  return `${mark}  ${diagnosis.check}: ${diagnosis.message}${remedy}\n`;
}
