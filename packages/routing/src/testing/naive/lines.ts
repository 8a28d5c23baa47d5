import { isOpen as isOpenAt } from "@svara/calendar";
import type { Instant } from "@svara/kernel";
import type { OfferWithdrawReason } from "../../decision.ts";
import type { OverflowRule, WorkItem } from "../../model.ts";
import { expectedWait, othersWaiting, teach } from "./figures.ts";
import {
  emit,
  type NaiveFloor,
  offerOf,
  type Person,
  personOf,
  queueOf,
  type RingingOffer,
  remove,
  type Waiting,
} from "./floor.ts";
import { isOpen, onDuty, present } from "./people.ts";
import { canServe, holds, inOrder, stepsOf } from "./requirement.ts";

/** An item that comes to the router. */
export function comes(item: WorkItem): Waiting {
  return {
    item,
    visited: [],
    attempts: 0,
    retryAt: null,
    failures: 0,
    dormant: false,
    late: false,
    enteredAt: 0,
    armed: 0,
    steps: 0,
    alone: false,
    preferredWaitMs: 0,
    sites: null,
    applied: [],
    settled: false,
    askedAt: 0,
    seenAt: 0,
  };
}

/** RT67: whether it may wait at all. */
export function hasHome(floor: NaiveFloor, { queueId, onlyAgentId }: WorkItem): boolean {
  if (onlyAgentId !== undefined && (personOf(floor, onlyAgentId)?.retired ?? true)) return false;
  return queueOf(floor, queueId) !== undefined;
}

/** RT37, RT40 */
export function orphan(floor: NaiveFloor, { id: itemId, queueId, queuedAt }: WorkItem): void {
  emit(floor, { type: "item.orphaned", at: floor.now, itemId, queueId, queuedAt });
}

/** The item, as it is now, enters its queue. */
export function enter(floor: NaiveFloor, waiting: Waiting, item: WorkItem): void {
  if (!floor.line.includes(waiting)) floor.line.push(waiting);
  waiting.item = item;
  waiting.visited.push(item.queueId);
  waiting.enteredAt = floor.now;
  waiting.armed = ++floor.armed;
  waiting.steps = 0;
  waiting.alone = item.preferredAgentId !== undefined;
  waiting.preferredWaitMs = item.preferredWaitMs ?? queueOf(floor, item.queueId)?.preferredWaitMs ?? 0;
  waiting.sites = null;
  waiting.applied = [];
  waiting.settled = false;
  waiting.askedAt = floor.now - 1;
  settle(floor, waiting);
  floor.lineChanged ||= !waiting.dormant;
}

/** When it may be offered at the earliest. */
export function sleepsUntil({ item, retryAt }: Waiting): Instant {
  return Math.max(item.callback?.from ?? 0, retryAt ?? 0);
}

/** RT66, as far as time goes: the wait is that of the queue when the item entered it. */
export function preferredUntil({ item, enteredAt, preferredWaitMs }: Waiting): Instant {
  return Math.max(enteredAt, item.callback?.from ?? enteredAt) + preferredWaitMs;
}

/** Takes what is due of an item, dormancy and steps, and puts it on the list of those to be asked about overflow. */
export function settle(floor: NaiveFloor, waiting: Waiting): void {
  floor.asking.push(waiting);
  waiting.seenAt = floor.now;
  if (offerOf(floor, waiting)) return;
  const asleep = sleepsUntil(waiting) > floor.now;
  if (waiting.dormant && !asleep) floor.lineChanged = true;
  waiting.dormant = asleep;
  takeSteps(floor, waiting);
}

/** RT80, RT91: at the end of a step, before anything is offered. */
export function askQuestions(floor: NaiveFloor): void {
  const asked: Waiting[] = [];
  for (let next = floor.asking.shift(); next; next = floor.asking.shift()) {
    asked.push(next);
    if (floor.line.includes(next) && !offerOf(floor, next) && !next.dormant) askOverflow(floor, next);
  }
  for (const waiting of asked) tellLate(floor, waiting);
}

