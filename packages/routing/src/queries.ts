import type { AgentId, QueueId } from "@svara/kernel";
import { type Agent, stateIndex } from "./agent.ts";
import { isBusy } from "./agent-state.ts";
import type { Engine } from "./engine.ts";
import { compareItems, type Item, oldestIn, type Queue } from "./line.ts";
import {
  AGENT_STATES,
  type AgentState,
  type AgentView,
  type ItemId,
  type Medium,
  type QueueStats,
  type WorkItem,
} from "./model.ts";
import type { SkillSet } from "./skill-set.ts";

/** See `Router.position`. */
export function position(engine: Engine, itemId: ItemId): number | undefined {
  const item = engine.floor.items.get(itemId);
  return item === undefined ? undefined : 1 + countBefore(item);
}

function countBefore(item: Item): number {
  const { queue } = item.workClass;
  let before = queue.offered.rank(item);
  for (const work of queue.classes.values()) before += work.items.rank(item);
  return before;
}

/** See `Router.estimatedWaitMs`. */
export function estimatedWaitMs(engine: Engine, itemId: ItemId): number | undefined {
  const item = engine.floor.items.get(itemId);
  if (item === undefined) return undefined;
  if (item.offer) return 0;
  const serving = servingNow(item.workClass.servers);
  if (serving === 0) return undefined;
  return Math.ceil(((1 + countBefore(item)) * item.workClass.queue.meanHandleMs) / serving);
}

/** See `Router.expectedWaitMs`. */
export function expectedWaitMs(engine: Engine, queueId: QueueId, medium: Medium): number | undefined {
  const queue = engine.floor.queues.get(queueId);
  if (queue === undefined) return undefined;
  const { servers } = engine.floor.classOf(queue, medium);
  const serving = servingNow(servers);
  if (serving === 0) return undefined;
  const ahead = countWaiting(queue);
  const idle = [...servers].some((set) => set.openCount(medium) > 0);
  if (ahead === 0 && idle) return 0;
  return Math.ceil(((ahead + 1) * queue.meanHandleMs) / serving);
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
  return {
    queueId,
    waiting: countWaiting(queue),
    offered: queue.offered.size,
    oldestQueuedAt: oldest.length === 0 ? null : Math.min(...oldest),
    agents: countAgents(engine, queue),
    meanHandleMs: Math.round(queue.meanHandleMs),
    handled: 0,
    meanPatienceMs: null,
  };
}

/** See `Router.waitingItems`. */
export function waitingItems(engine: Engine, queueId: QueueId): WorkItem[] {
  const queue = engine.floor.queues.get(queueId);
  if (queue === undefined) return [];
  return [...itemsInAnyOrder(queue)].sort(compareItems).map((item) => item.work);
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

function* itemsInAnyOrder(queue: Queue): Iterable<Item> {
  yield* queue.offered;
  for (const work of queue.classes.values()) yield* work.items;
}

function countWaiting(queue: Queue): number {
  let count = queue.offered.size;
  for (const work of queue.classes.values()) count += work.items.size;
  return count;
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

/** Agents who work or are ready, not those on a break. */
function servingNow(servers: Iterable<SkillSet>): number {
  let count = 0;
  for (const set of servers) count += set.onDuty - (set.counts[stateIndex("not_ready")] ?? 0);
  return count;
}
