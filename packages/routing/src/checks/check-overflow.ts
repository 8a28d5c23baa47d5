import type { OverflowRule, QueueConfig } from "../model.ts";
import { firstTakenAway } from "./check-steps.ts";
import type { AddFinding } from "./finding.ts";
import { isUnconditional, type PlanView, takesAway } from "./plan.ts";

/** [RT96] Where overflow rules lead, and whether they are ever asked. */
export function checkOverflow(view: PlanView, queue: QueueConfig, add: AddFinding): void {
  const rules = queue.overflow ?? [];
  for (const [i, rule] of rules.entries()) {
    const path = `overflow.${i}`;
    checkTarget(view, queue, rule, `${path}.to`, add);
    if (isUnconditional(rule) && takesAway(rule) && rule.afterMs <= 0) {
      add("overflow_always_at_once", path, { rule: rule.id });
    }
    const before = rules.find((other, j) => other !== rule && comesFirst(other, j, rule, i));
    if (before !== undefined) add("overflow_never_reached", path, { rule: rule.id, before: before.id });
    if (rule.closed && queue.hours === undefined) {
      add("overflow_closed_without_hours", `${path}.closed`, { rule: rule.id });
    }
  }
  const away = firstTakenAway(queue);
  const { preferredWaitMs = 0 } = queue;
  if (away !== undefined && preferredWaitMs > 0 && preferredWaitMs >= away.afterMs) {
    const { id, afterMs } = away;
    add("preferred_wait_too_long", "preferredWaitMs", { rule: id, preferredWaitMs, afterMs });
  }
}

/** Whether `other` takes every item away before `rule` is first asked. */
function comesFirst(other: OverflowRule, j: number, rule: OverflowRule, i: number): boolean {
  if (!isUnconditional(other) || !takesAway(other)) return false;
  return other.afterMs < rule.afterMs || (other.afterMs === rule.afterMs && j < i);
}

function checkTarget(
  view: PlanView,
  queue: QueueConfig,
  { id: rule, to }: OverflowRule,
  path: string,
  add: AddFinding,
): void {
  switch (to.kind) {
    case "queue": {
      const { queueId } = to;
      const target = view.queues.get(queueId);
      if (queueId === queue.id) add("overflow_to_itself", `${path}.queueId`, { rule });
      else if (target === undefined) add("overflow_queue_missing", `${path}.queueId`, { rule, queueId });
      else {
        for (const medium of queue.media) {
          if (!view.servers(target, medium).isEmpty) continue;
          add("overflow_nobody_serves", `${path}.queueId`, { rule, queueId, medium });
        }
      }
      return;
    }
    case "sites":
      for (const medium of queue.media) {
        const { siteIds: sites } = to;
        if (!view.isForNobody(queue, medium, { sites })) continue;
        add("overflow_sites_nobody_serves", `${path}.siteIds`, { rule, sites, medium });
      }
      return;
    case "callback":
      if (queue.callback === undefined) add("callback_without_policy", path, { rule });
      return;
    case "voicemail":
    case "hang_up":
    case "message":
      return;
  }
}
