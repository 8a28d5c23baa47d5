import type { LocalDate, OpeningHours } from "@svara/calendar";
import type { SpecialDay } from "./contact-history.ts";
import type { ForecastMethod } from "./forecast-result.ts";

/** What is to be forecast, and how. */
export interface ForecastOptions {
  /** Calendar days to forecast, closed ones among them; 1 to 400. */
  readonly horizonDays: number;
  /** The first of them; the day after the last of the history when absent. Days between the two are taken to be closed. */
  readonly firstDay?: LocalDate;
  /** `auto` when absent: the method with the least error on the history, by distance. */
  readonly method?: ForecastMethod | "auto";
  readonly specialDays?: readonly SpecialDay[];
  /** When contacts can come; the hours that each weekday had lately when absent. */
  readonly openingHours?: OpeningHours;
  /** Whether errors on the history are reckoned even where the method is given; true when absent. */
  readonly evaluate?: boolean;
}
