import type {
  AgentId,
  ClientId,
  ContactId,
  CustomerId,
  EndpointId,
  EntryPointId,
  LegId,
  OfferId,
  PromptId,
  QueueId,
  RecordingId,
  TrunkId,
} from "@svara/kernel";
import type { ContactOutcome, Doer, Initiation, OfferExplanation, SoundQuality } from "@svara/ledger";

/** Whom a leg is to reach. The runtime finds the endpoint of an agent and the trunk of a number. */
export type Target =
  | {
      readonly kind: "agent";
      readonly agentId: AgentId;
      /** One of the agent's devices; else the runtime chooses. */
      readonly endpointId?: EndpointId;
      /** The agent's device is to answer by itself; the agent hears a beep before the join. */
      readonly autoAnswer?: boolean;
    }
  | {
      readonly kind: "number";
      readonly number: string;
      readonly trunkId?: TrunkId;
      readonly callerId?: string;
    };

/** Where a consultation may go. */
export type ConsultDestination =
  | Target
  | { readonly kind: "queue"; readonly queueId: QueueId; readonly priority?: number };

/** Where a transfer may go. */
export type Destination =
  | ConsultDestination
  /** Back into a flow of ours: the menu, a payment, a survey. */
  | { readonly kind: "entry_point"; readonly entryPointId: EntryPointId };

/** What a supervisor's ears and voice reach: nothing said, heard by the agent alone, heard by all. */
export type MonitorMode = "listen" | "whisper" | "barge";

/** A party of a conference other than the customer: an agent, or a number outside by its leg. */
export type ConferenceParty =
  | { readonly kind: "agent"; readonly agentId: AgentId }
  | { readonly kind: "external"; readonly legId: LegId };

/** The call came by another way: ids and words only, no number. */
export interface DivertedFrom {
  /** As RFC 5806 words it: `unconditional`, `user-busy`, `no-answer`, ... */
  readonly reason: string;
  readonly agentId?: AgentId;
  readonly entryPointId?: EntryPointId;
}

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
      readonly divertedFrom?: DivertedFrom;
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
      /** Where the colleague has diverted it, who is not rung. */
      readonly diverted?: Extract<Target, { kind: "number" }>;
      /** The colleague's device is to answer by itself. */
      readonly autoAnswer?: boolean;
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
  /** An agent's or an outside number is called for the customer; when nobody comes, the flow has them again (`flow.not_reached`). */
  | { readonly type: "flow.ring"; readonly to: Target; readonly ringTimeoutMs?: number }
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
      /** The agent's device is to answer by itself; the agent hears a beep before the join. */
      readonly autoAnswer?: boolean;
      /** Told to the agent alone before the join ("a call for sales"); the customer hears ring-back meanwhile. */
      readonly announcement?: PromptId;
      /** The agent's phone has called in for it, and is answered instead of being rung. */
      readonly legId?: LegId;
    }
  | { readonly type: "offer.timed_out"; readonly offerId: OfferId }
  | {
      readonly type: "offer.withdrawn";
      readonly offerId: OfferId;
      readonly reason: "leg_failed" | "supervisor" | "queue_left" | "answered_elsewhere";
    };

