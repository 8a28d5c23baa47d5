import { type AgentConfig, MEDIA } from "../model.ts";
import type { AddFinding } from "./finding.ts";
import type { PlanView } from "./plan.ts";

const LEAST_PROFICIENCY = 1;
const MOST_PROFICIENCY = 5;

/** [RT98] Agents who can serve nothing, name queues that are not there, or have rules for media that they do not handle. */
export function checkAgent(view: PlanView, agent: AgentConfig, isReachable: boolean, add: AddFinding): void {
  const hasSlots = MEDIA.some((medium) => (agent.slots[medium] ?? 0) > 0);
  if (!hasSlots) add("agent_without_slots", "slots", {});
  else if (
    view.queues.size > 0 &&
    !isReachable &&
    !(agent.pickQueueIds ?? []).some((id) => view.queues.has(id))
  ) {
    add("agent_serves_nothing", "", {});
  }
  for (const field of ["queueIds", "pickQueueIds"] as const) {
    for (const [i, queueId] of (agent[field] ?? []).entries()) {
      if (!view.queues.has(queueId)) add("agent_queue_missing", `${field}.${i}`, { queueId });
    }
  }
  for (const [skillId, value] of Object.entries(agent.skills)) {
    if (value >= LEAST_PROFICIENCY && value <= MOST_PROFICIENCY) continue;
    const params = { value, least: LEAST_PROFICIENCY, most: MOST_PROFICIENCY };
    add("out_of_range", `skills.${skillId}`, params);
  }
  if (agent.capacity) checkCapacity(agent, add);
}

function checkCapacity({ capacity, slots }: AgentConfig, add: AddFinding): void {
  for (const [i, media] of (capacity?.apart ?? []).entries()) {
    for (const medium of media) {
      if ((slots[medium] ?? 0) <= 0) add("agent_capacity_without_slots", `capacity.apart.${i}`, { medium });
    }
  }
  for (const medium of MEDIA) {
    const interrupted = capacity?.interrupts?.[medium];
    if (interrupted === undefined) continue;
    const path = `capacity.interrupts.${medium}`;
    for (const each of new Set([medium, ...interrupted])) {
      if ((slots[each] ?? 0) <= 0) add("agent_capacity_without_slots", path, { medium: each });
    }
    if (interrupted.includes(medium)) add("agent_interrupts_itself", path, { medium });
  }
}
