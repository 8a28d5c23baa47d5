import type { QueueStay } from "@svara/contracts";
import type { AgentId, ContactId, QueueId } from "@svara/kernel";
import type { LedgerEvent, OfferCandidate } from "@svara/ledger";

export interface QueueStayNames {
  agent(id: AgentId): { readonly id: string; readonly name: string };
  queue(id: QueueId): { readonly id: string; readonly name: string };
  /** Whether the reader may know of this contact, which competed for an agent. */
  knows(id: ContactId): boolean;
}

type Offer = QueueStay["offers"][number];
type OfferEnd = LedgerEvent<"offer.accepted" | "offer.refused" | "offer.timed_out" | "offer.withdrawn">;

/** Why the customer waited and why these agents were asked: the events of one contact, in order, told by stays in queues. */
export function queueStaysOf(events: readonly LedgerEvent[], names: QueueStayNames): QueueStay[] {
  const stays: { queueId: QueueId; stay: QueueStay }[] = [];
  const current = (queueId: QueueId | undefined): QueueStay | undefined =>
    stays.findLast((one) => one.queueId === queueId)?.stay;

  for (const event of events) {
    switch (event.type) {
      case "queue.entered": {
        const { queueId, at, payload } = event;
        const { initiation } = payload;
        stays.push({
          queueId,
          stay: { ...EMPTY_STAY(), queue: names.queue(queueId), initiation, enteredAt: at },
        });
        break;
      }
      case "queue.left": {
        const stay = current(event.queueId);
        if (stay) Object.assign(stay, { leftAt: event.at, ...leaving(event) });
        break;
      }
      case "wait.predicted": {
        const stay = current(event.queueId);
        if (stay) stay.predicted = { ...event.payload };
        break;
      }
      case "routing.stepped":
        current(event.queueId)?.steps.push({ at: event.at, step: event.payload.step });
        break;
      case "routing.overflowed": {
        const { rule, to, toQueueId, left } = event.payload;
        const queue = toQueueId === undefined ? null : names.queue(toQueueId);
        current(event.queueId)?.overflows.push({ at: event.at, rule, to, queue, left });
        break;
      }
      case "offer.made":
        current(event.queueId)?.offers.push(offerOf(event, names));
        break;
      case "offer.accepted":
      case "offer.refused":
      case "offer.timed_out":
      case "offer.withdrawn":
        endOffer(
          stays.flatMap(({ stay }) => stay.offers),
          event,
        );
        break;
    }
  }
  return stays.map(({ stay }) => stay);
}

const EMPTY_STAY = () => ({
  leftAt: null,
  outcome: null,
  waitMs: null,
  predicted: null,
  steps: [],
  overflows: [],
  offers: [],
});

function leaving({ payload }: LedgerEvent<"queue.left">): Pick<QueueStay, "outcome" | "waitMs"> {
  return { outcome: payload.outcome, waitMs: payload.waitMs };
}

function endOffer(offers: readonly Offer[], event: OfferEnd): void {
  const offer = offers.findLast(({ offerId }) => offerId === event.payload.offerId);
  if (!offer) return;
  offer.outcome = event.type.slice("offer.".length) as Offer["outcome"];
  offer.ringMs = event.payload.ringMs;
}

function offerOf(event: LedgerEvent<"offer.made">, names: QueueStayNames): Offer {
  const { offerId, explain } = event.payload;
  return {
    offerId,
    agent: names.agent(event.agentId),
    madeAt: event.at,
    ringMs: null,
    outcome: "ringing",
    choice: explain?.choice ?? "unknown",
    strategy: explain?.strategy ?? "none",
    rankedBy: [...(explain?.rankedBy ?? [])],
    candidates: (explain?.candidates ?? []).map((candidate) => candidateOf(candidate, names)),
    considered: explain?.considered ?? null,
    step: explain?.step ?? null,
    rules: explain?.rules ?? null,
    engineVersion: String(explain?.engineVersion ?? ""),
    trade: explain?.trade
      ? { quality: names.agent(explain.trade.quality), efficiency: names.agent(explain.trade.efficiency) }
      : null,
  };
}

function candidateOf({ agentId, contactId, rank }: OfferCandidate, names: QueueStayNames) {
  return {
    agent: agentId === undefined ? null : names.agent(agentId),
    contactId: contactId !== undefined && names.knows(contactId) ? contactId : null,
    rank: [...rank],
  };
}

/** The other contacts that competed for an agent in these events. */
export function rivalsIn(events: readonly LedgerEvent[]): ContactId[] {
  const rivals = new Set<ContactId>();
  for (const event of events)
    if (event.type === "offer.made")
      for (const { contactId } of event.payload.explain?.candidates ?? [])
        if (contactId !== undefined) rivals.add(contactId);
  return [...rivals];
}
