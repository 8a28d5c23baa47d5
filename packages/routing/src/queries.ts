import type { AgentId, QueueId } from "@svara/kernel";
import { type Agent, stateIndex } from "./agent.ts";
import { isBusy } from "./agent-state.ts";
import type { Engine } from "./engine.ts";
import { compareItems, oldestIn, type Queue } from "./line.ts";
import {
  AGENT_STATES,
  type AgentState,
  type AgentView,
  type ItemId,
  type Medium,
  type QueueStats,
  type WaitEstimate,
  type WorkItem,
} from "./model.ts";
import { meanPatienceMs } from "./patience.ts";
import type { SkillSet } from "./skill-set.ts";
import { positionOf, waitOf, waitToJoin } from "./waits.ts";

/** See `Router.position`. */
export function position(engine: Engine, itemId: ItemId): number | undefined {
  const item = engine.floor.items.get(itemId);
  return item === undefined || item.dormantUntil !== null ? undefined : positionOf(item);
}

/** See `Router.estimate`. */
export function estimate(engine: Engine, itemId: ItemId): WaitEstimate | null {
  const item = engine.floor.items.get(itemId);
  return item === undefined ? null : waitOf(engine, item);
}

/** See `Router.estimateFor`. */
export function estimateFor(engine: Engine, queueId: QueueId, medium: Medium): WaitEstimate | null {
  const queue = engine.floor.queues.get(queueId);
  return queue === undefined ? null : waitToJoin(engine, queue, medium);
}

/** See `Router.staffed`. */
export function staffed(engine: Engine, queueId: QueueId, medium: Medium): number {
  const queue = engine.floor.queues.get(queueId);
  if (queue === undefined) return 0;
  let count = 0;
  for (const set of engine.floor.classOf(queue, medium).servers) count += set.onDuty;
  return count;
}

/** See `Router.queueStats`. */
export function queueStats(engine: Engine, queueId: QueueId): QueueStats | undefined {
  const queue = engine.floor.queues.get(queueId);
  if (queue === undefined) return undefined;
  const lines = [queue.offered, ...[...queue.classes.values()].map((work) => work.items)];
  const oldest = lines.map(oldestIn).filter((at) => at !== null);
  for (const item of queue.dormant) oldest.push(item.queuedAt);
  return {
    queueId,
    waiting: queue.offered.size + queue.length + queue.dormant.size,
    offered: queue.offered.size,
    oldestQueuedAt: oldest.length === 0 ? null : Math.min(...oldest),
    agents: countAgents(engine, queue),
    meanHandleMs: Math.round(queue.meanHandleMs),
    handled: engine.handsOf(queueId).count,
    meanPatienceMs: meanPatienceMs(queue.patience),
  };
}

/** See `Router.waitingItems`. */
export function waitingItems(engine: Engine, queueId: QueueId): WorkItem[] {
  const queue = engine.floor.queues.get(queueId);
  if (queue === undefined) return [];
  return [...queue.everything()].sort(compareItems).map((item) => item.work);
}

/** See `Router.agent`. */
export function agent(engine: Engine, agentId: AgentId): AgentView | undefined {
  const found = engine.floor.agents.get(agentId);
  return found && viewOf(found);
}

/** See `Router.agents`. */
export function agents(engine: Engine): AgentView[] {
  return [...engine.floor.agents.values()].map(viewOf);
}

function viewOf(found: Agent): AgentView {
  return {
    agentId: found.id,
    loggedIn: found.loggedIn,
    state: found.state,
    since: found.stateSince,
    reason: found.stateReason,
    presence: found.presence,
    pending: isBusy(found) && (found.leaving || found.presence.state !== "available"),
    idleSince: found.idleSince,
    offerId: found.offer?.id ?? null,
    handlings: found.handlings.map((h) => ({
      itemId: h.itemId,
      medium: h.medium,
      queueId: h.queueId,
      phase: h.phase,
      since: h.since,
      startedAt: h.startedAt,
      until: h.until,
    })),
  };
}

function countAgents(engine: Engine, queue: Queue): Record<AgentState, number> {
  const sets = new Set<SkillSet>();
  for (const medium of queue.config.media) {
    for (const set of engine.floor.classOf(queue, medium).servers) sets.add(set);
  }
  const counts = {} as Record<AgentState, number>;
  for (const state of AGENT_STATES) {
    counts[state] = 0;
    for (const set of sets) counts[state] += set.counts[stateIndex(state)] ?? 0;
  }
  return counts;
}
