import type { Agent } from "./agent.ts";
import type { Explanation, OfferWithdrawReason } from "./decision.ts";
import type { Engine } from "./engine.ts";
import { handlingOf } from "./handling.ts";
import type { Input, OfferFailure } from "./input.ts";
import type { Item } from "./line.ts";
import { Offer } from "./offer.ts";
import { forgive, noteMiss, rest, setSystemPresence } from "./presence.ts";
import { ring, unring } from "./standing.ts";
import { take } from "./taking.ts";
import { backInLine, leaveRouter } from "./waiting.ts";
import { endLivePart, endWrapUp } from "./wrap-up.ts";

const SHORTEST_RING_MS = 1; // so that time passes where an item is offered and comes back for ever

const FAILURES_BORNE = 2; // the next of our own in a row may be the item's fault, and it must not take every agent in turn
const FAILURE_PAUSE_MS = 5_000; // a trunk or a media server has time to recover, a caller does not notice much

type OfferInput = Extract<Input, { readonly offerId: string }>;

/** Presents the item to the agent, under a lease of the queue's ring time. Only a listener goes without an explanation. */
export function makeOffer(engine: Engine, item: Item, agent: Agent, explain: Explanation | null): void {
  const { queue } = item;
  engine.touch(agent);
  const count = ++engine.offerCount;
  const offer = new Offer(engine.offerIds, item, agent, {
    madeAt: engine.now,
    expiresAt: engine.now + Math.max(SHORTEST_RING_MS, queue.config.ringTimeoutMs),
    count,
  });
  offer.timer = engine.timers.add(offer.expiresAt, offer);
  engine.floor.offers.add(offer);
  ring(engine, item);
  item.offer = offer;
  agent.offer = offer;
  agent.lastOfferSeq = count;
  if (explain === null || engine.listener !== null) {
    engine.listener?.offered(offer);
    return;
  }
  const told = {
    type: "offer",
    at: engine.now,
    offerId: offer.id,
    itemId: item.id,
    agentId: agent.id,
    queueId: queue.id,
    medium: item.work.medium,
    expiresAt: offer.expiresAt,
    explain,
  } as const;
  engine.keep(item.work.callback === undefined ? told : { ...told, callbackAttempt: item.attempts + 1 });
}

/** An outcome that the runtime tells. Only the first counts. */
export function handleOfferInput(engine: Engine, input: OfferInput): void {
  const offer = engine.floor.offers.get(input.offerId);
  if (offer === undefined) {
    engine.ignore(input.type, "stale_offer", input.offerId);
    return;
  }
  if (input.type === "offer.accepted") {
    acceptOffer(engine, offer);
    return;
  }
  const { failures } = offer.item;
  conclude(engine, offer);
  const { item, agent } = offer;
  const named = { at: engine.now, offerId: offer.id, itemId: item.id, agentId: agent.id };
  switch (input.type) {
    case "offer.refused":
      engine.emit({ type: "offer.refused", ...named });
      setSystemPresence(engine, agent, "refused");
      backInLine(engine, item);
      return;
    case "offer.failed":
      engine.emit({ type: "offer.failed", ...named, reason: input.reason });
      if (isOurDoing(input.reason)) {
        rest(engine, agent, "offer_failed");
        item.failures = failures + 1;
        if (item.failures > FAILURES_BORNE) item.dormantUntil = engine.now + FAILURE_PAUSE_MS;
      } else {
        setSystemPresence(engine, agent, "offer_failed");
      }
      backInLine(engine, item);
      return;
  }
}

/** Neither the agent nor the phone could help it (RT18). */
function isOurDoing(reason: OfferFailure): boolean {
  return reason === "switch_error" || reason === "no_route";
}

/** The item leaves the line: the agent talks, or dials where nobody is on the line. */
export function acceptOffer(engine: Engine, offer: Offer): void {
  conclude(engine, offer);
  const { item, agent } = offer;
  const { queue } = item;
  leaveRouter(engine, item, "answered");
  if (engine.listener !== null) engine.listener.accepted(offer, engine.now);
  else {
    engine.keep({
      type: "offer.accepted",
      at: engine.now,
      offerId: offer.id,
      itemId: item.id,
      agentId: agent.id,
      queueId: queue.id,
      waitMs: Math.max(0, engine.now - item.queuedAt),
    });
  }
  forgive(engine, agent);
  const before = handlingOf(agent, item.id);
  if (before?.phase === "wrap_up") endWrapUp(engine, agent, before, "resumed");
  else if (before) endLivePart(engine, agent, before, true);
  const isCallback = item.work.callback !== undefined;
  if (isCallback) item.attempts++;
  take(engine, agent, {
    itemId: item.id,
    medium: item.work.medium,
    queueId: queue.id,
    phase: isCallback ? "dialing" : "talking",
    wrapUp: queue.config.wrapUp,
    waiting: item,
    attempt: isCallback ? item.attempts : 0,
  });
}

/** The lease ran out (RONA): the agent stops getting work before the item looks for the next one. */
export function timeOutOffer(engine: Engine, offer: Offer): void {
  const { item, agent } = offer;
  conclude(engine, offer);
  engine.emit({
    type: "offer.timed_out",
    at: engine.now,
    offerId: offer.id,
    itemId: item.id,
    agentId: agent.id,
  });
  noteMiss(engine, agent);
  backInLine(engine, item);
}

/** Takes an offer back; the item is then with nobody, and the caller says where it goes. */
export function withdrawOffer(engine: Engine, offer: Offer, reason: OfferWithdrawReason): void {
  conclude(engine, offer);
  engine.emit({
    type: "offer.withdrawn",
    at: engine.now,
    offerId: offer.id,
    itemId: offer.item.id,
    agentId: offer.agent.id,
    reason,
  });
}

/** Takes the agent's offer back, if there is one, because of the agent; the item returns to its place. */
export function withdrawFromAgent(engine: Engine, agent: Agent, reason: OfferWithdrawReason): void {
  const offer = agent.offer;
  if (offer === null) return;
  withdrawOffer(engine, offer, reason);
  backInLine(engine, offer.item);
}

function conclude(engine: Engine, offer: Offer): void {
  const { item, agent } = offer;
  if (offer.timer) engine.timers.cancel(offer.timer);
  offer.timer = null;
  engine.floor.offers.remove(offer);
  unring(item);
  item.offer = null;
  item.failures = 0;
  engine.touch(agent);
  agent.offer = null;
}
