import type { OpeningHours } from "@svara/calendar";
import type { AgentId, Brand, ClientId, Instant, OfferId, QueueId, SkillId } from "@svara/kernel";

/** One piece of work as the router sees it: a contact that waits. The runtime uses the contact's id. */
export type ItemId = Brand<string, "ItemId">;

/** How a contact reaches us. */
export type Medium = "voice" | "email" | "chat" | "message" | "fax" | "letter" | "video" | "task";

/** Every medium, in the fixed order in which the router walks them. */
export const MEDIA: readonly Medium[] = [
  "voice",
  "video",
  "chat",
  "message",
  "email",
  "fax",
  "letter",
  "task",
];

/** A group of agents (a team). */
export type GroupId = Brand<string, "GroupId">;

/** A site of the centre. */
export type SiteId = Brand<string, "SiteId">;

/** A line of support: 1, 2, 3, and 4 for experts. */
export type Tier = 1 | 2 | 3 | 4;

/**
 * What criteria may ask of an item, by dotted name (`customer.type`, `contacts.last30`): codes, counts and flags, never
 * personal data. A language is a skill; the item's own is told in `item.language`.
 */
export type Facts = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** A skill that is asked for, with the least proficiency (1..5) that will do. */
export interface SkillNeed {
  readonly skillId: SkillId;
  readonly minProficiency: number;
}

/**
 * What follows a handled contact. `off`: nothing, a disposition may still be given. `timed`: until `limitMs`, or earlier by
 * the agent. `timed_forced`: the whole of `limitMs`, a rest that nobody cuts short but a supervisor. `manual`: until the
 * agent ends it, or `limitMs` where given. `requested`: only if the agent asked for it during the contact.
 */
export type WrapUpRule =
  | { readonly mode: "off" }
  | { readonly mode: "timed"; readonly limitMs: number }
  | { readonly mode: "timed_forced"; readonly limitMs: number }
  | { readonly mode: "manual"; readonly limitMs?: number }
  | { readonly mode: "requested"; readonly limitMs?: number };

/** Who may serve. Every word that is given must hold; an agent needs all the skills, and one of the groups, sites, tiers. */
export interface Requirement {
  readonly skills: readonly SkillNeed[];
  readonly groups?: readonly GroupId[];
  readonly sites?: readonly SiteId[];
  readonly tiers?: readonly Tier[];
}

/**
 * A step of relaxing criteria (bullseye): from `afterMs` after the item entered the queue on. A word that is given stands
 * instead of the one before, `null` asks no longer, `raise` is added to the priority. Steps add up in order of `afterMs`.
 */
export interface CriteriaStep {
  readonly afterMs: number;
  readonly skills?: readonly SkillNeed[];
  readonly groups?: readonly GroupId[] | null;
  readonly sites?: readonly SiteId[] | null;
  readonly tiers?: readonly Tier[] | null;
  readonly raise?: number;
}

/** Every `everyMs` of waiting in the queue the item's priority grows by `by`, by `most` at the most. */
export interface Ageing {
  readonly everyMs: number;
  readonly by: number;
  readonly most: number;
}

/** What an item gets when an expression over its facts is true. Criteria are asked in order; all that hold count. */
export interface RoutingCriterion {
  readonly id: string;
  /** In the expression language of `@svara/kernel/expression`; one that does not parse never holds. */
  readonly when: string;
  /** Added to the priority. */
  readonly raise?: number;
  /** Asked beside the queue's skills. */
  readonly requiredSkills?: readonly SkillNeed[];
  /** Preferred beside the queue's preferred skills. */
  readonly preferredSkills?: readonly SkillId[];
  /** Instead of the queue's tiers. */
  readonly tiers?: readonly Tier[];
}

/** Where an item goes when an overflow rule applies. */
export type OverflowTarget =
  /** The router moves it; it keeps the place by its original entry, and never comes to a queue in which it waited before. */
  | { readonly kind: "queue"; readonly queueId: QueueId; readonly priority?: number }
  /** Agents of these sites may serve it instead. */
  | { readonly kind: "sites"; readonly siteIds: readonly SiteId[] }
  /** It leaves the line; the runtime does the rest. */
  | { readonly kind: "voicemail" }
  | { readonly kind: "hang_up" }
  | { readonly kind: "message"; readonly promptId: string | null; readonly leaves: boolean }
  /** The customer is asked; the item keeps waiting until `callback.requested`. */
  | { readonly kind: "callback" };

