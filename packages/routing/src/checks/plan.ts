import type { QueueId } from "@svara/kernel";
import type { ExpressionSchema } from "@svara/kernel/expression";
import type {
  AgentConfig,
  CriteriaStep,
  Medium,
  OverflowRule,
  QueueConfig,
  Requirement,
  RouterRules,
  RoutingCriterion,
  SiteId,
} from "../model.ts";
import { requirementOf } from "../requirement.ts";
import { AgentIndex } from "./agent-index.ts";
import { Bits } from "./bits.ts";

/** A whole configuration, before it takes effect. */
export interface RoutingPlan {
  readonly queues: readonly QueueConfig[];
  readonly agents: readonly AgentConfig[];
  readonly rules?: Partial<RouterRules>;
  /** The facts that items have; without them expressions are only parsed. */
  readonly facts?: ExpressionSchema;
}

/** What is asked beside a queue's own words. */
interface Beside {
  readonly criteria?: readonly RoutingCriterion[];
  readonly sites?: readonly SiteId[];
}

/** A plan with what the checks ask of it again and again. */
export class PlanView {
  readonly plan: RoutingPlan;
  readonly queues = new Map<QueueId, QueueConfig>();
  readonly index: AgentIndex;
  readonly #levels = new Map<QueueConfig, readonly Requirement[]>();
  readonly #servers = new Map<Requirement, Map<Medium, Bits>>();

  constructor(plan: RoutingPlan) {
    this.plan = plan;
    this.index = new AgentIndex(plan.agents);
    for (const queue of plan.queues) this.queues.set(queue.id, queue);
  }

  /** The requirement of a queue at entry, after the first step, after the second, ... */
  levels(queue: QueueConfig): readonly Requirement[] {
    let levels = this.#levels.get(queue);
    if (levels === undefined) {
      levels = levelsOf(queue, {});
      this.#levels.set(queue, levels);
    }
    return levels;
  }

  /** Who can serve items of the queue at one of its levels. */
  serversAt(queue: QueueConfig, medium: Medium, level: Requirement): Bits {
    let media = this.#servers.get(level);
    if (media === undefined) {
      media = new Map();
      this.#servers.set(level, media);
    }
    let servers = media.get(medium);
    if (servers === undefined) {
      servers = this.index.servers(queue.id, medium, level);
      media.set(medium, servers);
    }
    return servers;
  }

  /** Who can serve items of the queue, at entry or after whatever step. */
  servers(queue: QueueConfig, medium: Medium): Bits {
    return this.someOf(this.levels(queue).map((level) => this.serversAt(queue, medium, level)));
  }

  /** Who can serve the queue on any of its media. */
  serversOfAll(queue: QueueConfig): Bits {
    return this.someOf(queue.media.map((medium) => this.servers(queue, medium)));
  }

  /** Whether nobody can serve an item of which this is asked beside the queue's own words, at entry or after any step. */
  isForNobody(queue: QueueConfig, medium: Medium, beside: Beside): boolean {
    return levelsOf(queue, beside).every((level) => this.index.servers(queue.id, medium, level).isEmpty);
  }

  /**
   * Who can get anything of the queue in whatever way: of any tier, since an item may be escalated to it, and at the sites to
   * which it may overflow.
   */
  reachable(queue: QueueConfig): Bits {
    const elsewhere = (queue.overflow ?? []).flatMap(({ to }) =>
      to.kind === "sites" ? levelsOf(queue, { sites: to.siteIds }) : [],
    );
    const levels = [...this.levels(queue), ...elsewhere].map(({ tiers: _tiers, ...level }) => level);
    return this.someOf(
      levels.flatMap((level) => queue.media.map((medium) => this.index.servers(queue.id, medium, level))),
    );
  }

  /** The union. */
  someOf(sets: readonly Bits[]): Bits {
    const some = new Bits(this.index.size);
    for (const each of sets) some.unite(each);
    return some;
  }
}

/** The steps of a queue in the order in which they are taken. */
export function stepsOf(queue: QueueConfig): readonly CriteriaStep[] {
  return (queue.steps ?? []).toSorted((a, b) => a.afterMs - b.afterMs);
}

function levelsOf(queue: QueueConfig, { criteria = [], sites }: Beside): Requirement[] {
  const steps = stepsOf(queue);
  return Array.from({ length: steps.length + 1 }, (_, taken) =>
    requirementOf({ queue, criteria, own: null, steps: steps.slice(0, taken), sites: sites ?? null }),
  );
}

/** Whether the rule asks nothing: it applies whenever it is asked. */
export function isUnconditional(rule: OverflowRule): boolean {
  return (
    rule.expectedWaitOverMs === undefined &&
    rule.lengthOver === undefined &&
    rule.perAgentOver === undefined &&
    rule.noAgents === undefined &&
    rule.closed === undefined &&
    rule.when === undefined
  );
}

/** Whether an item to which the rule applies is in this queue no longer. */
export function takesAway({ to }: OverflowRule): boolean {
  switch (to.kind) {
    case "queue":
    case "voicemail":
    case "hang_up":
      return true;
    case "message":
      return to.leaves;
    case "sites":
    case "callback":
      return false;
  }
}
