import type { LocalDate } from "@svara/calendar";
import type { AgentId } from "@svara/kernel";

/** The rules that a roster can break, by name. */
export type RosterRule =
  | "unknown_agent"
  | "unknown_pattern"
  | "shift_shape"
  | "shift_overlap"
  | "outside_days"
  | "pattern_not_in_contract"
  | "pattern_weekday"
  | "pattern_start"
  | "pattern_length"
  | "pattern_breaks"
  | "contract_weekly_hours"
  | "contract_days"
  | "contract_weekends"
  | "availability"
  | "leave"
  | "activity"
  | "rest_between_shifts"
  | "daily_hours"
  | "weekly_hours"
  | "consecutive_days"
  | "weekly_rest"
  | "break_needed";

/** A broken rule: whose, when, what was found, and what would mend it. */
export interface Violation {
  readonly rule: RosterRule;
  readonly agentId: AgentId;
  /** The day of the shift, or the Monday of the week. */
  readonly date: LocalDate;
  /** What is and what may be, in minutes or days; absent where the rule knows no number. */
  readonly actual?: number;
  readonly limit?: number;
  /** A sentence in English with the numbers. */
  readonly message: string;
  /** A sentence in English: what to do. */
  readonly remedy: string;
}
