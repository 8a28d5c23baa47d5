import type { QueueId } from "@svara/kernel";
import type { QueueConfig } from "../model.ts";

/** A round of overflows, from a queue back to it, with the rule by which it begins. */
export interface OverflowLoop {
  readonly queueIds: readonly QueueId[];
  /** Where the rule stands in the first queue. */
  readonly rule: number;
}

type Edges = ReadonlyMap<QueueId, readonly QueueId[]>;

/** One shortest round for each knot of queues that lead to each other, from its least id. Itself alone is no round. */
export function overflowLoops(queues: ReadonlyMap<QueueId, QueueConfig>): OverflowLoop[] {
  const leads = edgesOf(queues);
  const comes = reversed(leads);
  const loops: OverflowLoop[] = [];
  const told = new Set<QueueId>();
  for (const id of [...queues.keys()].sort()) {
    if (told.has(id)) continue;
    const before = reachedFrom(id, comes);
    if (!before.has(id)) continue;
    for (const other of reachedFrom(id, leads).keys()) if (before.has(other)) told.add(other);
    const queueIds = shortestRound(id, leads);
    const overflow = queues.get(id)?.overflow ?? [];
    const second = queueIds[1];
    loops.push({
      queueIds,
      rule: overflow.findIndex(({ to }) => to.kind === "queue" && to.queueId === second),
    });
  }
  return loops;
}

function edgesOf(queues: ReadonlyMap<QueueId, QueueConfig>): Edges {
  const edges = new Map<QueueId, QueueId[]>();
  for (const [id, { overflow = [] }] of queues) {
    const targets = overflow.flatMap(({ to }) => (to.kind === "queue" ? [to.queueId] : []));
    edges.set(
      id,
      targets.filter((target) => target !== id && queues.has(target)),
    );
  }
  return edges;
}

function reversed(edges: Edges): Edges {
  const comes = new Map<QueueId, QueueId[]>();
  for (const [id, targets] of edges) {
    for (const target of targets) comes.set(target, [...(comes.get(target) ?? []), id]);
  }
  return comes;
}

/** All that can be reached by one step or more, nearest first, each with what it was first reached from. */
function reachedFrom(start: QueueId, edges: Edges): Map<QueueId, QueueId> {
  const cameFrom = new Map<QueueId, QueueId>();
  const waiting = [start];
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    for (const target of edges.get(id) ?? []) {
      if (cameFrom.has(target)) continue;
      cameFrom.set(target, id);
      waiting.push(target);
    }
  }
  return cameFrom;
}

/** From the queue back to it, which must be possible. */
function shortestRound(start: QueueId, edges: Edges): QueueId[] {
  const cameFrom = reachedFrom(start, edges);
  const round: QueueId[] = [];
  let id = start;
  do {
    id = cameFrom.get(id) ?? start;
    round.unshift(id);
  } while (id !== start);
  return round;
}
