import { checkExpression, parseExpression } from "@svara/kernel/expression";
import type { QueueConfig, RoutingCriterion } from "../model.ts";
import type { AddFinding } from "./finding.ts";
import type { PlanView } from "./plan.ts";

/** [RT95] Every expression of a queue, and criteria that do nothing or shut everybody out. */
export function checkCriteria(view: PlanView, queue: QueueConfig, add: AddFinding): void {
  for (const [i, criterion] of (queue.criteria ?? []).entries()) {
    const path = `criteria.${i}`;
    checkWhen(view, criterion.when, `${path}.when`, add);
    if (doesNothing(criterion)) add("criterion_does_nothing", path, { criterion: criterion.id });
    for (const medium of queue.media) {
      if (view.servers(queue, medium).isEmpty) continue; // told by RT93
      if (view.isForNobody(queue, medium, { criteria: [criterion] })) {
        add("criterion_nobody_serves", path, { criterion: criterion.id, medium });
      }
    }
  }
  for (const [i, rule] of (queue.overflow ?? []).entries()) {
    if (rule.when !== undefined) checkWhen(view, rule.when, `overflow.${i}.when`, add);
  }
  if (queue.crossSell?.when !== undefined) checkWhen(view, queue.crossSell.when, "crossSell.when", add);
}

function checkWhen({ plan: { facts } }: PlanView, when: string, path: string, add: AddFinding): void {
  const parsed = parseExpression(when);
  const problems = parsed.ok
    ? facts === undefined
      ? []
      : checkExpression(parsed.expression, facts)
    : parsed.problems;
  for (const { code, column, params, remedy } of problems) {
    add("bad_expression", path, { ...params, problem: code, column, ...(remedy ? { remedy } : {}) });
  }
}

function doesNothing({ raise = 0, requiredSkills, preferredSkills, tiers }: RoutingCriterion): boolean {
  return raise === 0 && [requiredSkills, preferredSkills, tiers].every((list) => (list ?? []).length === 0);
}
