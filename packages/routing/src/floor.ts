import type { AgentId, Instant, OfferId, QueueId, SkillId, TimerHandle } from "@svara/kernel";
import type { PresenceBy } from "./input.ts";
import {
  AGENT_STATES,
  type AgentConfig,
  type AgentState,
  type HandlingPhase,
  type ItemId,
  MEDIA,
  type Medium,
  type Presence,
  type QueueConfig,
  type SkillNeed,
  type WorkItem,
  type WrapUpRule,
} from "./model.ts";
import { OrderedList } from "./ordered-list.ts";
import { compareIds } from "./rank.ts";
import { agentStrategy } from "./strategies/registry.ts";
import type { AgentFacts, AgentStrategy, ItemFacts, SkillSetFacts } from "./strategies/strategy.ts";

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

/** A waiting item; while it is offered it stands in `queue.offered` instead of in its class. */
export class Item implements ItemFacts {
  readonly id: ItemId;
  readonly work: WorkItem;
  workClass: WorkClass;
  priority: number;
  offer: Offer | null = null;

  constructor(work: WorkItem, workClass: WorkClass) {
    this.id = work.id;
    this.work = work;
    this.workClass = workClass;
    this.priority = work.priority ?? workClass.queue.config.priority;
  }

  get queuedAt(): Instant {
    return this.work.queuedAt;
  }

  get needs(): readonly SkillNeed[] {
    return this.workClass.needs;
  }
}

/** The order of a line: the greatest priority, then the oldest, then the least id. */
export function compareItems(a: ItemFacts, b: ItemFacts): number {
  return b.priority - a.priority || a.queuedAt - b.queuedAt || compareIds(a.id, b.id);
}

/** A queue with the classes of its waiting items. */
export class Queue {
  readonly id: QueueId;
  config: QueueConfig;
  strategy: AgentStrategy;
  /** By medium and own skills, in order of making. */
  readonly classes = new Map<string, WorkClass>();
  readonly offered = new OrderedList<Item>(compareItems);
  handled = 0;
  meanHandleMs: number;

  constructor(config: QueueConfig) {
    this.id = config.id;
    this.config = config;
    this.strategy = agentStrategy(config.agentStrategy);
    this.meanHandleMs = expectedHandleMs(config);
  }

  /** Learns from a finished handling: the plain mean of the first twenty, then a moving one. */
  learn(handleMs: number): void {
    this.handled++;
    this.meanHandleMs += (handleMs - this.meanHandleMs) / Math.min(this.handled, 20);
  }
}

const DEFAULT_HANDLE_MS = 240_000; // four minutes: talk and wrap-up of a usual service call

/** The handling time to assume before the first was measured. */
export function expectedHandleMs(config: QueueConfig): number {
  return config.expectedHandleMs ?? DEFAULT_HANDLE_MS;
}

/** Waiting items of one queue that the same agents may serve. */
export class WorkClass {
  readonly queue: Queue;
  readonly medium: Medium;
  /** What the items ask beside the queue's skills. */
  readonly extra: readonly SkillNeed[];
  needs: readonly SkillNeed[];
  readonly items = new OrderedList<Item>(compareItems);
  servers: SkillSet[] = [];
  dirty = false;

  constructor(queue: Queue, medium: Medium, extra: readonly SkillNeed[]) {
    this.queue = queue;
    this.medium = medium;
    this.extra = extra;
    this.needs = mergeNeeds(queue.config.requiredSkills, extra);
  }
}

/** Agents who may serve the same work: equal skills, queues and slots. */
export class SkillSet implements SkillSetFacts {
  readonly key: string;
  readonly skills: Readonly<Record<SkillId, number>>;
  readonly queueIds: ReadonlySet<QueueId> | null;
  readonly slots: Readonly<Partial<Record<Medium, number>>>;
  readonly agents = new Set<Agent>();
  serves: WorkClass[] = [];
  /** Agents by state, in the order of AGENT_STATES. */
  readonly counts: number[] = AGENT_STATES.map(() => 0);
  onDuty = 0;
  /** Open agents by medium and strategy; a list is made when first asked for and kept from then on. */
  readonly #open = new Map<Medium, Map<AgentStrategy, OrderedList<Agent>>>();

  constructor(key: string, config: AgentConfig) {
    this.key = key;
    this.skills = config.skills;
    this.queueIds = config.queueIds === undefined ? null : new Set(config.queueIds);
    this.slots = config.slots;
  }

  proficiency(skillId: SkillId): number {
    return this.skills[skillId] ?? 0;
  }

  /** The agents open for a medium, the first one first. */
  open(medium: Medium, strategy: AgentStrategy): OrderedList<Agent> {
    let lists = this.#open.get(medium);
    if (lists === undefined) {
      lists = new Map();
      this.#open.set(medium, lists);
    }
    let list = lists.get(strategy);
    if (list !== undefined) return list;
    list = new OrderedList<Agent>(
      (a, b) => strategy.rankAgent(a) - strategy.rankAgent(b) || compareIds(a.id, b.id),
    );
    lists.set(strategy, list);
    for (const agent of this.agents) if (agent.openFor & mediumBit(medium)) list.add(agent);
    return list;
  }

