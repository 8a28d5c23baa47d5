export { checkOpeningHours, type HoursProblem } from "./check-hours.ts";
export {
  easterSunday,
  type Holiday,
  type HolidayRule,
  holidaysOf,
  type Observance,
} from "./holiday-rule.ts";
export { type HolidayCountry, holidayTables } from "./holiday-tables.ts";
export {
  dayOf,
  INTERVAL_MS,
  intervalStart,
  intervalStarts,
  type Period,
  periodOf,
  type RollUp,
  splitByInterval,
} from "./interval.ts";
export {
  type DateException,
  type HoursChange,
  holidayOn,
  isOpen,
  nextChange,
  type OpeningHours,
  type OpenSpan,
  openMsBetween,
  openPeriods,
  WEEKDAYS,
  type WeekdayName,
} from "./opening-hours.ts";
export {
  addDays,
  instantAt,
  isTimeZone,
  type LocalDate,
  localDate,
  minutesOf,
  type TimeOfDay,
  zoned,
} from "./wall-time.ts";