/** What the switch reported. `leg.silent`: nothing comes from the party although it should. */
export type LegInput =
  | { readonly type: "leg.ringing"; readonly legId: LegId }
  /** The called network plays before the answer; the leg is heard in a bridge. */
  | { readonly type: "leg.early_media"; readonly legId: LegId }
  | { readonly type: "leg.answered"; readonly legId: LegId }
  /** The switch sets the leg's media up anew; what played and what was recorded has ended. */
  | { readonly type: "leg.media_lost"; readonly legId: LegId }
  | { readonly type: "leg.media_restored"; readonly legId: LegId }
  /** How the leg sounds, since its beginning; the last one goes into the ledger before the leg's end. */
  | { readonly type: "leg.quality"; readonly legId: LegId; readonly quality: SoundQuality }
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
  | { readonly type: "consult"; readonly agentId: AgentId; readonly to: ConsultDestination }
  | { readonly type: "consult.swap"; readonly agentId: AgentId }
  | { readonly type: "consult.complete"; readonly agentId: AgentId }
  | { readonly type: "consult.cancel"; readonly agentId: AgentId }
  | {
      readonly type: "recording.pause";
      readonly agentId: AgentId;
      readonly reason: "agent" | "sensitive";
    }
  | { readonly type: "recording.resume"; readonly agentId: AgentId }
  /** The consultation becomes a conference of three. */
  | { readonly type: "conference.merge"; readonly agentId: AgentId }
  /** One more party is rung while the others talk on. */
  | { readonly type: "conference.add"; readonly agentId: AgentId; readonly to: Target }
  /** The agent goes; the others talk on. */
  | { readonly type: "conference.leave"; readonly agentId: AgentId }
  /** Another party is sent off. */
  | { readonly type: "conference.drop"; readonly agentId: AgentId; readonly party: ConferenceParty }
  /** The customer waits with music in a slot, from which any agent may fetch them. */
  | {
      readonly type: "park";
      readonly agentId: AgentId;
      /** After this long the customer comes back to the agent. Default 90 s. */
      readonly timeoutMs?: number;
    }
  /** The agent goes on at another device of theirs: it is rung, and takes over when it answers. */
  | {
      readonly type: "move_device";
      readonly agentId: AgentId;
      readonly endpointId?: EndpointId;
      /** The leg of a phone that has called in by itself. */
      readonly legId?: LegId;
    };

/** What somebody asks who is not on the contact (yet). Refused with a word when it does not fit the state. */
export type VisitorInput =
  /** Fetches the parked customer. `legId`: the agent's phone has called in; else their device is rung. */
  | { readonly type: "pickup.parked"; readonly agentId: AgentId; readonly legId?: LegId }
  /** Takes the call that rings at a colleague (transfer, consultation, conference, internal call; not an offer). */
  | { readonly type: "pickup"; readonly agentId: AgentId; readonly of: AgentId; readonly legId?: LegId }
  /** What rings at a colleague (as for `pickup`) goes on to where they have diverted their calls. */
  | { readonly type: "divert"; readonly of: AgentId; readonly to: ConsultDestination }
  /** A supervisor comes to an agent's call. `legId`: their phone has called in; else their device is rung. */
  | {
      readonly type: "monitor.start";
      readonly supervisorId: AgentId;
      /** The monitored agent. */
      readonly agentId: AgentId;
      readonly mode: MonitorMode;
      readonly endpointId?: EndpointId;
      readonly legId?: LegId;
    }
  | { readonly type: "monitor.mode"; readonly supervisorId: AgentId; readonly mode: MonitorMode }
  | { readonly type: "monitor.stop"; readonly supervisorId: AgentId }
  /** The supervisor has the customer from now; the monitored agent is in after-contact work. */
  | { readonly type: "take_over"; readonly supervisorId: AgentId }
  /**
   * An agent joins the far party of another contact of theirs to the customer of this one (attended REFER between two
   * calls of a phone). Give it first to this contact, and when it is not refused `merge.give` to the other. A leg that
   * belongs to both from then on is this contact's.
   */
  | {
      readonly type: "merge.take";
      readonly agentId: AgentId;
      readonly fromContactId: ContactId;
      readonly party:
        | { readonly kind: "agent"; readonly agentId: AgentId; readonly legId: LegId }
        | { readonly kind: "external"; readonly legId: LegId };
    }
  /** The other half: this contact lets the leg go, and ends when nobody else is there. */
  | {
      readonly type: "merge.give";
      readonly agentId: AgentId;
      readonly legId: LegId;
      readonly toContactId: ContactId;
    };

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

export type ConversationInput =
  | StartInput
  | FlowInput
  | OfferInput
  | LegInput
  | CommandInput
  | VisitorInput
  | HouseInput;

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
  | "closed"
  | "conference_running"
  | "no_conference"
  | "conference_full"
  /** Nobody of ours would be left with two parties outside the house. */
  | "last_agent"
  | "no_such_party"
  | "not_parked"
  | "not_ringing"
  /** Somebody else fetches the customer, or moves the agent's call, already. */
  | "taken"
  | "already_monitoring"
  | "not_monitoring";

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
  /** How long a parked customer waits before they come back. Default 90 s. */
  readonly parkTimeoutMs?: number;
  /** How many may be in a conference, the customer included. Default 10. */
  readonly conferenceLimit?: number;
  /** Shown to numbers we call when the destination gives none. */
  readonly callerId?: string;
}