/**
 * Asked when the item has waited `afterMs` in this queue (0: on entry), then every `everyMs` where given. It applies when
 * every condition that is given holds, once for each entry of the item.
 */
export interface OverflowRule {
  readonly id: string;
  readonly afterMs: number;
  readonly everyMs?: number;
  /** The expected wait from now is longer, or there is none to expect. */
  readonly expectedWaitOverMs?: number;
  /** More others than this wait in the queue. */
  readonly lengthOver?: number;
  /** More others wait than this for each agent on duty. */
  readonly perAgentOver?: number;
  /** Nobody on duty could serve the item. */
  readonly noAgents?: true;
  /** The queue's hours say closed. */
  readonly closed?: true;
  /** An expression over the item's facts. */
  readonly when?: string;
  readonly to: OverflowTarget;
}

/** How call-backs of a queue are tried. */
export interface CallbackPolicy {
  readonly maxAttempts: number;
  /** From a failed attempt to the next. */
  readonly retryMs: number;
  /** The longest an attempt may stay without outcome. */
  readonly attemptLeaseMs: number;
}

/** How call-backs are tried in a queue that does not say. */
export const DEFAULT_CALLBACK: CallbackPolicy = {
  maxAttempts: 3,
  retryMs: 300_000,
  attemptLeaseMs: 120_000, // a call that rings, and a mailbox that greets
};

/** What a queue is for; criteria of blending look at it. */
export type WorkKind = "inbound" | "outbound" | "back_office";

/**
 * Items of this queue are offered only while every threshold that is given is kept by the queues that it `protects` (absent:
 * all inbound ones).
 */
export interface BlendRule {
  readonly protects?: readonly QueueId[];
  /** So many agents open for protected work must be left after the offer. */
  readonly reserve?: number;
  readonly waitingAtMost?: number;
  readonly oldestAtMostMs?: number;
  /** Share answered within the target in the last half hour, 0..1; counts only once there were contacts. */
  readonly serviceLevelAtLeast?: number;
}

/** Extra sales are offered only while the load permits: every threshold that is given must hold when asked. */
export interface CrossSellRule {
  /** Items of the queue that wait or are handled, the asked one included. */
  readonly inSystemAtMost?: number;
  readonly waitingAtMost?: number;
  /** Agents open for the queue. */
  readonly openAgentsAtLeast?: number;
  /** An expression over the item's facts. */
  readonly when?: string;
}

/** What waiting costs, for generalised c-mu: `weight` a millisecond, or growing with the wait or the length of the queue. */
export interface WaitingCost {
  readonly weight: number;
  readonly grows: "constant" | "with_wait" | "with_length";
}

/** A queue as the router needs it. */
export interface QueueConfig {
  readonly id: QueueId;
  readonly clientId: ClientId;
  /** The media of its items; `staffed` and `queueStats` look at agents with a slot for one of them. */
  readonly media: readonly Medium[];
  /** `inbound` if absent. */
  readonly work?: WorkKind;
  readonly requiredSkills: readonly SkillNeed[];
  /** More proficiency in these is better, none is no hindrance. */
  readonly preferredSkills?: readonly SkillId[];
  readonly groups?: readonly GroupId[];
  readonly sites?: readonly SiteId[];
  readonly tiers?: readonly Tier[];
  readonly steps?: readonly CriteriaStep[];
  readonly criteria?: readonly RoutingCriterion[];
  /** The greater goes first; 0 is usual. */
  readonly priority: number;
  readonly ageing?: Ageing;
  /** The lease of an offer. */
  readonly ringTimeoutMs: number;
  readonly wrapUp: WrapUpRule;
  /** How an agent is chosen for a contact; `longest_idle` if absent. */
  readonly agentStrategy?: AgentStrategyName;
  /** For `balanced`: 0 looks at the idle time alone (efficiency), 1 at proficiency alone (quality). */
  readonly qualityWeight?: number;
  /** How long an item waits for its preferred agent who is on duty; 0 if absent. An item may say otherwise. */
  readonly preferredWaitMs?: number;
  readonly overflow?: readonly OverflowRule[];
  /** Open always if absent. */
  readonly hours?: OpeningHours;
  readonly callback?: CallbackPolicy;
  readonly blend?: BlendRule;
  readonly crossSell?: CrossSellRule;
  /** For `gcmu`; weight 1, constant if absent. */
  readonly cost?: WaitingCost;
  /** For `fqr`: this queue's share of all that wait, relative to the other queues of the agent; 1 if absent. */
  readonly share?: number;
  /** For `service_level_race` and the service level of blending: to be answered within; 20 000 if absent. */
  readonly targetMs?: number;
  /** Assumed mean of talk and wrap-up together until the queue has handled some; 240 000 if absent. */
  readonly expectedHandleMs?: number;
}

