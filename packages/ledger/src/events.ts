import type {
  AgentId,
  ContactId,
  CustomerId,
  EndpointId,
  EntryPointId,
  OfferId,
  PromptId,
  QueueId,
  RecordingId,
  SiteId,
  TeamId,
  TrunkId,
} from "@svara/kernel";
import type { Actor, Envelope, Subject } from "./envelope.ts";
import type {
  AgentState,
  ContactOutcome,
  CustomerSegmentKind,
  DialRefusalWord,
  Direction,
  Doer,
  HandlerSegmentKind,
  Initiation,
  Medium,
  Origin,
  Presence,
  QueueOutcome,
  SegmentEnd,
} from "./words.ts";

interface Shape<Needs extends keyof Subject, Payload> {
  readonly needs: Needs;
  readonly payload: Payload;
}

/** One candidate of an offer, as the router ranked it: agents for a contact, or contacts for an agent who came free. */
export interface OfferCandidate {
  readonly agentId?: AgentId;
  readonly contactId?: ContactId;
  /** The tuple by which candidates were ordered; less is better. */
  readonly rank: readonly number[];
}

/** Why this agent: how it was chosen, the best candidates in order, what ordered them, the rules and their version. */
export interface OfferExplanation {
  readonly choice:
    | "agent_for_item"
    | "item_for_agent"
    | "preferred_agent"
    | "only_agent"
    | "picked"
    /** Of events that did not tell it. */
    | "unknown";
  readonly strategy: string;
  /** What each place of a rank means; `:desc` where the greater value is better and its negative was compared. */
  readonly rankedBy: readonly string[];
  readonly engineVersion: string | number;
  readonly candidates: readonly OfferCandidate[];
  /** How many there were; `candidates` may hold the best few. */
  readonly considered?: number;
  /** Steps of relaxing criteria that the contact had taken. */
  readonly step?: number;
  /** The revision of the configuration by which was decided. */
  readonly rules?: number;
  /** Of a strategy that weighs: whom quality alone and whom efficiency alone would have chosen. */
  readonly trade?: { readonly quality: AgentId; readonly efficiency: AgentId };
  /** Agents that were looked at and left out, counted by a word for the reason. */
  readonly excluded?: Readonly<Record<string, number>>;
}

/** What a waiting customer may expect; ten of a hundred wait less than `lowMs`, ten more than `highMs`. */
export interface WaitPrediction {
  /** 1 is next. */
  readonly position: number;
  readonly lowMs: number;
  readonly expectedMs: number;
  readonly highMs: number;
  readonly basis: "queue_length" | "last_served" | "head_of_line" | "ringing";
}

type SegmentStarted =
  | { readonly party: "customer"; readonly kind: CustomerSegmentKind; readonly initiation?: Initiation }
  | { readonly party: "handler"; readonly kind: HandlerSegmentKind; readonly initiation?: Initiation };

type SegmentEnded =
  | { readonly party: "customer"; readonly kind: CustomerSegmentKind; readonly reason: SegmentEnd }
  | { readonly party: "handler"; readonly kind: HandlerSegmentKind; readonly reason: SegmentEnd };

/** Where a transfer goes. A number outside the centre stands in an erasable table, never here. */
export type TransferTarget =
  | { readonly kind: "agent"; readonly agentId: AgentId }
  | { readonly kind: "queue"; readonly queueId: QueueId }
  | { readonly kind: "entry_point"; readonly entryPointId: EntryPointId }
  | { readonly kind: "number" };

interface TransferEvent {
  readonly transferId: string;
  readonly kind: "blind" | "consult";
  readonly target: TransferTarget;
}

interface OfferEvent {
  readonly offerId: OfferId;
  /** `offer.made`: the ring limit; the others: how long it rang. */
  readonly ringMs: number;
}

/** How a leg sounded from its answer to its end, by the E-model (ITU-T G.107). */
export interface SoundQuality {
  /** 1 to 4.5, of what we received; `remoteMos` of what the party did, when it tells. */
  readonly mos: number;
  readonly remoteMos?: number;
  readonly codec: string;
  /** 0 to 1. */
  readonly lossShare: number;
  readonly jitterMs: number;
  readonly roundTripMs?: number;
}

type LegEvent = "contactId" | "legId";

/**
 * Every type of event with the ids its envelope must have and the newest version of its payload.
 * Payloads carry ids and words, never numbers, names, digits or notes of people (LE2).
 */
