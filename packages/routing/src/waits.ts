import { stateIndex } from "./agent.ts";
import type { Engine } from "./engine.ts";
import { estimateWait, LAST_SERVED_COUNTS_MS, type WaitHistory } from "./estimate.ts";
import { compareItems, type Item, type Queue, type WorkClass } from "./line.ts";
import { canBeOffered } from "./matching.ts";
import type { Medium, WaitEstimate } from "./model.ts";
import { meanPatienceMs } from "./patience.ts";
import type { SkillSet } from "./skill-set.ts";

/** The wait that is to be expected of an item from now (RT42, RT85); null: unknown. */
export function waitOf(engine: Engine, item: Item): WaitEstimate | null {
  if (item.dormantUntil !== null) return null;
  const { queue, workClass: work } = item;
  const ahead = countAhead(item);
  return estimateWait({
    position: 1 + queue.offered.rank(item) + ahead,
    ringing: item.offer !== null,
    openNow: item.offer === null && canBeOffered(engine, work),
    ahead,
    servers: slotsFor(engine, work),
    meanHandleMs: queue.meanHandleMs,
    meanPatienceMs: meanPatienceMs(queue.patience),
    waitedMs: engine.now - item.enteredAt,
    history: historyOf(engine, queue, work),
  });
}

/** The same for an item that would join the end of the line now and ask nothing of its own. */
export function waitToJoin(engine: Engine, queue: Queue, medium: Medium): WaitEstimate | null {
  const work = engine.floor.classOf(queue, medium);
  return estimateWait({
    position: 1 + queue.offered.size + queue.length,
    ringing: false,
    openNow: queue.length === 0 && canBeOffered(engine, work),
    ahead: queue.length,
    servers: slotsFor(engine, work),
    meanHandleMs: queue.meanHandleMs,
    meanPatienceMs: meanPatienceMs(queue.patience),
    waitedMs: 0,
    history: historyOf(engine, queue, work),
  });
}

/** The place in the queue as it is told: those that ring count, dormant ones do not (RT41). */
export function positionOf(item: Item): number {
  return 1 + item.queue.offered.rank(item) + countAhead(item);
}

function countAhead(item: Item): number {
  let ahead = 0;
  for (const { items } of item.queue.classes.values()) ahead += items.rank(item);
  return ahead;
}

/** The skill sets of those who can serve the class, with how many of each are at work or ready. */
function* serving(engine: Engine, work: WorkClass): Iterable<readonly [SkillSet, number]> {
  if (work.mode === "only") {
    const owner = work.owner === null ? undefined : engine.floor.agents.get(work.owner);
    if (owner?.countedOnDuty && owner.countedState !== "not_ready") yield [owner.set, 1];
    return;
  }
  for (const set of work.servers) {
    const agents = set.onDuty - (set.counts[stateIndex("not_ready")] ?? 0);
    if (agents > 0) yield [set, agents];
  }
}

function slotsFor(engine: Engine, work: WorkClass): number {
  let slots = 0;
  for (const [set, agents] of serving(engine, work)) slots += agents * (set.slots[work.medium] ?? 0);
  return slots;
}

/** Where the agents serve others too, what is ahead says less than what others waited. */
function historyOf(engine: Engine, queue: Queue, work: WorkClass): WaitHistory | null {
  const { lastServed } = queue;
  if (lastServed === null || engine.now - lastServed.at > LAST_SERVED_COUNTS_MS) return null;
  for (const [set] of serving(engine, work)) {
    if (!servesAnother(engine, set, queue)) continue;
    return { lastServedMs: lastServed.waitMs, headOfLineMs: headWait(engine, queue) };
  }
  return null;
}

function servesAnother(engine: Engine, set: SkillSet, queue: Queue): boolean {
  for (const other of set.serves.keys())
    if (other !== queue && engine.floor.canServe(set, other)) return true;
  return false;
}

function headWait(engine: Engine, queue: Queue): number | null {
  let head: Item | undefined;
  for (const { items } of queue.classes.values()) {
    const first = items.first();
    if (first !== undefined && (head === undefined || compareItems(first, head) < 0)) head = first;
  }
  return head === undefined ? null : engine.now - head.enteredAt;
}
