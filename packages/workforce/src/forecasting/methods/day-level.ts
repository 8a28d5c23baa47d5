import { fitCauses } from "../fit-causes.ts";
import type { ModelDays } from "../model-days.ts";
import type { MethodOf } from "./method.ts";
import { smoothSlots } from "./smooth-slots.ts";
import { sameWeekdays } from "./weekday-mean.ts";

const WEEKS = 10; // same weekdays in a profile (SCIENCE of the field: 6 to 12; Brown et al. 2005)
const COMMON_DAYS = 4; // what the profile of weekdays with the same hours weighs, in days of one's own

/**
 * The square root of a day's contacts is a structural series (weekday, level, trend, AR(1) swing, turn of the month, days
 * after closures); the day is spread over its slots by the weekday's profile, shrunk to that of all weekdays with the same
 * hours. After Brown et al. 2005, JASA 100:36-50.
 */
export const dayLevel: MethodOf = {
  name: "day_level",
  fit(days, until) {
    const { calendar } = days;
    const values = days.totals.map((total) => Math.sqrt(total + 0.25));
    const { causes, model, series } = fitCauses(values, calendar, until);
    const states = model.states(series);
    const poisson = 0.25;
    return {
      expect(origin, target) {
        const state = states[origin];
        const profile = profileOf(days, origin, calendar.weekday(target));
        if (state === undefined || profile === undefined) return undefined;
        const { mean, variance } = model.predict(state, calendar.mark(target, causes));
        const total = Math.max(0, mean) ** 2 + Math.max(0, variance - poisson);
        return profile.map((share) => share * total);
      },
    };
  },
};

/** The share of a weekday's contacts in each of its slots, by what was known at the origin. */
function profileOf(days: ModelDays, origin: number, weekday: number): Float64Array | undefined {
  const hours = days.open[weekday] ?? [];
  if (!hours.includes(true)) return undefined;
  const own = sharesOf(days, origin, weekday, WEEKS);
  const common = new Float64Array(days.slots);
  let commonDays = 0;
  for (let other = 0; other < 7; other++) {
    if (other === weekday || !sameHours(hours, days.open[other] ?? [])) continue;
    const { sum, number } = sharesOf(days, origin, other, WEEKS);
    commonDays += number;
    for (let s = 0; s < common.length; s++) common[s] = (common[s] ?? 0) + (sum[s] ?? 0);
  }
  const weight = commonDays > 0 ? COMMON_DAYS / commonDays : 0;
  const mixed = own.sum.map((share, s) => (hours[s] ? share + weight * (common[s] ?? 0) : 0));
  const all = mixed.reduce((a, b) => a + b, 0);
  if (all <= 0) return evenly(hours);
  const perDay = own.contacts / Math.max(1, own.number);
  return smoothSlots(
    mixed.map((share) => (share / all) * Math.max(1e-9, perDay)),
    hours,
    own.number + Math.min(commonDays, COMMON_DAYS),
  ).map((share) => share / Math.max(1e-9, perDay));
}

function sharesOf(
  days: ModelDays,
  origin: number,
  weekday: number,
  weeks: number,
): { sum: Float64Array; number: number; contacts: number } {
  const back = (((days.calendar.weekday(origin) - weekday) % 7) + 7) % 7;
  const rows = sameWeekdays(days, origin, origin - back, weeks);
  const sum = new Float64Array(days.slots);
  let contacts = 0;
  for (const row of rows) contacts += row.reduce((a, b) => a + b, 0);
  // days weigh by their contacts: a day of three calls says little of the profile
  if (contacts > 0) {
    for (const row of rows) {
      for (let s = 0; s < sum.length; s++) sum[s] = (sum[s] ?? 0) + ((row[s] ?? 0) * rows.length) / contacts;
    }
  }
  return { sum, number: rows.length, contacts };
}

function evenly(hours: readonly boolean[]): Float64Array {
  const number = hours.filter(Boolean).length;
  return Float64Array.from(hours, (isOpen) => (isOpen ? 1 / number : 0));
}

function sameHours(a: readonly boolean[], b: readonly boolean[]): boolean {
  return a.every((isOpen, s) => isOpen === b[s]);
}
