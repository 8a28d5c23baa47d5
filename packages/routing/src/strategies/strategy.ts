import type { AgentId, Instant, SkillId } from "@svara/kernel";
import type { AgentStrategyName, ItemId, QueueConfig, SkillNeed, WorkStrategyName } from "../model.ts";

/** What a strategy may know of an agent; none of it changes while the agent is open for work. */
export interface AgentFacts {
  readonly id: AgentId;
  /** When the agent last became available or last took or finished work. */
  readonly idleSince: Instant;
  /** Share of work in the time logged in, in millionths, taken when the agent last opened (RT72). */
  readonly occupancy: number;
  /** The number of the last offer that the agent got, 0 before the first; they count up over the whole router. */
  readonly lastOfferSeq: number;
}

/** What a strategy may know of agents who are alike in skills. */
export interface SkillSetFacts {
  /** 1..5, or 0 without the skill. */
  proficiency(skillId: SkillId): number;
}

/** What a strategy may know of a waiting item. */
export interface ItemFacts {
  readonly id: ItemId;
  readonly priority: number;
  readonly queuedAt: Instant;
  /** The skills of its requirement as it stands now, each named once. */
  readonly needs: readonly SkillNeed[];
  /** The skills that its queue, its criteria and itself prefer, each named once; some may stand in `needs` too. */
  readonly preferred: readonly SkillId[];
}

/** What a strategy may know of a queue. */
export interface QueueFacts {
  readonly config: Pick<QueueConfig, "cost" | "share" | "targetMs" | "expectedHandleMs">;
  /** Its waiting items, ringing and dormant ones excluded. */
  readonly length: number;
  /** Learnt from handled items (RT43). */
  readonly meanHandleMs: number;
}

/** How open agents of one skill set stand, so that a choice need look at the first of each set alone. */
export interface AgentOrder {
  readonly name: string;
  /** Without the last resort, the id. */
  compare(a: AgentFacts, b: AgentFacts): number;
}

/** What an agent strategy is told of the choice as a whole. */
export interface AgentChoice {
  readonly at: Instant;
  /** Of the item's queue: 0 is efficiency alone, 1 quality alone. */
  readonly qualityWeight: number;
}

/**
 * Chooses an agent for an item. The least rank wins, place by place, and ties end in the agent's id. All that a rank takes
 * from the item goes through `fit`, the same for all agents of a skill set: within a set ranks follow `order`, and a choice
 * costs one look at each set that has somebody open.
 */
export interface AgentStrategy {
  readonly name: AgentStrategyName;
  /** What each place means, for `Explanation.rankedBy`. */
  readonly rankedBy: readonly string[];
  readonly order: AgentOrder;
  /** Set where ranks follow `order` over all skill sets: whoever is not among the first by it need not be ranked. */
  readonly ignoresSkills?: true;
  /** How well the set suits the item; what it measures is the strategy's own affair. */
  fit(set: SkillSetFacts, item: ItemFacts): number;
  rank(fit: number, agent: AgentFacts, choice: AgentChoice): readonly number[];
  /** Set where `qualityWeight` matters: the explanation names the winners of 0 and 1 too. */
  readonly weighs?: true;
}

/** What a work strategy is told of the choice as a whole. */
export interface WorkChoice {
  readonly at: Instant;
  /** Over the queues of the agent (RT78), the sum of their lengths and of their shares; 0 unless `needsTotals`. */
  readonly totalLength: number;
  readonly totalShare: number;
}

/**
 * Chooses which queue an agent that came free serves, by the first item of each that the agent could get. The least rank
 * wins, place by place, and ties end in the item's id.
 */
export interface WorkStrategy {
  readonly name: WorkStrategyName;
  readonly rankedBy: readonly string[];
  /** Whether ranks need the sums in `WorkChoice`. */
  readonly needsTotals?: true;
  rank(head: ItemFacts, queue: QueueFacts, choice: WorkChoice): readonly number[];
}
