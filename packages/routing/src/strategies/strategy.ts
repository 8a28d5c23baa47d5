import type { AgentId, Instant, SkillId } from "@svara/kernel";
import type { AgentStrategyName, ItemId, SkillNeed } from "../model.ts";

/** What a strategy may know of an agent; `idleSince` does not change while the agent is open for work. */
export interface AgentFacts {
  readonly id: AgentId;
  /** When the agent last became available or last took or finished work. */
  readonly idleSince: Instant;
}

/** What a strategy may know of agents who are alike in skills. */
export interface SkillSetFacts {
  proficiency(skillId: SkillId): number;
}

/** What a strategy may know of a waiting item. */
export interface ItemFacts {
  readonly id: ItemId;
  readonly priority: number;
  readonly queuedAt: Instant;
  readonly needs: readonly SkillNeed[];
}

/**
 * Chooses an agent for an item. An agent's rank is the tuple (places of its skill set ..., own place); the least wins and
 * ties end in the agent's id. Keeping the agent's own place apart lets idle agents stand sorted: a choice looks at one
 * agent of each skill set.
 */
export interface AgentStrategy {
  readonly name: AgentStrategyName;
  /** What each place means, for `Explanation.rankedBy`. */
  readonly rankedBy: readonly string[];
  rankSkillSet(set: SkillSetFacts, item: ItemFacts): readonly number[];
  rankAgent(agent: AgentFacts): number;
}

/**
 * Chooses which class of waiting items an agent that came free serves, by the head of each; within a class the order is
 * always priority, then age. The least tuple wins and ties end in the item's id.
 */
export interface WorkStrategy {
  readonly name: string;
  readonly rankedBy: readonly string[];
  rank(head: ItemFacts, at: Instant): readonly number[];
}
