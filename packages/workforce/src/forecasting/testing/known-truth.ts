import { type Random, SeededRandom } from "@svara/kernel";
import type { ContactHistory, IntervalCount, IntervalMs } from "../contact-history.ts";

/** A centre whose true rates are known. */
export interface KnownTruth {
  readonly days: number;
  /** 2025-01-06, a Monday, when absent. */
  readonly firstDay?: string;
  readonly intervalMs?: IntervalMs;
  readonly fromHour?: number;
  readonly toHour?: number;
  /** True contacts of a day; 0 is closed. */
  readonly perDay: (day: number, weekday: number) => number;
  /** Weight of a time of a day, in hours; the same all day when absent. */
  readonly shape?: (hour: number, day: number) => number;
  readonly seed?: number;
  /** No chance: the counts are the rates. */
  readonly exact?: boolean;
}

const DAY_MS = 86_400_000;

/** True rates by instant, and counts drawn from them (Poisson), on UTC clocks. */
export function knownTruth(truth: KnownTruth): { history: ContactHistory; rates: IntervalCount[] } {
  const { days, intervalMs = 900_000, fromHour = 8, toHour = 18, perDay, shape = () => 1, seed = 1 } = truth;
  const start = Date.parse(`${truth.firstDay ?? "2025-01-06"}T00:00:00Z`);
  const random = new SeededRandom(seed);
  const rates: IntervalCount[] = [];
  for (let day = 0; day < days; day++) {
    const weekday = (Math.floor(start / DAY_MS) + 3 + day) % 7;
    const total = perDay(day, weekday);
    if (total === 0) continue;
    const hours: number[] = [];
    for (let ms = fromHour * 3_600_000; ms < toHour * 3_600_000; ms += intervalMs) hours.push(ms / 3_600_000);
    const all = hours.reduce((sum, hour) => sum + shape(hour, day), 0);
    for (const hour of hours) {
      rates.push({ at: start + day * DAY_MS + hour * 3_600_000, count: (total * shape(hour, day)) / all });
    }
  }
  const counts = rates.map(({ at, count }) => ({ at, count: truth.exact ? count : poisson(random, count) }));
  return {
    history: { series: { queueId: "help", medium: "voice" }, timeZone: "UTC", intervalMs, counts },
    rates,
  };
}

/** The history before a day, and what is after it. */
export function cutAt(
  history: ContactHistory,
  date: string,
): { before: ContactHistory; after: IntervalCount[] } {
  const at = Date.parse(`${date}T00:00:00Z`);
  return {
    before: { ...history, counts: history.counts.filter((count) => count.at < at) },
    after: history.counts.filter((count) => count.at >= at),
  };
}

/** Two hills, before and after lunch. */
export function twoHills(hour: number): number {
  return 0.2 + Math.exp(-((hour - 10.5) ** 2) / 3) + 0.7 * Math.exp(-((hour - 15) ** 2) / 4);
}

/** An AR(1) of normal steps, one number a day. */
export function swing(days: number, persistence: number, sd: number, seed = 7): number[] {
  const random = new SeededRandom(seed);
  const values: number[] = [];
  let value = 0;
  for (let day = 0; day < days; day++) {
    value = persistence * value + sd * Math.sqrt(1 - persistence * persistence) * normal(random);
    values.push(value);
  }
  return values;
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

function poisson(random: Random, mean: number): number {
  if (mean > 30) {
    // a sum of two halves is Poisson too
    return poisson(random, mean / 2) + poisson(random, mean / 2);
  }
  const limit = Math.exp(-mean);
  let product = random.next();
  let number = 0;
  while (product > limit) {
    number++;
    product *= random.next();
  }
  return number;
}
