import type { AnswerOf, api } from "@svara/contracts";

export type Hours = AnswerOf<typeof api.hours.get>;
export type Span = { from: string; to: string };
export type Week = Hours["weekly"];

/** The days of the week as the contract names them, Monday first. */
export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];

/** The week with one day's hours replaced; a closed day is left out. */
export function withDay(week: Week, day: Day, spans: readonly Span[]): Week {
  const { [day]: _former, ...others } = week;
  return spans.length === 0 ? others : { ...others, [day]: spans.map((span) => ({ ...span })) };
}

/** The hours of Monday on every working day. */
export function copyMonday(week: Week): Week {
  return (["tue", "wed", "thu", "fri"] as const).reduce(
    (next, day) => withDay(next, day, week.mon ?? []),
    week,
  );
}

/** A clock time in minutes after midnight; `24:00` is 1440. */
export function minutesOf(clock: string): number {
  const [hours = "0", minutes = "0"] = clock.split(":");
  return Number(hours) * 60 + Number(minutes);
}

/** The part of a day that a span fills, as shares 0..1; a span into the next day fills the rest of this one. */
export function dayShare(span: Span): { readonly left: number; readonly width: number } {
  const from = minutesOf(span.from) / 1440;
  const to = minutesOf(span.to) / 1440;
  return { left: from, width: (to > from ? to : 1) - from };
}
