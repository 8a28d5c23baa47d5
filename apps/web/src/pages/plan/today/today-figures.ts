import type { TodayInterval } from "@svara/contracts";

const INTERVAL_MS = 900_000;

/** The interval that an instant lies in. */
export function intervalAt(intervals: readonly TodayInterval[], at: number): TodayInterval | undefined {
  return intervals.find((one) => one.at <= at && at < one.at + INTERVAL_MS);
}

/** A number without needless digits; the dash where there is none. */
export function whole(value: number | null | undefined, locale: string): string {
  if (value === null || value === undefined) return "–";
  return new Intl.NumberFormat(locale, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

/** The part of the day in which something is planned or happens, with a quarter of an hour on either side. */
export function busyPart(intervals: readonly TodayInterval[]): readonly TodayInterval[] {
  const isBusy = ({ forecast, actual, required, scheduled, onDuty }: TodayInterval): boolean =>
    [forecast, actual, required, scheduled, onDuty].some((value) => (value ?? 0) > 0.05);
  const first = intervals.findIndex(isBusy);
  if (first < 0) return intervals;
  return intervals.slice(Math.max(0, first - 1), intervals.findLastIndex(isBusy) + 2);
}

/** What a proposal does to the agents short of the requirement, over its intervals: before and after, in agent-hours. */
export function shortHours(
  effects: readonly { readonly required: number; readonly before: number; readonly after: number }[],
): { readonly before: number; readonly after: number } {
  const short = (of: (effect: (typeof effects)[number]) => number): number =>
    effects.reduce((sum, effect) => sum + Math.max(0, effect.required - of(effect)), 0) / 4;
  return { before: short(({ before }) => before), after: short(({ after }) => after) };
}
