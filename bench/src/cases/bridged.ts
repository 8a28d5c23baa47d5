import type { MediaHeard } from "../load/media-ports.ts";
import type { Figure } from "../report/figure.ts";
import { PEER_BRIDGED, PEER_RECORDED } from "../report/peer.ts";
import { servedNumber } from "../server/bench-centre.ts";
import { corePercent, costOf } from "../server/process-cost.ts";
import { type CaseResult, rounded, type Stage, sleep } from "./bench-case.ts";

export interface BridgedSize {
  /** Numbers of calls, rising; none above the number of agents. */
  readonly levels: readonly number[];
  readonly perSecond: number;
  readonly windowMs: number;
}

interface Level extends MediaHeard {
  readonly calls: number;
  readonly up: number;
  readonly recorded: boolean;
  readonly serverCpuPercent: number;
  readonly loadCpuPercent: number;
  readonly residentMb: number;
}

const settleMs = 1_500;

/** Calls between callers and agents who both send 50 packets a second, plain and then recorded. */
export async function bridged(stage: Stage, size: BridgedSize): Promise<CaseResult> {
  const levels: Level[] = [];
  for (const recorded of [false, true]) {
    await stage.centre.record(recorded);
    levels.push(...(await ramp(stage, size, recorded)));
  }
  await stage.centre.record(false);
  return {
    group: { title: "Bridged calls with media both ways", figures: levels.flatMap(figures) },
    detail: levels,
  };
}

async function ramp(stage: Stage, size: BridgedSize, recorded: boolean): Promise<Level[]> {
  const { server, load } = stage;
  const levels: Level[] = [];
  let up = 0;
  for (const calls of size.levels) {
    const added = await load.ask("hold", {
      number: servedNumber,
      calls: calls - up,
      perSecond: size.perSecond,
      talks: true,
    });
    up += added.up;
    await sleep(settleMs);
    const from = [server.cost(), costOf([load.pid])] as const;
    const media = await load.ask("listen", { ms: size.windowMs });
    const to = [server.cost(), costOf([load.pid])] as const;
    const level: Level = {
      ...media,
      calls,
      up,
      recorded,
      serverCpuPercent: rounded(corePercent(from[0], to[0])),
      loadCpuPercent: rounded(corePercent(from[1], to[1])),
      residentMb: rounded(server.residentMb, 0),
    };
    levels.push(level);
    stage.say(
      `${up} of ${calls} bridged${recorded ? ", recorded" : ""}: ${level.serverCpuPercent} % of a core, ${level.missingPercent} % missing`,
    );
  }
  await load.ask("release", {});
  await sleep(settleMs);
  return levels;
}

function figures(level: Level): Figure[] {
  const { calls, up, recorded, seconds } = level;
  const value = (recorded ? PEER_RECORDED : PEER_BRIDGED).get(calls);
  const kind = recorded ? "recorded" : "plain";
  return [
    {
      id: `bridged.${kind}.${calls}.cpu`,
      what: `${calls} ${kind}: CPU each`,
      value: rounded(level.serverCpuPercent / Math.max(1, up), 4),
      unit: "% of a core",
      better: "lower",
      conditions: `${up} calls, ${seconds} s, 100 packets/s relayed each; ${level.residentMb} MB resident`,
      ...(value === undefined ? {} : { peer: { value } }),
    },
    {
      id: `bridged.${kind}.${calls}.missing`,
      what: `${calls} ${kind}: packets missing after the round trip`,
      value: level.missingPercent,
      unit: "%",
      better: "lower",
      conditions: `worst flow ${level.missingPercentWorst} %; inter-arrival p99 ${level.interArrivalMs.p99} ms, sender's own jitter included`,
    },
  ];
}
