import type { LegPurpose, RouterEffect } from "@svara/conversation";
import type { AgentId, Clock, ContactId, QueueId } from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import type { Decision, Input, ItemId, OfferFailure, Tier, WorkItem } from "@svara/routing";
import type { Callbacks } from "./callbacks.ts";
import type { CentreModel } from "./centre-model.ts";
import type { AgentPart } from "./contact-facts.ts";
import { itemOf } from "./item-id.ts";
import type { LiveContact } from "./live-contact.ts";
import type { LiveContacts } from "./live-contacts.ts";
import type { RouterLink } from "./router-link.ts";
import { customerFacts, routingFacts } from "./routing-facts.ts";

export interface RouterWorkDeps {
  readonly clock: Clock;
  readonly contacts: LiveContacts;
  readonly link: () => RouterLink;
  readonly changed: (contact: LiveContact) => void;
  /** A contact has left this agent's hands. */
  readonly agentFree: (agentId: AgentId) => void;
  readonly model: () => CentreModel;
  readonly append: (draft: LedgerDraft) => void;
  readonly callbacks: () => Callbacks;
  /** The supervisor has left the call. */
  readonly monitorEnded: (supervisorId: AgentId) => void;
  /** The queue that a contact was to wait in is gone. */
  readonly homeless: (contact: LiveContact, contactId: ContactId) => void;
}

type Assignment = Extract<Input, { type: "item.assigned" }>;

/** Wrap-up where no queue says anything: after a call that the agent made. */
const OWN_CALL_WRAP_UP = { mode: "timed", limitMs: 60_000 } as const; // a note and a disposition

const DAY_MS = 86_400_000;

/** Tells the router what conversations decide, and keeps in step which contacts are in whose hands. */
export class RouterWork {
  readonly #deps: RouterWorkDeps;

  constructor(deps: RouterWorkDeps) {
    this.#deps = deps;
  }

