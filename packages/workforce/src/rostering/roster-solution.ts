import type { LocalDate } from "@svara/calendar";
import type { AgentId, Instant } from "@svara/kernel";
import type { Roster } from "./roster.ts";
import type { Wish } from "./roster-agent.ts";
import type { Violation } from "./violation.ts";

/** A roster with what it is worth. */
export interface RosterSolution {
  readonly roster: Roster;
  readonly coverage: RosterCoverage;
  readonly objective: RosterObjective;
  /** No roster that keeps the rules costs less. */
  readonly bound: number;
  /** (objective - bound) / objective. */
  readonly gap: number;
  /** Why the solver ended: the gap asked for is reached, the time is over, it was told to, or it found nothing better. */
  readonly stopped: "gap" | "time" | "asked" | "settled";
  /** Broken rules: none, but for shifts that were given as locked and break them already. */
  readonly violations: readonly Violation[];
  readonly unmetWishes: readonly UnmetWish[];
  readonly phases: readonly RosterPhase[];
  readonly elapsedMs: number;
}

/** A wish that the roster does not meet. */
export interface UnmetWish {
  readonly agentId: AgentId;
  readonly date: LocalDate;
  readonly kind: Wish["kind"];
}

/** How long a part of the work took, and the gap that it ended with. */
export interface RosterPhase {
  readonly phase: RosterProgress["phase"];
  readonly elapsedMs: number;
  readonly gap: number | null;
}

/** What a roster costs, in the money of the contracts. */
export interface RosterObjective {
  readonly total: number;
  readonly understaffing: number;
  readonly overstaffing: number;
  readonly paid: number;
  readonly wishes: number;
  readonly fairness: number;
}

/** Requirement against agents taking contacts. */
export interface RosterCoverage {
  /** The first instant of the first day; entry i is the quarter of an hour from `from + i * 15 min`. */
  readonly from: Instant;
  readonly groups: readonly GroupCoverage[];
  /** Agent-hours short of the requirement, summed over groups and quarters. */
  readonly shortHours: number;
  /** Agent-hours above it. */
  readonly overHours: number;
  readonly requiredHours: number;
  readonly scheduledHours: number;
}

/** One group by quarter. */
export interface GroupCoverage {
  readonly group: string;
  readonly required: readonly number[];
  /** Agents taking its contacts; who serves several groups is counted where they are needed most, in shares. */
  readonly scheduled: readonly number[];
}

/** How far the solver is. */
export interface RosterProgress {
  /** Shifts that cover the week; who works on which day; who has which shift; where the breaks lie. */
  readonly phase: "cover" | "days" | "shifts" | "breaks";
  readonly best: number | null;
  readonly bound: number | null;
  readonly gap: number | null;
  readonly elapsedMs: number;
}
