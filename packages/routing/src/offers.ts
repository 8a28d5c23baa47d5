import type { Agent, Offer } from "./agent.ts";
import type { Explanation, OfferWithdrawReason } from "./decision.ts";
import type { Engine } from "./engine.ts";
import { startHandling } from "./handling.ts";
import type { Input } from "./input.ts";
import type { Item } from "./line.ts";
import { offerId } from "./offer-id.ts";
import { setPresence, systemPresence } from "./presence.ts";

type OfferInput = Extract<Input, { readonly offerId: string }>;

/** Presents the item to the agent, under a lease of the queue's ring time. */
export function makeOffer(engine: Engine, item: Item, agent: Agent, explain: Explanation): void {
  const { queue } = item.workClass;
  engine.touch(agent);
  const offer: Offer = {
    id: offerId(engine.now, engine.epoch, engine.digest, ++engine.offerCount),
    item,
    agent,
    expiresAt: engine.now + queue.config.ringTimeoutMs,
    timer: null,
  };
  offer.timer = engine.timers.add(offer.expiresAt, { kind: "offer", offer });
  engine.floor.offers.set(offer.id, offer);
  item.workClass.items.remove(item);
  queue.offered.add(item);
  item.offer = offer;
  agent.offer = offer;
  engine.emit({
    type: "offer",
    at: engine.now,
    offerId: offer.id,
    itemId: item.id,
    agentId: agent.id,
    queueId: queue.id,
    medium: item.work.medium,
    expiresAt: offer.expiresAt,
    explain,
  });
}

/** An outcome that the runtime tells. Only the first counts. */
export function handleOfferInput(engine: Engine, input: OfferInput): void {
  const offer = engine.floor.offers.get(input.offerId);
  if (offer === undefined) {
    engine.ignore(input.type, "stale_offer", input.offerId);
    return;
  }
  const { item, agent } = offer;
  const named = { at: engine.now, offerId: offer.id, itemId: item.id, agentId: agent.id };
  conclude(engine, offer);
  switch (input.type) {
    case "offer.accepted": {
      const { queue } = item.workClass;
      engine.floor.items.delete(item.id);
      engine.emit({
        type: "offer.accepted",
        ...named,
        queueId: queue.id,
        waitMs: Math.max(0, engine.now - item.queuedAt),
      });
      startHandling(engine, agent, {
        itemId: item.id,
        medium: item.work.medium,
        queueId: queue.id,
        phase: "talking",
        wrapUp: queue.config.wrapUp,
      });
      return;
    }
    case "offer.refused":
      engine.emit({ type: "offer.refused", ...named });
      setPresence(engine, agent, systemPresence("refused"), "system");
      giveBack(engine, item);
      return;
    case "offer.failed":
      engine.emit({ type: "offer.failed", ...named, reason: input.reason });
      setPresence(engine, agent, systemPresence("offer_failed"), "system");
      giveBack(engine, item);
      return;
  }
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
  setPresence(engine, agent, systemPresence("rona"), "system");
  giveBack(engine, item);
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
  giveBack(engine, offer.item);
}

function conclude(engine: Engine, offer: Offer): void {
  const { item, agent } = offer;
  if (offer.timer) engine.timers.cancel(offer.timer);
  offer.timer = null;
  engine.floor.offers.delete(offer.id);
  item.workClass.queue.offered.remove(item);
  item.offer = null;
  engine.touch(agent);
  agent.offer = null;
}

function giveBack(engine: Engine, item: Item): void {
  const work = item.workClass;
  work.items.add(item);
  engine.markDirty(work);
  engine.emit({
    type: "item.returned",
    at: engine.now,
    itemId: item.id,
    queueId: work.queue.id,
    queuedAt: item.queuedAt,
  });
}
