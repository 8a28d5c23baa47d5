import type { Instant, QueueId, SkillId } from "@svara/kernel";
import type { Offer } from "./agent.ts";
import type { ItemId, Medium, QueueConfig, SkillNeed, WorkItem } from "./model.ts";
import { OrderedList } from "./ordered-list.ts";
import { compareIds } from "./rank.ts";
import type { SkillSet } from "./skill-set.ts";
import { agentStrategy } from "./strategies/registry.ts";
import type { AgentStrategy, ItemFacts } from "./strategies/strategy.ts";

/** A waiting item; while it is offered it stands in `queue.offered` instead of in its class. */
export class Item implements ItemFacts {
  readonly id: ItemId;
  readonly work: WorkItem;
  readonly workClass: WorkClass;
  priority: number;
  offer: Offer | null = null;
  /** Call-back attempts made so far. */
  attempts = 0;

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

  get preferred(): readonly SkillId[] {
    return this.workClass.queue.config.preferredSkills ?? [];
  }
}

/** Items in the order in which they are served. */
export type Line = OrderedList<Item, Place>;

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
export class Queue {
  readonly id: QueueId;
  config: QueueConfig;
  strategy: AgentStrategy;
  /** By medium and own skills, in order of making. */
  readonly classes = new Map<string, WorkClass>();
  readonly offered: Line = new OrderedList(compareItems);
  handled = 0;
  meanHandleMs: number;

  constructor(config: QueueConfig) {
    this.id = config.id;
    this.config = config;
    this.strategy = agentStrategy(config.agentStrategy);
    this.meanHandleMs = expectedHandleMs(config);
  }

  /** Waiting items, ringing ones excluded. */
  get length(): number {
    let length = 0;
    for (const work of this.classes.values()) length += work.items.size;
    return length;
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
  readonly items: Line = new OrderedList(compareItems);
  readonly servers = new Set<SkillSet>();
  dirty = false;

  constructor(queue: Queue, medium: Medium, extra: readonly SkillNeed[]) {
    this.queue = queue;
    this.medium = medium;
    this.extra = extra;
    this.needs = mergeNeeds(queue.config.requiredSkills, extra);
  }
}

/** Both lists as one, by skill id, with the greater demand where both name a skill. */
export function mergeNeeds(a: readonly SkillNeed[], b: readonly SkillNeed[]): readonly SkillNeed[] {
  if (a.length + b.length === 0) return [];
  const least = new Map<SkillId, number>();
  for (const { skillId, minProficiency } of [...a, ...b]) {
    least.set(skillId, Math.max(minProficiency, least.get(skillId) ?? 0));
  }
  return [...least]
    .sort(([x], [y]) => compareIds(x, y))
    .map(([skillId, minProficiency]) => ({ skillId, minProficiency }));
}
