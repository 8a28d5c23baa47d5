import type { AgentId, Instant, OfferId, QueueId } from "@svara/kernel";
import type { InputType, OfferFailure, PresenceBy, WithdrawReason } from "./input.ts";
import type { AgentState, ItemId, Medium, Presence } from "./model.ts";

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
  | "agent_logged_out";

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
  | "no_limit";

/** One candidate of a choice with its rank: compared place by place, the smaller first, ties ended by the id. */
export interface Candidate {
  readonly id: string;
  readonly rank: readonly number[];
}

/** Why this agent got this item. */
export interface Explanation {
  /** `agent_for_item`: the item came and an agent was chosen; `item_for_agent`: the agent came free and an item was chosen. */
  readonly choice: "agent_for_item" | "item_for_agent";
  readonly strategy: string;
  /** What each place of a rank means. */
  readonly rankedBy: readonly string[];
  /** The best few, the winner first. */
  readonly candidates: readonly Candidate[];
  /** How many there were: agents open for the item, or classes of waiting items that the agent may serve. */
  readonly considered: number;
  /** The number of the last configuration change before the choice. */
  readonly rules: number;
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
  /** The item's queue is gone, and the runtime must find it another home. */
  | {
      readonly type: "item.orphaned";
      readonly at: Instant;
      readonly itemId: ItemId;
      readonly queueId: QueueId;
      readonly queuedAt: Instant;
    }
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
      readonly by: "agent" | "timeout" | "logout" | "resumed";
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
