import type {
  AgentId,
  BridgeId,
  ContactId,
  Instant,
  LegId,
  OfferId,
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
} from "@svara/ledger";
import type { LegPurpose, Sound } from "./effects.ts";
import type { ConsultDestination, Target } from "./inputs.ts";

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
  /** In the main bridge with the partner. */
  | { readonly at: "talk"; readonly legId: LegId; readonly with: Partner }
  /** Hears music; the agent has them. `remote`: the agent's phone did it, and undoes it. */
  | { readonly at: "hold"; readonly legId: LegId; readonly agentId: AgentId; readonly remote: boolean }
  /** Hears ring-back; the target (or, on the way back, the agent who transferred) rings. */
  | { readonly at: "transferring"; readonly legId: LegId; readonly transfer: Transfer }
  /** Hears comfort music; the agent's leg is lost, and may come back until `until`. */
  | { readonly at: "detached"; readonly legId: LegId; readonly agentId: AgentId; readonly until: Instant }
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
  readonly from: AgentId;
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
  segment?: { readonly segmentId: SegmentId; readonly kind: HandlerSegmentKind };
}

export type LegRole = "customer" | "agent" | "external";

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
  playing?: { readonly playbackId: string; readonly sound: Sound };
  /** The ring limit of a leg that rings without an offer. */
  ringUntil?: Instant;
  /** Whose doing our hang-up was. */
  hungBy?: Doer;
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
  readonly asker: AgentId;
  readonly to: ConsultDestination;
  state: "asker_ringing" | "queued" | "ringing" | "talking" | "parked";
  other?: Partner & { readonly legId: LegId };
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
  recording?: Recording;
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
