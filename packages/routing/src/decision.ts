import type { AgentId, Instant, OfferId, QueueId } from "@svara/kernel";
import type { AttemptOutcome, InputType, OfferFailure, PresenceBy, WithdrawReason } from "./input.ts";
import type { AgentState, ItemId, Medium, OverflowTarget, Presence } from "./model.ts";

/** Why an offer was taken back before anyone answered it. */
export type OfferWithdrawReason =
  | WithdrawReason
  | "moved"
  | "assigned"
  | "queue_removed"
  | "agent_removed"
  | "agent_unreachable"
  | "agent_not_ready"
  | "agent_busy"
  | "agent_logged_out"
  | "connection_lost"
  | "supervisor";

/** Why an input changed nothing. */
export type IgnoreCode =
  | "unknown_agent"
  | "unknown_queue"
  | "unknown_item"
  | "unknown_handling"
  | "stale_offer"
  | "already_queued"
  | "already_assigned"
  | "already_logged_in"
  | "not_logged_in"
  | "no_change"
  | "not_in_wrap_up"
  | "no_early_exit"
  | "not_allowed"
  | "no_capacity"
  | "not_a_callback"
  | "no_limit";

/** One candidate of a choice with its rank: compared place by place, the smaller first, ties ended by the id. */
export interface Candidate {
  readonly id: string;
  readonly rank: readonly number[];
}

/** Why this agent got this item. */
export interface Explanation {
  /**
   * `agent_for_item`: the item came and an agent was chosen; `item_for_agent`: the agent came free and an item was chosen;
   * `preferred_agent`, `only_agent`: the item asked for the agent; `picked`: the agent took it by hand.
   */
  readonly choice: "agent_for_item" | "item_for_agent" | "preferred_agent" | "only_agent" | "picked";
  readonly strategy: string;
  /** What each place of a rank means. */
  readonly rankedBy: readonly string[];
  /** The best few, the winner first. */
  readonly candidates: readonly Candidate[];
  /** How many there were: agents open for the item, or classes of waiting items that the agent may serve. */
  readonly considered: number;
  /** The number of the last configuration change before the choice. */
  readonly rules: number;
  /** How many steps of relaxing criteria the item had taken. */
  readonly step: number;
  /** Of `balanced`: whom quality alone and whom efficiency alone would have chosen. */
  readonly trade?: { readonly quality: AgentId; readonly efficiency: AgentId };
}

