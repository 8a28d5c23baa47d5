import type { FloorAgent, FloorQueue } from "@svara/contracts";
import type { Instant } from "@svara/kernel";

export type QueueColumn = "name" | "waiting" | "longest" | "serviceLevel" | "answered" | "abandoned";
export interface QueueSort {
  readonly column: QueueColumn;
  readonly descending: boolean;
}

/** How long the first in line has waited, counted on from the last message. */
export function longestWaitMs(queue: Pick<FloorQueue, "oldestEnqueuedAt">, now: Instant): number {
  return queue.oldestEnqueuedAt === undefined ? 0 : Math.max(0, now - queue.oldestEnqueuedAt);
}

/** Queues in the reader's order; ties end in the name and the id, so that rows never jump. */
export function sortQueues(queues: readonly FloorQueue[], sort: QueueSort, now: Instant): FloorQueue[] {
  const value = (queue: FloorQueue): number | string => {
    switch (sort.column) {
      case "name":
        return queue.name;
      case "waiting":
        return queue.waiting;
      case "longest":
        return longestWaitMs(queue, now);
      case "serviceLevel":
        return queue.serviceLevel ?? -1;
      case "answered":
        return queue.answered;
      case "abandoned":
        return queue.abandoned;
    }
  };
  return [...queues].sort((a, b) => {
    const order = compare(value(a), value(b)) * (sort.descending ? -1 : 1);
    return order || a.name.localeCompare(b.name) || compare(a.id, b.id);
  });
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === "string" && typeof b === "string") return a.localeCompare(b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The few groups in which a supervisor thinks, in the order of their urgency. */
export const AGENT_GROUPS = ["trouble", "ringing", "busy", "wrap_up", "available", "not_ready"] as const;
export type AgentGroup = (typeof AGENT_GROUPS)[number];

/** The group of a state; undefined for those who are not at work. */
export function groupOf(state: FloorAgent["state"]): AgentGroup | undefined {
  switch (state) {
    case "not_responding":
    case "unknown":
      return "trouble";
    case "reserved":
    case "dialing":
      return "ringing";
    case "talking":
    case "held":
    case "consulting":
    case "conferenced":
    case "busy_other":
    case "monitoring":
      return "busy";
    case "wrap_up":
      return "wrap_up";
    case "available":
      return "available";
    case "not_ready":
      return "not_ready";
    case "logged_out":
      return undefined;
  }
}

export interface AgentFilter {
  readonly search: string;
  readonly teamId: string | null;
  readonly group: AgentGroup | null;
}

/** Agents at work that match, by urgency of their group, then longest in their state. */
export function selectAgents(agents: readonly FloorAgent[], filter: AgentFilter): FloorAgent[] {
  const search = filter.search.trim().toLocaleLowerCase();
  return agents
    .filter((agent) => {
      const group = groupOf(agent.state);
      if (group === undefined) return false;
      if (filter.group !== null && group !== filter.group) return false;
      if (filter.teamId !== null && agent.teamId !== filter.teamId) return false;
      return search === "" || agent.name.toLocaleLowerCase().includes(search);
    })
    .sort(
      (a, b) =>
        rank(a.state) - rank(b.state) ||
        a.since - b.since ||
        a.name.localeCompare(b.name) ||
        compare(a.id, b.id),
    );
}

function rank(state: FloorAgent["state"]): number {
  const group = groupOf(state);
  return group === undefined ? AGENT_GROUPS.length : AGENT_GROUPS.indexOf(group);
}

/** How a waiting time compares with what was promised. */
export function waitTone(waitMs: number, thresholdSec: number): "plain" | "warn" | "bad" {
  if (waitMs >= thresholdSec * 2_000) return "bad";
  return waitMs >= thresholdSec * 1_000 ? "warn" : "plain";
}

/** How a service level compares with its target. */
export function serviceLevelTone(level: number | null, target: number): "plain" | "warn" | "bad" {
  if (level === null || level >= target) return "plain";
  return level >= target - 0.1 ? "warn" : "bad";
}
