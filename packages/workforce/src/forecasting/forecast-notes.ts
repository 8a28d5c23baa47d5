import { minutesOf, type OpeningHours, WEEKDAYS } from "@svara/calendar";
import type { DayGrid } from "./day-grid.ts";
import type { ForecastNote } from "./forecast-result.ts";
import type { ModelDays } from "./model-days.ts";
import type { Trial } from "./rolling-origin.ts";
import type { SpecialEffect, SpecialSlots } from "./special-days.ts";

const FEW_CONTACTS = 20; // a day: below, whole days are forecast well and single intervals are mostly chance

/** What the reader of a forecast should know. */
export function notesOn(
  grid: DayGrid,
  days: ModelDays,
  open: readonly number[],
  trials: readonly Trial[],
  specials: readonly SpecialSlots[],
  effects: ReadonlyMap<string, SpecialEffect>,
  openingHours: OpeningHours | undefined,
): ForecastNote[] {
  const notes: ForecastNote[] = [];
  const say = (code: ForecastNote["code"], text: string): void => void notes.push({ code, text });
  if (trials.length === 0) {
    say(
      "short_history",
      `${open.length} open days are too few to try methods on: the intervals are guessed wide.`,
    );
  }
  const perDay = open.reduce((sum, day) => sum + (days.totals[day] ?? 0), 0) / open.length;
  if (perDay < FEW_CONTACTS) {
    say(
      "few_contacts",
      `${perDay.toFixed(1)} contacts a day: of single intervals little can be known; look at whole days.`,
    );
  }
  if (grid.filledZeros) {
    say(
      "gaps_are_zero",
      "The history names no interval without contacts: those it lacks within the opening hours are read as 0.",
    );
  }
  const left = grid.days.filter(
    ({ counts }, day) =>
      counts.length > 0 && days.counts[day] === null && !specials.some((special) => special.day === day),
  );
  if (left.length > 0) {
    say(
      "days_left_out",
      `${left.length} days have too few of their weekday's hours to learn from, the first of them ${left[0]?.date}.`,
    );
  }
  const never = WEEKDAYS.filter(
    (name, weekday) => openingHours?.weekly[name]?.length && !days.open[weekday]?.includes(true),
  );
  if (never.length > 0) {
    say(
      "weekday_never_seen",
      `The history has no ${never.join(", ")}, on which the opening hours are open: nothing is forecast for it.`,
    );
  }
  const unseen = WEEKDAYS.filter((name, weekday) => {
    if (never.includes(name)) return false;
    const hours = openingHours?.weekly[name] ?? [];
    const seen = days.open[weekday] ?? [];
    const first = seen.indexOf(true) / seen.length;
    const end = (seen.lastIndexOf(true) + 1) / seen.length;
    return hours.some(
      ({ from, to }) =>
        (minutesOf(from) ?? 0) / 1440 < first - 1e-9 || (minutesOf(to) ?? 0) / 1440 > end + 1e-9,
    );
  });
  if (unseen.length > 0) {
    say(
      "hours_never_seen",
      `The opening hours of ${unseen.join(", ")} are wider than the history: nothing is forecast for the hours it never had.`,
    );
  }
  const last = grid.days.length - 1;
  const unknown = specials.filter(
    ({ day, special }) => day > last && special.effect === undefined && !effects.has(special.name),
  );
  for (const name of new Set(unknown.map(({ special }) => special.name))) {
    say(
      "no_such_special_day_before",
      `No past day is named "${name}": it is forecast as a usual day. Give an effect, or mark past days.`,
    );
  }
  return notes;
}
