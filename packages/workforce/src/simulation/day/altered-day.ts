import type { Scenario } from "../scenario.ts";
import { alteredArrivals } from "./altered-arrivals.ts";
import { alteredRules } from "./altered-rules.ts";
import { alteredStaff } from "./altered-staff.ts";
import type { DayChange } from "./day-change.ts";

/**
 * The day with what is asked to be otherwise. Contacts that stay meet the same chance as before; which of them come more
 * than once, or not at all, is drawn anew in each replication.
 */
export function alteredDay(
  scenario: Scenario,
  change: DayChange,
  chance: { readonly seed: number; readonly replication: number },
): Scenario {
  return alteredArrivals(alteredStaff(alteredRules(scenario, change), change), change, chance);
}
