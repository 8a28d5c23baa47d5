import type {
  AgentId,
  BridgeId,
  ContactId,
  EntryPointId,
  Instant,
  LegId,
  OfferId,
  PromptId,
  QueueId,
  RecordingId,
} from "@svara/kernel";
import type { ContactOutcome, Initiation, LedgerDraft } from "@svara/ledger";
import type { Refusal, Target } from "./inputs.ts";

/** What a party is to hear. The runtime finds the files; `music`, `comfort` and `ringback` go on until stopped. */
export type Sound =
  | "music"
  | "comfort"
  | "ringback"
  | "transferring"
  | "technical_fault"
  /** To an agent whose device answers by itself. */
  | "beep"
  /** To an agent before the join: `announcement` of the effect, after a beep if it says so. */
  | "announcement";

/** Why we hang up; the runtime maps it to the words of the Switch port. */
export type HangupWord =
  | "normal"
  | "cancelled"
  | "busy"
  | "not_found"
  | "unavailable"
  | "failed"
  /** A colleague took the call (RFC 3326: cause 200, "Call completed elsewhere"). */
  | "answered_elsewhere";

/** Why a leg is made: the desk shows it, and answers `reattach`, `move`, `pickup` and `monitor` by itself. */
export type LegPurpose =
  | "offer"
  | "transfer"
  | "return"
  | "consult"
  | "outbound"
  | "internal"
  | "reattach"
  /** For a customer, asked for by their flow. */
  | "direct"
  /** A further party of a conference. */
  | "conference"
  /** The agent's other device. */
  | "move"
  /** The agent fetches a parked customer. */
  | "pickup"
  /** A supervisor. */
  | "monitor"
  /** A supervisor who has taken over, and a party taken over from another contact: for the router, never originated. */
  | "take_over"
  | "merge";

/** What a party may do and hear in a bridge; the switch's word. */
export type BridgeRole =
  | { readonly type: "talk" }
  | { readonly type: "listen" }
  | { readonly type: "whisper"; readonly to: readonly LegId[] };

/** Commands for the switch, one to one with its port. Every id was made here. Perform them in order. */
export type SwitchEffect =
  | { readonly to: "switch"; readonly type: "leg.answer"; readonly legId: LegId }
  /** A phone that called in hears that it rings at the other end. */
  | { readonly to: "switch"; readonly type: "leg.ring"; readonly legId: LegId }
  | {
      readonly to: "switch";
      readonly type: "leg.originate";
      readonly legId: LegId;
      readonly target: Target;
      readonly purpose: LegPurpose;
      /** The contact that the desk shows: the consultation's own contact when `purpose` is `consult`. */
      readonly contactId: ContactId;
      readonly offerId?: OfferId;
      readonly callerId?: string;
      readonly timeoutMs: number;
      /** The device is to answer by itself. */
      readonly autoAnswer?: boolean;
      /** A leg with which this one will share a bridge. */
      readonly near?: LegId;
    }
  | { readonly to: "switch"; readonly type: "leg.hangup"; readonly legId: LegId; readonly cause: HangupWord }
  | { readonly to: "switch"; readonly type: "bridge.create"; readonly bridgeId: BridgeId }
  | {
      readonly to: "switch";
      /** Again with another role: changes the role. */
      readonly type: "bridge.join";
      readonly bridgeId: BridgeId;
      readonly legId: LegId;
      /** `talk` when not given. */
      readonly role?: BridgeRole;
    }
  | {
      readonly to: "switch";
      readonly type: "bridge.leave";
      readonly bridgeId: BridgeId;
      readonly legId: LegId;
    }
  | { readonly to: "switch"; readonly type: "bridge.destroy"; readonly bridgeId: BridgeId }
  | {
      readonly to: "switch";
      readonly type: "play.start";
      readonly playbackId: string;
      readonly legId: LegId;
      readonly sound: Sound;
      /** With `announcement`: what to say, and whether a beep goes before it. */
      readonly announcement?: PromptId;
      readonly beep?: boolean;
      readonly loop: boolean;
    }
  | { readonly to: "switch"; readonly type: "play.stop"; readonly playbackId: string; readonly legId: LegId }
  | {
      readonly to: "switch";
      readonly type: "record.start";
      readonly recordingId: RecordingId;
      /** The customer's leg: left is what the customer says, right what the customer hears. */
      readonly legId: LegId;
    }
  | {
      readonly to: "switch";
      readonly type: "record.pause" | "record.resume" | "record.stop";
      readonly recordingId: RecordingId;
    }
  | { readonly to: "switch"; readonly type: "dtmf.send"; readonly legId: LegId; readonly digits: string };

