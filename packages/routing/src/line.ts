import type { AgentId, Instant, QueueId, SkillId, TimerHandle } from "@svara/kernel";
import type { Due } from "./agent.ts";
import type { Guard } from "./gate.ts";
import { hashOf } from "./id-table.ts";
import type {
  ItemId,
  Medium,
  QueueConfig,
  Requirement,
  RoutingCriterion,
  SiteId,
  SkillNeed,
  WorkItem,
} from "./model.ts";
import type { Offer } from "./offer.ts";
import { OrderedList } from "./ordered-list.ts";
import { NO_PATIENCE, type PatienceRecord } from "./patience.ts";
import { type QueueRules, queueRules } from "./queue-rules.ts";
import { compareIds } from "./rank.ts";
import { ServiceWindow } from "./service-window.ts";
import type { SkillSet } from "./skill-set.ts";
import { agentStrategy } from "./strategies/registry.ts";
import type { AgentStrategy, ItemFacts, QueueFacts } from "./strategies/strategy.ts";

/**
 * An item from its first entry until it is out of the router's hands. It stands in one place at a time: in the line of its
 * class, among the queue's ringing ones (while it has an offer), or among its dormant ones; in an agent's hands in none.
 */
export class Item implements ItemFacts {
  readonly id: ItemId;
  /** Of the id. */
  readonly hash: number;
  work: WorkItem;
  /** That of `work`, at hand for comparing. */
  queuedAt: Instant;
  queue: Queue;
  /** Where it stands, or stood last. */
  workClass: WorkClass;
  priority = 0;
  offer: Offer | null = null;

  /** When it entered its queue. */
  enteredAt: Instant = 0;
  /** Among timers of one instant: the one whose item entered its queue first. */
  entryOrder = 0;
  /** How many steps of relaxing criteria it has taken. */
  step = 0;
  /** The criteria of its queue that hold. */
  criteria: readonly RoutingCriterion[] = NO_CRITERIA;
  /** Where an overflow rule of its queue sent it. */
  sites: readonly SiteId[] | null = null;
  /** Null: its queue has no overflow rules. */
  overflow: OverflowMemory | null = null;
  /** The queues in which it waited, this one included. */
  visited: readonly QueueId[];
  /** Until when it waits for its preferred agent alone, unless it is everybody's already. */
  holdUntil: Instant | null = null;
  isEverybodys = true;
  dormantUntil: Instant | null = null;
  /** Call-back attempts made so far. */
  attempts = 0;
  /** Offers of it in a row that failed by our own doing. */
  failures = 0;
  /** The missed promise was told. */
  isToldLate = false;
  timer: TimerHandle<Due> | null = null;

  constructor(work: WorkItem, queue: Queue, workClass: WorkClass) {
    this.id = work.id;
    this.hash = hashOf(work.id);
    this.work = work;
    this.queuedAt = work.queuedAt;
    this.queue = queue;
    this.workClass = workClass;
    this.visited = queue.alone;
  }

  /** Changes what was told of the item; it must stand nowhere, unless its place stays. */
  tell(work: WorkItem): void {
    this.work = work;
    this.queuedAt = work.queuedAt;
  }

  get needs(): readonly SkillNeed[] {
    return this.workClass.requirement.skills;
  }

  get preferred(): readonly SkillId[] {
    return this.workClass.preferred;
  }
}

const NO_CRITERIA: readonly RoutingCriterion[] = [];

/** What an item remembers of its queue's overflow rules. */
export interface OverflowMemory {
  /** By rule, in the order of the list: when it is asked next; NEVER when not again. */
  readonly next: Instant[];
  /** The ids of those that applied. */
  readonly applied: string[];
}

/** In `OverflowMemory.next`: the question was asked, or the rule has applied. */
export const NEVER = -1;

/** Items in the order in which they are served. */
type Line = OrderedList<Item, Place>;

type Place = Pick<ItemFacts, "id" | "priority" | "queuedAt">;

/** The order of a line: the greatest priority, then the oldest, then the least id. */
export function compareItems(a: Place, b: Place): number {
  return b.priority - a.priority || a.queuedAt - b.queuedAt || compareIds(a.id, b.id);
}