  setOpen(agent: Agent, openFor: number): void {
    if (agent.openFor === openFor) return;
    for (const [medium, lists] of this.#open) {
      const bit = mediumBit(medium);
      if ((agent.openFor & bit) === (openFor & bit)) continue;
      for (const list of lists.values()) {
        if (openFor & bit) list.add(agent);
        else list.remove(agent);
      }
    }
    agent.openFor = openFor;
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

/**
 * Everything the router knows, with its indexes: who may serve what is worked out when a skill set, a queue or a new
 * combination of skills appears, not when an item does.
 */
export class Floor {
  readonly queues = new Map<QueueId, Queue>();
  readonly agents = new Map<AgentId, Agent>();
  readonly items = new Map<ItemId, Item>();
  readonly offers = new Map<OfferId, Offer>();
  readonly #sets = new Map<string, SkillSet>();

  /** The class of an item of this queue; made when the combination is new. */
  classOf(queue: Queue, medium: Medium, extra: readonly SkillNeed[] = []): WorkClass {
    const sorted = mergeNeeds(extra, []);
    const key = `${medium} ${needsKey(sorted)}`;
    let found = queue.classes.get(key);
    if (found === undefined) {
      found = new WorkClass(queue, medium, sorted);
      queue.classes.set(key, found);
      this.#link(found);
    }
    return found;
  }

  /** After the queue's skills changed: forgets the classes that are not `used` and works out who may serve the others. */
  keepClasses(queue: Queue, used: ReadonlySet<WorkClass>): void {
    for (const [key, work] of [...queue.classes]) {
      this.unlink(work);
      if (!used.has(work)) {
        queue.classes.delete(key);
        continue;
      }
      work.needs = mergeNeeds(queue.config.requiredSkills, work.extra);
      this.#link(work);
    }
  }

  unlink(work: WorkClass): void {
    for (const set of work.servers) set.serves = set.serves.filter((other) => other !== work);
    work.servers = [];
  }

  #link(work: WorkClass): void {
    for (const set of this.#sets.values()) {
      if (!set.mayServe(work)) continue;
      work.servers.push(set);
      set.serves.push(work);
    }
  }

  /** The skill set of an agent's configuration; made when the combination is new. */
  setOf(config: AgentConfig): SkillSet {
    const key = setKey(config);
    let set = this.#sets.get(key);
    if (set !== undefined) return set;
    set = new SkillSet(key, config);
    this.#sets.set(key, set);
    for (const queue of this.queues.values()) {
      for (const work of queue.classes.values()) {
        if (!set.mayServe(work)) continue;
        work.servers.push(set);
        set.serves.push(work);
      }
    }
    return set;
  }

  /** Moves an agent, shut for work, into a skill set. */
  place(agent: Agent, set: SkillSet): void {
    if (agent.set === set && set.agents.has(agent)) return;
    this.leave(agent);
    agent.set = set;
    set.agents.add(agent);
    set.counts[stateIndex(agent.state)] = (set.counts[stateIndex(agent.state)] ?? 0) + 1;
    if (agent.countedOnDuty) set.onDuty++;
  }

  /** Takes an agent, shut for work, out of its skill set, which is forgotten when it was the last. */
  leave(agent: Agent): void {
    const set = agent.set;
    if (!set.agents.delete(agent)) return;
    set.counts[stateIndex(agent.state)] = (set.counts[stateIndex(agent.state)] ?? 0) - 1;
    if (agent.countedOnDuty) set.onDuty--;
    if (set.agents.size > 0) return;
    this.#sets.delete(set.key);
    for (const work of set.serves) work.servers = work.servers.filter((other) => other !== set);
  }
}

/** Both lists as one, by skill id, with the greater demand where both name a skill. */
function mergeNeeds(a: readonly SkillNeed[], b: readonly SkillNeed[]): readonly SkillNeed[] {
  if (a.length + b.length === 0) return [];
  const least = new Map<SkillId, number>();
  for (const { skillId, minProficiency } of [...a, ...b]) {
    least.set(skillId, Math.max(minProficiency, least.get(skillId) ?? 0));
  }
  return [...least]
    .sort(([x], [y]) => compareIds(x, y))
    .map(([skillId, minProficiency]) => ({ skillId, minProficiency }));
}

function needsKey(needs: readonly SkillNeed[]): string {
  return needs.length === 0 ? "" : JSON.stringify(needs.map((n) => [n.skillId, n.minProficiency]));
}

function setKey(config: AgentConfig): string {
  const byName = (a: [string, number], b: [string, number]): number => compareIds(a[0], b[0]);
  return JSON.stringify([
    Object.entries(config.skills).sort(byName),
    config.queueIds === undefined ? null : [...config.queueIds].sort(compareIds),
    Object.entries(config.slots).sort(byName),
  ]);
}
