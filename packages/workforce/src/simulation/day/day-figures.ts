import { evaluate } from "@svara/insight";
import { handlingMs, loggedInMs, type StateTimes } from "../agent-tally.ts";
import type { RatioPart } from "../confidence.ts";
import { ALL_AGENTS, type FloorTally } from "../floor-tally.ts";
import { type BlockCounts, noBlockCounts, sumBlocks } from "../queue-tally.ts";
import { WaitHistogram } from "../wait-histogram.ts";

/** The figures of an interval and of the day. Counts are of the interval or the day; times in ms; agents and cost of all queues together. */
export const DAY_FIGURES = [
  "offered",
  "answered",
  "abandoned",
  "serviceLevel",
  "abandonRate",
  "meanWaitMs",
  "wait90Ms",
  "meanQueue",
  "occupancy",
  "agents",
  "cost",
] as const;

export type DayFigure = (typeof DAY_FIGURES)[number];

/** What staff and lost contacts cost, in any money. */
export interface DayCosts {
  /** An hour of an agent from log-in to log-out. */
  readonly perAgentHour: number;
  /** A contact whose customer gave up. */
  readonly perAbandoned: number;
}

/** Sum above and below the line for each figure. */
export type DayParts = Readonly<Record<DayFigure, RatioPart>>;

/** What one run counted of a queue, or of all: interval by interval, and the day. */
export interface CountedDay {
  readonly intervals: readonly DayParts[];
  readonly day: DayParts;
}

const NOTHING: RatioPart = { top: 0, bottom: 0 };

/**
 * The figures of a run, of all queues together under `null`; of `span` where only a part of the blocks
 * is asked for; then `wait90Ms` is known only if nobody came outside of it.
 */
export function countedDays(
  tally: FloorTally,
  costs: DayCosts,
  span: { readonly first: number; readonly count: number } = { first: 0, count: tally.plan.count },
): Map<string | null, CountedDay> {
  const { lengthMs } = tally.plan;
  const { first, count } = span;
  const part = <T>(blocks: readonly T[]): T[] => blocks.slice(first, first + count);
  const days = new Map<string | null, CountedDay>();
  const of = (
    blocks: readonly BlockCounts[],
    waits: WaitHistogram,
    staff?: readonly StateTimes[],
  ): CountedDay => {
    const whole = sumBlocks(blocks);
    return {
      intervals: blocks.map((block, i) =>
        partsOf(block, { lengthMs, costs, staff: staff?.[i], wait90Ms: null }),
      ),
      day: partsOf(whole, {
        lengthMs: lengthMs * count,
        costs,
        staff: staff && sumOf(staff),
        // the waits are of all blocks: they are told where nobody waited outside of these
        wait90Ms: waits.count === whole.ended ? waits.quantile(0.9) : null,
      }),
    };
  };
  const all = new WaitHistogram();
  for (const [queueId, queue] of tally.queues) {
    all.merge(queue.waits);
    days.set(queueId, of(part(queue.blocks), queue.waits));
  }
  const queues = [...tally.queues.values()];
  const together = Array.from({ length: count }, (_, i) =>
    sumBlocks(queues.map(({ blocks }) => blocks[first + i] ?? noBlockCounts())),
  );
  const staff = part(tally.groups.get(ALL_AGENTS)?.blocks ?? []);
  days.set(null, of(together, all, staff));
  return days;
}

function sumOf(times: readonly StateTimes[]): StateTimes | undefined {
  const [first, ...others] = times;
  if (!first) return undefined;
  const sum = { ...first };
  for (const other of others)
    for (const state of Object.keys(sum) as (keyof StateTimes)[]) sum[state] += other[state];
  return sum;
}

function partsOf(
  block: BlockCounts,
  span: {
    readonly lengthMs: number;
    readonly costs: DayCosts;
    readonly staff: StateTimes | undefined;
    readonly wait90Ms: number | null;
  },
): DayParts {
  const { lengthMs, costs, staff, wait90Ms } = span;
  const count = (top: number): RatioPart => ({ top, bottom: 1 });
  const kpi = (key: "SL4.v1" | "K7.v1"): RatioPart => {
    const { numerator, denominator } = evaluate(key, block);
    return { top: numerator, bottom: denominator };
  };
  const handling = staff ? handlingMs(staff) : 0;
  const on = staff ? loggedInMs(staff) : 0;
  return {
    offered: count(block.offered),
    answered: count(block.answered),
    abandoned: count(block.abandoned),
    serviceLevel: kpi("SL4.v1"),
    abandonRate: kpi("K7.v1"),
    meanWaitMs: { top: block.waitMs, bottom: block.ended },
    wait90Ms: wait90Ms === null ? NOTHING : count(wait90Ms),
    meanQueue: count(block.lengthArea / lengthMs),
    occupancy: staff ? { top: handling, bottom: handling + staff.available } : NOTHING,
    agents: staff ? count(on / lengthMs) : NOTHING,
    cost: staff
      ? count((on / 3_600_000) * costs.perAgentHour + block.abandoned * costs.perAbandoned)
      : NOTHING,
  };
}