/** The earliest entry in a line: that of the first item of one of its priorities. */
export function oldestIn(line: Line): Instant | null {
  let oldest: Instant | null = null;
  for (let item = line.first(); item; ) {
    if (oldest === null || item.queuedAt < oldest) oldest = item.queuedAt;
    item = line.firstFrom({ priority: item.priority, queuedAt: Number.POSITIVE_INFINITY, id: "" });
  }
  return oldest;
}

/** A queue with the classes of its waiting items. */
export class Queue implements QueueFacts {
  readonly id: QueueId;
  config: QueueConfig;
  rules: QueueRules;
  strategy: AgentStrategy;
  /** By medium, requirement, preferred skills and whom they wait for. */
  readonly classes = new Map<string, WorkClass>();
  /** By medium and steps taken, the classes of items that ask nothing beside their queue: the usual ones. */
  readonly plain: (WorkClass | undefined)[] = [];
  /** When the number of classes reaches this, those without items are forgotten. */
  sweepAt = FIRST_SWEEP;
  /** Those that ring at an agent. */
  readonly offered: Line = new OrderedList(compareItems);
  readonly dormant = new Set<Item>();
  /** Items in line, ringing and dormant ones excluded. */
  length = 0;
  handled = 0;
  meanHandleMs: number;
  service = new ServiceWindow();
  patience: PatienceRecord = NO_PATIENCE;
  /** The last item that an agent took, and how long it had waited here. */
  lastServed: { readonly at: Instant; readonly waitMs: number } | null = null;
  /** Whether its hours say open, and until when that holds. */
  hours: { readonly isOpen: boolean; readonly from: Instant; readonly until: Instant } | null = null;
  /** What its blending protects, as last worked out. */
  guard: Guard | null = null;
  /** `Item.visited` of an item that waited nowhere else. */
  readonly alone: readonly QueueId[];

  constructor(config: QueueConfig) {
    this.id = config.id;
    this.alone = [config.id];
    this.config = config;
    this.rules = queueRules(config);
    this.strategy = agentStrategy(config.agentStrategy);
    this.meanHandleMs = expectedHandleMs(config);
  }

  configure(config: QueueConfig): void {
    this.config = config;
    this.rules = queueRules(config);
    this.hours = null;
    this.strategy = agentStrategy(config.agentStrategy);
    if (this.handled === 0) this.meanHandleMs = expectedHandleMs(config);
  }

  /** Learns from a finished handling: the plain mean of the first twenty, then a moving one. */
  learn(handleMs: number): void {
    this.handled++;
    this.meanHandleMs += (handleMs - this.meanHandleMs) / Math.min(this.handled, 20);
  }

  /** Everything that waits here, in no order. */
  *everything(): Iterable<Item> {
    yield* this.offered;
    for (const work of this.classes.values()) yield* work.items;
    yield* this.dormant;
  }
}

const DEFAULT_HANDLE_MS = 240_000; // four minutes: talk and wrap-up of a usual service call
const FIRST_SWEEP = 64; // fewer classes are no burden

/** The handling time to assume before the first was measured. */
function expectedHandleMs(config: QueueConfig): number {
  return config.expectedHandleMs ?? DEFAULT_HANDLE_MS;
}

/** Waiting items of one queue that the same agents may serve. */
export class WorkClass {
  readonly key: string;
  readonly queue: Queue;
  readonly medium: Medium;
  readonly requirement: Requirement;
  /** More proficiency in these is better. */
  readonly preferred: readonly SkillId[];
  /** The agent for whom alone its items wait: for a while (RT66), or because they may be nobody else's (RT67). */
  readonly owner: AgentId | null;
  readonly mode: "common" | "held" | "only";
  readonly items: Line = new OrderedList(compareItems);
  /** Those who meet the requirement; none are asked where the agent alone may serve. */
  readonly servers = new Set<SkillSet>();
  dirty = false;

  constructor(
    init: Pick<WorkClass, "key" | "queue" | "medium" | "requirement" | "preferred" | "owner" | "mode">,
  ) {
    this.key = init.key;
    this.queue = init.queue;
    this.medium = init.medium;
    this.requirement = init.requirement;
    this.preferred = init.preferred;
    this.owner = init.owner;
    this.mode = init.mode;
  }
}
