import type { QueuePolicy } from "@svara/insight";
import { type Instant, type QueueId, SvaraError } from "@svara/kernel";
import { BlockPlan } from "../block-plan.ts";
import { type RatioPart, ratioDifference, ratioEstimate } from "../confidence.ts";
import { FloorRun } from "../floor-run.ts";
import { FloorTally } from "../floor-tally.ts";
import type { Scenario } from "../scenario.ts";
import { type CountedDay, countedDays, DAY_FIGURES, type DayCosts, type DayFigure } from "./day-figures.ts";

/** How days are compared. */
export interface CompareOptions {
  /** The intervals that are counted: a whole number of `intervalMs` from `from` to `to`. */
  readonly from: Instant;
  readonly to: Instant;
  readonly intervalMs: number;
  readonly seed: number;
  readonly replications: number;
  readonly policyOf: (queueId: QueueId) => QueuePolicy;
  readonly costs: DayCosts;
  /** What really happened, counted by the same intervals, of which there may be more. */
  readonly happened?: FloorTally;
  /** After each run: how many are done of how many. */
  readonly onRun?: (done: number, all: number) => void;
  /** Asked after each run; the figures so far are given, with fewer runs. */
  readonly shouldStop?: () => boolean;
}

/** A figure over the runs. */
export interface Spread {
  readonly value: number | null;
  /** Half the 95 % interval of `value`; null with fewer than two runs. */
  readonly halfWidth: number | null;
  /** A run in ten is below, in the middle, above. */
  readonly p10: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
}

/** A figure of every interval, one list for each number of a `Spread`. */
export type SpreadLists = { readonly [K in keyof Spread]: readonly (number | null)[] };

/** The figures of one queue, or of all together. */
export interface DaySide {
  readonly day: Readonly<Record<DayFigure, Spread>>;
  readonly intervals: Readonly<Record<DayFigure, SpreadLists>>;
}

/** A queue, or all together (`queueId` null), on each of the days. */
export interface ComparedQueue {
  readonly queueId: QueueId | null;
  /** Null where nothing was recorded. */
  readonly happened: {
    readonly day: Readonly<Record<DayFigure, number | null>>;
    readonly intervals: Readonly<Record<DayFigure, readonly (number | null)[]>>;
  } | null;
  readonly base: DaySide;
  readonly changed: DaySide | null;
  /** `changed` less `base`, run by run with the same chance. */
  readonly difference: Readonly<Record<DayFigure, Spread>> | null;
}

/** Two days side by side. Plain JSON. */
export interface DayComparison {
  readonly from: Instant;
  readonly to: Instant;
  readonly intervalMs: number;
  readonly seed: number;
  /** Runs that were made of each day. */
  readonly replications: number;
  readonly queues: readonly ComparedQueue[];
  /** Inputs that the router refused, of all runs: some on a recorded day, none on a planned one. */
  readonly ignored: number;
}

type Runs = readonly Map<string | null, CountedDay>[];

/**
 * Runs a day as it is and, where given, otherwise, over the same chance, and counts both interval by interval. The changed day
 * is made anew for each replication. Throws `workforce.bad_scenario`.
 */
export function compareDays(
  base: Scenario,
  changed: ((replication: number) => Scenario) | null,
  options: CompareOptions,
): DayComparison {
  const { from, to, intervalMs, seed, replications } = options;
  const count = (to - from) / intervalMs;
  if (!Number.isInteger(count) || count < 1 || !Number.isInteger(replications) || replications < 1) {
    throw new SvaraError(
      `${replications} runs of ${to - from} ms by ${intervalMs} ms cannot be counted: give a whole number of runs and intervals`,
      { code: "workforce.bad_scenario", httpStatus: 422, field: "replications" },
    );
  }
  const plan = new BlockPlan(from, to, count);
  let ignored = 0;
  const run = (scenario: Scenario, replication: number): Map<string | null, CountedDay> => {
    const tally = new FloorTally({ plan, policyOf: options.policyOf });
    ignored += new FloorRun(scenario, { tally, seed, replication }).run().ignored;
    return countedDays(tally, options.costs);
  };
  const all = replications * (changed ? 2 : 1);
  const baseRuns: Map<string | null, CountedDay>[] = [];
  const changedRuns: Map<string | null, CountedDay>[] = [];
  for (let replication = 0; replication < replications; replication++) {
    baseRuns.push(run(base, replication));
    options.onRun?.(baseRuns.length + changedRuns.length, all);
    if (changed) {
      changedRuns.push(run(changed(replication), replication));
      options.onRun?.(baseRuns.length + changedRuns.length, all);
    }
    if (options.shouldStop?.()) break;
  }
  const happened =
    options.happened &&
    countedDays(options.happened, options.costs, {
      first: Math.round((from - options.happened.plan.from) / intervalMs),
      count,
    });
  const ids = new Set([...(happened?.keys() ?? []), ...baseRuns.flatMap(keys), ...changedRuns.flatMap(keys)]);
  ids.delete(null);
  return {
    from,
    to,
    intervalMs,
    seed,
    replications: baseRuns.length,
    ignored,
    queues: [null, ...ids].map((id) => compared(id, { baseRuns, changedRuns, happened, count })),
  };
}

