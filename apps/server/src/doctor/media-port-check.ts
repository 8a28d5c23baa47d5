import { readFileSync } from "node:fs";
import { type Finding, fail, ok, warn } from "./finding.ts";
import { probePort } from "./port-check.ts";

const PORTS_PER_LEG = 2; // RTP and RTCP
const SAMPLES = 16; // enough to notice a neighbour's range, quick enough not to notice the check
const FEW_LEGS = 50;
const SHOWN = 5;

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Whether the range of UDP ports for phones' media is wide enough and nobody sits in it. */
export async function checkMediaPorts(range: Range, host: string, svaraRuns: boolean): Promise<Finding> {
  return judgeMediaPorts(range, heldPorts(range) ?? (await probeSome(range, host)), svaraRuns);
}

/** What `taken` ports of the range mean; those of a Svara that runs are its own calls. */
export function judgeMediaPorts(range: Range, taken: readonly number[], svaraRuns: boolean): Finding {
  const remedy = "set SVARA_RTP_PORTS to a range that nobody else uses, such as 20000-29999";
  const legs = Math.floor((range.max - range.min + 1 - (svaraRuns ? 0 : taken.length)) / PORTS_PER_LEG);
  if (legs < 1)
    return fail(
      `the media ports ${range.min}-${range.max} hold not even one call: callers are refused`,
      remedy,
    );
  const room = `media ports ${range.min}-${range.max}: room for ${legs} phone legs`;
  if (taken.length > 0 && !svaraRuns) {
    const some = taken.slice(0, SHOWN).join(", ");
    const more = taken.length > SHOWN ? ` and ${taken.length - SHOWN} more` : "";
    return warn(`${room}; other programs hold ${some}${more}`, remedy);
  }
  if (legs < FEW_LEGS)
    return warn(
      `${room}; callers beyond that are refused`,
      "widen SVARA_RTP_PORTS: each phone or trunk leg takes two ports",
    );
  return ok(svaraRuns && taken.length > 0 ? `${room}, ${taken.length} ports in use by this Svara` : room);
}

/** All UDP ports of the range that somebody holds, as Linux tells; undefined elsewhere. */
function heldPorts({ min, max }: Range): number[] | undefined {
  try {
    const tables = ["/proc/net/udp", "/proc/net/udp6"].map((file) => readFileSync(file, "latin1"));
    return [...new Set(tables.flatMap(udpPortsIn))]
      .filter((port) => port >= min && port <= max)
      .sort((a, b) => a - b);
  } catch {
    return undefined;
  }
}

/** The local ports in a table of `/proc/net/udp`: `  12: 0100007F:4E20 00000000:0000 07 …`. */
export function udpPortsIn(table: string): number[] {
  return [...table.matchAll(/^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) /gm)].map(([, port]) =>
    Number.parseInt(port ?? "", 16),
  );
}

async function probeSome({ min, max }: Range, host: string): Promise<number[]> {
  const step = Math.max(1, Math.floor((max - min) / SAMPLES));
  const taken = [];
  for (let port = min; port <= max; port += step) {
    if ((await probePort({ protocol: "udp", host, port })) !== "free") taken.push(port);
  }
  return taken;
}
