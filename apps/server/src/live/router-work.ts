import type { LegPurpose, RouterEffect } from "@svara/conversation";
import type { AgentId, Clock, ContactId } from "@svara/kernel";
import type { Decision, Input, OfferFailure } from "@svara/routing";
import type { LiveContact } from "./live-contact.ts";
import type { LiveContacts } from "./live-contacts.ts";
import { itemOf, type RouterLink } from "./router-link.ts";

export interface RouterWorkDeps {
  readonly clock: Clock;
  readonly contacts: LiveContacts;
  readonly link: () => RouterLink;
  readonly changed: (contact: LiveContact) => void;
  /** A contact has left this agent's hands. */
  readonly agentFree: (agentId: AgentId) => void;
  /** The queue that a contact was to wait in is gone. */
  readonly homeless: (contact: LiveContact, contactId: ContactId) => void;
}

type Assignment = Extract<Input, { type: "item.assigned" }>;

/** Wrap-up where no queue says anything: after a call that the agent made. */
const OWN_CALL_WRAP_UP = { mode: "timed", limitMs: 60_000 } as const; // a note and a disposition

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
        this.#tell({ ...assignment(contact, effect), phase });
        break;
      }
      case "agent.released": {
        const { agentId, contactId } = effect;
        const part = contact.parts.get(agentId);
        if (part?.reservedFor === contactId) delete part.reservedFor;
        this.letGo(contact, agentId);
        this.#tell({ type: "item.ended", itemId: itemOf(contactId), agentId, wrapUp: "skip" });
        break;
      }
      case "item.assigned":
        this.#assign(contact, effect);
        break;
      case "agent.activity": {
        const { agentId, contactId, activity } = effect;
        const phase = activity === "detached" ? "held" : activity;
        this.#tell({ type: "item.phase_set", itemId: itemOf(contactId), agentId, phase });
        return;
      }
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

  #queue(contact: LiveContact, effect: Extract<RouterEffect, { type: "item.queued" }>): void {
    const { contactId, queueId, queuedAt, initiation, priority, internal } = effect;
    this.#deps.contacts.addId(contact, contactId);
    if (!internal) {
      contact.queueId = queueId;
      contact.queuedAt = this.#deps.clock.now();
    }
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
      },
    });
    if (decisions.some((d) => d.type === "ignored" && d.code === "unknown_queue"))
      this.#deps.homeless(contact, contactId);
  }

  /** The conversation has connected the agent. If the router took the offer back at the same instant, it learns the fact. */
  #accepted(contact: LiveContact, effect: Extract<RouterEffect, { type: "offer.accepted" }>): void {
    const { agentId, contactId, offerId } = effect;
    const now = this.#deps.clock.now();
    const part = this.#deps.contacts.part(contact, agentId, contactId);
    delete part.offer;
    part.answeredAt = now;
    if (contactId === contact.id && contact.queuedAt !== undefined) contact.waitedMs = now - contact.queuedAt;
    const decisions = this.#tell({ type: "offer.accepted", offerId });
    if (decisions.some((d) => d.type === "ignored" && d.code === "stale_offer"))
      this.#tell(assignment(contact, { agentId, contactId, purpose: "offer" }));
  }

  #offerOver(
    contact: LiveContact,
    effect: Extract<RouterEffect, { type: "offer.refused" | "offer.failed" }>,
  ): void {
    const { agentId, contactId, offerId, cause } = effect;
    const part = contact.parts.get(agentId);
    if (part?.offer?.offerId === offerId) delete part.offer;
    this.letGo(contact, agentId);
    if (effect.type === "offer.refused") {
      this.#tell({ type: "offer.refused", offerId });
    } else if (cause === "not_waiting" && !contact.isWaiting(contactId)) {
      // nobody's fault: what was offered waits no longer
      this.#tell({ type: "item.withdrawn", itemId: itemOf(contactId), reason: "ended" });
    } else {
      this.#tell({ type: "offer.failed", offerId, reason: offerFailure(cause) });
    }
  }

  #assign(contact: LiveContact, effect: Extract<RouterEffect, { type: "item.assigned" }>): void {
    const { agentId, contactId } = effect;
    const part = this.#deps.contacts.part(contact, agentId, contactId);
    part.asContact = contactId;
    part.answeredAt ??= this.#deps.clock.now();
    const reserved = part.reservedFor === contactId;
    delete part.reservedFor;
    if (reserved)
      this.#tell({ type: "item.phase_set", itemId: itemOf(contactId), agentId, phase: "talking" });
    else this.#tell(assignment(contact, effect));
  }

  #agentDone(contact: LiveContact, effect: Extract<RouterEffect, { type: "item.ended" }>): void {
    const { agentId, contactId } = effect;
    const decisions = this.#tell({
      type: "item.ended",
      itemId: itemOf(contactId),
      agentId,
      wrapUp: effect.wrapUp ? "queue" : "skip",
    });
    const wraps = decisions.some(
      (d) => d.type === "wrapup.started" && d.agentId === agentId && d.itemId === itemOf(contactId),
    );
    if (wraps) return;
    if (effect.wrapUp) contact.input({ type: "wrap_up.finished", agentId, reason: "completed" });
    this.letGo(contact, agentId);
  }

  #tell(input: Input): readonly Decision[] {
    return this.#deps.link().handle(input);
  }
}

function assignment(
  contact: LiveContact,
  to: { readonly agentId: AgentId; readonly contactId: ContactId; readonly purpose: LegPurpose },
): Assignment {
  const { agentId, contactId, purpose } = to;
  const ownWork = purpose !== "consult" && purpose !== "internal" && contactId === contact.id;
  const rule = contact.queueId ? { queueId: contact.queueId } : { wrapUp: OWN_CALL_WRAP_UP };
  return {
    type: "item.assigned",
    itemId: itemOf(contactId),
    agentId,
    medium: "voice",
    ...(ownWork ? rule : {}),
  };
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