export interface EventShapes {
  "contact.created": Shape<
    "contactId",
    {
      readonly medium: Medium;
      readonly direction: Direction;
      readonly origin: Origin;
      readonly entryPointId?: EntryPointId;
      readonly linkedTo?: ContactId;
    }
  >;
  "contact.classified": Shape<
    "contactId",
    {
      readonly customerId?: CustomerId;
      readonly reasonId?: string;
      readonly by: "caller_id" | "agent" | "flow";
    }
  >;
  "contact.closed": Shape<"contactId", { readonly outcome: ContactOutcome; readonly endedBy?: Doer }>;

  "segment.started": Shape<"contactId" | "segmentId", SegmentStarted>;
  "segment.ended": Shape<"contactId" | "segmentId", SegmentEnded>;

  "flow.step": Shape<
    "contactId",
    {
      readonly flowId: string;
      readonly flowVersion: number;
      readonly step: string;
      readonly stepKind: string;
      readonly exit?: string;
    }
  >;
  "notice.played": Shape<
    "contactId",
    { readonly promptId: PromptId; readonly notice: "recording" | "other"; readonly complete: boolean }
  >;

  "queue.entered": Shape<
    "contactId" | "queueId",
    { readonly medium: Medium; readonly initiation: Initiation; readonly priority: number }
  >;
  "queue.left": Shape<
    "contactId" | "queueId",
    /** `waitMs`: from entering this queue, ringing included. */
    { readonly outcome: QueueOutcome; readonly waitMs: number; readonly toQueueId?: QueueId }
  >;

  /** What the customer could expect when they entered the queue; beside the wait in `queue.left` it tells the error. */
  "wait.predicted": Shape<"contactId" | "queueId", WaitPrediction>;
  /** The nth step of relaxing criteria took effect. */
  "routing.stepped": Shape<"contactId" | "queueId", { readonly step: number }>;
  /** An overflow rule of the queue applied. `left`: the contact waits in this queue no more. */
  "routing.overflowed": Shape<
    "contactId" | "queueId",
    {
      readonly rule: string;
      readonly to: "queue" | "sites" | "voicemail" | "hang_up" | "message" | "callback";
      readonly toQueueId?: QueueId;
      readonly left: boolean;
    }
  >;
  /** The agent gave the contact on to a higher line of support. */
  "contact.escalated": Shape<
    "contactId" | "agentId",
    { readonly tier: number; readonly toQueueId?: QueueId; readonly reason?: string }
  >;
  /** The customer asked to be called back, and keeps the place. */
  "callback.promised": Shape<
    "contactId" | "queueId",
    { readonly position: number; readonly from?: number; readonly until?: number }
  >;
  /** An agent called back; the call itself is a contact of its own. Without `nextAt` there is no further attempt. */
  "callback.attempted": Shape<
    "contactId" | "agentId",
    {
      readonly attempt: number;
      readonly outcome: "answered" | "busy" | "no_answer" | "machine" | "failed" | "lease";
      readonly byContactId?: ContactId;
      readonly nextAt?: number;
    }
  >;
  /** The promised time is over, and the customer was not called yet. */
  "callback.late": Shape<"contactId" | "queueId", { readonly until: number }>;
  /** The agent asked whether something more may be offered. */
  "crosssell.asked": Shape<
    "contactId" | "agentId",
    {
      readonly allowed: boolean;
      readonly because?: "no_rule" | "in_system" | "waiting" | "open_agents" | "criterion";
      readonly inSystem: number;
      readonly waiting: number;
      readonly openAgents: number;
    }
  >;

  "offer.made": Shape<"contactId" | "agentId", OfferEvent & { readonly explain?: OfferExplanation }>;
  "offer.accepted": Shape<"contactId" | "agentId", OfferEvent>;
  "offer.refused": Shape<"contactId" | "agentId", OfferEvent>;
  "offer.timed_out": Shape<"contactId" | "agentId", OfferEvent>;
  "offer.withdrawn": Shape<
    "contactId" | "agentId",
    OfferEvent & {
      readonly reason: "customer_ended" | "answered_elsewhere" | "leg_failed" | "supervisor" | "queue_left";
    }
  >;