function keys(run: Map<string | null, CountedDay>): (string | null)[] {
  return [...run.keys()];
}

function compared(
  id: string | null,
  of: {
    readonly baseRuns: Runs;
    readonly changedRuns: Runs;
    readonly happened: ReadonlyMap<string | null, CountedDay> | undefined;
    readonly count: number;
  },
): ComparedQueue {
  const none = nothing(of.count);
  const base = of.baseRuns.map((run) => run.get(id) ?? none);
  const changed = of.changedRuns.map((run) => run.get(id) ?? none);
  const was = of.happened && (of.happened.get(id) ?? none);
  return {
    queueId: id as QueueId | null,
    happened: was
      ? {
          day: byFigure((figure) => ratioOf(was.day[figure])),
          intervals: byFigure((figure) => was.intervals.map((parts) => ratioOf(parts[figure]))),
        }
      : null,
    base: sideOf(base),
    changed: changed.length === 0 ? null : sideOf(changed),
    difference: changed.length === 0 ? null : byFigure((figure) => differenceOf(figure, base, changed)),
  };
}

function sideOf(runs: readonly CountedDay[]): DaySide {
  const count = runs[0]?.intervals.length ?? 0;
  return {
    day: byFigure((figure) => spreadOf(runs.map(({ day }) => day[figure]))),
    intervals: byFigure((figure) => {
      const spreads = Array.from({ length: count }, (_, i) =>
        spreadOf(runs.flatMap(({ intervals }) => intervals[i]?.[figure] ?? [])),
      );
      return {
        value: spreads.map(({ value }) => value),
        halfWidth: spreads.map(({ halfWidth }) => halfWidth),
        p10: spreads.map(({ p10 }) => p10),
        p50: spreads.map(({ p50 }) => p50),
        p90: spreads.map(({ p90 }) => p90),
      };
    }),
  };
}

function spreadOf(parts: readonly RatioPart[]): Spread {
  const { value, halfWidth } = ratioEstimate(parts);
  const values = parts.flatMap((part) => ratioOf(part) ?? []).sort((a, b) => a - b);
  return {
    value: rounded(value),
    halfWidth: rounded(halfWidth),
    p10: rounded(quantile(values, 0.1)),
    p50: rounded(quantile(values, 0.5)),
    p90: rounded(quantile(values, 0.9)),
  };
}

/** Of runs that met the same customers, pair by pair; `value` is the one figure less the other, the quantiles are of single runs. */
function differenceOf(
  figure: DayFigure,
  base: readonly CountedDay[],
  changed: readonly CountedDay[],
): Spread {
  const differences = changed.flatMap((run, i) => {
    const value = ratioOf(run.day[figure]);
    const other = base[i] ? ratioOf(base[i].day[figure]) : null;
    return value === null || other === null ? [] : [value - other];
  });
  const parts = (runs: readonly CountedDay[]): RatioPart[] => runs.map((run) => run.day[figure]);
  const { value, halfWidth } = ratioDifference(parts(base), parts(changed));
  const sorted = [...differences].sort((a, b) => a - b);
  return {
    value: rounded(value),
    halfWidth: rounded(halfWidth),
    p10: rounded(quantile(sorted, 0.1)),
    p50: rounded(quantile(sorted, 0.5)),
    p90: rounded(quantile(sorted, 0.9)),
  };
}

function ratioOf({ top, bottom }: RatioPart): number | null {
  return bottom === 0 ? null : top / bottom;
}

/** Between the two values nearest to the place `p` (the usual linear rule). */
function quantile(sorted: readonly number[], p: number): number | null {
  const place = (sorted.length - 1) * p;
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  if (low === undefined || high === undefined) return null;
  return low + (high - low) * (place - Math.floor(place));
}

/** Six digits are more than chance leaves; the result stays small. */
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}

function byFigure<T>(of: (figure: DayFigure) => T): Record<DayFigure, T> {
  return Object.fromEntries(DAY_FIGURES.map((figure) => [figure, of(figure)])) as Record<DayFigure, T>;
}

const NO_PARTS = Object.fromEntries(
  DAY_FIGURES.map((figure) => [figure, { top: 0, bottom: 0 }]),
) as CountedDay["day"];

function nothing(count: number): CountedDay {
  return { day: NO_PARTS, intervals: Array.from({ length: count }, () => NO_PARTS) };
}