function tellLate(floor: NaiveFloor, waiting: Waiting): void {
  const { id: itemId, queueId, callback } = waiting.item;
  if (waiting.late || callback?.until === undefined || callback.until > floor.now) return;
  if (!floor.line.includes(waiting)) return;
  waiting.late = true;
  emit(floor, { type: "callback.late", at: floor.now, itemId, queueId, until: callback.until });
}

/** RT61 */
function takeSteps(floor: NaiveFloor, waiting: Waiting): void {
  const { id: itemId, queueId } = waiting.item;
  const steps = stepsOf(queueOf(floor, queueId));
  const due = steps.filter((step) => waiting.enteredAt + step.afterMs <= floor.now).length;
  for (let step = waiting.steps + 1; step <= due; step++) {
    floor.lineChanged ||= !waiting.dormant;
    emit(floor, { type: "item.stepped", at: floor.now, itemId, queueId, step });
  }
  waiting.steps = due;
}

/** The next instant after `after` at which a rule is asked. */
export function nextQuestion({ enteredAt }: Waiting, rule: OverflowRule, after: Instant): Instant | null {
  const first = enteredAt + rule.afterMs;
  if (first > after) return first;
  if (!rule.everyMs) return null;
  return first + (Math.floor((after - first) / rule.everyMs) + 1) * rule.everyMs;
}

/** RT80..RT84 */
function askOverflow(floor: NaiveFloor, waiting: Waiting): void {
  const { item, askedAt } = waiting;
  const { queueId } = item;
  waiting.askedAt = floor.now;
  for (const rule of queueOf(floor, queueId)?.overflow ?? []) {
    if (waiting.settled || waiting.applied.includes(rule.id)) continue;
    const due = nextQuestion(waiting, rule, askedAt);
    if (due === null || due > floor.now || !applies(floor, waiting, rule)) continue;
    waiting.applied.push(rule.id);
    const { to } = rule;
    const left = to.kind === "voicemail" || to.kind === "hang_up" || (to.kind === "message" && to.leaves);
    emit(floor, {
      type: "item.overflowed",
      at: floor.now,
      itemId: item.id,
      queueId,
      rule: rule.id,
      to,
      left,
    });
    if (left) {
      waiting.settled = true;
      teach(floor, waiting, false);
      remove(floor.line, waiting);
    } else if (to.kind === "queue") {
      teach(floor, waiting, false);
      const priority = to.priority === undefined ? {} : { priority: to.priority };
      enter(floor, waiting, { ...item, queueId: to.queueId, initiation: "overflow", ...priority });
      return;
    } else if (to.kind === "sites") {
      waiting.sites = to.siteIds;
      floor.lineChanged = true;
    }
  }
}

function applies(floor: NaiveFloor, waiting: Waiting, rule: OverflowRule): boolean {
  const { item } = waiting;
  const { to } = rule;
  if (item.callback && to.kind !== "queue" && to.kind !== "sites") return false;
  const staff = floor.people.filter((person) => onDuty(person) && canServe(floor, person, waiting)).length;
  const others = othersWaiting(floor, waiting);
  if (to.kind === "queue" && (!queueOf(floor, to.queueId) || waiting.visited.includes(to.queueId)))
    return false;
  if (rule.expectedWaitOverMs !== undefined) {
    const expected = expectedWait(floor, waiting);
    if (expected !== null && expected <= rule.expectedWaitOverMs) return false;
  }
  if (rule.lengthOver !== undefined && others <= rule.lengthOver) return false;
  if (rule.perAgentOver !== undefined && staff > 0 && others / staff <= rule.perAgentOver) return false;
  if (rule.noAgents && staff > 0) return false;
  if (rule.closed) {
    const hours = queueOf(floor, item.queueId)?.hours;
    if (!hours || isOpenAt(hours, floor.now)) return false;
  }
  return rule.when === undefined || holds(rule.when, item.facts);
}

/** The offer is over; `back`: the item waits again in its line. */
export function withdrawOffer(
  floor: NaiveFloor,
  offer: RingingOffer,
  reason: OfferWithdrawReason,
  back: boolean,
): void {
  remove(floor.offers, offer);
  offer.waiting.failures = 0;
  const named = { at: floor.now, itemId: offer.waiting.item.id, agentId: offer.person.config.id };
  emit(floor, { type: "offer.withdrawn", ...named, reason });
  if (back) returnToLine(floor, offer.waiting);
}