  perform(contact: LiveContact, effect: RouterEffect): void {
    switch (effect.type) {
      case "item.queued":
        this.#queue(contact, effect);
        break;
      case "item.withdrawn": {
        const itemId = itemOf(effect.contactId);
        // who was promised a call-back goes on waiting without a telephone
        if (contact.promised) break;
        // an item whose queue is gone has been handed back already
        if (this.#deps.link().router.item(itemId) === undefined) break;
        this.#tell({ type: "item.withdrawn", itemId, reason: withdrawReason(effect.reason) });
        break;
      }
      case "offer.accepted":
        this.#accepted(contact, effect);
        break;
      case "offer.refused":
      case "offer.failed":
        this.#offerOver(contact, effect);
        break;
      case "agent.reserved": {
        const { agentId, contactId, purpose } = effect;
        const part = this.#deps.contacts.part(contact, agentId, contactId);
        part.asContact = contactId;
        part.reservedFor = contactId;
        const phase = purpose === "outbound" || purpose === "internal" ? "dialing" : "ringing";
        this.#tell({ ...this.#assignment(contact, effect), phase });
        break;
      }
      case "agent.released": {
        const { agentId, contactId } = effect;
        const part = contact.parts.get(agentId);
        if (part?.reservedFor === contactId) delete part.reservedFor;
        const itemId = this.#deps.contacts.itemFor(contact, agentId, contactId);
        this.letGo(contact, agentId);
        this.#tell({ type: "item.ended", itemId, agentId, wrapUp: "skip" });
        break;
      }
      case "item.assigned":
        this.#assign(contact, effect);
        break;
      case "agent.activity": {
        const { agentId, contactId, activity } = effect;
        const phase = activity === "detached" ? "held" : activity;
        const itemId = this.#deps.contacts.itemFor(contact, agentId, contactId);
        if (phase === "talking" && this.#deps.callbacks().answered(contact, agentId)) return;
        this.#tell({ type: "item.phase_set", itemId, agentId, phase });
        return;
      }
      case "monitor.started":
      case "monitor.ended": {
        const busy = effect.type === "monitor.started";
        if (!busy) this.#deps.monitorEnded(effect.supervisorId);
        this.#tell({ type: "agent.busy_other", agentId: effect.supervisorId, busy });
        this.#deps.agentFree(effect.supervisorId);
        break;
      }
      case "item.escalated":
        this.#escalate(contact, effect);
        break;
      case "item.ended":
        this.#agentDone(contact, effect);
        break;
    }
    this.#deps.changed(contact);
  }

  /** Takes the contact out of the agent's hands, if its conversation has let them go. */
  letGo(contact: LiveContact, agentId: AgentId): void {
    if (this.#deps.contacts.letGo(contact, agentId)) this.#deps.agentFree(agentId);
  }

  /** What the customer's record tells became known: a contact that waits already is judged anew. */
  factsKnown(contact: LiveContact): void {
    const { link, clock } = this.#deps;
    const itemId = itemOf(contact.id);
    if (contact.history === undefined || link().router.item(itemId) === undefined) return;
    this.#tell({ type: "item.facts_set", itemId, facts: customerFacts(contact.history, clock.now()) });
  }

  /** Keeps what the customer may expect beside what will come of it. */
  predict(contact: LiveContact, queueId: QueueId): void {
    const estimate = this.#deps.link().router.estimate(itemOf(contact.id));
    if (estimate === null) return;
    const { position, lowMs, expectedMs, highMs, basis } = estimate;
    const [low, expected, high] = [lowMs, expectedMs, highMs].map((ms) => Math.round(ms)) as [
      number,
      number,
      number,
    ];
    this.#deps.append({
      type: "wait.predicted",
      at: this.#deps.clock.now(),
      clientId: contact.clientId,
      contactId: contact.id,
      queueId,
      payload: { position, lowMs: low, expectedMs: expected, highMs: high, basis },
    });
  }

  #queue(contact: LiveContact, effect: Extract<RouterEffect, { type: "item.queued" }>): void {
    const { contactId, queueId, queuedAt, initiation, priority, internal } = effect;
    this.#deps.contacts.addId(contact, contactId);
    if (!internal) this.#waits(contact, queueId);
    const decisions = this.#tell({
      type: "item.queued",
      item: {
        id: itemOf(contactId),
        medium: "voice",
        clientId: contact.clientId,
        queueId,
        queuedAt,
        initiation,
        ...(priority === undefined ? {} : { priority }),
        ...(internal ? {} : this.#known(contact, queueId, initiation)),
      },
    });
    if (decisions.some((d) => d.type === "ignored" && d.code === "unknown_queue"))
      this.#deps.homeless(contact, contactId);
    else if (!internal) this.predict(contact, queueId);
  }

  #waits(contact: LiveContact, queueId: QueueId): void {
    contact.queueId = queueId;
    contact.queuedAt = this.#deps.clock.now();
    contact.steps = 0;
  }

  /** What is known of a contact that begins to wait, and who is asked first for it. */
  #known(
    contact: LiveContact,
    queueId: QueueId,
    initiation: WorkItem["initiation"],
  ): Pick<WorkItem, "facts" | "preferredAgentId"> {
    const { model, clock } = this.#deps;
    const at = clock.now();
    const timeZone = model().clients.get(contact.clientId)?.timeZone ?? model().timeZone;
    const facts = routingFacts({
      contact: contact.facts,
      history: contact.history,
      initiation,
      timeZone,
      at,
    });
    const last = contact.history?.lastAgent;
    const days = model().queues.get(queueId)?.lastAgentDays ?? null;
    const isAsked = days !== null && last && at - last.at <= days * DAY_MS && initiation === "new";
    return { facts, ...(isAsked && { preferredAgentId: last.agentId }) };
  }

  /** One word for the router: the agent wraps up, the customer waits for a higher line of support. */
  #escalate(contact: LiveContact, effect: Extract<RouterEffect, { type: "item.escalated" }>): void {
    const { contactId, agentId, queueId, tier, reason, queuedAt } = effect;
    const itemId = this.#deps.contacts.itemFor(contact, agentId, contactId);
    this.#waits(contact, queueId);
    const known = this.#known(contact, queueId, "transfer").facts ?? {};
    const facts = {
      ...known,
      "escalation.tier": tier,
      ...(reason === undefined ? {} : { "escalation.reason": reason }),
    };
    const own = itemId === itemOf(contactId);
    const decisions = own
      ? this.#tell({ type: "item.escalated", itemId, agentId, tier: tier as Tier, queueId, facts })
      : this.#tell({ type: "item.ended", itemId, agentId, wrapUp: "queue" });
    // a call-back waits under its own name from now; so does what the router did not have in this agent's hands
    if (!own || decisions.some((d) => d.type === "ignored")) {
      const { clientId } = contact;
      const place = { id: itemOf(contactId), medium: "voice", clientId, queueId, queuedAt } as const;
      const queued = this.#tell({
        type: "item.queued",
        item: { ...place, initiation: "transfer", tiers: [tier as Tier], facts },
      });
      if (queued.some((d) => d.type === "ignored" && d.code === "unknown_queue"))
        this.#deps.homeless(contact, contactId);
    }
    this.predict(contact, queueId);
    this.#afterHands(contact, agentId, itemId, decisions);
  }

  /** The conversation has connected the agent. If the router took the offer back at the same instant, it learns the fact. */
  #accepted(contact: LiveContact, effect: Extract<RouterEffect, { type: "offer.accepted" }>): void {
    const { agentId, contactId, offerId } = effect;
    const now = this.#deps.clock.now();
    const part = this.#deps.contacts.part(contact, agentId, contactId);
    delete part.offer;
    const fetched = part.fetchedOffer === true;
    delete part.fetchedOffer;
    part.answeredAt = now;
    if (contactId === contact.id && contact.queuedAt !== undefined) contact.waitedMs = now - contact.queuedAt;
    if (fetched) {
      const itemId = this.#deps.contacts.itemFor(contact, agentId, contactId);
      this.#tell({ type: "item.phase_set", itemId, agentId, phase: "talking" });
      return;
    }
    const decisions = this.#tell({ type: "offer.accepted", offerId });
    if (!decisions.some((d) => d.type === "ignored" && d.code === "stale_offer")) return;
    this.#tell(this.#assignment(contact, { agentId, contactId, purpose: "offer" }));
  }

  #offerOver(
    contact: LiveContact,
    effect: Extract<RouterEffect, { type: "offer.refused" | "offer.failed" }>,
  ): void {
    const { agentId, contactId, offerId, cause } = effect;
    const part = contact.parts.get(agentId);
    if (part?.offer?.offerId === offerId) delete part.offer;
    const fetched = part?.fetchedOffer === true;
    if (part) delete part.fetchedOffer;
    this.letGo(contact, agentId);
    if (fetched) {
      this.#giveBack(contact, agentId);
    } else if (effect.type === "offer.refused") {
      this.#tell({ type: "offer.refused", offerId });
    } else if (cause === "not_waiting" && !contact.isWaiting(contactId)) {
      // nobody's fault: what was offered waits no longer
      this.#tell({ type: "item.withdrawn", itemId: itemOf(contactId), reason: "ended" });
    } else {
      this.#tell({ type: "offer.failed", offerId, reason: offerFailure(cause) });
    }
  }

  /** A colleague who took the offer did not answer: the customer waits on in their place. */
  #giveBack(contact: LiveContact, agentId: AgentId): void {
    const { queueId } = contact;
    this.#tell({ type: "item.ended", itemId: itemOf(contact.id), agentId, wrapUp: "skip" });
    if (queueId === undefined || !contact.isWaiting(contact.id)) return;
    const queued = this.#tell({
      type: "item.queued",
      item: {
        id: itemOf(contact.id),
        medium: "voice",
        clientId: contact.clientId,
        queueId,
        queuedAt: contact.queuedAt ?? this.#deps.clock.now(),
        initiation: "transfer",
        ...this.#known(contact, queueId, "transfer"),
      },
    });
    if (queued.some((d) => d.type === "ignored" && d.code === "unknown_queue"))
      this.#deps.homeless(contact, contact.id);
  }

  #assign(contact: LiveContact, effect: Extract<RouterEffect, { type: "item.assigned" }>): void {
    const { agentId, contactId } = effect;
    const part = this.#deps.contacts.part(contact, agentId, contactId);
    part.asContact = contactId;
    part.answeredAt ??= this.#deps.clock.now();
    this.#keepDevice(contact, agentId, part);
    const reserved = part.reservedFor === contactId;
    delete part.reservedFor;
    const itemId = this.#deps.contacts.itemFor(contact, agentId, contactId);
    if (reserved) this.#tell({ type: "item.phase_set", itemId, agentId, phase: "talking" });
    else this.#tell(this.#assignment(contact, effect));
  }

  /** Who was called for something else, as a supervisor or in another contact, has their device here from now. */
  #keepDevice(contact: LiveContact, agentId: AgentId, part: AgentPart): void {
    const legId = contact.handlerOf(agentId)?.legId;
    const endpointId = legId && this.#deps.contacts.deviceOf(legId);
    if (!legId || !endpointId) return;
    part.legId = legId;
    part.endpointId = endpointId;
  }

  #agentDone(contact: LiveContact, effect: Extract<RouterEffect, { type: "item.ended" }>): void {
    const { agentId, contactId, notReached } = effect;
    const itemId = this.#deps.contacts.itemFor(contact, agentId, contactId);
    if (notReached !== undefined && this.#deps.callbacks().notReached(contact, agentId, notReached)) {
      this.letGo(contact, agentId);
      return;
    }
    const wrapUp = effect.wrapUp ? "queue" : "skip";
    const decisions = this.#tell({ type: "item.ended", itemId, agentId, wrapUp });
    this.#afterHands(contact, agentId, itemId, decisions, effect.wrapUp);
  }

  /** The agent keeps the contact while they wrap up; else it is out of their hands. */
  #afterHands(
    contact: LiveContact,
    agentId: AgentId,
    itemId: ItemId,
    decisions: readonly Decision[],
    wrapsUp = true,
  ): void {
    const wraps = decisions.some(
      (d) => d.type === "wrapup.started" && d.agentId === agentId && d.itemId === itemId,
    );
    if (wraps) return;
    if (wrapsUp) contact.input({ type: "wrap_up.finished", agentId, reason: "completed" });
    this.letGo(contact, agentId);
  }

  /** Who wraps up a call-back and gets its customer back has it in hand under the same name as before. */
  #assignment(
    contact: LiveContact,
    to: { readonly agentId: AgentId; readonly contactId: ContactId; readonly purpose: LegPurpose },
  ): Assignment {
    const { agentId, contactId, purpose } = to;
    const ownWork = purpose !== "consult" && purpose !== "internal" && contactId === contact.id;
    const rule = contact.queueId ? { queueId: contact.queueId } : { wrapUp: OWN_CALL_WRAP_UP };
    return {
      type: "item.assigned",
      itemId: this.#deps.contacts.itemFor(contact, agentId, contactId),
      agentId,
      medium: "voice",
      ...(ownWork ? rule : {}),
    };
  }

  #tell(input: Input): readonly Decision[] {
    return this.#deps.link().handle(input);
  }
}

function withdrawReason(
  reason: Extract<RouterEffect, { type: "item.withdrawn" }>["reason"],
): "customer_gone" | "transferred" | "flow" | "ended" {
  switch (reason) {
    case "customer_ended":
      return "customer_gone";
    case "transferred":
      return "transferred";
    case "flow":
      return "flow";
    case "consult_ended":
    case "us":
      return "ended";
  }
}

function offerFailure(cause: string): OfferFailure {
  switch (cause) {
    case "busy":
      return "busy";
    case "not_registered":
    case "transport_lost":
      return "unregistered";
    case "no_route":
      return "no_route";
    case "refused":
    case "forbidden":
      return "rejected";
    default:
      return "switch_error";
  }
}