  "leg.started": Shape<
    LegEvent,
    {
      readonly party: "customer" | "agent" | "external" | "supervisor";
      readonly direction: "in" | "out";
      readonly switchId: string;
      readonly trunkId?: TrunkId;
      readonly endpointId?: EndpointId;
      /** The call was meant for somebody else; `reason` as RFC 5806 words it. */
      readonly divertedFrom?: {
        readonly reason: string;
        readonly agentId?: AgentId;
        readonly entryPointId?: EntryPointId;
      };
    }
  >;
  "leg.answered": Shape<LegEvent, Record<never, never>>;
  "leg.held": Shape<LegEvent, { readonly by: Doer }>;
  "leg.resumed": Shape<LegEvent, { readonly by: Doer }>;
  /** The switch sets the leg's media up anew: nothing is heard for a moment. */
  "leg.media_lost": Shape<LegEvent, Record<never, never>>;
  "leg.media_restored": Shape<LegEvent, Record<never, never>>;
  /** The leg goes on in another contact: told in both, `to` in the old one, `from` in the new one. */
  "leg.moved": Shape<
    LegEvent,
    {
      readonly way: "to" | "from";
      readonly otherContactId: ContactId;
      readonly party: "customer" | "agent" | "external";
      readonly direction: "in" | "out";
    }
  >;
  "leg.ended": Shape<
    LegEvent,
    {
      readonly by: Doer;
      /** A word: `normal`, `busy`, `no_answer`, `rejected`, `media_lost`, ... */
      readonly cause: string;
      readonly sipStatus?: number;
      readonly trunkId?: TrunkId;
      readonly direction: "in" | "out";
      /** Absent when nothing was heard. */
      readonly quality?: SoundQuality;
    }
  >;

  "transfer.started": Shape<"contactId", TransferEvent>;
  "transfer.completed": Shape<"contactId", TransferEvent>;
  "transfer.cancelled": Shape<
    "contactId",
    TransferEvent & {
      /** `merged`: all three talk now. */
      readonly reason: "agent" | "customer_ended" | "not_answered" | "failed" | "merged";
    }
  >;

  /** A party came into a conference with the customer, or left it. An agent is named by the envelope. */
  "conference.joined": Shape<LegEvent, { readonly party: "agent" | "external" }>;
  "conference.left": Shape<
    LegEvent,
    {
      readonly party: "agent" | "external";
      /** `dropped`: by another agent. */
      readonly reason: "left" | "dropped" | "lost" | "customer_ended" | "ended";
    }
  >;

  /** The agent put the customer into a slot where any agent may fetch them. */
  "park.started": Shape<"contactId" | "agentId", { readonly parkId: string }>;
  "park.ended": Shape<
    "contactId",
    {
      readonly parkId: string;
      /** `picked_up`: by the agent of the envelope. */
      readonly reason: "picked_up" | "timed_out" | "customer_ended" | "ended";
    }
  >;

  /** The agent of the envelope took the call that rang at a colleague. */
  "call.picked_up": Shape<"contactId" | "agentId", { readonly fromAgentId: AgentId }>;

  /** A supervisor is at the call of the agent of the envelope. Never counted as talk. */
  "monitor.started": Shape<
    "contactId" | "agentId",
    {
      readonly monitorId: string;
      readonly mode: "listen" | "whisper" | "barge";
      /** Absent in events of version 1. */
      readonly supervisorId?: AgentId;
    }
  >;
  "monitor.changed": Shape<
    "contactId" | "agentId",
    {
      readonly monitorId: string;
      readonly supervisorId: AgentId;
      readonly mode: "listen" | "whisper" | "barge";
    }
  >;
  "monitor.ended": Shape<
    "contactId" | "agentId",
    {
      readonly monitorId: string;
      /** Absent, as is `reason`, in events of version 1. */
      readonly supervisorId?: AgentId;
      readonly reason?: "supervisor" | "agent_left" | "taken_over" | "lost";
    }
  >;
  /** The supervisor of the envelope has the customer from now. */
  "contact.taken_over": Shape<"contactId" | "agentId", { readonly fromAgentId: AgentId }>;

  "recording.started": Shape<
    "contactId",
    { readonly recordingId: RecordingId; readonly side: "customer" | "agent" | "external" }
  >;
  "recording.paused": Shape<
    "contactId",
    { readonly recordingId: RecordingId; readonly reason: "agent" | "sensitive" | "rule" }
  >;
  "recording.resumed": Shape<"contactId", { readonly recordingId: RecordingId }>;
  "recording.stored": Shape<
    "contactId",
    {
      readonly recordingId: RecordingId;
      readonly durationMs: number;
      readonly bytes: number;
      readonly sha256?: string;
    }
  >;
  "recording.failed": Shape<"contactId", { readonly recordingId: RecordingId; readonly reason: string }>;

