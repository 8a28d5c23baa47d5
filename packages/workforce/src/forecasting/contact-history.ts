import type { LocalDate, TimeOfDay } from "@svara/calendar";
import type { Instant } from "@svara/kernel";

/** Length of the intervals that are counted and forecast, in ms: 5, 15, 30 or 60 minutes. */
export type IntervalMs = 300_000 | 900_000 | 1_800_000 | 3_600_000;

/** Contacts that came within one interval; `at` is its start. */
export interface IntervalCount {
  readonly at: Instant;
  readonly count: number;
}

/** Which stream of contacts; null: not told apart by it. */
export interface SeriesName {
  readonly queueId: string | null;
  readonly medium: string | null;
}

/**
 * What an interval means that the history does not name, on a day of which it names others. `closed`: nobody could come.
 * `zero`: nobody came, between the first and the last interval that the weekday usually has. `auto`: `zero` where no
 * interval of the history has the count 0 (a query that groups has none), else `closed`.
 */
export type GapMeaning = "auto" | "closed" | "zero";

/** Past contacts of one stream, in any order; days without a single interval are closed or lost. */
export interface ContactHistory {
  readonly series: SeriesName;
  /** IANA name: day and week profiles are those of its clocks. */
  readonly timeZone: string;
  readonly intervalMs: IntervalMs;
  readonly counts: readonly IntervalCount[];
  /** `auto` when absent. */
  readonly gaps?: GapMeaning;
}

/** A day, past or to come, that is not like others of its weekday. */
export interface SpecialDay {
  readonly date: LocalDate;
  /** Days of one name share their effect: `christmas_eve`, `campaign`, `pay_day`, `outage`. */
  readonly name: string;
  /** Times the usual number; absent: learnt from the past days of this name. 0: closed. */
  readonly effect?: number;
  /** Only from this time of the day on. */
  readonly from?: TimeOfDay;
  /** Only until this time of the day, which is excluded. */
  readonly to?: TimeOfDay;
}
