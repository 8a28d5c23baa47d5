import type { AgentId, Instant, OfferId, QueueId, SkillId, TimerHandle } from "@svara/kernel";
import type { PresenceBy } from "./input.ts";
import type { Item, WorkClass } from "./line.ts";
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
import { OrderedList } from "./ordered-list.ts";
import { compareIds } from "./rank.ts";
import type { AgentFacts, AgentOrder, SkillSetFacts } from "./strategies/strategy.ts";

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

/** Agents who may serve the same work: equal skills, queues and slots. */
export class SkillSet implements SkillSetFacts {
  readonly key: string;
  readonly skills: Readonly<Record<SkillId, number>>;
  readonly queueIds: ReadonlySet<QueueId> | null;
  readonly slots: Readonly<Partial<Record<Medium, number>>>;
  readonly agents = new Set<Agent>();
  readonly serves = new Set<WorkClass>();
  /** The media with a slot. */
  readonly capacity: readonly { readonly medium: Medium; readonly bit: number; readonly slots: number }[];
  /** Agents by state, in the order of AGENT_STATES. */
  readonly counts: number[] = AGENT_STATES.map(() => 0);
  onDuty = 0;
  readonly #openCounts = new Map<Medium, number>();
  /** Open agents by medium and order; a list is made when first asked for and kept from then on. */
  readonly #open = new Map<Medium, Map<AgentOrder, OrderedList<Agent>>>();

  constructor(key: string, config: AgentConfig) {
    this.key = key;
    this.skills = config.skills;
    this.queueIds = config.queueIds === undefined ? null : new Set(config.queueIds);
    this.slots = config.slots;
    this.capacity = MEDIA.map((medium) => {
      return { medium, bit: mediumBit(medium), slots: config.slots[medium] ?? 0 };
    }).filter(({ slots }) => slots > 0);
  }

  proficiency(skillId: SkillId): number {
    return this.skills[skillId] ?? 0;
  }

  /** The agents open for a medium, the first one first. */
  open(medium: Medium, order: AgentOrder): OrderedList<Agent> {
    let lists = this.#open.get(medium);
    if (lists === undefined) {
      lists = new Map();
      this.#open.set(medium, lists);
    }
    let list = lists.get(order);
    if (list !== undefined) return list;
    list = new OrderedList<Agent>((a, b) => order.compare(a, b) || compareIds(a.id, b.id));
    lists.set(order, list);
    for (const agent of this.agents) if (agent.openFor & mediumBit(medium)) list.add(agent);
    return list;
  }

  /** Notes that an agent opened or shut for a medium; the result is how many are open for it now. */
  setOpen(agent: Agent, medium: Medium, isOpen: boolean): number {
    for (const list of this.#open.get(medium)?.values() ?? []) {
      if (isOpen) list.add(agent);
      else list.remove(agent);
    }
    const count = (this.#openCounts.get(medium) ?? 0) + (isOpen ? 1 : -1);
    this.#openCounts.set(medium, count);
    return count;
  }

  openCount(medium: Medium): number {
    return this.#openCounts.get(medium) ?? 0;
  }

  mayServe(work: WorkClass): boolean {
    if ((this.slots[work.medium] ?? 0) <= 0) return false;
    if (this.queueIds !== null && !this.queueIds.has(work.queue.id)) return false;
    return work.needs.every((need) => this.proficiency(need.skillId) >= need.minProficiency);
  }
}

/** An agent; `state` and what follows it are derived at the end of each step and stored only to see changes. */
export class Agent implements AgentFacts {
  readonly id: AgentId;
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

  constructor(id: AgentId, set: SkillSet) {
    this.id = id;
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