  "disposition.set": Shape<
    "contactId",
    { readonly dispositionId: string; readonly by: "agent" | "timeout" | "flow" }
  >;

  "agent.logged_in": Shape<
    "agentId",
    {
      readonly sessionId: string;
      readonly siteId?: SiteId;
      readonly teamId?: TeamId;
      readonly endpointId?: EndpointId;
      /** The media for which slots open at this instant. */
      readonly slots: readonly Medium[];
    }
  >;
  "agent.logged_out": Shape<
    "agentId",
    { readonly sessionId: string; readonly reason: "end_shift" | "forced" | "connection_lost" | "restart" }
  >;
  "agent.presence_set": Shape<
    "agentId",
    /** `pending`: chosen during a contact, takes effect after wrap-up. */
    { readonly presence: Presence; readonly reasonId?: string; readonly pending: boolean }
  >;
  "agent.state_changed": Shape<
    "agentId",
    {
      readonly slot: Medium;
      readonly state: AgentState;
      /** Id of a not-ready reason, or a system word such as `rona`, `wrapup_timeout`, `supervisor_forced`. */
      readonly reason?: string;
      readonly paid: boolean;
      readonly productive: boolean;
    }
  >;

  "call.blocked": Shape<
    never,
    {
      readonly reason:
        | "no_lines"
        | "unknown_number"
        | "not_allowed"
        | "draining"
        | "overload"
        | "compliance"
        | "malformed"
        | "lines_full"
        | DialRefusalWord;
      readonly direction: Direction;
      readonly trunkId?: TrunkId;
      readonly entryPointId?: EntryPointId;
    }
  >;
  /** A call goes out over a trunk; written when the first trunk is asked. Whither, without the number. */
  "call.placed": Shape<
    never,
    {
      readonly destination: "emergency" | "special" | "national" | "international";
      /** ISO 3166-1 alpha-2, in lower case. */
      readonly country?: string;
      readonly trunkId: TrunkId;
    }
  >;
  /** Calls out are unusual; the envelope's agent's, if any. */
  "dial.alerted": Shape<
    never,
    { readonly kind: "many_abroad" | "many_refused" | "abroad_when_closed"; readonly count: number }
  >;
  "config.changed": Shape<
    never,
    { readonly revision: number; readonly kind: string; readonly entityId: string; readonly undoes?: number }
  >;
  "centre.started": Shape<never, { readonly version: string; readonly cutContacts: number }>;
  "centre.stopped": Shape<never, { readonly reason: "drain" | "signal" | "failure" }>;
}

export type EventType = keyof EventShapes;
export type PayloadOf<T extends EventType> = EventShapes[T]["payload"];
export type NeedsOf<T extends EventType> = EventShapes[T]["needs"];

type SubjectOf<T extends EventType> = Subject & {
  readonly [K in NeedsOf<T>]-?: NonNullable<Subject[K]>;
};

/** A stored event of type T at its newest version. `LedgerEvent` alone is the union over all types. */
export type LedgerEvent<T extends EventType = EventType> = T extends EventType
  ? Omit<Envelope, keyof Subject> & SubjectOf<T> & { readonly type: T; readonly payload: PayloadOf<T> }
  : never;

/** What a writer is handed: the rest (id, version, seq, epoch, centre, revision) is stamped by the store. */
export type LedgerDraft<T extends EventType = EventType> = T extends EventType
  ? SubjectOf<T> & {
      readonly type: T;
      readonly at: number;
      readonly payload: PayloadOf<T>;
      /** `system` when not given. */
      readonly actor?: Actor;
      readonly cause?: string;
      /** Given by who needs to know it beforehand; else the store makes one. */
      readonly id?: string;
    }
  : never;

