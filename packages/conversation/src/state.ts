import type {
  AgentId,
  BridgeId,
  ContactId,
  Instant,
  LegId,
  OfferId,
  PromptId,
  QueueId,
  RecordingId,
  SegmentId,
  TrunkId,
} from "@svara/kernel";
import type {
  ContactOutcome,
  CustomerSegmentKind,
  Direction,
  Doer,
  HandlerSegmentKind,
  Initiation,
  SoundQuality,
} from "@svara/ledger";
import type { BridgeRole, LegPurpose, Sound } from "./effects.ts";
import type { ConferenceParty, ConsultDestination, MonitorMode, Target } from "./inputs.ts";

/** Who hears the customer: an agent, or a party outside the house to whom the customer was transferred. */
export type Partner =
  | { readonly kind: "agent"; readonly agentId: AgentId }
  | { readonly kind: "external"; readonly legId: LegId };

/** Where the customer is. One at a time; changed by `enterPlace` alone. */
export type Place =
  /** No customer takes part (a colleague is called). */
  | { readonly at: "none" }
  /** We call the customer. */
  | { readonly at: "dialing"; readonly legId: LegId }
  | { readonly at: "flow"; readonly legId: LegId }
  | {
      readonly at: "queue";
      readonly legId: LegId;
      readonly queueId: QueueId;
      readonly initiation: Initiation;
      readonly enteredAt: Instant;
    }
  /** An agent has accepted and hears the announcement; the customer, who still waits, hears ring-back. */
  | {
      readonly at: "announcing";
      readonly legId: LegId;
      readonly queueId: QueueId;
      readonly initiation: Initiation;
      readonly enteredAt: Instant;
      readonly agentId: AgentId;
      readonly agentLegId: LegId;
    }
  /** In the main bridge with the partner. */
  | { readonly at: "talk"; readonly legId: LegId; readonly with: Partner }
  /** In the main bridge with every party of the conference that is on the line; the agent has them. */
  | { readonly at: "conference"; readonly legId: LegId; readonly agentId: AgentId }
  /** Hears music; the agent has them. `remote`: the agent's phone did it, and undoes it. */
  | { readonly at: "hold"; readonly legId: LegId; readonly agentId: AgentId; readonly remote: boolean }
  /** Hears ring-back; the target (or, on the way back, the agent who transferred) rings. */
  | { readonly at: "transferring"; readonly legId: LegId; readonly transfer: Transfer }
  /** Hears comfort music; the agent's leg is lost, and may come back until `until`. */
  | { readonly at: "detached"; readonly legId: LegId; readonly agentId: AgentId; readonly until: Instant }
  /** Hears music in a slot; nobody has them. */
  | {
      readonly at: "parked";
      readonly legId: LegId;
      readonly parkId: string;
      /** Who parked them. */
      readonly agentId: AgentId;
      readonly until: Instant;
      /** Who is fetching them: their leg is not answered yet. */
      readonly fetching?: { readonly agentId: AgentId; readonly legId: LegId };
    }
  /** Hears the last message; then we hang up. */
  | {
      readonly at: "farewell";
      readonly legId: LegId;
      readonly playbackId: string;
      readonly until: Instant;
      readonly outcome: ContactOutcome;
    }
  | { readonly at: "gone" };

export interface Transfer {
  readonly transferId: string;
  readonly kind: "blind" | "consult";
  /** Absent when the flow asked for it. */
  readonly from?: AgentId;
  readonly target: Target;
  /** The leg that rings. */
  readonly ringing: LegId;
  /** The target did not answer; the agent who transferred is rung. */
  readonly returning: boolean;
}

export type HandlerState =
  | "ringing"
  | "dialing"
  | "talking"
  | "held"
  | "consulting"
  /** A consulted agent who hears music while the asking agent is with the customer. */
  | "parked"
  /** In a conference, whether the customer is in it or on hold. */
  | "conferenced"
  | "detached"
  | "wrap_up";

/** An agent's part in the contact. Changed by `enterHandler` and `leaveHandler` alone. */
export interface Handler {
  readonly agentId: AgentId;
  /** The main contact, or the consultation's own. */
  contactId: ContactId;
  state: HandlerState;
  since: Instant;
  purpose: LegPurpose;
  legId?: LegId;
  /** Another device of theirs that is to take over, and rings. */
  moving?: LegId;
  /** Lost out of a conference: until when they are awaited. */
  until?: Instant;
  /** They have had the customer, and so have after-contact work. */
  had?: boolean;
  segment?: { readonly segmentId: SegmentId; readonly kind: HandlerSegmentKind };
}

export type LegRole = "customer" | "agent" | "external" | "supervisor";

