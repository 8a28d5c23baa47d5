import { serveWorkerJob } from "@svara/jobs";
import type { Instant } from "@svara/kernel";
import {
  type ContactHistory,
  fitHistory,
  type IntervalCount,
  reforecastDay,
  type SpecialDay,
} from "@svara/workforce/forecasting";
import type { MethodInterval } from "./rest-of-day.ts";

/** One queue whose day goes on. */
export interface ReforecastRequest {
  readonly history: ContactHistory;
  readonly specialDays: readonly SpecialDay[];
  readonly seen: readonly IntervalCount[];
  readonly at: Instant;
}

await serveWorkerJob<ReforecastRequest, never, MethodInterval[]>(({ history, specialDays, seen, at }) => {
  const fit = fitHistory(history, { horizonDays: 1, specialDays });
  return reforecastDay(fit, seen, at).intervals.map(({ at: from, planned, mean, quantiles }) => ({
    at: from,
    planned,
    mean,
    low: quantiles.p100,
    high: quantiles.p900,
  }));
});
