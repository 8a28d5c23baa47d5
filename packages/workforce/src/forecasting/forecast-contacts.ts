import { addDays, dayOf, isTimeZone, type LocalDate, openPeriods, zoned } from "@svara/calendar";
import { type Instant, SvaraError } from "@svara/kernel";
import type { ContactHistory } from "./contact-history.ts";
import { dayCalendar } from "./day-calendar.ts";
import { type DayGrid, dayGrid, daysBetween } from "./day-grid.ts";
import { notesOn } from "./forecast-notes.ts";
import type { ForecastOptions } from "./forecast-options.ts";
import type {
  Forecast,
  ForecastDay,
  ForecastInterval,
  ForecastMethod,
  ForecastNote,
  MethodChoice,
} from "./forecast-result.ts";
import { chooseMethods, spreadAhead, WHEN_SHORT } from "./method-choice.ts";
import { combination } from "./methods/combination.ts";
import { curves } from "./methods/curves.ts";
import { dayLevel } from "./methods/day-level.ts";
import type { FittedMethod, MethodOf } from "./methods/method.ts";
import { seasonalNaive, weekdayMean } from "./methods/weekday-mean.ts";
import { weekdaySmoothing } from "./methods/weekday-smoothing.ts";
import { type ModelDays, modelDays } from "./model-days.ts";
import { DISTANCES, openDays, type Trial, tryMethods } from "./rolling-origin.ts";
import { isDate, learnEffects, type SpecialEffect, type SpecialSlots, specialSlots } from "./special-days.ts";
import { quantilesOf, type Spread } from "./spread.ts";

/** All methods, the simplest first: among equals it is taken. */
const METHODS: readonly MethodOf[] = [
  seasonalNaive,
  weekdayMean,
  weekdaySmoothing,
  dayLevel,
  curves,
  combination,
];

/** Their names. */
export const FORECAST_METHODS: readonly ForecastMethod[] = METHODS.map(({ name }) => name);

const MOST_DAYS = 400;

/** What a forecast is made with; kept, it makes the forecasts of the day as it goes by. */
export interface FittedHistory {
  readonly history: ContactHistory;
  readonly options: ForecastOptions;
  readonly grid: DayGrid;
  readonly days: ModelDays;
  readonly trials: readonly Trial[];
  readonly choices: readonly MethodChoice[];
  readonly fitted: ReadonlyMap<ForecastMethod, FittedMethod>;
  readonly specials: readonly SpecialSlots[];
  readonly effects: ReadonlyMap<string, SpecialEffect>;
  readonly notes: readonly ForecastNote[];
}

/**
 * Forecasts the contacts of one stream. The same history and options give the same forecast.
 * @throws {SvaraError} `forecasting.bad_history`, `forecasting.bad_special_day`, `forecasting.bad_options`; the field says where
 */
export function forecastContacts(history: ContactHistory, options: ForecastOptions): Forecast {
  return forecastFrom(fitHistory(history, options));
}

/** Lays out, tries and fits; what is left to do takes no time. `onStep` is called before each method is tried. */
export function fitHistory(
  history: ContactHistory,
  options: ForecastOptions,
  onStep: () => void = () => {},
): FittedHistory {
  if (!isTimeZone(history.timeZone)) {
    throw new SvaraError(`"${history.timeZone}" is not a time zone such as Europe/Kyiv`, {
      code: "forecasting.bad_history",
      httpStatus: 422,
      field: "timeZone",
    });
  }
  checkOptions(options);
  const grid = dayGrid(history);
  const specials = specialSlots(options.specialDays ?? [], grid);
  const closedDates = new Set(
    specials
      .filter(({ special }) => special.effect === 0 && !special.from && !special.to)
      .map(({ special }) => special.date),
  );
  const { openingHours } = options;
  const calendar = dayCalendar(
    grid.days,
    (date) =>
      // the history is whole until the first day to forecast: what lies between brought nobody
      (options.firstDay !== undefined && date < options.firstDay) ||
      closedDates.has(date) ||
      (openingHours !== undefined && openPeriods(openingHours, date).length === 0),
  );
  const bySlot = new Map<number, SpecialSlots[]>();
  for (const special of specials) bySlot.set(special.day, [...(bySlot.get(special.day) ?? []), special]);
  const days = modelDays(grid, calendar, (day, slot) =>
    (bySlot.get(day) ?? []).some(({ fromSlot, toSlot }) => fromSlot <= slot && slot < toSlot),
  );
  const open = openDays(days);
  if (open.length === 0) {
    throw new SvaraError("every day of the history is special: nothing says what usual days are like", {
      code: "forecasting.bad_history",
      httpStatus: 422,
      field: "counts",
    });
  }
  const asked = options.method ?? "auto";
  const trials =
    options.evaluate === false && asked !== "auto"
      ? []
      : tryMethods(
          days,
          METHODS.filter(({ name }) => asked === "auto" || name === asked || options.evaluate),
          DISTANCES,
          onStep,
        );
  const choices = chooseMethods(asked, trials);
  const fitted = new Map<ForecastMethod, FittedMethod>();
  for (const { method } of choices) {
    if (!fitted.has(method)) fitted.set(method, methodOf(method).fit(days, grid.days.length));
  }
  const first = fitted.get(choices[0]?.method ?? WHEN_SHORT);
  const effects = first ? learnEffects(specials, grid, days, first) : new Map<string, SpecialEffect>();
  const notes = notesOn(grid, days, open, trials, specials, effects, openingHours);
  return { history, options, grid, days, trials, choices, fitted, specials, effects, notes };
}

