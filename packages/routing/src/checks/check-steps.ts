import type { OverflowRule, QueueConfig, Requirement } from "../model.ts";
import type { AddFinding } from "./finding.ts";
import { isUnconditional, type PlanView, stepsOf, takesAway } from "./plan.ts";

/** [RT94] Steps in the wrong order, that change nothing, that shut everybody out, or that no item lives to see. */
export function checkSteps(view: PlanView, queue: QueueConfig, add: AddFinding): void {
  const listed = queue.steps ?? [];
  for (const [i, step] of listed.entries()) {
    const before = listed[i - 1];
    if (before !== undefined && before.afterMs > step.afterMs) {
      const params = { step: stepsOf(queue).indexOf(step) + 1, afterMs: step.afterMs };
      add("step_out_of_order", `steps.${i}.afterMs`, params);
    }
  }
  const levels = view.levels(queue);
  const away = firstTakenAway(queue);
  for (const [i, step] of stepsOf(queue).entries()) {
    const path = `steps.${listed.indexOf(step)}`;
    const [before, after] = [levels[i], levels[i + 1]];
    if (before === undefined || after === undefined) continue;
    const params = { step: i + 1 };
    if ((step.raise ?? 0) === 0 && asksTheSame(before, after)) add("step_changes_nothing", path, params);
    for (const medium of queue.media) {
      const shutsOut =
        view.serversAt(queue, medium, after).isEmpty && !view.serversAt(queue, medium, before).isEmpty;
      if (shutsOut) add("step_nobody_serves", path, { ...params, medium });
    }
    if (away !== undefined && away.afterMs <= step.afterMs && step.afterMs > 0) {
      add("step_never_reached", `${path}.afterMs`, { ...params, rule: away.id, afterMs: away.afterMs });
    }
  }
}

/** The first overflow rule that takes every item away. */
export function firstTakenAway(queue: QueueConfig): OverflowRule | undefined {
  return (queue.overflow ?? [])
    .filter((rule) => isUnconditional(rule) && takesAway(rule))
    .toSorted((a, b) => a.afterMs - b.afterMs)[0];
}

function asksTheSame(a: Requirement, b: Requirement): boolean {
  return JSON.stringify(wordsOf(a)) === JSON.stringify(wordsOf(b));
}

function wordsOf({ skills, groups, sites, tiers }: Requirement): unknown {
  return [
    skills.map(({ skillId, minProficiency }) => [skillId, minProficiency]),
    groups?.toSorted() ?? null,
    sites?.toSorted() ?? null,
    tiers?.toSorted() ?? null,
  ];
}