export function withdrawItem(floor: NaiveFloor, waiting: Waiting, reason: OfferWithdrawReason): void {
  const offer = offerOf(floor, waiting);
  if (offer) withdrawOffer(floor, offer, reason, false);
}

/** RT17, RT18, RT49 */
export function loseOffer(
  floor: NaiveFloor,
  offer: RingingOffer,
  tell: (named: { at: Instant; itemId: string; agentId: string }) => void,
  why: "rona" | "refused" | "offer_failed" | "our_failure",
): void {
  const { waiting, person } = offer;
  remove(floor.offers, offer);
  tell({ at: floor.now, itemId: waiting.item.id, agentId: person.config.id });
  waiting.failures = why === "our_failure" ? waiting.failures + 1 : 0;
  if (why === "our_failure" && waiting.failures >= 3) waiting.retryAt = floor.now + 5_000;
  if (why === "our_failure" || (why === "rona" && ++person.misses < floor.rules.missesAllowed)) {
    const { restAfterMissMs } = floor.rules;
    if (restAfterMissMs > 0) {
      person.restUntil = floor.now + restAfterMissMs;
      person.restReason = why === "rona" ? "rona" : "offer_failed";
      person.restArmed = ++floor.armed;
    }
  } else if (person.presence.state === "available") {
    present(floor, person, { state: "not_ready", reason: why, paid: true, productive: false }, "system");
  }
  returnToLine(floor, waiting);
}

function returnToLine(floor: NaiveFloor, waiting: Waiting): void {
  const { id: itemId, queueId, queuedAt } = waiting.item;
  emit(floor, { type: "item.returned", at: floor.now, itemId, queueId, queuedAt });
  settle(floor, waiting);
  floor.lineChanged ||= !waiting.dormant;
}

/** RT90: at its place again, dormant until `nextAt`. */
export function returnAfterAttempt(floor: NaiveFloor, waiting: Waiting, nextAt: Instant): void {
  const { until } = waiting.item.callback ?? {};
  if (until !== undefined && until <= floor.now) waiting.late = true;
  waiting.retryAt = nextAt;
  waiting.askedAt = waiting.enteredAt - 1;
  floor.line.push(waiting);
  settle(floor, waiting);
  floor.lineChanged ||= !waiting.dormant;
}

/** RT2: at the very instant it has come only once the item's clock was looked at. */
export function hasCome(floor: NaiveFloor, { seenAt }: Waiting, due: Instant): boolean {
  return due < floor.now || (due === floor.now && seenAt === due);
}

/** RT66: its preferred agent is there to be waited for. */
function isHeld(floor: NaiveFloor, waiting: Waiting): boolean {
  const preferred = personOf(floor, waiting.item.preferredAgentId);
  return (
    waiting.alone &&
    preferred !== undefined &&
    onDuty(preferred) &&
    canServe(floor, preferred, waiting) &&
    !hasCome(floor, waiting, preferredUntil(waiting))
  );
}

/** Whether it could be offered to a person now, but for RT56. */
export function couldGet(floor: NaiveFloor, person: Person, waiting: Waiting): boolean {
  return (
    !offerOf(floor, waiting) &&
    !waiting.dormant &&
    (!isHeld(floor, waiting) || waiting.item.preferredAgentId === person.config.id) &&
    isOpen(floor, person, waiting.item.medium) &&
    canServe(floor, person, waiting)
  );
}

/** RT66: once nobody is there to wait for, everybody may have it. */
export function breakHolds(floor: NaiveFloor): void {
  for (const waiting of floor.line) {
    if (!waiting.alone || waiting.dormant || offerOf(floor, waiting)) continue;
    if (isHeld(floor, waiting)) continue;
    waiting.alone = false;
    floor.lineChanged = true;
  }
}

/** RT41 */
export function positionOf(floor: NaiveFloor, waiting: Waiting): number {
  const line = floor.line.filter((one) => one.item.queueId === waiting.item.queueId);
  const counts = inOrder(floor, line).filter((one) => one === waiting || !one.dormant);
  return counts.indexOf(waiting) + 1;
}