/** The forecast of what was fitted. */
export function forecastFrom(fit: FittedHistory): Forecast {
  const { history, options, grid, days } = fit;
  const last = grid.days.length - 1;
  const firstDate = grid.days[0]?.date ?? "";
  const start = options.firstDay === undefined ? last + 1 : daysBetween(firstDate, options.firstDay);
  if (start <= last) {
    throw badOptions(
      `the forecast cannot begin on ${options.firstDay}: the history goes on until ${grid.days[last]?.date}`,
      "firstDay",
    );
  }
  const intervals: ForecastInterval[] = [];
  const results: ForecastDay[] = [];
  for (let day = start; day < start + options.horizonDays; day++) {
    const one = forecastDay(fit, day);
    intervals.push(...one.intervals);
    results.push(one.day);
  }
  const contacts = days.totals.reduce((sum, total) => sum + (Number.isNaN(total) ? 0 : total), 0);
  return {
    series: history.series,
    timeZone: history.timeZone,
    intervalMs: history.intervalMs,
    intervals,
    days: results,
    method: fit.choices[0]?.method ?? WHEN_SHORT,
    choices: fit.choices,
    scores: fit.trials.map(({ score }) => score),
    history: {
      firstDay: firstDate,
      lastDay: grid.days[last]?.date ?? "",
      openDays: grid.days.filter(({ counts }) => counts.length > 0).length,
      contacts: Math.round(contacts),
    },
    notes: fit.notes,
  };
}

/** What is expected of one day, slot by slot, and how far it may be off. */
export interface ExpectedDay {
  readonly day: number;
  readonly date: LocalDate;
  /** Per slot of the wall clock, special days reckoned with; 0 where closed. */
  readonly expected: Float64Array;
  readonly isOpen: readonly boolean[];
  readonly daySpread: Spread;
  readonly intervalSpread: Spread;
  readonly special: readonly string[];
  /** What learnt effects of special days add to the relative variance; it is in both spreads already. */
  readonly specialVariance: number;
}

/** Reckons one day to come. */
export function expectDay(fit: FittedHistory, day: number): ExpectedDay {
  const { days, grid, choices, fitted, specials, effects } = fit;
  const { calendar } = days;
  const last = grid.days.length - 1;
  const date = calendar.date(day);
  const ahead = Math.max(1, calendar.tick(day) - calendar.tick(last));
  const choice = choices.find(({ upToDaysAhead }) => ahead <= upToDaysAhead) ?? choices.at(-1);
  const method = choice?.method ?? WHEN_SHORT;
  const expected = (fitted.get(method)?.expect(last, day) ?? new Float64Array(days.slots)).slice();
  const isOpen = hoursOf(fit, day);
  for (let s = 0; s < expected.length; s++) if (!isOpen[s]) expected[s] = 0;
  const usual = expected.reduce((a, b) => a + b, 0);
  let variance = 0;
  const today = specials.filter((special) => special.day === day);
  for (const { special, fromSlot, toSlot } of today) {
    const effect = special.effect === undefined ? effects.get(special.name) : undefined;
    const factor = special.effect ?? effect?.factor ?? 1;
    let touched = 0;
    for (let s = fromSlot; s < toSlot; s++) {
      touched += expected[s] ?? 0;
      expected[s] = factor * (expected[s] ?? 0);
    }
    if (usual > 0) variance += (effect?.variance ?? 0) * (touched / usual) ** 2;
  }
  const spread = (part: "daySpread" | "intervalSpread"): Spread => {
    const known = spreadAhead(fit.trials, method, ahead, part);
    return { ...known, relativeVariance: known.relativeVariance + variance };
  };
  return {
    day,
    date,
    expected,
    isOpen,
    daySpread: spread("daySpread"),
    intervalSpread: spread("intervalSpread"),
    special: today.map(({ special }) => special.name),
    specialVariance: variance,
  };
}

