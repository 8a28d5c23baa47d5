import type { AgentId, Instant, OfferId, QueueId } from "@svara/kernel";
import type {
  AgentConfig,
  CallbackWish,
  Facts,
  HandlingPhase,
  ItemId,
  Medium,
  Presence,
  QueueConfig,
  RouterRules,
  SkillNeed,
  Tier,
  WorkItem,
  WrapUpRule,
} from "./model.ts";

/** Who chose a presence. */
export type PresenceBy = "agent" | "supervisor" | "system";

/** Why an item left the line without an agent. */
export type WithdrawReason = "customer_gone" | "transferred" | "overflow" | "callback" | "flow" | "ended";

/** How an attempt to call back ended. */
export type AttemptOutcome = "answered" | "busy" | "no_answer" | "machine" | "failed";

/** What could go wrong when an offer was carried out. */
export type OfferFailure = "busy" | "unregistered" | "rejected" | "no_route" | "switch_error";

/**
 * Everything the router is told. Plain JSON with ids only, never personal data: inputs are journalled. An input that
 * does not fit the state is answered by an `ignored` decision, never by an exception.
 */
export type Input =
  /** A queue is new or changed; whoever waits keeps the place. `revision` is the number of the configuration change. */
  | { readonly type: "config.queue_set"; readonly queue: QueueConfig; readonly revision?: number }
  /** A queue is gone: its items are handed back by `item.orphaned`. */
  | { readonly type: "config.queue_removed"; readonly queueId: QueueId; readonly revision?: number }
  | { readonly type: "config.agent_set"; readonly agent: AgentConfig; readonly revision?: number }
  /** An agent is gone; what it holds is finished first, and what waits for nobody else is handed back by `item.orphaned`. */
  | { readonly type: "config.agent_removed"; readonly agentId: AgentId; readonly revision?: number }
  /** What holds for the whole centre; a word that is missing keeps its value. */
  | { readonly type: "config.rules_set"; readonly rules: Partial<RouterRules>; readonly revision?: number }
  | { readonly type: "agent.logged_in"; readonly agentId: AgentId; readonly presence: Presence }
  /** The agent leaves: at once, or when the work in hand has ended (without wrap-up). */
  | {
      readonly type: "agent.logged_out";
      readonly agentId: AgentId;
      readonly reason: "end_shift" | "forced" | "connection_lost";
    }
  | {
      readonly type: "agent.presence_set";
      readonly agentId: AgentId;
      readonly presence: Presence;
      readonly by?: PresenceBy;
    }
  /** A supervisor decides: wrap-up and ringing end at once, live work goes on; `presence` null logs out after it. */
  | { readonly type: "agent.state_forced"; readonly agentId: AgentId; readonly presence: Presence | null }
  /** The agent's desk is there, or is gone: no new work, and log-out after the grace. */
  | { readonly type: "agent.connection"; readonly agentId: AgentId; readonly connected: boolean }
  /** The endpoint of a medium came or went (phone registered, microphone ready). Outlives log-in and log-out. */
  | {
      readonly type: "agent.reachable";
      readonly agentId: AgentId;
      readonly medium: Medium;
      readonly reachable: boolean;
    }
  /** A call that no queue gave: private, internal, or dialled by hand without a contact. */
  | { readonly type: "agent.busy_other"; readonly agentId: AgentId; readonly busy: boolean }
  | { readonly type: "item.queued"; readonly item: WorkItem }
  | { readonly type: "item.withdrawn"; readonly itemId: ItemId; readonly reason: WithdrawReason }
  /** The item goes to another queue, or changes priority or skills; the place is kept unless `queuedAt` says otherwise. */
  | {
      readonly type: "item.moved";
      readonly itemId: ItemId;
      readonly queueId: QueueId;
      readonly initiation?: WorkItem["initiation"];
      readonly priority?: number | null;
      readonly requiredSkills?: readonly SkillNeed[];
      readonly queuedAt?: Instant;
    }
  /** Facts became known or changed while it waits: criteria are asked anew; a fact that is not named keeps its value. */
  | { readonly type: "item.facts_set"; readonly itemId: ItemId; readonly facts: Facts }
  /** An agent takes a waiting item by hand: an offer to that agent, if allowed. */
  | { readonly type: "item.picked"; readonly itemId: ItemId; readonly agentId: AgentId }
  /**
   * The agent gives an item in hand on to a higher tier: it waits in `queueId` (absent: its queue) with its original entry,
   * its facts and who handled it, and only for that tier.
   */
  | {
      readonly type: "item.escalated";
      readonly itemId: ItemId;
      readonly agentId: AgentId;
      readonly tier: Tier;
      readonly queueId?: QueueId;
      readonly facts?: Facts;
      readonly requiredSkills?: readonly SkillNeed[];
    }
  /** The customer would rather be called: the item keeps its place, and nobody is on the line. */
  | { readonly type: "callback.requested"; readonly itemId: ItemId; readonly wish: CallbackWish }
  /** The agent's call to the customer had this outcome. */
  | {
      readonly type: "callback.attempted";
      readonly itemId: ItemId;
      readonly agentId: AgentId;
      readonly outcome: AttemptOutcome;
    }
  /** May the agent offer something more? */
  | { readonly type: "crosssell.asked"; readonly itemId: ItemId; readonly agentId: AgentId }
  | { readonly type: "offer.accepted"; readonly offerId: OfferId }
  | { readonly type: "offer.refused"; readonly offerId: OfferId }
  | { readonly type: "offer.failed"; readonly offerId: OfferId; readonly reason: OfferFailure }
  /**
   * A fact that no offer made: an outbound call, a transfer to this agent, a manual pick. Takes a slot, and takes the
   * item out of the line if it waits there. `phase` is `talking` if absent; `ringing` and `dialing` are under the
   * assignment's lease. `wrapUp` counts where there is no queue.
   */
  | {
      readonly type: "item.assigned";
      readonly itemId: ItemId;
      readonly agentId: AgentId;
      readonly medium: Medium;
      readonly queueId?: QueueId;
      readonly phase?: Exclude<HandlingPhase, "wrap_up" | "interrupted">;
      readonly wrapUp?: WrapUpRule;
    }
  | {
      readonly type: "item.phase_set";
      readonly itemId: ItemId;
      readonly agentId: AgentId;
      readonly phase: Exclude<HandlingPhase, "wrap_up" | "interrupted">;
    }
  /** The agent's part in the item is over: wrap-up begins, unless `wrapUp` is `skip`. */
  | {
      readonly type: "item.ended";
      readonly itemId: ItemId;
      readonly agentId: AgentId;
      readonly wrapUp?: "queue" | "skip";
    }
  /** During the contact: the agent wants a wrap-up after it (mode `requested`), or no longer. */
  | {
      readonly type: "wrapup.requested";
      readonly itemId: ItemId;
      readonly agentId: AgentId;
      readonly wanted: boolean;
    }
  | { readonly type: "wrapup.finished"; readonly itemId: ItemId; readonly agentId: AgentId }
  /** A limited wrap-up ends `byMs` later. */
  | {
      readonly type: "wrapup.extended";
      readonly itemId: ItemId;
      readonly agentId: AgentId;
      readonly byMs: number;
    }
  /** Time passed; what `advance` is in the journal. */
  | { readonly type: "tick" };

export type InputType = Input["type"];
