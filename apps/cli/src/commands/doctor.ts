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
  details: "Changes nothing, and may run beside the server. Exit code 1 when something does not work.",
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