/** What the router decides. `at` is the instant at which it holds: that of the input, or of the timer that fired before it. */
export type Decision =
  /** Present the item to the agent now; the router takes it back itself at `expiresAt`. */
  | {
      readonly type: "offer";
      readonly at: Instant;
      readonly offerId: OfferId;
      readonly itemId: ItemId;
      readonly agentId: AgentId;
      readonly queueId: QueueId;
      readonly medium: Medium;
      readonly expiresAt: Instant;
      /** Nobody is on the line: the agent dials, for the nth time. */
      readonly callbackAttempt?: number;
      readonly explain: Explanation;
    }
  /** The offer has its one winner. */
  | {
      readonly type: "offer.accepted";
      readonly at: Instant;
      readonly offerId: OfferId;
      readonly itemId: ItemId;
      readonly agentId: AgentId;
      readonly queueId: QueueId;
      /** From `queuedAt` to the acceptance. */
      readonly waitMs: number;
    }
  | {
      readonly type: "offer.refused";
      readonly at: Instant;
      readonly offerId: OfferId;
      readonly itemId: ItemId;
      readonly agentId: AgentId;
    }
  | {
      readonly type: "offer.failed";
      readonly at: Instant;
      readonly offerId: OfferId;
      readonly itemId: ItemId;
      readonly agentId: AgentId;
      readonly reason: OfferFailure;
    }
  /** Nobody answered in time (RONA). Stop the ringing. */
  | {
      readonly type: "offer.timed_out";
      readonly at: Instant;
      readonly offerId: OfferId;
      readonly itemId: ItemId;
      readonly agentId: AgentId;
    }
  /** Stop the ringing; whoever answers now comes too late. */
  | {
      readonly type: "offer.withdrawn";
      readonly at: Instant;
      readonly offerId: OfferId;
      readonly itemId: ItemId;
      readonly agentId: AgentId;
      readonly reason: OfferWithdrawReason;
    }
  /** The item waits again at its old place. */
  | {
      readonly type: "item.returned";
      readonly at: Instant;
      readonly itemId: ItemId;
      readonly queueId: QueueId;
      readonly queuedAt: Instant;
    }
  /** The item's queue is gone, or the one agent who might have it; the runtime must find it another home. */
  | {
      readonly type: "item.orphaned";
      readonly at: Instant;
      readonly itemId: ItemId;
      readonly queueId: QueueId;
      readonly queuedAt: Instant;
    }
  /** A step of relaxing criteria took effect: the nth, 1 is the first. */
  | {
      readonly type: "item.stepped";
      readonly at: Instant;
      readonly itemId: ItemId;
      readonly queueId: QueueId;
      readonly step: number;
    }
  /** An overflow rule of `queueId` applied. `left`: the item is no longer in the router's hands. */
  | {
      readonly type: "item.overflowed";
      readonly at: Instant;
      readonly itemId: ItemId;
      readonly queueId: QueueId;
      readonly rule: string;
      readonly to: OverflowTarget;
      readonly left: boolean;
    }
  /** Set aside at the agent for an item of another medium, and taken up again after it. */
  | {
      readonly type: "item.interrupted" | "item.resumed";
      readonly at: Instant;
      readonly itemId: ItemId;
      readonly agentId: AgentId;
      /** What interrupts or interrupted. */
      readonly byItemId: ItemId;
    }
  /** The customer is off the line and keeps the place; `position` 1 is next. */
  | {
      readonly type: "callback.promised";
      readonly at: Instant;
      readonly itemId: ItemId;
      readonly queueId: QueueId;
      readonly position: number;
      readonly from: Instant | null;
      readonly until: Instant | null;
    }
  /** An attempt failed; the item waits at its place again from `nextAt` on, or has left when there is none. */
  | {
      readonly type: "callback.failed";
      readonly at: Instant;
      readonly itemId: ItemId;
      readonly agentId: AgentId;
      readonly attempt: number;
      readonly outcome: AttemptOutcome | "lease";
      readonly nextAt: Instant | null;
    }
  /** The promised time is over, and the customer was not called yet. */
  | {
      readonly type: "callback.late";
      readonly at: Instant;
      readonly itemId: ItemId;
      readonly queueId: QueueId;
      readonly until: Instant;
    }
  /** An assignment rang or dialled too long; the agent is let go. */
  | {
      readonly type: "assignment.expired";
      readonly at: Instant;
      readonly itemId: ItemId;
      readonly agentId: AgentId;
    }
  | {
      readonly type: "crosssell.answered";
      readonly at: Instant;
      readonly itemId: ItemId;
      readonly agentId: AgentId;
      readonly allowed: boolean;
      /** The first threshold that was not kept. */
      readonly because: "no_rule" | "in_system" | "waiting" | "open_agents" | "criterion" | null;
      readonly inSystem: number;
      readonly waiting: number;
      readonly openAgents: number;
    }
  /** The router logged the agent out: the connection did not come back within the grace. */
  | { readonly type: "agent.dropped"; readonly at: Instant; readonly agentId: AgentId }
  | {
      readonly type: "presence.changed";
      readonly at: Instant;
      readonly agentId: AgentId;
      readonly presence: Presence;
      readonly by: PresenceBy;
      /** The work in hand comes first; no new offers from now on. */
      readonly pending: boolean;
    }
  /**
   * The agent's derived state. These tile the time from log-in to log-out: `from` lasted from `fromSince` to `at`.
   * `medium` and `itemId` name the work that makes the state, where it is work.
   */
  | {
      readonly type: "agent.state_changed";
      readonly at: Instant;
      readonly agentId: AgentId;
      readonly from: AgentState;
      readonly fromSince: Instant;
      readonly to: AgentState;
      readonly reason: string | null;
      readonly paid: boolean;
      readonly productive: boolean;
      readonly presence: Presence;
      readonly medium: Medium | null;
      readonly itemId: ItemId | null;
    }
  | {
      readonly type: "wrapup.started";
      readonly at: Instant;
      readonly agentId: AgentId;
      readonly itemId: ItemId;
      readonly queueId: QueueId | null;
      /** Null: no limit. */
      readonly until: Instant | null;
    }
  | {
      readonly type: "wrapup.extended";
      readonly at: Instant;
      readonly agentId: AgentId;
      readonly itemId: ItemId;
      readonly until: Instant;
    }
  | {
      readonly type: "wrapup.ended";
      readonly at: Instant;
      readonly agentId: AgentId;
      readonly itemId: ItemId;
      readonly queueId: QueueId | null;
      /** `resumed`: the item came back to the agent, who is at work on it again. */
      readonly by: "agent" | "timeout" | "logout" | "resumed" | "supervisor";
      readonly durationMs: number;
    }
  /** The input changed nothing. A `stale_offer` after an acceptance means: hang up on that agent. */
  | {
      readonly type: "ignored";
      readonly at: Instant;
      readonly input: InputType;
      readonly code: IgnoreCode;
      /** The id at fault. */
      readonly id: string;
    };

export type DecisionType = Decision["type"];
