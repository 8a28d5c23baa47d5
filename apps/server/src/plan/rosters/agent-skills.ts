import type { QueueDraft } from "@svara/contracts";
import type { Catalogue } from "../../office/catalogue.ts";
import { queueKind } from "../../queues/queue-kind.ts";
import type { OfficeAgent } from "./roster-place.ts";

/** The word by which a roster knows that an agent may answer a queue. */
export function queueSkill(queueId: string): string {
  return `queue:${queueId}`;
}

/** What an agent counts for in a roster: their skills, and each queue that the router would give them. */
export function rosterSkills(catalogue: Catalogue, agent: OfficeAgent): string[] {
  return [
    ...agent.agent.skills.map(({ skillId }) => skillId),
    ...catalogue
      .inUse(queueKind)
      .filter(({ value }) => mayServe(agent, value))
      .map(({ id }) => queueSkill(id)),
  ];
}

/** As the router decides it: a member, with every skill at the level asked for. */
function mayServe({ id, agent }: OfficeAgent, queue: QueueDraft): boolean {
  const isMember =
    (queue.teamIds.length === 0 && queue.agentIds.length === 0) ||
    (agent.teamId !== null && queue.teamIds.includes(agent.teamId)) ||
    queue.agentIds.includes(id);
  return (
    isMember &&
    queue.requiredSkills.every(({ skillId, minLevel }) =>
      agent.skills.some((held) => held.skillId === skillId && held.level >= minLevel),
    )
  );
}
