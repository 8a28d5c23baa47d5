import type { AgentId, Instant, QueueId, TimerHandle } from "@svara/kernel";
import { type CapacityTable, capacityTable } from "./capacity.ts";
import type { PresenceBy } from "./input.ts";
import type { Item } from "./line.ts";
import { mediaBits } from "./medium-bits.ts";
import {
  type AgentConfig,
  type AgentState,
  type HandlingPhase,
  type ItemId,
  MEDIA,
  type Medium,
  type Presence,
  type WrapUpRule,
} from "./model.ts";
import type { Offer } from "./offer.ts";
import type { SkillSet } from "./skill-set.ts";
import type { AgentFacts } from "./strategies/strategy.ts";
import type { WaitingState } from "./waiting-state.ts";

/** What a timer of the router fires. */
export type Due =
  | Offer
  | { readonly kind: "wrap_up"; readonly agent: Agent; readonly handling: Handling }
  /** The lease of work that rings or dials. */
  | { readonly kind: "lease"; readonly agent: Agent; readonly handling: Handling }
  /** The rest after a missed offer, or one that failed by our doing. */
  | { readonly kind: "rest"; readonly agent: Agent }
  /** The grace of a lost connection. */
  | { readonly kind: "grace"; readonly agent: Agent }
  /** The next thing that comes due for a waiting item. */
  | { readonly kind: "item"; readonly item: Item }
  /** Another look at the items that blending holds back. */
  | { readonly kind: "held_back" };

/** How many items of a queue are in agents' hands, those that are wrapped up excluded; outlives the queue. */
export interface Hands {
  count: number;
  /** The pieces of work that are counted here, those that are wrapped up included. */
  holders: number;
}

/** A phase that the runtime may tell; the others the router enters itself. */
export type LivePhase = Exclude<HandlingPhase, "wrap_up" | "interrupted">;

/** An item in the hands of an agent, until its wrap-up ends. `handling.ts` alone changes its phase. */
export interface Handling {
  readonly itemId: ItemId;
  readonly medium: Medium;
  readonly queueId: QueueId | null;
  readonly startedAt: Instant;
  /** The rule at the beginning; a queue that still exists is asked again at the end. */
  readonly wrapUp: WrapUpRule;
  /** As it waited, for what may have to wait again; null: it never waited. */
  waiting: WaitingState | null;
  phase: HandlingPhase;
  since: Instant;
  /** Of the wrap-up. */
  until: Instant | null;
  /** The agent asked for a wrap-up after the contact. */
  wrapUpWanted: boolean;
  /** The wrap-up is a rest that the agent cannot cut short. */
  forced: boolean;
  /** The call-back attempt that is under way, 1 is the first; 0: none. */
  attempt: number;
  /** Of work set aside: the phase that it comes back with, and for what it was set aside. */
  asideFrom: LivePhase | null;
  asideBy: ItemId | null;
  /** How long it was set aside before, in all. */
  asideMs: number;
  /** What the agents hold of its queue; null: no queue. */
  readonly hands: Hands | null;
  /** Of the wrap-up, or of the lease. */
  timer: TimerHandle<Due> | null;
}

/** Why an agent rests, as the state tells it. */
export type RestReason = "rona" | "offer_failed";

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
  /** The desk is there. */
  connected = true;
  /** Runs while the connection is lost and the agent still logged in. */
  grace: TimerHandle<Due> | null = null;
  busyOther = false;
  /** Offers missed in a row. */
  misses = 0;
  /** Runs while the agent rests after a miss, or after an offer that failed by our doing. */
  rest: TimerHandle<Due> | null = null;
  restReason: RestReason = "rona";
  idleSince: Instant = 0;
  occupancy = 0;
  lastOfferSeq = 0;
  offer: Offer | null = null;
  /** In order of taking. */
  readonly handlings: Handling[] = [];
  capacity: CapacityTable;
  /** By `mediumIndex`, how much uninterrupted work there is. */
  readonly inHand: number[] = MEDIA.map(() => 0);
  /** How much of the work is set aside. */
  aside = 0;

  state: AgentState = "logged_out";
  stateReason: string | null = null;
  stateItemId: ItemId | null = null;
  stateSince: Instant = 0;
  countedOnDuty = false;
  /** The state by which `SkillSet.counts` has it: `state`, or in the middle of a step what it will be. */
  countedState: AgentState = "logged_out";
  /** The place of `countedState` in `SkillSet.counts`. */
  countedPlace = stateIndex("logged_out");
  /** `set` has it among its agents. */
  isPlaced = false;
  loggedInAt: Instant = 0;
  /** Spent on work since the log-in, up to `stateSince`. */
  workMs = 0;

  /** A bit for each medium in whose lists of open agents this one stands. */
  openFor = 0;
  touched = false;
  /** A listener's own. */
  tag: unknown = null;
  /** Configured anew in this step. */
  isChanged = false;
  /** What `openFor` was when this step first touched the agent. */
  wasOpenFor = 0;

  constructor(config: AgentConfig, set: SkillSet) {
    this.id = config.id;
    this.config = config;
    this.set = set;
    this.capacity = capacityTable(config.capacity);
  }
}

/** The place of a state in AGENT_STATES, and so in `SkillSet.counts`. */
export function stateIndex(state: AgentState): number {
  switch (state) {
    case "logged_out":
      return 0;
    case "not_ready":
      return 1;
    case "available":
      return 2;
    case "reserved":
      return 3;
    case "dialing":
      return 4;
    case "talking":
      return 5;
    case "held":
      return 6;
    case "consulting":
      return 7;
    case "conferenced":
      return 8;
    case "wrap_up":
      return 9;
    case "busy_other":
      return 10;
  }
}

// a phone must say that it is there; a mailbox is there unless somebody says otherwise
const ALWAYS_REACHABLE = mediaBits(MEDIA.filter((medium) => medium !== "voice" && medium !== "video"));
