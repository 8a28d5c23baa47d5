import type { MediaHeard } from "../load/media-ports.ts";
import type { Figure } from "../report/figure.ts";
import { PEER_WAITING, PEER_WAITING_HELD } from "../report/peer.ts";
import { waitingNumber } from "../server/bench-centre.ts";
import { corePercent, costOf } from "../server/process-cost.ts";
import { type CaseResult, rounded, type Stage, sleep } from "./bench-case.ts";

export interface WaitingSize {
  /** Numbers of callers, rising; callers of one level stay for the next. */
  readonly levels: readonly number[];
  readonly perSecond: number;
  readonly windowMs: number;
}

interface Level extends MediaHeard {
  readonly callers: number;
  readonly up: number;
  readonly serverCpuPercent: number;
  readonly loadCpuPercent: number;
  readonly residentMb: number;
}

/** More than this missing on average, or any flow this short, and the music is no longer clean. */
const cleanMissingPercent = 0.5;
const cleanWorstPercent = 3;
const settleMs = 1_500;

/** Callers who wait with music while nobody can serve them: more and more, until packets go missing. */
export async function waiting(stage: Stage, size: WaitingSize): Promise<CaseResult> {
  const levels: Level[] = [];
  const idleMb = rounded(stage.server.residentMb, 0);
  let up = 0;
  for (const callers of size.levels) {
    const added = await stage.load.ask("hold", {
      number: waitingNumber,
      calls: callers - up,
      perSecond: size.perSecond,
      talks: false,
    });
    up += added.up;
    await sleep(settleMs);
    const level = { callers, up, ...(await heard(stage, size.windowMs)) };
    levels.push(level);
    stage.say(
      `${up} of ${callers} waiting: ${level.serverCpuPercent} % of a core, ${level.missingPercent} % missing, p99 ${level.interArrivalMs.p99} ms`,
    );
    if (!clean(level)) break;
  }
  const { released } = await stage.load.ask("release", {});
  return {
    group: { title: "Waiting callers held with music", figures: [...levels.flatMap(figures), held(levels)] },
    detail: { idleMb, levels, released },
  };
}

async function heard(stage: Stage, windowMs: number): Promise<Omit<Level, "callers" | "up">> {
  const { server, load } = stage;
  const from = [server.cost(), costOf([load.pid])] as const;
  const media = await load.ask("listen", { ms: windowMs });
  const to = [server.cost(), costOf([load.pid])] as const;
  return {
    ...media,
    serverCpuPercent: rounded(corePercent(from[0], to[0])),
    loadCpuPercent: rounded(corePercent(from[1], to[1])),
    residentMb: rounded(server.residentMb, 0),
  };
}

function clean({ callers, up, missingPercent, missingPercentWorst }: Level): boolean {
  return up === callers && missingPercent <= cleanMissingPercent && missingPercentWorst <= cleanWorstPercent;
}

function figures(level: Level): Figure[] {
  const { callers, up, seconds } = level;
  const peer = PEER_WAITING.get(callers);
  const conditions = `${up} of ${callers} callers, ${seconds} s`;
  const id = `waiting.${callers}`;
  const peerOf = (value: number | null | undefined) => (typeof value === "number" ? { peer: { value } } : {});
  return [
    {
      id: `${id}.cpu`,
      what: `${callers} callers: CPU each`,
      value: rounded(level.serverCpuPercent / Math.max(1, up), 4),
      unit: "% of a core",
      better: "lower",
      conditions,
      ...peerOf(peer?.cpuPerCall),
    },
    {
      id: `${id}.missing`,
      what: `${callers} callers: packets missing`,
      value: level.missingPercent,
      unit: "%",
      better: "lower",
      conditions: `${conditions}; worst flow ${level.missingPercentWorst} %`,
      ...peerOf(peer?.missing),
    },
    {
      id: `${id}.p99`,
      what: `${callers} callers: inter-arrival p99`,
      value: level.interArrivalMs.p99,
      unit: "ms",
      better: "lower",
      conditions: `${conditions}; p99.9 ${level.interArrivalMs.p999} ms`,
      ...peerOf(peer?.p99Ms),
    },
    {
      id: `${id}.rss`,
      what: `${callers} callers: resident memory`,
      value: level.residentMb,
      unit: "MB",
      better: "lower",
      conditions,
      ...peerOf(peer?.residentMb),
    },
  ];
}

function held(levels: readonly Level[]): Figure {
  const last = levels.filter(clean).at(-1);
  return {
    id: "waiting.held",
    what: "most callers with clean music",
    value: last?.callers ?? 0,
    unit: "callers",
    better: "higher",
    conditions: levels.every(clean) ? "the highest level tried" : `${levels.at(-1)?.callers} were not clean`,
    peer: { value: PEER_WAITING_HELD },
  };
}