/** What the router must know. */
export type RouterEffect =
  | {
      readonly to: "router";
      readonly type: "item.queued";
      /** The item: the contact itself, or the consultation's own contact. */
      readonly contactId: ContactId;
      readonly queueId: QueueId;
      readonly initiation: Initiation;
      readonly priority?: number;
      /**
       * Since when the item counts as waiting. A customer who comes back because an agent was lost or a transfer came
       * to nothing keeps the instant at which they first entered a queue, and so stands in front.
       */
      readonly queuedAt: Instant;
      /** A consultation: never counted as offered. */
      readonly internal: boolean;
    }
  | {
      readonly to: "router";
      readonly type: "item.withdrawn";
      readonly contactId: ContactId;
      readonly queueId: QueueId;
      readonly reason: "customer_ended" | "consult_ended" | "transferred" | "flow" | "us";
    }
  | {
      readonly to: "router";
      /** The agent's leg answered; from now the agent is on this contact. */
      readonly type: "offer.accepted";
      readonly offerId: OfferId;
      readonly contactId: ContactId;
      readonly agentId: AgentId;
    }
  | {
      readonly to: "router";
      /** `refused`: 486, 603 or the button; `failed`: the endpoint could not be reached. The item goes on waiting. */
      readonly type: "offer.refused" | "offer.failed";
      readonly offerId: OfferId;
      readonly contactId: ContactId;
      readonly agentId: AgentId;
      readonly cause: string;
    }
  | {
      readonly to: "router";
      /** The agent is rung or dials without an offer: offer them nothing else. */
      readonly type: "agent.reserved";
      readonly agentId: AgentId;
      readonly contactId: ContactId;
      readonly purpose: LegPurpose;
    }
  | {
      readonly to: "router";
      /** The reservation came to nothing. */
      readonly type: "agent.released";
      readonly agentId: AgentId;
      readonly contactId: ContactId;
      readonly cause: string;
    }
  | {
      readonly to: "router";
      /** The agent has the contact without an offer (after a reservation). */
      readonly type: "item.assigned";
      readonly contactId: ContactId;
      readonly agentId: AgentId;
      readonly purpose: LegPurpose;
    }
  | {
      readonly to: "router";
      /** The agent's state while on the contact, as it changes. */
      readonly type: "agent.activity";
      readonly contactId: ContactId;
      readonly agentId: AgentId;
      readonly activity: "dialing" | "talking" | "held" | "consulting" | "conferenced" | "detached";
    }
  | {
      readonly to: "router";
      /** A supervisor is at an agent's call, or no more. It is no work on the contact. */
      readonly type: "monitor.started" | "monitor.ended";
      readonly contactId: ContactId;
      readonly supervisorId: AgentId;
    }
  | {
      readonly to: "router";
      /** The agent has left the contact; `wrapUp` starts after-contact work, which ends with `wrap_up.finished`. */
      readonly type: "item.ended";
      readonly contactId: ContactId;
      readonly agentId: AgentId;
      readonly queueId?: QueueId;
      readonly wrapUp: boolean;
      /** The agent was lost and did not come back in time. */
      readonly lost: boolean;
      /** Of a call-back that came to nothing: why. */
      readonly notReached?: ContactOutcome;
    }
  | {
      readonly to: "router";
      /** Instead of `item.ended` and `item.queued`: the agent wraps up, and the customer waits for a higher line of support. */
      readonly type: "item.escalated";
      readonly contactId: ContactId;
      readonly agentId: AgentId;
      readonly queueId: QueueId;
      readonly tier: number;
      readonly reason?: string;
      /** The place in the line, where the router does not know it. */
      readonly queuedAt: Instant;
    };

/** What the runner of flows must know. */
export type FlowEffect =
  /** The customer is no longer the flow's: stop what it plays and forget it. */
  | { readonly to: "flow"; readonly type: "flow.stop" }
  /** The customer waits in this queue after a transfer or a loss: run the queue's waiting treatment. */
  | {
      readonly to: "flow";
      readonly type: "flow.wait";
      readonly queueId: QueueId;
      readonly initiation: Initiation;
    }
  /** An agent sent the customer to this entry point: run its flow. */
  | { readonly to: "flow"; readonly type: "flow.run"; readonly entryPointId: EntryPointId }
  /** Who was called by `flow.ring` did not come; the customer is the flow's again. */
  | {
      readonly to: "flow";
      readonly type: "flow.not_reached";
      readonly cause: string;
      readonly agentId?: AgentId;
    }
  | { readonly to: "flow"; readonly type: "flow.dtmf"; readonly digit: string };

/** What the house keeps: slots in which customers are parked, and phones that wait for word of a transfer. */
export type HouseEffect =
  /** The customer is parked: give them a slot, and show it. */
  | {
      readonly to: "house";
      readonly type: "park.started";
      readonly parkId: string;
      readonly contactId: ContactId;
      readonly agentId: AgentId;
      readonly until: Instant;
    }
  /** The slot is free again. */
  | { readonly to: "house"; readonly type: "park.ended"; readonly parkId: string }
  /** The transfer of a call between colleagues: `done`, the agent is off it; else they talk again. */
  | {
      readonly to: "house";
      readonly type: "transfer.settled";
      readonly contactId: ContactId;
      readonly agentId: AgentId;
      readonly done: boolean;
      readonly cause: string;
    };

/** An event for the ledger; ids, version and sequence are the store's. */
export interface LedgerEffect {
  readonly to: "ledger";
  readonly type: "event";
  readonly event: LedgerDraft;
}

export type Effect = SwitchEffect | RouterEffect | FlowEffect | HouseEffect | LedgerEffect;

/** What one input led to. `refused`: the command did not fit, and nothing was done. */
export interface Outcome {
  readonly effects: readonly Effect[];
  readonly refused?: Refusal;
}
