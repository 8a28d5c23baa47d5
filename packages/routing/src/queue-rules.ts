import { checkOpeningHours, type OpeningHours } from "@svara/calendar";
import { type Condition, conditionOf } from "./conditions.ts";
import type { Ageing, CriteriaStep, OverflowRule, QueueConfig, RoutingCriterion } from "./model.ts";

/** The rules of a queue's configuration, read once so that no item does. */
export interface QueueRules {
  /** In the order in which they are taken. */
  readonly steps: readonly CriteriaStep[];
  readonly criteria: readonly { readonly criterion: RoutingCriterion; readonly when: Condition }[];
  readonly overflow: readonly { readonly rule: OverflowRule; readonly when: Condition | null }[];
  /** Of the cross-sell rule. */
  readonly crossSellWhen: Condition | null;
  /** Null: priorities do not age. */
  readonly ageing: Ageing | null;
  /** Null: open always. */
  readonly hours: OpeningHours | null;
  /** Whether anything comes due for an item of this queue only because it waits. */
  readonly isTimed: boolean;
}

/** Reads a configuration. What cannot be right (hours that are none, ageing that does not raise) counts as not given. */
export function queueRules(config: QueueConfig): QueueRules {
  const steps = (config.steps ?? []).toSorted((a, b) => a.afterMs - b.afterMs);
  const ageing = config.ageing ?? null;
  const ages = ageing !== null && ageing.everyMs > 0 && ageing.by > 0 && ageing.most > 0;
  const overflow = (config.overflow ?? []).map((rule) => ({
    rule,
    when: rule.when === undefined ? null : conditionOf(rule.when),
  }));
  return {
    steps,
    criteria: (config.criteria ?? []).map((criterion) => ({
      criterion,
      when: conditionOf(criterion.when),
    })),
    overflow,
    crossSellWhen: config.crossSell?.when === undefined ? null : conditionOf(config.crossSell.when),
    ageing: ages ? { ...ageing, everyMs: Math.max(1, ageing.everyMs) } : null,
    hours: config.hours !== undefined && checkOpeningHours(config.hours).length === 0 ? config.hours : null,
    isTimed: steps.length > 0 || overflow.length > 0 || ages,
  };
}
