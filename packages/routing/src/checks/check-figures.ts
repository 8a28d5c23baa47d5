import { checkOpeningHours } from "@svara/calendar";
import type { QueueConfig, RouterRules, SkillNeed } from "../model.ts";
import type { AddFinding } from "./finding.ts";
import type { PlanView } from "./plan.ts";

const MOST_WRAP_UP_MS = 900_000; // a quarter of an hour: beyond it the limit no longer guards against the forgotten click

/** [RT99] Figures of a queue that cannot be, or that defeat what they stand for. */
export function checkFigures(view: PlanView, queue: QueueConfig, add: AddFinding): void {
  const range = (
    path: string,
    value: number | undefined,
    least: number,
    most: number | null = null,
  ): void => {
    if (value === undefined || (value >= least && (most === null || value <= most))) return;
    add("out_of_range", path, { value, least, most });
  };
  const needs = (path: string, list: readonly SkillNeed[] | undefined): void => {
    for (const [i, need] of (list ?? []).entries())
      range(`${path}.${i}.minProficiency`, need.minProficiency, 1, 5);
  };
  range("ringTimeoutMs", queue.ringTimeoutMs, 1);
  range("qualityWeight", queue.qualityWeight, 0, 1);
  range("preferredWaitMs", queue.preferredWaitMs, 0);
  range("targetMs", queue.targetMs, 1);
  range("expectedHandleMs", queue.expectedHandleMs, 1);
  range("share", queue.share, 0);
  range("cost.weight", queue.cost?.weight, 0);
  range("blend.serviceLevelAtLeast", queue.blend?.serviceLevelAtLeast, 0, 1);
  range("callback.maxAttempts", queue.callback?.maxAttempts, 1);
  range("callback.retryMs", queue.callback?.retryMs, 0);
  range("callback.attemptLeaseMs", queue.callback?.attemptLeaseMs, 1);
  needs("requiredSkills", queue.requiredSkills);
  for (const [i, step] of (queue.steps ?? []).entries()) {
    range(`steps.${i}.afterMs`, step.afterMs, 0);
    needs(`steps.${i}.skills`, step.skills);
  }
  for (const [i, criterion] of (queue.criteria ?? []).entries())
    needs(`criteria.${i}.requiredSkills`, criterion.requiredSkills);
  for (const [i, rule] of (queue.overflow ?? []).entries()) {
    range(`overflow.${i}.afterMs`, rule.afterMs, 0);
    range(`overflow.${i}.everyMs`, rule.everyMs, 1);
  }
  for (const field of ["criteria", "overflow"] as const) checkIds(queue[field] ?? [], field, add);
  checkWrapUp(queue, add);
  const { ageing } = queue;
  if (ageing && !(ageing.everyMs > 0 && ageing.by > 0 && ageing.most > 0))
    add("ageing_does_nothing", "ageing", {});
  for (const { field, code } of queue.hours ? checkOpeningHours(queue.hours) : []) {
    add("bad_hours", `hours.${field}`, { problem: code, at: field });
  }
  const { workStrategy } = view.plan.rules ?? {};
  if (workStrategy === "fqr" && queue.share === 0) add("share_is_zero", "share", {});
  if (workStrategy === "gcmu" && queue.cost?.weight === 0) add("cost_is_zero", "cost.weight", {});
}

/** [RT99] Figures of the centre. */
export function checkRules(rules: Partial<RouterRules>, add: AddFinding): void {
  const least: readonly (readonly [Exclude<keyof RouterRules, "workStrategy">, number])[] = [
    ["missesAllowed", 1],
    ["restAfterMissMs", 0],
    ["connectionGraceMs", 0],
    ["assignmentLeaseMs", 1],
  ];
  for (const [field, from] of least) {
    const value = rules[field];
    if (value !== undefined && value < from) add("out_of_range", field, { value, least: from, most: null });
  }
}

function checkIds(list: readonly { readonly id: string }[], path: string, add: AddFinding): void {
  const seen = new Set<string>();
  for (const [i, { id }] of list.entries()) {
    if (seen.has(id)) add("duplicate_id", `${path}.${i}.id`, { id });
    seen.add(id);
  }
}

function checkWrapUp({ wrapUp }: QueueConfig, add: AddFinding): void {
  if (wrapUp.mode === "off" || wrapUp.limitMs === undefined) return;
  const { limitMs } = wrapUp;
  if (limitMs < 1) add("out_of_range", "wrapUp.limitMs", { value: limitMs, least: 1, most: MOST_WRAP_UP_MS });
  else if (limitMs > MOST_WRAP_UP_MS) {
    add("wrap_up_limit_long", "wrapUp.limitMs", { limitMs, mostMs: MOST_WRAP_UP_MS });
  }
}
