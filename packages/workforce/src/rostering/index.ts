export {
  type ActualKind,
  type Adherence,
  type AdherenceException,
  type AdherenceFigures,
  adherence,
  type IntervalAdherence,
  type StateSpan,
} from "./adherence.ts";
export { type CalendarEntry, type CalendarFeed, calendarFeed } from "./calendar-feed.ts";
export { checkRoster, type RosterChecker, rosterChecker } from "./check-roster.ts";
export type { Contract } from "./contract.ts";
export { rosterCoverage } from "./coverage.ts";
export { decideChange, swapJudge, withChange } from "./decide-change.ts";
export type { IntervalEffect, RosterChange, RosterDecision, RosterEffects } from "./decision.ts";
export { type ExampleSize, exampleProblem } from "./example-problem.ts";
export type {
  IntegerProgram,
  IntegerSolver,
  SolverLimits,
  SolverOutcome,
  SolverProgress,
} from "./integer-program.ts";
export type {
  IntradayAgent,
  IntradayDay,
  IntradayGroup,
  Proposal,
  ProposalEffect,
  ProposedAction,
} from "./intraday.ts";
export { LABOUR_PRESETS } from "./labour-presets.ts";
export type { LabourRules } from "./labour-rules.ts";
export { parseRoster, parseRosterProblem } from "./parse-roster.ts";
export { proposeIntraday } from "./propose-intraday.ts";
export { isRest, paidMinutes, type Roster, type RosterShift, type ShiftPart } from "./roster.ts";
export type { AgentHistory, Availability, FixedActivity, Leave, RosterAgent, Wish } from "./roster-agent.ts";
export {
  DEFAULT_FAIRNESS,
  DEFAULT_WEIGHTS,
  type FairnessRules,
  type GroupRequirement,
  type RosterProblem,
  type RosterWeights,
} from "./roster-problem.ts";
export type {
  GroupCoverage,
  RosterCoverage,
  RosterObjective,
  RosterPhase,
  RosterProgress,
  RosterSolution,
  UnmetWish,
} from "./roster-solution.ts";
export { type BreakRule, presenceMinutes, type ShiftPattern } from "./shift-pattern.ts";
export { type SolveOptions, solveRoster } from "./solve-roster.ts";
export type { RosterRule, Violation } from "./violation.ts";
