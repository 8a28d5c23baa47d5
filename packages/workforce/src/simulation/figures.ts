import { evaluate, type KpiKey } from "@svara/insight";
import type { QueueId } from "@svara/kernel";
import { handlingMs, loggedInMs, type StateTimes, sumTimes } from "./agent-tally.ts";
import { type Estimate, meanEstimate, ratioEstimate } from "./confidence.ts";
import type { FloorTally } from "./floor-tally.ts";
import { type BlockCounts, noBlockCounts, sumBlocks } from "./queue-tally.ts";
import { WaitHistogram } from "./wait-histogram.ts";

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

interface Scale {
  readonly lengthMs: number;
  readonly confidence: number;
}

/** The figures of each queue over all runs. */
export function queueFigures(runs: readonly FloorTally[], scale: Scale): Map<QueueId, QueueFigures> {
  const ids = new Set(runs.flatMap((run) => [...run.queues.keys()]));
  return new Map(
    [...ids].map((id) => {
      const blocks = runs.flatMap((run) => run.queues.get(id)?.blocks ?? blankBlocks(run));
      const waits = runs.map((run) => run.queues.get(id)?.waits ?? new WaitHistogram());
      return [id, figuresOf(blocks, waits, scale)];
    }),
  );
}

/** The figures of all queues together. */
export function totalFigures(runs: readonly FloorTally[], scale: Scale): QueueFigures {
  const blocks = runs.flatMap((run) => {
    const queues = [...run.queues.values()];
    return blankBlocks(run).map((blank, i) => sumBlocks(queues.map((queue) => queue.blocks[i] ?? blank)));
  });
  const waits = runs.map((run) => {
    const all = new WaitHistogram();
    for (const queue of run.queues.values()) all.merge(queue.waits);
    return all;
  });
  return figuresOf(blocks, waits, scale);
}

/** How the agents of each group spent their time. */
export function agentFigures(runs: readonly FloorTally[], scale: Scale): Map<string, AgentFigures> {
  const names = new Set(runs.flatMap((run) => [...run.groups.keys()]));
  return new Map(
    [...names].map((name) => {
      const blocks = runs.flatMap((run) => run.groups.get(name)?.blocks ?? []);
      const times = sumTimes(blocks);
      const figures: AgentFigures = {
        times,
        loggedInMs: loggedInMs(times),
        occupancy: ratioEstimate(
          blocks.map((block) => {
            const top = handlingMs(block);
            return { top, bottom: top + block.available };
          }),
          scale.confidence,
        ),
        meanLoggedIn: meanEstimate(
          blocks.map((block) => loggedInMs(block) / scale.lengthMs),
          scale.confidence,
        ),
      };
      return [name, figures];
    }),
  );
}

function figuresOf(
  blocks: readonly BlockCounts[],
  waits: readonly WaitHistogram[],
  { lengthMs, confidence }: Scale,
): QueueFigures {
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
  const quantile = (p: number): Estimate =>
    meanEstimate(
      waits.flatMap((histogram) => histogram.quantile(p) ?? []),
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
    wait50Ms: quantile(0.5),
    wait90Ms: quantile(0.9),
    meanQueue: mean((b) => b.lengthArea / lengthMs),
    crossSales: mean((b) => b.crossSales),
  };
}

function blankBlocks(run: FloorTally): BlockCounts[] {
  return Array.from({ length: run.plan.count }, noBlockCounts);
}
