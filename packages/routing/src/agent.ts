import type { AgentId, Instant, OfferId, QueueId, TimerHandle } from "@svara/kernel";
import type { PresenceBy } from "./input.ts";
import type { Item } from "./line.ts";
import {
  AGENT_STATES,
  type AgentConfig,
  type AgentState,
  type HandlingPhase,
  type ItemId,
  MEDIA,
  type Medium,
  type Presence,
  type WrapUpRule,
} from "./model.ts";
import type { SkillSet } from "./skill-set.ts";
import type { AgentFacts } from "./strategies/strategy.ts";

/** What a timer of the router fires. */
export type Due =
  | { readonly kind: "offer"; readonly offer: Offer }
  | { readonly kind: "wrap_up"; readonly agent: Agent; readonly handling: Handling };

/** An item in the hands of an agent, until its wrap-up ends. */
export interface Handling {
  readonly itemId: ItemId;
  readonly medium: Medium;
  readonly queueId: QueueId | null;
  readonly startedAt: Instant;
  /** The rule at the beginning; a queue that still exists is asked again at the end. */
  readonly wrapUp: WrapUpRule;
  phase: HandlingPhase;
  since: Instant;
  until: Instant | null;
  timer: TimerHandle<Due> | null;
}

/** One item presented to one agent. */
export interface Offer {
  readonly id: OfferId;
  readonly item: Item;
  readonly agent: Agent;
  readonly expiresAt: Instant;
  timer: TimerHandle<Due> | null;
}

/** An agent; `state` and what follows it are derived at the end of each step and stored only to see changes. */
export class Agent implements AgentFacts {
  readonly id: AgentId;
  config: AgentConfig;
  set: SkillSet;
  loggedIn = false;
  leaving = false;
  retired = false;
  presence: Presence = { state: "not_ready", reason: "not_logged_in", paid: false, productive: false };
  presenceBy: PresenceBy = "system";
  /** A bit of `mediumBit` for each medium whose endpoint is there. */
  reachable = ALWAYS_REACHABLE;
  busyOther = false;
  idleSince: Instant = 0;
  occupancy = 0;
  lastOfferSeq = 0;
  offer: Offer | null = null;
  handlings: Handling[] = [];

  state: AgentState = "logged_out";
  stateReason: string | null = null;
  stateItemId: ItemId | null = null;
  stateSince: Instant = 0;
  countedOnDuty = false;

  /** A bit for each medium in whose lists of open agents this one stands. */
  openFor = 0;
  touched = false;

  constructor(config: AgentConfig, set: SkillSet) {
    this.id = config.id;
    this.config = config;
    this.set = set;
  }
}

const BIT = Object.fromEntries(MEDIA.map((medium, i) => [medium, 1 << i])) as Record<Medium, number>;
const STATE_INDEX = Object.fromEntries(AGENT_STATES.map((s, i) => [s, i])) as Record<AgentState, number>;

/** The bit of a medium in a set of media. */
export function mediumBit(medium: Medium): number {
  return BIT[medium];
}

/** The place of a state in `SkillSet.counts`. */
export function stateIndex(state: AgentState): number {
  return STATE_INDEX[state];
}

// a phone must say that it is there; a mailbox is there unless somebody says otherwise
const ALWAYS_REACHABLE = MEDIA.filter((m) => m !== "voice" && m !== "video").reduce((s, m) => s | BIT[m], 0);
