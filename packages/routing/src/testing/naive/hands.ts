import type { Medium, QueueConfig, WrapUpRule } from "../../model.ts";
import { teach } from "./figures.ts";
import {
  emit,
  type InHand,
  type NaiveFloor,
  type Person,
  pastOf,
  queueOf,
  type RingingOffer,
  remove,
  type Waiting,
} from "./floor.ts";
import { enter, hasHome, orphan, returnAfterAttempt } from "./lines.ts";
import { forgetMisses, leaveIfDone } from "./people.ts";

const rings = (phase: string): boolean => phase === "ringing" || phase === "dialing";

/** RT52: work set aside comes back with the phase that it is told meanwhile. */
export function setPhaseAside(h: InHand, byItemId: string, phase: InHand["phase"]): void {
  h.aside = { phase, byItemId };
  if (rings(phase)) return;
  h.attempting = false;
}

/** A new phase of work that goes on; what rings or dials is under a lease (RT55). */
export function setPhase(floor: NaiveFloor, h: InHand, phase: InHand["phase"]): void {
  const lease = rings(phase) && (!rings(h.phase) || h.until === null);
  h.phase = phase;
  h.since = floor.now;
  if (!rings(phase)) {
    h.until = null;
    h.attempting = false;
  } else if (lease) {
    const attemptLeaseMs = queueOf(floor, h.queueId)?.callback?.attemptLeaseMs ?? 120_000;
    h.until = floor.now + (h.attempting ? attemptLeaseMs : floor.rules.assignmentLeaseMs);
    h.armed = ++floor.armed;
  }
}

function newInHand(floor: NaiveFloor, itemId: string, medium: Medium): InHand {
  return {
    itemId,
    medium,
    queueId: null,
    waiting: null,
    phase: "wrap_up",
    aside: null,
    since: floor.now,
    takenAt: floor.now,
    asideMs: 0,
    wrapUpWanted: false,
    forced: false,
    ownRule: null,
    until: null,
    armed: 0,
    attempt: null,
    attempting: false,
  };
}

/** RT16 */
export function accept(floor: NaiveFloor, { waiting, person }: RingingOffer): void {
  const { item } = waiting;
  const queue = queueOf(floor, item.queueId);
  remove(floor.line, waiting);
  waiting.failures = 0;
  waiting.retryAt = null;
  const waitMs = Math.max(0, floor.now - item.queuedAt);
  const past = pastOf(floor, item.queueId);
  if (!item.callback) past.answers.push({ at: floor.now, inTarget: waitMs <= (queue?.targetMs ?? 20_000) });
  leavesServed(floor, waiting);
  emit(floor, {
    type: "offer.accepted",
    at: floor.now,
    itemId: item.id,
    agentId: person.config.id,
    queueId: item.queueId,
    waitMs,
  });
  forgetMisses(person);
  const before = person.inHand.find((one) => one.itemId === item.id);
  if (before?.phase === "wrap_up") tellWrapUpEnd(floor, person, before, "resumed");
  if (before) remove(person.inHand, before);
  if (before && !rings(before.aside?.phase ?? before.phase)) learn(floor, before);
  const h = takeUp(floor, person, item.id, item.medium);
  h.queueId = item.queueId;
  h.waiting = waiting;
  h.ownRule = queue?.wrapUp ?? null;
  if (item.callback) {
    h.attempting = true;
    h.attempt = ++waiting.attempts;
    setPhase(floor, h, "dialing");
  } else setPhase(floor, h, "talking");
}

/** RT85, RT87 */
export function leavesServed(floor: NaiveFloor, waiting: Waiting): void {
  const waitMs = floor.now - waiting.enteredAt;
  pastOf(floor, waiting.item.queueId).lastServed = { at: floor.now, waitMs };
  teach(floor, waiting, false);
}

/** RT34 */
export function assign(
  floor: NaiveFloor,
  person: Person,
  waiting: Waiting | null,
  work: { itemId: string; medium: Medium; queueId?: string; phase?: InHand["phase"]; wrapUp?: WrapUpRule },
): void {
  const again = person.inHand.some((h) => h.itemId === work.itemId);
  const h = takeUp(floor, person, work.itemId, work.medium);
  if (!again) {
    h.queueId = (work.queueId ?? null) as InHand["queueId"];
    h.ownRule = work.wrapUp ?? queueOf(floor, h.queueId)?.wrapUp ?? null;
  }
  if (waiting) {
    h.waiting = waiting;
    waiting.retryAt = null;
    waiting.failures = 0;
  }
  setPhase(floor, h, work.phase ?? "talking");
}

/** A new piece of work in hand, or the one that is being wrapped up (RT48); what it interrupts is set aside (RT52). */
function takeUp(floor: NaiveFloor, person: Person, itemId: string, medium: Medium): InHand {
  let h = person.inHand.find((one) => one.itemId === itemId);
  if (h) {
    tellWrapUpEnd(floor, person, h, "resumed");
    h.until = null;
  } else {
    h = newInHand(floor, itemId, medium);
    person.idleSince = floor.now;
  }
  const interrupts = (person.config.capacity?.interrupts?.[h.medium] ?? []).filter((m) => m !== h.medium);
  for (const other of person.inHand) {
    if (other === h || other.phase === "wrap_up" || other.phase === "interrupted") continue;
    if (!interrupts.includes(other.medium)) continue;
    other.aside = { phase: other.phase, byItemId: itemId };
    other.phase = "interrupted";
    other.since = floor.now;
    other.until = null;
    const named = { at: floor.now, itemId: other.itemId, agentId: person.config.id, byItemId: itemId };
    emit(floor, { type: "item.interrupted", ...named });
  }
  if (!person.inHand.includes(h)) person.inHand.push(h);
  return h;
}

