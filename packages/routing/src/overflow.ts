import { isOpen, nextChange } from "@svara/calendar";
import { holdsFor } from "./conditions.ts";
import type { Engine } from "./engine.ts";
import { type Item, NEVER, type OverflowMemory, type Queue } from "./line.ts";
import type { OverflowRule } from "./model.ts";
import { waitOf } from "./waits.ts";

/** The questions of a queue for an item that entered it at `enteredAt`; `applied` are not asked any more. */
export function overflowMemory(queue: Queue, enteredAt: number, applied: string[]): OverflowMemory | null {
  const { overflow } = queue.rules;
  if (overflow.length + applied.length === 0) return null;
  const next = overflow.map(({ rule }) => (applied.includes(rule.id) ? NEVER : enteredAt + rule.afterMs));
  return { next, applied };
}

/**
 * Asks what is due, in the order of the list, up to the first rule that applies (RT80 to RT82), which has then applied once
 * and for all. Undefined: none did.
 */
export function nextOverflow(engine: Engine, item: Item): OverflowRule | undefined {
  const memory = item.overflow;
  if (memory === null) return undefined;
  for (const [i, { rule, when }] of item.queue.rules.overflow.entries()) {
    const due = memory.next[i] ?? NEVER;
    if (due === NEVER || due > engine.now) continue;
    memory.next[i] = nextQuestion(rule, item, engine.now);
    if (when !== null && !holdsFor(when, item.work.facts)) continue;
    if (!holds(engine, item, rule) || !hasTarget(engine, item, rule)) continue;
    memory.next[i] = NEVER;
    memory.applied.push(rule.id);
    return rule;
  }
  return undefined;
}

function nextQuestion({ afterMs, everyMs = 0 }: OverflowRule, { enteredAt }: Item, now: number): number {
  if (everyMs <= 0) return NEVER;
  const rhythm = Math.max(1, everyMs);
  const first = enteredAt + afterMs;
  return first + (Math.floor((now - first) / rhythm) + 1) * rhythm;
}

/** RT81, the cheap conditions first. */
function holds(engine: Engine, item: Item, rule: OverflowRule): boolean {
  const { queue } = item;
  const others = queue.length - 1;
  if (rule.lengthOver !== undefined && others <= rule.lengthOver) return false;
  if (rule.closed && isQueueOpen(queue, engine.now)) return false;
  if (rule.noAgents || rule.perAgentOver !== undefined) {
    const agents = onDutyFor(engine, item);
    if (rule.noAgents && agents > 0) return false;
    if (rule.perAgentOver !== undefined && agents > 0 && others <= rule.perAgentOver * agents) return false;
  }
  if (rule.expectedWaitOverMs === undefined) return true;
  const wait = waitOf(engine, item);
  return wait === null || wait.expectedMs > rule.expectedWaitOverMs;
}

/** The calendar is asked once from change to change: all items of a queue may ask at one instant. */
function isQueueOpen(queue: Queue, now: number): boolean {
  const { hours } = queue.rules;
  if (hours === null) return true;
  if (queue.hours === null || now < queue.hours.from || now >= queue.hours.until) {
    const until = nextChange(hours, now)?.at ?? Number.POSITIVE_INFINITY;
    queue.hours = { isOpen: isOpen(hours, now), from: now, until };
  }
  return queue.hours.isOpen;
}

/** Agents logged in and staying who can serve the item. */
function onDutyFor(engine: Engine, item: Item): number {
  const { workClass: work } = item;
  if (work.mode === "only") {
    const agent = work.owner === null ? undefined : engine.floor.agents.get(work.owner);
    return agent?.countedOnDuty && (agent.set.slots[work.medium] ?? 0) > 0 ? 1 : 0;
  }
  let count = 0;
  for (const set of work.servers) count += set.onDuty;
  return count;
}

/** RT83, RT84: who is to be called back is sent to queues and sites only. */
function hasTarget(engine: Engine, item: Item, { to }: OverflowRule): boolean {
  switch (to.kind) {
    case "queue":
      return engine.floor.queues.has(to.queueId) && !item.visited.includes(to.queueId);
    case "sites":
      return true;
    case "voicemail":
    case "hang_up":
    case "message":
    case "callback":
      return item.work.callback === undefined;
  }
}
