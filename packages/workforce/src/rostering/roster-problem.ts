import type { LocalDate, TimeOfDay } from "@svara/calendar";
import type { Contract } from "./contract.ts";
import type { LabourRules } from "./labour-rules.ts";
import type { RosterShift } from "./roster.ts";
import type { RosterAgent } from "./roster-agent.ts";
import type { ShiftPattern } from "./shift-pattern.ts";

/** Everything that a roster is made from. Plain JSON; `parseRosterProblem` checks it. */
export interface RosterProblem {
  /** IANA name; days, weeks and wall times are of this zone. */
  readonly timeZone: string;
  /** The first day to plan; a Monday when whole weeks are planned. */
  readonly from: LocalDate;
  /** 1 to 42. */
  readonly days: number;
  readonly patterns: readonly ShiftPattern[];
  readonly contracts: readonly Contract[];
  readonly agents: readonly RosterAgent[];
  readonly requirements: readonly GroupRequirement[];
  /** Of everybody without rules of their own. */
  readonly rules: LabourRules;
  readonly weights?: RosterWeights;
  readonly fairness?: FairnessRules;
  /** Shifts that stand: those of the days before (for rest, days in a row, weekends), and inside, locked ones. */
  readonly shifts?: readonly RosterShift[];
}

/** How many agents one queue or skill group needs. */
export interface GroupRequirement {
  readonly group: string;
  readonly name?: string;
  /** An agent counts who has all of them. Empty: everybody. */
  readonly skills: readonly string[];
  /**
   * Agents taking contacts in each quarter of an hour from the first instant of the first day; may be fractional. Shorter
   * than the days: zero for the rest.
   */
  readonly required: readonly number[];
}

/** What the parts of the objective cost, as times an hour's pay (the mean of the agents' contracts). Each has a default. */
export interface RosterWeights {
  /** For each agent-hour short of a requirement that is nearly met; more by `SHORTAGE_STEPS` the less of it is there. 60 if absent. */
  readonly understaffingPerHour?: number;
  /** For each agent-hour above the requirement, beside its pay. 2 if absent. */
  readonly overstaffingPerHour?: number;
  /** Times the contract's own cost of an hour. 1 if absent. */
  readonly paidHour?: number;
  /** For each unmet wish of weight 1. 2 if absent. */
  readonly wish?: number;
  /** For each shift (hour, for hours) by which an agent stands above the mean of the comparable ones. 0.5 if absent. */
  readonly fairness?: number;
}

/** Which burdens are shared out equally, history included. */
export interface FairnessRules {
  /** A shift that begins before is early. 08:00 if absent. */
  readonly earlyBefore?: TimeOfDay;
  /** A shift that begins at or after is late. 12:00 if absent. */
  readonly lateFrom?: TimeOfDay;
  /** All four if absent. */
  readonly share?: readonly ("weekends" | "early" | "late" | "hours")[];
}

/** What an hour short, an hour too many, and the others cost when a problem does not say. */
export const DEFAULT_WEIGHTS: Required<RosterWeights> = {
  understaffingPerHour: 60, // understaffing is avoided wherever anybody may work
  overstaffingPerHour: 2,
  paidHour: 1,
  wish: 2,
  fairness: 0.5,
};

/**
 * What an agent-hour short costs beside its weight, by what is there: whoever is missing from the first `share` of a quarter's
 * requirement costs `surcharge` times the weight more. So the first quarter missing costs 1, the next 1.25, then 1.5, and
 * the last 1.75 times: what cannot be covered is spread, and breaks do not leave anybody alone while others are many.
 */
export const SHORTAGE_STEPS: readonly { readonly share: number; readonly surcharge: number }[] = [
  { share: 0.75, surcharge: 0.25 },
  { share: 0.5, surcharge: 0.25 },
  { share: 0.25, surcharge: 0.25 },
];

/** What counts as early and late when a problem does not say. */
export const DEFAULT_FAIRNESS: Required<FairnessRules> = {
  earlyBefore: "08:00",
  lateFrom: "12:00",
  share: ["weekends", "early", "late", "hours"],
};
