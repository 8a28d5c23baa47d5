import type { Instant } from "@svara/kernel";
import { emit, type NaiveFloor, offerOf, queueOf, type Waiting } from "./floor.ts";
import { done, endWrapUp, failAttempt } from "./hands.ts";
import { loseOffer, nextQuestion, preferredUntil, settle, sleepsUntil } from "./lines.ts";
import { finish } from "./matching.ts";
import { logOut } from "./people.ts";
import { stepsOf } from "./requirement.ts";

interface Timer {
  readonly due: Instant;
  readonly armed: number;
  fire(): void;
}

/** RT2, RT3: fires everything due up to `at`, each as a step of its own, and moves the clock there. */
export function passUntil(floor: NaiveFloor, at: Instant): void {
  const until = Math.max(at, floor.now);
  for (;;) {
    const [next] = timers(floor).sort((a, b) => a.due - b.due || a.armed - b.armed);
    if (!next || next.due > until) break;
    floor.now = Math.max(floor.now, next.due);
    next.fire();
    finish(floor);
  }
  floor.now = until;
}

function timers(floor: NaiveFloor): Timer[] {
  const list: Timer[] = [];
  const arm = (due: Instant | null, armed: number, fire: () => void): void => {
    if (due !== null) list.push({ due, armed, fire });
  };
  for (const offer of floor.offers) {
    arm(offer.until, offer.armed, () => {
      loseOffer(floor, offer, (named) => emit(floor, { type: "offer.timed_out", ...named }), "rona");
    });
  }
  for (const person of floor.people) {
    arm(person.restUntil, person.restArmed, () => {
      person.restUntil = null;
    });
    arm(person.graceUntil, person.graceArmed, () => {
      emit(floor, { type: "agent.dropped", at: floor.now, agentId: person.config.id });
      logOut(floor, person, "agent_logged_out");
    });
    for (const h of person.inHand) {
      arm(h.until, h.armed, () => {
        if (h.phase === "wrap_up") endWrapUp(floor, person, h, "timeout");
        else if (h.attempting) failAttempt(floor, person, h, "lease");
        else {
          const named = { at: floor.now, itemId: h.itemId, agentId: person.config.id };
          emit(floor, { type: "assignment.expired", ...named });
          done(floor, person, h, false);
        }
      });
    }
  }
  for (const waiting of floor.line) {
    arm(nextClock(floor, waiting), waiting.armed, () => settle(floor, waiting));
  }
  arm(floor.lookAt, floor.lookArmed, () => {
    floor.lookAt = null;
  });
  return list;
}

/** The next instant at which something of a waiting item is due. */
function nextClock(floor: NaiveFloor, waiting: Waiting): Instant | null {
  const queue = queueOf(floor, waiting.item.queueId);
  const { until } = waiting.item.callback ?? {};
  const dues: Instant[] = [];
  if (until !== undefined && !waiting.late) dues.push(until);
  if (queue?.ageing) {
    const { everyMs, by, most } = queue.ageing;
    const seen = Math.floor((waiting.seenAt - waiting.enteredAt) / everyMs);
    const next = waiting.enteredAt + (seen + 1) * everyMs;
    if (seen * by < most) dues.push(Math.max(next, floor.now));
  }
  if (!offerOf(floor, waiting)) {
    if (waiting.dormant) dues.push(sleepsUntil(waiting));
    const step = stepsOf(queue)[waiting.steps];
    if (step) dues.push(waiting.enteredAt + step.afterMs);
    if (waiting.alone && !waiting.dormant) dues.push(preferredUntil(waiting));
    for (const rule of queue?.overflow ?? []) {
      if (waiting.dormant || waiting.settled || waiting.applied.includes(rule.id)) continue;
      const question = nextQuestion(waiting, rule, waiting.askedAt);
      if (question !== null) dues.push(question);
    }
  }
  return dues.length === 0 ? null : Math.min(...dues);
}
