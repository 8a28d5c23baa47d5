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

/** A skill that is asked for, with the least proficiency (1..5) that will do. */
export interface SkillNeed {
  readonly skillId: SkillId;
  readonly minProficiency: number;
}

/**
 * What follows a handled contact. `timed` ends after `limitMs` or earlier by the agent; `manual` ends by the agent, or
 * after `limitMs` where one is given; `off` ends at once.
 */
export type WrapUpRule =
  | { readonly mode: "off" }
  | { readonly mode: "timed"; readonly limitMs: number }
  | { readonly mode: "manual"; readonly limitMs?: number };

/** A queue as the router needs it. */
export interface QueueConfig {
  readonly id: QueueId;
  readonly clientId: ClientId;
  /** The media of its items; `staffed` and `queueStats` look at agents with a slot for one of them. */
  readonly media: readonly Medium[];
  readonly requiredSkills: readonly SkillNeed[];
  /** The greater goes first; 0 is usual. */
  readonly priority: number;
  /** The lease of an offer. */
  readonly ringTimeoutMs: number;
  readonly wrapUp: WrapUpRule;
  /** How an agent is chosen for a contact; `longest_idle` if absent. */
  readonly agentStrategy?: AgentStrategyName;
  /** Assumed mean of talk and wrap-up together until the queue has handled some; 240 000 if absent. */
  readonly expectedHandleMs?: number;
}

/** The strategies that choose an agent for a contact. */
export type AgentStrategyName = "longest_idle" | "none";

/** An agent as the router needs it. */
export interface AgentConfig {
  readonly id: AgentId;
  /** Proficiency 1..5 by skill. */
  readonly skills: Readonly<Record<SkillId, number>>;
  /** Where given, the agent serves these queues only (and needs their skills); where absent, every queue its skills allow. */
  readonly queueIds?: readonly QueueId[];
  /** How many items of a medium the agent handles at once; a medium that is not named: none. */
  readonly slots: Readonly<Partial<Record<Medium, number>>>;
}

/** What the person chose, or the system for them (`rona`, `refused`, `offer_failed`). */
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
  /** Gets the item first if open for it at the moment of choice. */
  readonly preferredAgentId?: AgentId;
}

/** What an agent does with an item that it holds. */
export type HandlingPhase =
  | "dialing"
  | "ringing"
  | "talking"
  | "held"
  | "consulting"
  | "conferenced"
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
}