/** `hung`: we have hung up and wait for the switch to confirm. */
export type LegState = "incoming" | "dialing" | "up" | "hung" | "ended";

/** One telephone leg, whatever it is for. */
export interface Leg {
  readonly legId: LegId;
  readonly role: LegRole;
  readonly direction: "in" | "out";
  readonly purpose: LegPurpose | "customer";
  /** Under which the ledger has it: the main contact, or the consultation's until the customer is handed over. */
  contactId: ContactId;
  readonly agentId?: AgentId;
  readonly trunkId?: TrunkId;
  state: LegState;
  bridge?: BridgeName;
  /** `talk` when absent. */
  bridgeRole?: BridgeRole;
  /** The called network plays before its answer. */
  early?: boolean;
  /** What the agent is to hear between answer and join. */
  greet?: Greeting;
  /** The greeting plays; until then the leg counts as one that rings. */
  greetingUntil?: Instant;
  /** The last report. */
  quality?: SoundQuality;
  playing?: { readonly playbackId: string; readonly sound: Sound };
  /** The ring limit of a leg that rings without an offer. */
  ringUntil?: Instant;
  /** Whose doing our hang-up was. */
  hungBy?: Doer;
}

/** A beep, a message, or a message after a beep. */
export interface Greeting {
  readonly beep: boolean;
  readonly announcement?: PromptId;
}

/** The customer's bridge and the consultation's. */
export type BridgeName = "main" | "side";

export interface Offer {
  readonly offerId: OfferId;
  readonly contactId: ContactId;
  readonly agentId: AgentId;
  readonly legId: LegId;
  readonly madeAt: Instant;
}

/**
 * A conversation without the customer: a consultation beside the contact, or the call of a colleague (then it is the
 * contact). `parked`: answered, but the asking agent is with the customer.
 */
export interface SideCall {
  readonly contactId: ContactId;
  readonly internal: boolean;
  readonly transferId: string;
  asker: AgentId;
  to: ConsultDestination;
  state: "asker_ringing" | "queued" | "ringing" | "talking" | "parked";
  other?: Partner & { readonly legId: LegId };
  /** Of a call between colleagues that is being transferred: who gives it, and waits for word. */
  giver?: AgentId;
}

/** A supervisor at an agent's call. Their leg is in the bridge of the agent's leg, wherever that is. */
export interface Monitor {
  readonly monitorId: string;
  readonly supervisorId: AgentId;
  readonly agentId: AgentId;
  readonly legId: LegId;
  readonly since: Instant;
  mode: MonitorMode;
}

export interface Recording {
  readonly recordingId: RecordingId;
  running: boolean;
  /** An agent asked for silence (a card number); lasts until they resume or hand over. */
  agentPaused: boolean;
}

/** Everything a conversation knows; plain data. */
export interface ConversationState {
  phase: "new" | "open" | "closing" | "closed";
  direction: Direction;
  place: Place;
  placeSince: Instant;
  customerSegment?: {
    readonly segmentId: SegmentId;
    readonly kind: CustomerSegmentKind;
    readonly agentId?: AgentId;
    readonly queueId?: QueueId;
  };
  handlers: Record<AgentId, Handler>;
  legs: Record<LegId, Leg>;
  offers: Record<OfferId, Offer>;
  bridges: Partial<Record<BridgeName, BridgeId>>;
  side?: SideCall;
  /** Consultations that are over and wait for the end of their legs. */
  sidesClosing: { readonly contactId: ContactId; readonly outcome: ContactOutcome; readonly endedBy: Doer }[];
  /**
   * Everybody who talks with the customer, in the order of their coming, and who is being called to it. There is one as
   * soon as somebody is called; the place of the customer says whether it is one yet.
   */
  conference?: { parties: ConferenceParty[] };
  /** By the supervisor. */
  monitors: Record<AgentId, Monitor>;
  recording?: Recording;
  /** A recording that was silenced has failed: the next one begins silenced. */
  silenced?: boolean;
  /** An agent has talked with the customer. */
  served?: boolean;
  lastQueueId?: QueueId;
  firstQueuedAt?: Instant;
  /** The contact is a call-back to a customer of this queue. */
  callback?: { readonly queueId: QueueId };
  /** The customer was promised a call-back: hanging up now is no abandoning. */
  promised?: boolean;
  /** The number an outbound contact is to reach. */
  dial?: Extract<Target, { kind: "number" }>;
  result?: { readonly outcome: ContactOutcome; readonly endedBy: Doer };
  closeBy?: Instant;
}

/** The state as kept outside: plain JSON. It holds the dialled number of an outbound contact; keep it erasable. */
export type ConversationSnapshot = Readonly<ConversationState>;
