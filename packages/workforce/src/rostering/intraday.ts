import type { Instant } from "@svara/kernel";
import type { RosterShift } from "./roster.ts";

/** The state of a day that proposals are made for. Arrays are by quarter from `from`, all of the same length. */
export interface IntradayDay {
  /** The first quarter that can still be changed. */
  readonly from: Instant;
  readonly groups: readonly IntradayGroup[];
  /** The day's shifts, of agents who came. */
  readonly shifts: readonly RosterShift[];
  readonly agents: readonly IntradayAgent[];
}

/** One queue or skill group of the day. */
export interface IntradayGroup {
  readonly group: string;
  readonly skills: readonly string[];
  /** Agents required by the newest forecast. */
  readonly required: readonly number[];
  /** Agents taking its contacts by the roster, less who is absent. */
  readonly scheduled: readonly number[];
  /** Contacts that the newest forecast expects in the quarter; with `ahtS` it gives the predicted service level. */
  readonly expected?: readonly number[];
  readonly ahtS?: number;
  /** Mean patience; without it nobody hangs up. */
  readonly patienceS?: number;
  /** To be answered within. 20 if absent. */
  readonly thresholdS?: number;
}

/** Who could be asked. */
export interface IntradayAgent {
  readonly id: string;
  readonly name?: string;
  readonly skills: readonly string[];
  /** The group whose contacts the agent takes now, where it is one. */
  readonly group?: string;
  /** Paid minutes that rules and contract still allow today; 0: no overtime. */
  readonly overtimeMinutes?: number;
  /** May be asked to go home without pay. */
  readonly mayLeaveEarly?: boolean;
}

/** Something that a planner can do, best first. */
export type Proposal = ProposedAction & {
  /** Agents more or fewer, by group and quarter. */
  readonly effects: readonly ProposalEffect[];
  /** By how much the agent-hours short of the requirement fall. */
  readonly shortHoursSaved: number;
  /** By how much the agent-hours above it fall. */
  readonly overHoursSaved: number;
};

/** What is to be done. */
export type ProposedAction =
  | { readonly kind: "move_break"; readonly agentId: string; readonly part: Instant; readonly to: Instant }
  | { readonly kind: "overtime"; readonly agentId: string; readonly from: Instant; readonly to: Instant }
  | { readonly kind: "leave_early"; readonly agentId: string; readonly from: Instant; readonly to: Instant }
  | {
      readonly kind: "move_skill";
      readonly agentId: string;
      readonly fromGroup: string;
      readonly toGroup: string;
      readonly from: Instant;
      readonly to: Instant;
    };

/** What a proposal does to one group in one quarter. */
export interface ProposalEffect {
  readonly group: string;
  readonly from: Instant;
  readonly required: number;
  readonly before: number;
  readonly after: number;
  /** Answered within the threshold, of all; null where no load is given. */
  readonly serviceLevelBefore: number | null;
  readonly serviceLevelAfter: number | null;
}
