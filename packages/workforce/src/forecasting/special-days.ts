import { type LocalDate, minutesOf } from "@svara/calendar";
import { SvaraError } from "@svara/kernel";
import type { SpecialDay } from "./contact-history.ts";
import { type DayGrid, daysBetween } from "./day-grid.ts";
import type { FittedMethod } from "./methods/method.ts";
import type { ModelDays } from "./model-days.ts";

/** An effect with how sure it is. */
export interface SpecialEffect {
  readonly factor: number;
  /** Of the logarithm of the factor; 0 where it was given. */
  readonly variance: number;
  /** Past days it was learnt from; null: it was given. */
  readonly learntFrom: number | null;
}

/** A special day whose hours are known as slots. */
export interface SpecialSlots {
  readonly special: SpecialDay;
  /** Counted from the first day of the history. */
  readonly day: number;
  readonly fromSlot: number;
  readonly toSlot: number;
}

const MOST_EFFECT = 100;
const PRIOR_VARIANCE = 0.25; // of the logarithm: before anything is known, special days have half more or less
const DAY_VARIANCE = 0.01; // of one day's logarithm around its name's effect, beyond Poisson's chance
const BEFORE = 28; // days of history that a forecast of a past special day needs; earlier ones are compared with their neighbours
const NEIGHBOUR_WEEKS = 4;

/**
 * Checks special days and lays them on the slots of a history.
 * @throws {SvaraError} `forecasting.bad_special_day`: the field names the day at fault
 */
export function specialSlots(specials: readonly SpecialDay[], grid: DayGrid): SpecialSlots[] {
  const first = grid.days[0]?.date ?? "";
  return specials.map((special, i) => {
    const { date, name, effect } = special;
    const wrong = (problem: string, field: string): SvaraError =>
      new SvaraError(`special day ${i + 1}: ${problem}`, {
        code: "forecasting.bad_special_day",
        httpStatus: 422,
        field: `specialDays.${i}.${field}`,
      });
    if (!isDate(date)) throw wrong(`"${date}" is not a date such as 2026-12-24`, "date");
    if (name.trim() === "") throw wrong("it has no name", "name");
    if (effect !== undefined && !(effect >= 0 && effect <= MOST_EFFECT)) {
      throw wrong(`an effect of ${effect} is not between 0 and ${MOST_EFFECT}`, "effect");
    }
    const minutes = (time: string | undefined, fallback: number, field: "from" | "to"): number => {
      const at = time === undefined ? fallback : minutesOf(time);
      if (at === undefined) throw wrong(`"${time}" is not a time such as 09:30`, field);
      return at;
    };
    const slotMinutes = 1440 / grid.slots;
    const from = minutes(special.from, 0, "from");
    const to = minutes(special.to, 1440, "to");
    if (to <= from)
      throw wrong(`it ends at ${special.to}, which is not after ${special.from ?? "00:00"}`, "to");
    return {
      special,
      day: daysBetween(first, date),
      fromSlot: Math.floor(from / slotMinutes),
      toSlot: Math.ceil(to / slotMinutes),
    };
  });
}

/** Whether a text is a date of the calendar. */
export function isDate(text: string): text is LocalDate {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.valueOf()) && at.toISOString().slice(0, 10) === text;
}

/**
 * What each name's days did in the past, as actual contacts over those expected without it, shrunk to no effect by how
 * little was seen. A day with an effect of its own teaches nothing: it is known already.
 */
export function learnEffects(
  specials: readonly SpecialSlots[],
  grid: DayGrid,
  days: ModelDays,
  usual: FittedMethod,
): Map<string, SpecialEffect> {
  const ratios = new Map<string, { sum: number; weight: number; days: number }>();
  for (const { special, day, fromSlot, toSlot } of specials) {
    const row = grid.days[day]?.counts;
    if (special.effect !== undefined || row === undefined || row.length === 0) continue;
    const expected = (day >= BEFORE ? usual.expect(day - 1, day) : undefined) ?? neighbours(days, day);
    if (expected === undefined) continue;
    let seen = 0;
    let due = 0;
    for (let s = fromSlot; s < toSlot; s++) {
      const count = row[s] ?? Number.NaN;
      if (Number.isNaN(count)) continue;
      seen += count;
      due += expected[s] ?? 0;
    }
    if (due <= 0) continue;
    const weight = 1 / (DAY_VARIANCE + 1 / (due + 1));
    const known = ratios.get(special.name) ?? { sum: 0, weight: 0, days: 0 };
    known.sum += weight * Math.log((seen + 0.5) / (due + 0.5));
    known.weight += weight;
    known.days++;
    ratios.set(special.name, known);
  }
  const effects = new Map<string, SpecialEffect>();
  for (const [name, { sum, weight, days: learntFrom }] of ratios) {
    const total = weight + 1 / PRIOR_VARIANCE;
    effects.set(name, { factor: Math.exp(sum / total), variance: DAY_VARIANCE + 1 / total, learntFrom });
  }
  return effects;
}

/** Mean of the same weekday in the weeks around. */
function neighbours(days: ModelDays, day: number): Float64Array | undefined {
  const rows: Float64Array[] = [];
  for (let week = -NEIGHBOUR_WEEKS; week <= NEIGHBOUR_WEEKS; week++) {
    const row = days.counts[day + 7 * week];
    if (week !== 0 && row) rows.push(row);
  }
  if (rows.length === 0) return undefined;
  return Float64Array.from(
    { length: days.slots },
    (_, s) => rows.reduce((sum, row) => sum + (row[s] ?? 0), 0) / rows.length,
  );
}
