import type {
  AgentId,
  ClientId,
  ContactId,
  CustomerId,
  EndpointId,
  EntryPointId,
  LegId,
  OfferId,
  QueueId,
  RecordingId,
  TrunkId,
} from "@svara/kernel";
import type { ContactOutcome, Doer, Initiation, OfferExplanation } from "@svara/ledger";

/** Whom a leg is to reach. The runtime finds the endpoint of an agent and the trunk of a number. */
export type Target =
  | { readonly kind: "agent"; readonly agentId: AgentId }
  | {
      readonly kind: "number";
      readonly number: string;
      readonly trunkId?: TrunkId;
      readonly callerId?: string;
    };

/** Where a transfer or a consultation may go. */
export type Destination =
  | Target
  | { readonly kind: "queue"; readonly queueId: QueueId; readonly priority?: number };

/** How a leg ended: whose doing it was, and a word for why (`EndCause` of the Switch port). */
export interface LegEnding {
  readonly by: Doer;
  readonly cause: string;
  readonly sipStatus?: number;
}

/** How the contact begins; exactly one of these is the first input. */
export type StartInput =
  | {
      /** A customer's leg came in; the flow of its entry point runs from here. */
      readonly type: "start.inbound";
      readonly legId: LegId;
      readonly entryPointId?: EntryPointId;
      readonly trunkId?: TrunkId;
      readonly endpointId?: EndpointId;
      readonly customerId?: CustomerId;
    }
  | {
      /** An agent dials a customer's number: the agent's leg first, then the customer's. */
      readonly type: "start.outbound";
      readonly agentId: AgentId;
      readonly to: Extract<Target, { kind: "number" }>;
      readonly customerId?: CustomerId;
      readonly linkedTo?: ContactId;
      /** The agent's own leg, when a desk phone has already called in; otherwise we call the agent. */
      readonly legId?: LegId;
    }
  | {
      /** A customer is called back: the offer rings the agent, whose acceptance dials the customer. */
      readonly type: "start.callback";
      readonly agentId: AgentId;
      readonly offerId: OfferId;
      readonly ringTimeoutMs: number;
      readonly explain?: OfferExplanation;
      readonly queueId: QueueId;
      readonly to: Extract<Target, { kind: "number" }>;
      /** The contact in which the customer asked for it. */
      readonly linkedTo: ContactId;
    }
  | {
      /** An agent calls a colleague. */
      readonly type: "start.internal";
      readonly agentId: AgentId;
      readonly toAgentId: AgentId;
      readonly linkedTo?: ContactId;
      readonly legId?: LegId;
    };

/** What the flow of the entry point decided. */
export type FlowInput =
  | {
      /** The customer waits for an agent from now. Also given when another queue takes over (`overflow`). */
      readonly type: "queue.entered";
      readonly queueId: QueueId;
      readonly initiation: Initiation;
      readonly priority?: number;
    }
  | {
      /** The router has moved the waiting customer to another queue by a rule of overflow; the place is kept. */
      readonly type: "queue.moved";
      readonly queueId: QueueId;
      readonly priority?: number;
    }
  | {
      /** The flow took the customer out of the queue and goes on with another step. */
      readonly type: "queue.left";
      readonly outcome: "overflow" | "timeout" | "closed" | "callback";
      readonly toQueueId?: QueueId;
    }
  | { readonly type: "flow.ended"; readonly outcome: ContactOutcome };

/** What the router decided for the waiting contact (or for the waiting consultation: its own contactId). */
export type OfferInput =
  | {
      readonly type: "offer.made";
      readonly offerId: OfferId;
      readonly contactId: ContactId;
      readonly agentId: AgentId;
      readonly ringTimeoutMs: number;
      readonly explain?: OfferExplanation;
    }
  | { readonly type: "offer.timed_out"; readonly offerId: OfferId }
  | {
      readonly type: "offer.withdrawn";
      readonly offerId: OfferId;
      readonly reason: "leg_failed" | "supervisor" | "queue_left";
    };

