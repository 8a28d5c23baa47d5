import type { HolidayRule } from "./holiday-rule.ts";

/** The countries whose public holidays are known. */
export type HolidayCountry = "SE" | "UA" | "RU" | "GB" | "US";

const fixed = (month: number, day: number, name: string): HolidayRule => ({
  kind: "fixed",
  month,
  day,
  name,
});
const western = (offsetDays: number, name: string): HolidayRule => ({
  kind: "easter",
  church: "western",
  offsetDays,
  name,
});
const orthodox = (offsetDays: number, name: string): HolidayRule => ({
  kind: "easter",
  church: "orthodox",
  offsetDays,
  name,
});
const nth = (month: number, weekday: number, n: number, name: string): HolidayRule => ({
  kind: "nth_weekday",
  month,
  weekday,
  nth: n,
  name,
});
const MONDAY = 1;
const THURSDAY = 4;
const FRIDAY = 5;
const SATURDAY = 6;

/**
 * Public holidays by rule: a start for a centre's own calendar, not law. What a government decrees year by year (Russia's
 * moved days off, Ukraine's suspension of days off under martial law, one-off bank holidays) is entered as exceptions.
 */
export const holidayTables: Readonly<Record<HolidayCountry, readonly HolidayRule[]>> = {
  // lag (1989:253) om allmänna helgdagar; midsummer's, Christmas and New Year's eve are free by custom and agreement
  SE: [
    fixed(1, 1, "Nyårsdagen"),
    fixed(1, 6, "Trettondedag jul"),
    western(-2, "Långfredagen"),
    western(0, "Påskdagen"),
    western(1, "Annandag påsk"),
    fixed(5, 1, "Första maj"),
    western(39, "Kristi himmelsfärdsdag"),
    western(49, "Pingstdagen"),
    { ...fixed(6, 6, "Sveriges nationaldag"), since: 2005 },
    { kind: "weekday_from", month: 6, day: 19, weekday: FRIDAY, name: "Midsommarafton" },
    { kind: "weekday_from", month: 6, day: 20, weekday: SATURDAY, name: "Midsommardagen" },
    { kind: "weekday_from", month: 10, day: 31, weekday: SATURDAY, name: "Alla helgons dag" },
    fixed(12, 24, "Julafton"),
    fixed(12, 25, "Juldagen"),
    fixed(12, 26, "Annandag jul"),
    fixed(12, 31, "Nyårsafton"),
  ],
  // Labour Code, article 73, as changed by law 3258-IX (2023)
  UA: [
    fixed(1, 1, "Новий рік"),
    { ...fixed(1, 7, "Різдво Христове"), until: 2023 },
    fixed(3, 8, "Міжнародний жіночий день"),
    orthodox(0, "Великдень"),
    orthodox(49, "Трійця"),
    fixed(5, 1, "День праці"),
    { ...fixed(5, 9, "День перемоги над нацизмом"), until: 2023 },
    { ...fixed(5, 8, "День пам’яті та перемоги над нацизмом"), since: 2024 },
    fixed(6, 28, "День Конституції України"),
    { ...fixed(7, 28, "День Української Державності"), since: 2022, until: 2023 },
    { ...fixed(7, 15, "День Української Державності"), since: 2024 },
    fixed(8, 24, "День незалежності України"),
    { ...fixed(10, 14, "День захисників і захисниць України"), since: 2015, until: 2022 },
    { ...fixed(10, 1, "День захисників і захисниць України"), since: 2023 },
    { ...fixed(12, 25, "Різдво Христове"), since: 2017 },
  ],
  // Labour Code, article 112
  RU: [
    ...[1, 2, 3, 4, 5, 6, 8].map((day) => fixed(1, day, "Новогодние каникулы")),
    fixed(1, 7, "Рождество Христово"),
    fixed(2, 23, "День защитника Отечества"),
    fixed(3, 8, "Международный женский день"),
    fixed(5, 1, "Праздник Весны и Труда"),
    fixed(5, 9, "День Победы"),
    fixed(6, 12, "День России"),
    fixed(11, 4, "День народного единства"),
  ],
  // England and Wales: Banking and Financial Dealings Act 1971, schedule 1, with the customary substitutes
  GB: [
    { ...fixed(1, 1, "New Year's Day"), observed: "next_weekday" },
    western(-2, "Good Friday"),
    western(1, "Easter Monday"),
    nth(5, MONDAY, 1, "Early May bank holiday"),
    nth(5, MONDAY, -1, "Spring bank holiday"),
    nth(8, MONDAY, -1, "Summer bank holiday"),
    { ...fixed(12, 25, "Christmas Day"), observed: "next_weekday" },
    { ...fixed(12, 26, "Boxing Day"), observed: "next_weekday" },
  ],
  // 5 U.S.C. 6103
  US: [
    { ...fixed(1, 1, "New Year's Day"), observed: "nearest_weekday" },
    nth(1, MONDAY, 3, "Martin Luther King Jr. Day"),
    nth(2, MONDAY, 3, "Washington's Birthday"),
    nth(5, MONDAY, -1, "Memorial Day"),
    { ...fixed(6, 19, "Juneteenth"), since: 2021, observed: "nearest_weekday" },
    { ...fixed(7, 4, "Independence Day"), observed: "nearest_weekday" },
    nth(9, MONDAY, 1, "Labor Day"),
    nth(10, MONDAY, 2, "Columbus Day"),
    { ...fixed(11, 11, "Veterans Day"), observed: "nearest_weekday" },
    nth(11, THURSDAY, 4, "Thanksgiving Day"),
    { ...fixed(12, 25, "Christmas Day"), observed: "nearest_weekday" },
  ],
};
