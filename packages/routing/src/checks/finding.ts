import type { QueueId, SkillId } from "@svara/kernel";
import type { GroupId, Medium, SiteId, Tier } from "../model.ts";

/** `error`: cannot do what it says. `warning`: does something that hardly anybody wants. */
export type FindingSeverity = "error" | "warning";

/** Where a finding is: in a queue, an agent, or the rules of the centre (whose id is empty). */
export interface FindingSubject {
  readonly kind: "queue" | "agent" | "rules";
  readonly id: string;
}

/** A word of a requirement, without its values. */
export type WordKind = "slots" | "queues" | "skills" | "groups" | "sites" | "tiers";

interface OfRule {
  /** The id of the overflow rule. */
  readonly rule: string;
}

interface OfStep {
  /** 1 is the first in order of time. */
  readonly step: number;
}

/** Every code with what its sentence needs. Codes are stable: translations and clients know them. */
export interface FindingParams {
  // nobody can serve the queue, at entry or after any step
  nobody_has_slots: { readonly medium: Medium };
  /** Every agent names queues, and none names this one. */
  nobody_is_assigned: Record<never, never>;
  /** `best`: the greatest proficiency that anybody has; 0: nobody has the skill. */
  nobody_has_skill: { readonly skillId: SkillId; readonly minProficiency: number; readonly best: number };
  nobody_in_groups: { readonly groups: readonly GroupId[] };
  nobody_at_sites: { readonly sites: readonly SiteId[] };
  nobody_in_tiers: { readonly tiers: readonly Tier[] };
  /** Each word is met by somebody, all together by nobody; without any one of `without` somebody could. */
  nobody_meets_all: { readonly medium: Medium; readonly without: readonly WordKind[] };
  /** Nobody before this step. */
  served_from_step_on: OfStep & { readonly medium: Medium; readonly afterMs: number };
  queue_without_media: Record<never, never>;
  preferred_skill_of_nobody: { readonly skillId: SkillId };

  // steps
  /** Listed behind one that comes later; they are taken in order of time. */
  step_out_of_order: OfStep & { readonly afterMs: number };
  step_changes_nothing: OfStep;
  step_nobody_serves: OfStep & { readonly medium: Medium };
  /** The rule takes every item away before. */
  step_never_reached: OfStep & OfRule & { readonly afterMs: number };

  // criteria
  criterion_does_nothing: { readonly criterion: string };
  criterion_nobody_serves: { readonly criterion: string; readonly medium: Medium };
  /** `problem`, `column` and the further params are those of the expression language. */
  bad_expression: {
    readonly problem: string;
    readonly column: number;
    readonly [param: string]: string | number;
  };

  // overflow
  overflow_queue_missing: OfRule & { readonly queueId: QueueId };
  overflow_to_itself: OfRule;
  overflow_nobody_serves: OfRule & { readonly queueId: QueueId; readonly medium: Medium };
  overflow_sites_nobody_serves: OfRule & { readonly sites: readonly SiteId[]; readonly medium: Medium };
  /** The queues in order, the first one not repeated; an item goes round once and stays in the last. */
  overflow_loop: { readonly queueIds: readonly QueueId[] };
  /** Without any condition at entry: the queue itself serves nobody. */
  overflow_always_at_once: OfRule;
  overflow_never_reached: OfRule & { readonly before: string };
  overflow_closed_without_hours: OfRule;
  callback_without_policy: OfRule;
  /** The wait for the preferred agent is longer than the time until the rule takes the item away. */
  preferred_wait_too_long: OfRule & { readonly preferredWaitMs: number; readonly afterMs: number };

  // blending
  blend_protects_nothing: Record<never, never>;
  blend_protects_itself: Record<never, never>;
  blend_queue_missing: { readonly queueId: QueueId };
  blend_without_threshold: Record<never, never>;
  /** `agents`: how many could be open for protected work beside the one to be offered. */
  blend_reserve_too_great: { readonly reserve: number; readonly agents: number };

  // agents
  agent_without_slots: Record<never, never>;
  agent_serves_nothing: Record<never, never>;
  agent_queue_missing: { readonly queueId: QueueId };
  agent_capacity_without_slots: { readonly medium: Medium };
  agent_interrupts_itself: { readonly medium: Medium };

  // figures
  duplicate_id: { readonly id: string };
  out_of_range: { readonly value: number; readonly least: number; readonly most: number | null };
  wrap_up_limit_long: { readonly limitMs: number; readonly mostMs: number };
  ageing_does_nothing: Record<never, never>;
  bad_hours: { readonly problem: string; readonly at: string };
  /** The strategy of the centre serves this queue last of all. */
  share_is_zero: Record<never, never>;
  cost_is_zero: Record<never, never>;
}

/** What a check can find. */
export type FindingCode = keyof FindingParams;

const ERRORS: ReadonlySet<FindingCode> = new Set<FindingCode>([
  "nobody_has_slots",
  "nobody_is_assigned",
  "nobody_has_skill",
  "nobody_in_groups",
  "nobody_at_sites",
  "nobody_in_tiers",
  "nobody_meets_all",
  "queue_without_media",
  "criterion_nobody_serves",
  "bad_expression",
  "overflow_queue_missing",
  "overflow_to_itself",
  "overflow_nobody_serves",
  "overflow_sites_nobody_serves",
  "blend_protects_nothing",
  "blend_reserve_too_great",
  "agent_without_slots",
  "duplicate_id",
  "out_of_range",
  "bad_hours",
]);

/** How grave a finding is. */
export function severityOf(code: FindingCode): FindingSeverity {
  return ERRORS.has(code) ? "error" : "warning";
}

/** One thing that is wrong or odd in a configuration, as data for a screen to say. */
export type RoutingFinding = {
  readonly [C in FindingCode]: {
    readonly code: C;
    readonly severity: FindingSeverity;
    readonly subject: FindingSubject;
    /** The field within the subject's configuration, dotted: `overflow.0.to.queueId`; empty for the whole. */
    readonly path: string;
    readonly params: FindingParams[C];
  };
}[FindingCode];

/** How a check tells what it found of its subject. */
export type AddFinding = <C extends FindingCode>(code: C, path: string, params: FindingParams[C]) => void;