/** The strategies that choose an agent for a contact. */
export type AgentStrategyName =
  | "longest_idle"
  | "least_occupied"
  | "highest_proficiency"
  | "round_robin"
  | "balanced"
  | "none";

/** The strategies that choose which waiting work a freed agent gets. */
export type WorkStrategyName = "priority_then_oldest" | "gcmu" | "fqr" | "service_level_race" | "none";

/** What holds for the whole centre. */
export interface RouterRules {
  readonly workStrategy: WorkStrategyName;
  /** Offers in a row that an agent may miss; with the last of them the agent becomes not ready (RONA). 1: at the first. */
  readonly missesAllowed: number;
  /** After a miss that is not the last the agent gets no offer for so long. */
  readonly restAfterMissMs: number;
  /** How long an agent whose connection is lost stays logged in. */
  readonly connectionGraceMs: number;
  /** The longest an assignment may stay `ringing` or `dialing`. */
  readonly assignmentLeaseMs: number;
}

/** The rules until others are told. */
export const DEFAULT_RULES: RouterRules = {
  workStrategy: "priority_then_oldest",
  missesAllowed: 1,
  restAfterMissMs: 5_000,
  connectionGraceMs: 30_000,
  assignmentLeaseMs: 180_000,
};

/** What an agent may hold at once across media. */
export interface CapacityRules {
  /** Sets of media of which an agent handles only one medium at a time: one call or three chats. */
  readonly apart?: readonly (readonly Medium[])[];
  /** By medium, the media whose work in hand it may set aside; that work takes no slot meanwhile, and comes back after it. */
  readonly interrupts?: Readonly<Partial<Record<Medium, readonly Medium[]>>>;
}

/** An agent as the router needs it. */
export interface AgentConfig {
  readonly id: AgentId;
  /** Proficiency 1..5 by skill. */
  readonly skills: Readonly<Record<SkillId, number>>;
  readonly groups?: readonly GroupId[];
  readonly siteId?: SiteId;
  /** Tier 1 if absent. */
  readonly tiers?: readonly Tier[];
  /** Where given, the agent serves these queues only (and needs their skills); where absent, every queue its skills allow. */
  readonly queueIds?: readonly QueueId[];
  /** The queues from which the agent may pick by hand; none if absent. */
  readonly pickQueueIds?: readonly QueueId[];
  /** How many items of a medium the agent handles at once; a medium that is not named: none. */
  readonly slots: Readonly<Partial<Record<Medium, number>>>;
  readonly capacity?: CapacityRules;
}

/** What the person chose, or the system for them (`rona`, `refused`, `offer_failed`, `lease_expired`). */
export type Presence =
  | { readonly state: "available" }
  | {
      readonly state: "not_ready";
      readonly reason: string;
      readonly paid: boolean;
      readonly productive: boolean;
    };

/** How an item came into its queue; each queue entry is one "offered" in the statistics. */
export type Initiation = "new" | "transfer" | "overflow" | "callback";

