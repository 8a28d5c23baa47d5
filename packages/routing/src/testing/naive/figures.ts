import type { QueueId } from "@svara/kernel";
import type { QueueConfig } from "../../model.ts";
import { type NaiveFloor, offerOf, pastOf, queueOf, type Waiting } from "./floor.ts";
import { gets } from "./matching.ts";
import { onDuty, stateOf } from "./people.ts";
import { canServe, canServeQueue, inOrder } from "./requirement.ts";

/** RT78: those who wait, without who rings or sleeps. */
export function waitingIn(floor: NaiveFloor, queueId: QueueId): Waiting[] {
  return floor.line.filter((w) => w.item.queueId === queueId && !w.dormant && !offerOf(floor, w));
}

export function othersWaiting(floor: NaiveFloor, waiting: Waiting): number {
  return waitingIn(floor, waiting.item.queueId).filter((one) => one !== waiting).length;
}

/** RT43 */
export function meanHandleMs(floor: NaiveFloor, queue: QueueConfig): number {
  const past = pastOf(floor, queue.id);
  return past.handled > 0 ? past.meanHandleMs : (queue.expectedHandleMs ?? 240_000);
}

/** RT87: the item leaves its queue, or becomes a call-back. */
export function teach(floor: NaiveFloor, { item, enteredAt }: Waiting, gone: boolean): void {
  const waitedMs = floor.now - enteredAt;
  if (item.callback || waitedMs <= 0) return;
  const past = pastOf(floor, item.queueId);
  const kept = past.taught++ < 100 ? 1 : 0.99;
  past.waitedMs = past.waitedMs * kept + waitedMs;
  past.gone = past.gone * kept + (gone ? 1 : 0);
}

/** RT42, RT85: null is unknown. */
export function expectedWait(floor: NaiveFloor, waiting: Waiting): number | null {
  const { item, enteredAt } = waiting;
  const queue = queueOf(floor, item.queueId);
  if (!queue || waiting.dormant) return null;
  if (offerOf(floor, waiting)) return 0;
  if (floor.people.some((person) => gets(floor, person, waiting))) return 0;
  const counted = floor.people.filter(
    (person) =>
      onDuty(person) && stateOf(floor, person).state !== "not_ready" && canServe(floor, person, waiting),
  );
  const n = counted.reduce((sum, person) => sum + (person.config.slots[item.medium] ?? 0), 0);
  if (n === 0) return null;
  const inLine = inOrder(floor, waitingIn(floor, queue.id));
  const ahead = inLine.indexOf(waiting);
  const past = pastOf(floor, queue.id);
  const h = Math.max(1, meanHandleMs(floor, queue));
  const p = past.gone > 0 ? Math.max(1, past.waitedMs / past.gone) : Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let i = 0; i <= ahead; i++) sum += 1 / (n / h + i / p);
  const expected = Math.round(sum);
  const others = floor.queues.filter((one) => one !== queue);
  const shared = counted.some((person) => others.some((one) => canServeQueue(person, one)));
  if (!shared || !past.lastServed || floor.now - past.lastServed.at > 600_000) return expected;
  const [head] = inLine;
  const headMs = head ? floor.now - head.enteredAt : 0;
  const seen = Math.max(past.lastServed.waitMs, headMs) - (floor.now - enteredAt);
  return Math.max(expected, seen);
}

/** RT58: null without contacts. */
export function serviceLevel(floor: NaiveFloor, queueId: QueueId): number | null {
  const minute = (at: number): number => Math.floor(at / 60_000);
  const counts = (at: number): boolean => minute(at) > minute(floor.now) - 30;
  const past = pastOf(floor, queueId);
  const answers = past.answers.filter((one) => counts(one.at));
  const all = answers.length + past.goneLate.filter(counts).length;
  return all === 0 ? null : answers.filter((one) => one.inTarget).length / all;
}
