import type { LocalDate, TimeOfDay, WeekdayName } from "@svara/calendar";
import type { AgentId, Instant } from "@svara/kernel";
import type { LabourRules } from "./labour-rules.ts";

/** A person for whom shifts are planned. */
export interface RosterAgent {
  readonly id: AgentId;
  readonly name?: string;
  readonly contractId: string;
  readonly skills: readonly string[];
  /** Stands instead of the problem's rules for this agent. */
  readonly rules?: LabourRules;
  /** Where it says something of a day, a shift that begins on that day lies wholly within. Absent: always. */
  readonly availability?: readonly Availability[];
  readonly wishes?: readonly Wish[];
  /** Approved leave: no shift overlaps it. */
  readonly leave?: readonly Leave[];
  /** Trainings and meetings: a shift covers each, no break overlaps it, and it takes no contacts meanwhile. */
  readonly activities?: readonly FixedActivity[];
  readonly history?: AgentHistory;
}

/** When an agent can work: on a date, or on each such weekday; the date wins. */
export type Availability = ({ readonly date: LocalDate } | { readonly weekday: WeekdayName }) &
  (
    | { readonly kind: "unavailable" }
    /** Wall times; a `to` that is not later than `from` lies on the next day. */
    | { readonly kind: "between"; readonly from: TimeOfDay; readonly to: TimeOfDay }
  );

/** What an agent would like; the solver pays for each that it does not meet. */
export interface Wish {
  readonly date: LocalDate;
  /** `early` and `late` as the fairness rules say. */
  readonly kind: "day_off" | "work" | "early" | "late";
  /** How much it counts, 1 if absent. */
  readonly weight?: number;
}

/** Approved absence. */
export interface Leave {
  readonly id?: string;
  readonly from: Instant;
  readonly to: Instant;
}

/** An appointment inside the working time. */
export interface FixedActivity {
  readonly id: string;
  readonly kind: "training" | "meeting" | "coaching" | "other";
  readonly name?: string;
  readonly from: Instant;
  readonly to: Instant;
}

/** What an agent has already carried, for fairness: sums over the same number of weeks for everybody. */
export interface AgentHistory {
  /** Weekend days worked. */
  readonly weekendDays: number;
  readonly earlyShifts: number;
  readonly lateShifts: number;
  readonly paidMinutes: number;
}