/** An item that asks to wait in a queue. */
export interface WorkItem {
  readonly id: ItemId;
  readonly medium: Medium;
  readonly clientId: ClientId;
  readonly queueId: QueueId;
  /** The place in the line: the instant of the original entry, which may lie before the input. */
  readonly queuedAt: Instant;
  readonly initiation: Initiation;
  /** Instead of the queue's priority. */
  readonly priority?: number;
  /** Beside the queue's required skills. */
  readonly requiredSkills?: readonly SkillNeed[];
  /** Beside the queue's preferred skills. */
  readonly preferredSkills?: readonly SkillId[];
  /** Instead of the queue's, these three, as long as no step or criterion says otherwise. */
  readonly groups?: readonly GroupId[];
  readonly sites?: readonly SiteId[];
  readonly tiers?: readonly Tier[];
  readonly facts?: Facts;
  /** The last or the chosen agent: gets the item first, and is waited for by `preferredWaitMs` while on duty. */
  readonly preferredAgentId?: AgentId;
  /** Instead of the queue's. */
  readonly preferredWaitMs?: number;
  /** Nobody else may have it; `item.orphaned` if that agent is not there or is removed. */
  readonly onlyAgentId?: AgentId;
  /** A call-back: nobody is on the line, the agent who gets it dials. */
  readonly callback?: CallbackWish;
  /** Who handled it before, the first one first: escalation and return append here. */
  readonly handledBy?: readonly AgentId[];
}

/** When a customer wants to be called. */
export interface CallbackWish {
  /** Not offered before. */
  readonly from?: Instant;
  /** Promised until; a promise that is missed is told, and the item keeps waiting. */
  readonly until?: Instant;
}

/** What an agent does with an item that it holds. */
export type HandlingPhase =
  | "dialing"
  | "ringing"
  | "talking"
  | "held"
  | "consulting"
  | "conferenced"
  /** Set aside for an item that interrupted it. */
  | "interrupted"
  | "wrap_up";

/** What an agent does, derived from log-in, presence and what it holds; one at each instant. */
export type AgentState =
  | "logged_out"
  | "not_ready"
  | "available"
  | "reserved"
  | "dialing"
  | "talking"
  | "held"
  | "consulting"
  | "conferenced"
  | "wrap_up"
  | "busy_other";

/** Every agent state, in the order of the counters in `QueueStats`. */
export const AGENT_STATES: readonly AgentState[] = [
  "logged_out",
  "not_ready",
  "available",
  "reserved",
  "dialing",
  "talking",
  "held",
  "consulting",
  "conferenced",
  "wrap_up",
  "busy_other",
];

/** An item in the hands of an agent. */
export interface HandlingView {
  readonly itemId: ItemId;
  readonly medium: Medium;
  readonly queueId: QueueId | null;
  readonly phase: HandlingPhase;
  readonly since: Instant;
  /** When the agent took the item. */
  readonly startedAt: Instant;
  /** The end of a limited wrap-up. */
  readonly until: Instant | null;
}

/** An agent as it stands now. */
export interface AgentView {
  readonly agentId: AgentId;
  readonly loggedIn: boolean;
  readonly state: AgentState;
  readonly since: Instant;
  /** The not-ready reason, or why an available person is not offered work (`unreachable`). */
  readonly reason: string | null;
  readonly presence: Presence;
  /** The presence (or the log-out) that was chosen waits for the work in hand to end. */
  readonly pending: boolean;
  readonly idleSince: Instant;
  readonly offerId: OfferId | null;
  readonly handlings: readonly HandlingView[];
}

/** A wait to be expected, in ms from now: ten of a hundred wait less than `lowMs`, ten more than `highMs`. */
export interface WaitEstimate {
  /** 1 is next. */
  readonly position: number;
  readonly lowMs: number;
  readonly expectedMs: number;
  readonly highMs: number;
  /**
   * `queue_length`: from those ahead, the staff and, where known, the customers' patience. `last_served` and `head_of_line`:
   * from the wait of the last one served, or of the first one in line. `ringing`: it is being offered.
   */
  readonly basis: "queue_length" | "last_served" | "head_of_line" | "ringing";
}

/** A queue as it stands now; computed when asked. */
export interface QueueStats {
  readonly queueId: QueueId;
  /** Items that wait, those being offered included. */
  readonly waiting: number;
  /** Of `waiting`, those that ring at an agent now. */
  readonly offered: number;
  readonly oldestQueuedAt: Instant | null;
  /** Agents who could serve the queue (skills, membership, a slot for one of its media), by state. */
  readonly agents: Readonly<Record<AgentState, number>>;
  /** Mean of talk and wrap-up together: moving over handled items, or the expected one before the first. */
  readonly meanHandleMs: number;
  /** In agents' hands, wrap-up excluded. */
  readonly handled: number;
  /** Mean patience learnt from those who gave up (censored by those who were served); null before the first. */
  readonly meanPatienceMs: number | null;
}
