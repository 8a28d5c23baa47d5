import type { AgentId, Instant, QueueId, SkillId } from "@svara/kernel";
import type { AgentConfig } from "@svara/routing";
import type { Break } from "../scenario.ts";
import type { RulesFile } from "../what-if/rules-file.ts";

/** Of one queue, or of all where there is no id. */
interface OfQueue {
  readonly queueId: QueueId | null;
}

/** So many times as much as it was: 1.2 is a fifth more. */
export interface Scaling extends OfQueue {
  readonly factor: number;
}

/** Contacts come from `from` to `to` only; where nobody came before, `share` of what the nearest hour had. */
export interface OpenSpan extends OfQueue {
  readonly from: Instant;
  readonly to: Instant;
  /** 0..1; 0: nobody comes in the hours that are new. */
  readonly share: number;
}

/** Agents who were not there. */
export interface AddedAgents {
  readonly count: number;
  readonly agent: Omit<AgentConfig, "id">;
  readonly from: Instant;
  readonly to: Instant;
  readonly breaks?: readonly Break[];
}

/** Agents who are not there from `from` to `to`. */
export interface Absence {
  readonly agentIds: readonly AgentId[];
  readonly from: Instant;
  readonly to: Instant;
}

/** Agents whose proficiency in a skill is another one; null takes it away. */
export interface SkillGift {
  readonly agentIds: readonly AgentId[];
  readonly skillId: SkillId;
  readonly level: number | null;
}

/** What is otherwise on a day; what is absent stays as it is. */
export interface DayChange {
  /** Contacts that come from outside; those that are passed on come with them. */
  readonly volumes?: readonly Scaling[];
  /** Talk and wrap-up. */
  readonly handling?: readonly Scaling[];
  readonly patience?: readonly Scaling[];
  readonly hours?: readonly OpenSpan[];
  readonly more?: readonly AddedAgents[];
  readonly absent?: readonly Absence[];
  readonly skills?: readonly SkillGift[];
  readonly rules?: RulesFile;
}

/** The factor of a queue: that of all times its own. */
export function factorOf(scalings: readonly Scaling[] | undefined, queueId: QueueId): number {
  let factor = 1;
  for (const scaling of scalings ?? []) {
    if (scaling.queueId === null || scaling.queueId === queueId) factor *= scaling.factor;
  }
  return factor;
}