/** RT52: at the end of each step. */
export function resumeAside(floor: NaiveFloor, person: Person): void {
  const interruptedBy = (one: Medium): readonly Medium[] =>
    (person.config.capacity?.interrupts?.[one] ?? []).filter((m) => m !== one);
  const aside = person.inHand.filter((h) => h.phase === "interrupted");
  if (aside.length === 0) return;
  let back = aside.filter((h) => !person.inHand.some((one) => interruptedBy(one.medium).includes(h.medium)));
  if (back.length === 0 && aside.length === person.inHand.length) back = aside;
  for (const h of back) {
    const { phase, byItemId } = h.aside ?? { phase: "talking" as const, byItemId: "" };
    h.asideMs += floor.now - h.since;
    h.aside = null;
    h.until = null;
    setPhase(floor, h, phase);
    const named = { at: floor.now, itemId: h.itemId, agentId: person.config.id, byItemId };
    emit(floor, { type: "item.resumed", ...named });
  }
}

/** RT31, RT35 */
export function endWork(floor: NaiveFloor, person: Person, h: InHand, skip: boolean): void {
  const rule = queueOf(floor, h.queueId)?.wrapUp ?? h.ownRule ?? { mode: "off" };
  const phase = h.aside?.phase ?? h.phase;
  if (h.phase === "interrupted") h.asideMs += floor.now - h.since;
  h.phase = phase;
  h.aside = null;
  const none =
    skip ||
    rule.mode === "off" ||
    (rule.mode === "requested" && !h.wrapUpWanted) ||
    rings(phase) ||
    !person.loggedIn ||
    person.leaving;
  if (none) {
    done(floor, person, h, !rings(phase));
    return;
  }
  h.phase = "wrap_up";
  h.since = floor.now;
  h.forced = rule.mode === "timed_forced";
  h.until = rule.limitMs !== undefined ? floor.now + rule.limitMs : null;
  h.armed = ++floor.armed;
  const named = { at: floor.now, agentId: person.config.id, itemId: h.itemId, queueId: h.queueId };
  emit(floor, { type: "wrapup.started", ...named, until: h.until });
}

type WrapUpEnd = "agent" | "timeout" | "logout" | "resumed" | "supervisor";

function tellWrapUpEnd(floor: NaiveFloor, person: Person, h: InHand, by: WrapUpEnd): void {
  const named = { at: floor.now, agentId: person.config.id, itemId: h.itemId, queueId: h.queueId };
  emit(floor, { type: "wrapup.ended", ...named, by, durationMs: floor.now - h.since });
}

export function endWrapUp(floor: NaiveFloor, person: Person, h: InHand, by: WrapUpEnd): void {
  tellWrapUpEnd(floor, person, h, by);
  done(floor, person, h, true);
}

/** The work is out of the agent's hands; `learns`: its time counts (RT43). */
export function done(floor: NaiveFloor, person: Person, h: InHand, learns: boolean): void {
  remove(person.inHand, h);
  person.idleSince = floor.now;
  if (learns) learn(floor, h);
  leaveIfDone(floor, person);
}

/** RT43 */
function learn(floor: NaiveFloor, h: InHand): void {
  if (h.queueId === null || !queueOf(floor, h.queueId)) return;
  const past = pastOf(floor, h.queueId);
  const asideMs = h.asideMs + (h.phase === "interrupted" ? floor.now - h.since : 0);
  const ms = floor.now - h.takenAt - asideMs;
  past.handled++;
  past.meanHandleMs += (ms - past.meanHandleMs) / Math.min(past.handled, 20);
}

/** RT54 */
export function giveBack(floor: NaiveFloor, person: Person, h: InHand): void {
  remove(person.inHand, h);
  const { waiting } = h;
  if (!waiting) return;
  const { item } = waiting;
  if (floor.line.some((one) => one.item.id === item.id)) return;
  const named = { at: floor.now, itemId: item.id, queueId: item.queueId, queuedAt: item.queuedAt };
  if (!hasHome(floor, item)) return orphan(floor, item);
  emit(floor, { type: "item.returned", ...named });
  const handledBy = [...(item.handledBy ?? []), person.config.id];
  enter(floor, waiting, { ...item, preferredAgentId: person.config.id, handledBy });
}

/** RT90: the attempt had no success. */
export function failAttempt(
  floor: NaiveFloor,
  person: Person,
  h: InHand,
  outcome: "busy" | "no_answer" | "machine" | "failed" | "lease",
): void {
  const { waiting, attempt } = h;
  if (!waiting || attempt === null) return;
  const again = floor.line.some((one) => one.item.id === h.itemId);
  const queue: QueueConfig | undefined = queueOf(floor, waiting.item.queueId);
  const { maxAttempts, retryMs } = queue?.callback ?? { maxAttempts: 3, retryMs: 300_000 };
  const home = hasHome(floor, waiting.item);
  const nextAt = home && !again && attempt < maxAttempts ? floor.now + retryMs : null;
  const named = { at: floor.now, itemId: h.itemId, agentId: person.config.id };
  emit(floor, { type: "callback.failed", ...named, attempt, outcome, nextAt });
  if (nextAt !== null) returnAfterAttempt(floor, waiting, nextAt);
  else if (!home && !again && attempt < maxAttempts) orphan(floor, waiting.item);
  done(floor, person, h, false);
}
