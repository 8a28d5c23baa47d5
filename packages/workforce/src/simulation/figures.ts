import { evaluate, type KpiKey } from "@svara/insight";
import type { QueueId } from "@svara/kernel";
import { handlingMs, loggedInMs, type StateTimes, sumTimes } from "./agent-tally.ts";
import { type Estimate, meanEstimate, type RatioPart, ratioEstimate } from "./confidence.ts";
import { FloorTally } from "./floor-tally.ts";
import { type BlockCounts, noBlockCounts, sumBlocks } from "./queue-tally.ts";
import { type RunTally, runTally, type WaitQuantiles } from "./run-tally.ts";

/** The service-level variants of the KPI catalogue. */
export const SERVICE_LEVELS = ["SL1", "SL2", "SL3", "SL4", "SL5", "SL6"] as const;

export type ServiceLevelName = (typeof SERVICE_LEVELS)[number];

/** What is known of a queue, or of all together. Counts are means over blocks; times are in ms. */
export interface QueueFigures {
  /** Sums over all blocks and runs. */
  readonly counts: BlockCounts;
  readonly offered: Estimate;
  readonly answered: Estimate;
  readonly answeredWithin: Estimate;
  readonly abandoned: Estimate;
  readonly flowOut: Estimate;
  readonly callback: Estimate;
  /** By formula; numerators and denominators are summed apart, never percents. */
  readonly serviceLevel: Readonly<Record<ServiceLevelName, Estimate>>;
  /** K7: abandoned / offered. */
  readonly abandonRate: Estimate;
  /** Not answered at the instant of coming / ended. */
  readonly delayRate: Estimate;
  readonly meanWaitMs: Estimate;
  readonly meanWaitAnsweredMs: Estimate;
  readonly meanWaitAbandonedMs: Estimate;
  /** Mean over runs of the quantile of all waits of a run. */
  readonly wait50Ms: Estimate;
  readonly wait90Ms: Estimate;
  /** Number waiting, over time. */
  readonly meanQueue: Estimate;
  readonly crossSales: Estimate;
  /** Of the offered ones, those who came again after they were not served. */
  readonly retrials: Estimate;
}

/** How agents spent their time. */
export interface AgentFigures {
  /** Sums over all blocks and runs, by state. */
  readonly times: StateTimes;
  readonly loggedInMs: number;
  /** K50: handling / (handling + available). */
  readonly occupancy: Estimate;
  /** Agents logged in, over time. */
  readonly meanLoggedIn: Estimate;
}

/** Figures of an interval: those that have no quantile. */
export type IntervalQueueFigures = Omit<QueueFigures, "wait50Ms" | "wait90Ms">;

/** By what blocks become figures. */
export interface Scale {
  /** Of a block. */
  readonly lengthMs: number;
  readonly confidence: number;
}

type Counted = FloorTally | RunTally;

/** The figures of each queue over all runs. */
export function queueFigures(counted: readonly Counted[], scale: Scale): Map<QueueId, QueueFigures> {
  const runs = counted.map(asRun);
  return new Map(
    queueIdsOf(runs).map((id) => {
      const blocks = runs.flatMap((run) => blocksOf(run, id));
      const waits = runs.map((run) => run.queues.get(id) ?? NO_WAITS);
      return [id, { ...blockFigures(blocks, scale), ...waitFigures(waits, scale) }];
    }),
  );
}

/** The figures of all queues together. */
export function totalFigures(counted: readonly Counted[], scale: Scale): QueueFigures {
  const runs = counted.map(asRun);
  const waits = runs.map((run) => run.waits);
  return { ...blockFigures(runs.flatMap(totalBlocks), scale), ...waitFigures(waits, scale) };
}

/** The queues of any run. */
export function queueIdsOf(runs: readonly RunTally[]): QueueId[] {
  return [...new Set(runs.flatMap((run) => [...run.queues.keys()]))];
}

/** The blocks of a queue; empty ones where it had nothing. */
export function blocksOf(run: RunTally, id: QueueId): readonly BlockCounts[] {
  return run.queues.get(id)?.blocks ?? blankBlocks(run);
}

/** The blocks of all queues together. */
export function totalBlocks(run: RunTally): BlockCounts[] {
  const queues = [...run.queues.values()];
  return blankBlocks(run).map((blank, i) => sumBlocks(queues.map(({ blocks }) => blocks[i] ?? blank)));
}

