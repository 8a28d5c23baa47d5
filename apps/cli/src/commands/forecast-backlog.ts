import {
  type BacklogWorkload,
  backlogWorkload,
  type Forecast,
  type SeriesName,
} from "@svara/workforce/forecasting";
import type { Given } from "../command.ts";
import { UsageError } from "../usage-error.ts";
import { numberOf } from "./forecast-table.ts";

/** Work that can wait, as the command line says it. */
export interface BacklogSettings {
  /** Items that wait when the forecast begins. */
  readonly items: number;
  readonly responseTargetMs: number;
  /** Minutes after midnight between which the work is done; null: whenever contacts come. */
  readonly workMinutes: { readonly from: number; readonly to: number } | null;
  /** 1 Monday to 7 Sunday. */
  readonly workDays: readonly number[];
}

/** The work of one stream. */
export interface PlannedWork extends BacklogWorkload {
  readonly series: SeriesName;
  readonly timeZone: string;
}

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MOST_HOURS = 2_400; // a hundred days

/** What the options say of work that can wait; undefined when --backlog is not given. */
export function backlogSettings({ options }: Given): BacklogSettings | undefined {
  const waiting = options.backlog;
  if (waiting === undefined) {
    const lone = ["response-hours", "work-hours", "work-days"].find((name) => options[name] !== undefined);
    if (lone !== undefined)
      throw new UsageError(`--${lone} is of no use without --backlog`, "give --backlog 0 when nothing waits");
    return undefined;
  }
  const items = numberOf(String(waiting));
  if (items === undefined || items < 0)
    throw new UsageError(`--backlog is "${waiting}"`, "give how many items wait, 0 or more");
  const hours = numberOf(String(options["response-hours"] ?? ""));
  if (hours === undefined || hours <= 0 || hours > MOST_HOURS) {
    throw new UsageError(
      `--response-hours is ${options["response-hours"] === undefined ? "missing" : `"${options["response-hours"]}"`}`,
      `give within how many hours an item must be done, up to ${MOST_HOURS}`,
    );
  }
  return {
    items,
    responseTargetMs: hours * 3_600_000,
    workMinutes: workMinutesOf(options["work-hours"]),
    workDays: workDaysOf(options["work-days"]),
  };
}

function workMinutesOf(text: string | boolean | undefined): { from: number; to: number } | null {
  if (text === undefined) return null;
  const match = /^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/.exec(String(text));
  const [h1 = 99, m1 = 0, h2 = 99, m2 = 0] = match?.slice(1).map(Number) ?? [];
  const [from, to] = [60 * h1 + m1, 60 * h2 + m2];
  if (match === null || m1 > 59 || m2 > 59 || to > 1440 || to <= from) {
    throw new UsageError(`--work-hours is "${text}"`, "give a beginning and an end such as 08:00-17:00");
  }
  return { from, to };
}

function workDaysOf(text: string | boolean | undefined): number[] {
  if (text === undefined) return [1, 2, 3, 4, 5];
  const days = String(text)
    .toLowerCase()
    .split(",")
    .map((day) => DAYS.indexOf(day.trim()) + 1);
  if (days.includes(0)) throw new UsageError(`--work-days is "${text}"`, `give some of ${DAYS.join(",")}`);
  return days;
}

/** The work that each working interval must get through; an interval that is only partly within the working hours is none. */
export function planWork(forecast: Forecast, settings: BacklogSettings): PlannedWork {
  const { intervals, intervalMs, series, timeZone, days } = forecast;
  const { items, responseTargetMs, workMinutes, workDays } = settings;
  const firstDay = days[0]?.date ?? "";
  const begin = Temporal.PlainDate.from(firstDay).toZonedDateTime(timeZone);
  const end = begin.add({ days: days.length });
  const working: number[] = [];
  if (workMinutes === null) working.push(...intervals.map(({ at }) => at));
  else {
    for (let at = begin.epochMilliseconds; at < end.epochMilliseconds; at += intervalMs) {
      const wall = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
      const minute = wall.hour * 60 + wall.minute;
      const isWithin = workMinutes.from <= minute && minute + intervalMs / 60_000 <= workMinutes.to;
      if (isWithin && workDays.includes(wall.dayOfWeek)) working.push(at);
    }
  }
  const workload = backlogWorkload({
    intervalMs,
    workingIntervals: working,
    arrivals: intervals.map(({ at, mean }) => ({ at, count: mean })),
    backlog: items > 0 ? [{ cameAt: begin.epochMilliseconds - 1, count: items }] : [],
    responseTargetMs,
  });
  return { series, timeZone, ...workload };
}

/** For a person, beside the result. */
export function workWords(works: readonly PlannedWork[]): string {
  const lines = works.flatMap(({ series, lateAnyway, leftOver }) => {
    const name = [series.queueId, series.medium].filter((part) => part !== null && part !== "").join(", ");
    const of = name === "" ? "" : `${name}: `;
    return [
      ...(lateAnyway > 0
        ? [
            `${of}${lateAnyway.toFixed(1)} items are late whatever is done: their target passes outside of the working hours`,
          ]
        : []),
      ...(leftOver > 0 ? [`${of}${leftOver.toFixed(1)} items are due after the end and left to later`] : []),
    ];
  });
  return lines.map((line) => `${line}\n`).join("");
}
