import type { Permission } from "@svara/contracts";
import type { FloorView } from "../live/live-service.ts";
import type { Access } from "../rights/access.ts";

/**
 * What a reader sees of the floor by the scopes of a permission. Whoever sees clients or queues sees those queues;
 * whoever sees teams or sites sees those agents, and every queue that people there may work in.
 */
export function floorView(access: Access, permission: Permission): FloorView {
  const narrowing = access.narrowingOf(permission);
  if (!narrowing) return { key: "all", queue: () => true, agent: () => true };
  const clients = new Set(narrowing.clients);
  const queues = new Set(narrowing.queues);
  const teams = new Set(narrowing.teams);
  const sites = new Set(narrowing.sites);
  const people = teams.size > 0 || sites.size > 0;
  const key = [clients, queues, teams, sites].map((ids) => [...ids].sort().join(",")).join("|");
  return {
    key,
    queue: (queue) => people || clients.has(queue.clientId) || queues.has(queue.id),
    agent: (agent) =>
      (agent.teamId !== undefined && teams.has(agent.teamId)) ||
      (agent.siteId !== undefined && sites.has(agent.siteId)),
  };
}