/** What the switch reported. `leg.silent`: nothing comes from the party although it should. */
export type LegInput =
  | { readonly type: "leg.ringing"; readonly legId: LegId }
  | { readonly type: "leg.answered"; readonly legId: LegId }
  | { readonly type: "leg.held"; readonly legId: LegId }
  | { readonly type: "leg.resumed"; readonly legId: LegId }
  | { readonly type: "leg.silent"; readonly legId: LegId }
  | { readonly type: "leg.dtmf"; readonly legId: LegId; readonly digit: string }
  | ({ readonly type: "leg.ended"; readonly legId: LegId } & LegEnding)
  | { readonly type: "playback.ended"; readonly playbackId: string }
  | { readonly type: "recording.failed"; readonly recordingId: RecordingId };

/** What an agent (or a supervisor for them) asks. Refused with a word when it does not fit the state. */
export type CommandInput =
  | { readonly type: "hold"; readonly agentId: AgentId }
  | { readonly type: "resume"; readonly agentId: AgentId }
  | { readonly type: "hang_up"; readonly agentId: AgentId }
  | { readonly type: "send_dtmf"; readonly agentId: AgentId; readonly digits: string }
  | { readonly type: "transfer"; readonly agentId: AgentId; readonly to: Destination }
  | {
      /** The customer goes on to a higher line of support: they wait again, at the place of their first queue entry. */
      readonly type: "escalate";
      readonly agentId: AgentId;
      readonly queueId: QueueId;
      readonly tier: number;
      /** A word. */
      readonly reason?: string;
    }
  | { readonly type: "consult"; readonly agentId: AgentId; readonly to: Destination }
  | { readonly type: "consult.swap"; readonly agentId: AgentId }
  | { readonly type: "consult.complete"; readonly agentId: AgentId }
  | { readonly type: "consult.cancel"; readonly agentId: AgentId }
  | {
      readonly type: "recording.pause";
      readonly agentId: AgentId;
      readonly reason: "agent" | "sensitive";
    }
  | { readonly type: "recording.resume"; readonly agentId: AgentId };

/** What the rest of the house reports. */
export type HouseInput =
  /** The agent's endpoint is gone (socket closed, registration lapsed) though no leg has ended yet. */
  | { readonly type: "agent.lost"; readonly agentId: AgentId }
  /** The agent can be called again: a new registration, or another device. */
  | { readonly type: "agent.returned"; readonly agentId: AgentId }
  /** The router (timed) or the agent (manual) ended the after-contact work. */
  | {
      readonly type: "wrap_up.finished";
      readonly agentId: AgentId;
      readonly reason: "completed" | "timed_out";
    }
  /** We end the contact: a supervisor, a drain limit, a fault. */
  | { readonly type: "end"; readonly outcome: ContactOutcome };

export type ConversationInput = StartInput | FlowInput | OfferInput | LegInput | CommandInput | HouseInput;

/** Why a command was not obeyed; nothing has changed. */
export type Refusal =
  | "not_on_contact"
  | "wrong_state"
  | "already_held"
  | "not_held"
  | "transfer_running"
  | "consult_running"
  | "no_consult"
  | "not_answered_yet"
  | "same_agent"
  | "no_customer"
  | "not_recording"
  | "closed";

/** What a conversation is told about the house when it is made. */
export interface ConversationSettings {
  readonly contactId: ContactId;
  readonly clientId: ClientId;
  readonly switchId: string;
  /** Record talk on the customer's leg. */
  readonly record: boolean;
  /** Also record while the customer hears music on hold. Default false. */
  readonly recordHold?: boolean;
  /** How long an agent rings who is called directly (transfer, consultation, colleague). Default 20 s: three or four cycles. */
  readonly ringTimeoutMs?: number;
  /** How long a called number rings. Default 45 s. */
  readonly numberRingTimeoutMs?: number;
  /** How long a lost agent may take to come back. Default 30 s. */
  readonly reattachGraceMs?: number;
  /** How long a hung-up leg may take to be confirmed before the contact closes without it. Default 35 s: timer B and some. */
  readonly hangupGraceMs?: number;
  /** Where a customer goes who was never in a queue and whose agent is lost or does not answer. */
  readonly fallbackQueueId?: QueueId;
  /** Shown to numbers we call when the destination gives none. */
  readonly callerId?: string;
}
