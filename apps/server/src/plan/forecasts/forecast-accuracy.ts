import { addDays, dayOf, INTERVAL_MS, localDate } from "@svara/calendar";
import type { ForecastDetail } from "@svara/contracts";
import type { Instant } from "@svara/kernel";
import type { PastInterval } from "../history/plan-history.ts";

/** One queue and day of a forecast beside what came. */
export interface AccuracyDay {
  readonly queueId: string;
  readonly date: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly forecast: number;
  readonly actual: number;
  readonly absoluteError: number;
  readonly inside80: number;
  readonly intervals: number;
}

/** How good a forecast was, of days about which something is known. */
export interface ForecastAccuracy {
  readonly until: Instant;
  readonly days: AccuracyDay[];
  readonly intervals: {
    readonly queueId: string;
    readonly at: Instant;
    readonly forecast: number;
    readonly actual: number;
  }[];
}

/** Until when a forecast can be compared: the last whole quarter of an hour. */
export function comparedUntil(detail: ForecastDetail, now: Instant): Instant {
  return Math.min(now - (now % INTERVAL_MS), dayOf(detail.lastDay, detail.timeZone).to);
}

/** The forecast's intervals beside what came; quarters of an hour that nobody expected count too when somebody came. */
export function forecastAccuracy(
  detail: ForecastDetail,
  came: readonly PastInterval[],
  until: Instant,
): ForecastAccuracy {
  const actual = new Map(came.map(({ queueId, at, offered }) => [`${queueId} ${at}`, offered]));
  const days: AccuracyDay[] = [];
  const intervals: ForecastAccuracy["intervals"] = [];
  for (const { queue, intervals: planned } of detail.series) {
    const byAt = new Map(planned.map((one) => [one.at, one]));
    for (let i = 0; i < detail.days; i++) {
      const date = addDays(detail.firstDay, i);
      const day = dayOf(date, detail.timeZone);
      if (day.from >= until) break;
      const span = { queueId: queue.id, date, from: day.from, to: Math.min(day.to, until) };
      const line = { ...span, forecast: 0, actual: 0, absoluteError: 0, inside80: 0, intervals: 0 };
      for (let at = line.from; at < line.to; at += INTERVAL_MS) {
        const one = byAt.get(at);
        const there = actual.get(`${queue.id} ${at}`) ?? 0;
        if (!one && there === 0) continue;
        const mean = one?.mean ?? 0;
        line.forecast += mean;
        line.actual += there;
        line.absoluteError += Math.abs(mean - there);
        line.intervals += 1;
        if (one && there >= one.quantiles.p100 - 0.5 && there <= one.quantiles.p900 + 0.5) line.inside80 += 1;
        intervals.push({ queueId: queue.id, at, forecast: mean, actual: there });
      }
      if (line.actual > 0) days.push(line);
    }
  }
  const known = new Set(days.map(({ queueId, date }) => `${queueId} ${date}`));
  return {
    until: Math.max(until, dayOf(detail.firstDay, detail.timeZone).from),
    days,
    intervals: intervals.filter(({ queueId, at }) =>
      known.has(`${queueId} ${localDate(at, detail.timeZone)}`),
    ),
  };
}