/** How the agents of each group spent their time. */
export function agentFigures(counted: readonly Counted[], scale: Scale): Map<string, AgentFigures> {
  const runs = counted.map(asRun);
  const names = new Set(runs.flatMap((run) => [...run.groups.keys()]));
  return new Map(
    [...names].map((name) => [
      name,
      timeFigures(
        runs.flatMap((run) => run.groups.get(name) ?? []),
        scale,
      ),
    ]),
  );
}

/** The same of blocks of time. */
export function timeFigures(blocks: readonly StateTimes[], scale: Scale): AgentFigures {
  const times = sumTimes(blocks);
  return {
    times,
    loggedInMs: loggedInMs(times),
    occupancy: ratioEstimate(blocks.map(occupancyPart), scale.confidence),
    meanLoggedIn: meanEstimate(
      blocks.map((block) => loggedInMs(block) / scale.lengthMs),
      scale.confidence,
    ),
  };
}

/** K50 of a block: handling / (handling + available). */
export function occupancyPart(block: StateTimes): RatioPart {
  const top = handlingMs(block);
  return { top, bottom: top + block.available };
}

function asRun(counted: Counted): RunTally {
  return counted instanceof FloorTally ? runTally(counted) : counted;
}

const NO_WAITS: WaitQuantiles = { wait50Ms: null, wait90Ms: null };

/** Means over runs of the quantiles of the runs. */
function waitFigures(
  runs: readonly WaitQuantiles[],
  { confidence }: Scale,
): Pick<QueueFigures, "wait50Ms" | "wait90Ms"> {
  const mean = (of: (run: WaitQuantiles) => number | null): Estimate =>
    meanEstimate(
      runs.flatMap((run) => of(run) ?? []),
      confidence,
    );
  return { wait50Ms: mean((run) => run.wait50Ms), wait90Ms: mean((run) => run.wait90Ms) };
}

/** The figures of blocks. */
export function blockFigures(
  blocks: readonly BlockCounts[],
  { lengthMs, confidence }: Scale,
): IntervalQueueFigures {
  const mean = (of: (block: BlockCounts) => number): Estimate => meanEstimate(blocks.map(of), confidence);
  const ratio = (top: (b: BlockCounts) => number, bottom: (b: BlockCounts) => number): Estimate =>
    ratioEstimate(
      blocks.map((block) => ({ top: top(block), bottom: bottom(block) })),
      confidence,
    );
  const kpi = (key: KpiKey): Estimate =>
    ratioEstimate(
      blocks.map((block) => {
        const { numerator, denominator } = evaluate(key, block);
        return { top: numerator, bottom: denominator };
      }),
      confidence,
    );
  return {
    counts: sumBlocks(blocks),
    offered: mean((b) => b.offered),
    answered: mean((b) => b.answered),
    answeredWithin: mean((b) => b.answeredWithin),
    abandoned: mean((b) => b.abandoned),
    flowOut: mean((b) => b.flowOut),
    callback: mean((b) => b.callback),
    serviceLevel: {
      SL1: kpi("SL1.v1"),
      SL2: kpi("SL2.v1"),
      SL3: kpi("SL3.v1"),
      SL4: kpi("SL4.v1"),
      SL5: kpi("SL5.v1"),
      SL6: kpi("SL6.v1"),
    },
    abandonRate: kpi("K7.v1"),
    delayRate: ratio(
      (b) => b.delayed,
      (b) => b.ended,
    ),
    meanWaitMs: ratio(
      (b) => b.waitMs,
      (b) => b.ended,
    ),
    meanWaitAnsweredMs: kpi("K2.v1"),
    meanWaitAbandonedMs: kpi("K9.v1"),
    meanQueue: mean((b) => b.lengthArea / lengthMs),
    crossSales: mean((b) => b.crossSales),
    retrials: mean((b) => b.retrials),
  };
}

function blankBlocks(run: RunTally): BlockCounts[] {
  const [first] = [...run.queues.values()].map(({ blocks }) => blocks.length);
  const [ofAgents] = [...run.groups.values()].map((blocks) => blocks.length);
  return Array.from({ length: first ?? ofAgents ?? 1 }, noBlockCounts);
}