/** The newest version of each type's payload, and the list of all types. */
export const EVENT_VERSIONS: Readonly<Record<EventType, number>> = {
  "contact.created": 1,
  "contact.classified": 1,
  "contact.closed": 1,
  "segment.started": 1,
  "segment.ended": 1,
  "flow.step": 1,
  "notice.played": 1,
  "queue.entered": 1,
  "queue.left": 1,
  "wait.predicted": 1,
  "routing.stepped": 1,
  "routing.overflowed": 1,
  "contact.escalated": 1,
  "callback.promised": 1,
  "callback.attempted": 1,
  "callback.late": 1,
  "crosssell.asked": 1,
  "offer.made": 2,
  "offer.accepted": 1,
  "offer.refused": 1,
  "offer.timed_out": 1,
  "offer.withdrawn": 1,
  "leg.started": 2,
  "leg.answered": 1,
  "leg.held": 1,
  "leg.resumed": 1,
  "leg.media_lost": 1,
  "leg.media_restored": 1,
  "leg.moved": 1,
  "leg.ended": 2,
  "transfer.started": 2,
  "transfer.completed": 2,
  "transfer.cancelled": 2,
  "conference.joined": 1,
  "conference.left": 1,
  "park.started": 1,
  "park.ended": 1,
  "call.picked_up": 1,
  "monitor.started": 2,
  "monitor.changed": 1,
  "monitor.ended": 2,
  "contact.taken_over": 1,
  "recording.started": 1,
  "recording.paused": 1,
  "recording.resumed": 1,
  "recording.stored": 1,
  "recording.failed": 1,
  "disposition.set": 1,
  "agent.logged_in": 1,
  "agent.logged_out": 1,
  "agent.presence_set": 1,
  "agent.state_changed": 1,
  "call.blocked": 2,
  "call.placed": 1,
  "dial.alerted": 1,
  "config.changed": 1,
  "centre.started": 1,
  "centre.stopped": 1,
};

/** The ids that the envelope of each type must carry; the run-time twin of `EventShapes[T]["needs"]`. */
export const EVENT_NEEDS: { readonly [T in EventType]: readonly NeedsOf<T>[] } = {
  "contact.created": ["contactId"],
  "contact.classified": ["contactId"],
  "contact.closed": ["contactId"],
  "segment.started": ["contactId", "segmentId"],
  "segment.ended": ["contactId", "segmentId"],
  "flow.step": ["contactId"],
  "notice.played": ["contactId"],
  "queue.entered": ["contactId", "queueId"],
  "queue.left": ["contactId", "queueId"],
  "wait.predicted": ["contactId", "queueId"],
  "routing.stepped": ["contactId", "queueId"],
  "routing.overflowed": ["contactId", "queueId"],
  "contact.escalated": ["contactId", "agentId"],
  "callback.promised": ["contactId", "queueId"],
  "callback.attempted": ["contactId", "agentId"],
  "callback.late": ["contactId", "queueId"],
  "crosssell.asked": ["contactId", "agentId"],
  "offer.made": ["contactId", "agentId"],
  "offer.accepted": ["contactId", "agentId"],
  "offer.refused": ["contactId", "agentId"],
  "offer.timed_out": ["contactId", "agentId"],
  "offer.withdrawn": ["contactId", "agentId"],
  "leg.started": ["contactId", "legId"],
  "leg.answered": ["contactId", "legId"],
  "leg.held": ["contactId", "legId"],
  "leg.resumed": ["contactId", "legId"],
  "leg.media_lost": ["contactId", "legId"],
  "leg.media_restored": ["contactId", "legId"],
  "leg.moved": ["contactId", "legId"],
  "leg.ended": ["contactId", "legId"],
  "transfer.started": ["contactId"],
  "transfer.completed": ["contactId"],
  "transfer.cancelled": ["contactId"],
  "conference.joined": ["contactId", "legId"],
  "conference.left": ["contactId", "legId"],
  "park.started": ["contactId", "agentId"],
  "park.ended": ["contactId"],
  "call.picked_up": ["contactId", "agentId"],
  "monitor.started": ["contactId", "agentId"],
  "monitor.changed": ["contactId", "agentId"],
  "monitor.ended": ["contactId", "agentId"],
  "contact.taken_over": ["contactId", "agentId"],
  "recording.started": ["contactId"],
  "recording.paused": ["contactId"],
  "recording.resumed": ["contactId"],
  "recording.stored": ["contactId"],
  "recording.failed": ["contactId"],
  "disposition.set": ["contactId"],
  "agent.logged_in": ["agentId"],
  "agent.logged_out": ["agentId"],
  "agent.presence_set": ["agentId"],
  "agent.state_changed": ["agentId"],
  "call.blocked": [],
  "call.placed": [],
  "dial.alerted": [],
  "config.changed": [],
  "centre.started": [],
  "centre.stopped": [],
};
