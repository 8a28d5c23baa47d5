import { type Finding, fail, ok, warn } from "./finding.ts";
import { probePort } from "./port-check.ts";

const PORTS_PER_LEG = 2; // RTP and RTCP
const SAMPLES = 16; // enough to notice a neighbour's range, quick enough not to notice the check
const FEW_LEGS = 50;

/** Whether the range of UDP ports for phones' media is wide enough and nobody sits in it. */
export async function checkMediaPorts(
  range: { readonly min: number; readonly max: number },
  host: string,
  svaraRuns: boolean,
): Promise<Finding> {
  const legs = Math.floor((range.max - range.min + 1) / PORTS_PER_LEG);
  const remedy = "set SVARA_RTP_PORTS to a range that nobody else uses, such as 20000-29999";
  if (legs < 1) return fail(`the media ports ${range.min}-${range.max} hold not even one call`, remedy);
  const taken = [];
  for (const port of sample(range)) {
    if ((await probePort({ protocol: "udp", host, port })) !== "free") taken.push(port);
  }
  const room = `media ports ${range.min}-${range.max}: room for ${legs} phone legs`;
  if (taken.length > 0 && !svaraRuns) return warn(`${room}, but ${taken.join(", ")} are taken`, remedy);
  return legs < FEW_LEGS
    ? warn(room, "widen SVARA_RTP_PORTS: each phone or trunk leg takes two ports")
    : ok(room);
}

function sample({ min, max }: { min: number; max: number }): number[] {
  const step = Math.max(1, Math.floor((max - min) / SAMPLES));
  return Array.from({ length: SAMPLES }, (_, i) => min + i * step).filter((port) => port <= max);
}