function forecastDay(fit: FittedHistory, day: number): { day: ForecastDay; intervals: ForecastInterval[] } {
  const { date, expected, isOpen, daySpread, intervalSpread, special } = expectDay(fit, day);
  const intervals = slotStarts(date, fit.history.timeZone, fit.history.intervalMs)
    .filter(({ slot }) => isOpen[slot])
    .map(({ at, slot }): ForecastInterval => {
      const mean = expected[slot] ?? 0;
      return { at, mean: rounded(mean), quantiles: quantilesOf(mean, intervalSpread) };
    });
  const total = intervals.reduce((sum, { mean }) => sum + mean, 0);
  return {
    day: { date, mean: rounded(total), quantiles: quantilesOf(total, daySpread), special },
    intervals,
  };
}

/** Each interval of a local day with its slot on the wall clock; where clocks change a slot comes twice or not at all. */
export function slotStarts(
  date: LocalDate,
  timeZone: string,
  intervalMs: number,
): { at: Instant; slot: number }[] {
  const { from, to } = dayOf(date, timeZone);
  const starts: { at: Instant; slot: number }[] = [];
  const isEven = to - from === 86_400_000;
  for (let at = from; at < to; at += intervalMs) {
    if (isEven) {
      starts.push({ at, slot: (at - from) / intervalMs });
      continue;
    }
    const wall = zoned(at, timeZone);
    starts.push({ at, slot: Math.floor(((wall.hour * 60 + wall.minute) * 60_000) / intervalMs) });
  }
  return starts;
}

/** The slots in which somebody can come: by the opening hours given, else by the habit of the weekday. */
function hoursOf({ days, options, specials, history }: FittedHistory, day: number): boolean[] {
  const { calendar, slots } = days;
  const date = calendar.date(day);
  const usual = days.open[calendar.weekday(day)] ?? [];
  const { openingHours } = options;
  let open = Array.from({ length: slots }, (_, s) => usual[s] === true);
  if (openingHours !== undefined) {
    const periods = [addDays(date, -1), date].flatMap((d) => openPeriods(openingHours, d));
    open = new Array<boolean>(slots).fill(false);
    for (const { at, slot } of slotStarts(date, history.timeZone, history.intervalMs)) {
      if (periods.some(({ from, to }) => from < at + history.intervalMs && at < to)) open[slot] = true;
    }
  }
  for (const { special, day: on, fromSlot, toSlot } of specials) {
    if (on === day && special.effect === 0) open.fill(false, fromSlot, toSlot);
  }
  return open;
}

function methodOf(name: ForecastMethod): MethodOf {
  const method = METHODS.find((known) => known.name === name);
  if (method === undefined) {
    throw badOptions(
      `there is no method "${name}": take auto, ${METHODS.map((known) => known.name).join(", ")}`,
      "method",
    );
  }
  return method;
}

function checkOptions({ horizonDays, firstDay, method }: ForecastOptions): void {
  if (!(Number.isInteger(horizonDays) && horizonDays >= 1 && horizonDays <= MOST_DAYS)) {
    throw badOptions(
      `${horizonDays} days cannot be forecast: give a whole number from 1 to ${MOST_DAYS}`,
      "horizonDays",
    );
  }
  if (firstDay !== undefined && !isDate(firstDay)) {
    throw badOptions(`"${firstDay}" is not a date such as 2026-12-24`, "firstDay");
  }
  if (method !== undefined && method !== "auto") methodOf(method);
}

function badOptions(message: string, field: string): SvaraError {
  return new SvaraError(message, { code: "forecasting.bad_options", httpStatus: 422, field });
}

/** A thousandth of a contact is finer than anything that is known. */
function rounded(contacts: number): number {
  return Math.round(contacts * 1000) / 1000;
}
