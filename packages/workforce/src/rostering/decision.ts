import type { Instant } from "@svara/kernel";
import type { RosterShift } from "./roster.ts";
import type { Violation } from "./violation.ts";

/** What a person may do with a roster, and what comes of it. Nothing is changed by deciding. */
export interface RosterDecision {
  /** True when the change breaks no rule that held before. */
  readonly allowed: boolean;
  /** Rules that the change breaks; those broken before it are not repeated. */
  readonly violations: readonly Violation[];
  readonly effects: RosterEffects;
  /** The shifts as they would be, of the agents concerned only. */
  readonly shifts: readonly RosterShift[];
}

/** What a change does to the cover. */
export interface RosterEffects {
  /** The quarters in which anything changes, ascending. */
  readonly intervals: readonly IntervalEffect[];
  /** More agent-hours short of the requirement; negative: fewer. Summed over groups. */
  readonly shortHoursDelta: number;
  /** More agent-hours above the requirement; negative: fewer. */
  readonly overHoursDelta: number;
  /** More paid minutes. */
  readonly paidMinutesDelta: number;
}

/** One group in one quarter, before and after. */
export interface IntervalEffect {
  readonly group: string;
  readonly from: Instant;
  readonly required: number;
  readonly before: number;
  readonly after: number;
}

/** What a person asks for. */
export type RosterChange =
  /** A shift is put there, instead of `instead` (the begin of the shift that it replaces) if given. */
  | { readonly type: "put_shift"; readonly shift: RosterShift; readonly instead?: Instant }
  | { readonly type: "remove_shift"; readonly agentId: string; readonly from: Instant }
  /** Two agents exchange a shift each; without `theirs` the other takes it over. */
  | {
      readonly type: "swap";
      readonly mine: { readonly agentId: string; readonly from: Instant };
      readonly theirs: { readonly agentId: string; readonly from?: Instant };
    }
  /** Leave is asked for: a shift that it covers by half or more goes, a shorter leave becomes an unpaid part of it. */
  | { readonly type: "leave"; readonly agentId: string; readonly from: Instant; readonly to: Instant }
  /** A longer shift, or a shift of its own when none touches it. */
  | { readonly type: "overtime"; readonly agentId: string; readonly from: Instant; readonly to: Instant }
  /** A part of a shift moves to begin at `to`. */
  | { readonly type: "move_part"; readonly agentId: string; readonly part: Instant; readonly to: Instant };
