import type { Instant } from "@svara/kernel";

/** What was planned of an interval, and what came. */
export interface PlannedInterval {
  readonly at: Instant;
  readonly forecast: number;
  readonly low: number;
  readonly high: number;
  /** Null: not over. */
  readonly actual: number | null;
}

/** What a method expects of an interval now: its own plan, and what became of that in the light of the day. */
export interface MethodInterval {
  readonly at: Instant;
  readonly planned: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** What is to be expected of an interval that is not over. */
export interface RestInterval {
  readonly at: Instant;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const HALF = 0.5; // half way from the plan to what came: what a day teaches about its rest, measured on a bank's calls
const FEWEST = 20; // contacts planned so far; of fewer, chance is most of the difference

/**
 * The rest of a day: the planner's forecast times what a method finds of its own plan, or, without one, times the share of what
 * came so far, drawn half way to it.
 */
export function restOfDay(
  planned: readonly PlannedInterval[],
  method: readonly MethodInterval[] | null,
): { readonly by: "method" | "share" | null; readonly intervals: readonly RestInterval[] } {
  const open = planned.filter(({ actual }) => actual === null);
  const known = new Map((method ?? []).map((interval) => [interval.at, interval]));
  if (method && open.some(({ at }) => known.has(at))) {
    return {
      by: "method",
      intervals: open.map(({ at, forecast, low, high }) => {
        const found = known.get(at);
        if (!found || found.planned <= 0) return { at, mean: forecast, low, high };
        const factor = forecast / found.planned;
        return { at, mean: found.mean * factor, low: found.low * factor, high: found.high * factor };
      }),
    };
  }
  const past = planned.filter(({ actual }) => actual !== null);
  const expected = past.reduce((sum, { forecast }) => sum + forecast, 0);
  if (expected < FEWEST)
    return {
      by: null,
      intervals: open.map(({ at, forecast, low, high }) => ({ at, mean: forecast, low, high })),
    };
  const came = past.reduce((sum, { actual }) => sum + (actual ?? 0), 0);
  const factor = 1 + HALF * (came / expected - 1);
  return {
    by: "share",
    intervals: open.map(({ at, forecast, low, high }) => ({
      at,
      mean: forecast * factor,
      low: low * factor,
      high: high * factor,
    })),
  };
}

/**
 * Agents for another load than the one that a requirement was reckoned for, by the square-root rule: as many standard
 * deviations above the load as before (Halfin and Whitt 1981).
 */
export function requiredFor(
  planned: { readonly agents: number; readonly load: number },
  factor: number,
): number {
  const { agents, load } = planned;
  if (load <= 0 || agents <= 0 || factor === 1) return agents;
  const safety = (agents - load) / Math.sqrt(load);
  const now = load * factor;
  return Math.max(1, Math.ceil(now + safety * Math.sqrt(now) - 1e-9));
}
