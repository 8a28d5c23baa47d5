import type { BlendRule, QueueConfig } from "../model.ts";
import type { AddFinding } from "./finding.ts";
import type { PlanView } from "./plan.ts";

/** [RT97] Blending that protects nothing, holds nothing back, or holds back for ever. */
export function checkBlend(view: PlanView, queue: QueueConfig, add: AddFinding): void {
  const { blend } = queue;
  if (blend === undefined) return;
  for (const [i, queueId] of (blend.protects ?? []).entries()) {
    const path = `blend.protects.${i}`;
    if (queueId === queue.id) add("blend_protects_itself", path, {});
    else if (!view.queues.has(queueId)) add("blend_queue_missing", path, { queueId });
  }
  const guarded = protectedBy(view, queue, blend);
  if (guarded.length === 0) add("blend_protects_nothing", "blend", {});
  if (hasNoThreshold(blend)) add("blend_without_threshold", "blend", {});
  const { reserve = 0 } = blend;
  if (reserve <= 0 || guarded.length === 0) return;
  const servers = view.someOf(guarded.map((each) => view.serversOfAll(each)));
  const own = view.serversOfAll(queue);
  // whoever is offered the item does not count, unless somebody serves this queue alone
  const agents = own.isWithin(servers) && !own.isEmpty ? servers.size - 1 : servers.size;
  if (reserve > agents) add("blend_reserve_too_great", "blend.reserve", { reserve, agents });
}

function protectedBy(view: PlanView, queue: QueueConfig, { protects }: BlendRule): QueueConfig[] {
  if (protects !== undefined) return protects.map((id) => view.queues.get(id)).filter((q) => q !== undefined);
  return view.plan.queues.filter((each) => each !== queue && (each.work ?? "inbound") === "inbound");
}

function hasNoThreshold({ reserve, waitingAtMost, oldestAtMostMs, serviceLevelAtLeast }: BlendRule): boolean {
  return [reserve, waitingAtMost, oldestAtMostMs, serviceLevelAtLeast].every((each) => each === undefined);
}
