import type { AgentId, ContactId, Instant } from "@svara/kernel";
import type { CentreModel } from "./centre-model.ts";
import type { LiveAgents } from "./live-agents.ts";
import type { LiveContact } from "./live-contact.ts";
import type { LiveContacts } from "./live-contacts.ts";
import { offerExplanation } from "./offer-explanation.ts";
import { contactOf, type DecisionOf, type DecisionSink, type RouterLink } from "./router-link.ts";
import type { RouterWork } from "./router-work.ts";
import type { WorkLoop } from "./work-loop.ts";

export interface DecisionWorkDeps {
  readonly loop: WorkLoop;
  readonly contacts: LiveContacts;
  readonly agents: LiveAgents;
  readonly link: () => RouterLink;
  readonly routerWork: () => RouterWork;
  readonly model: () => CentreModel;
  readonly changed: (contact: LiveContact) => void;
  readonly agentChanged: (agentId: AgentId) => void;
}

/** Brings what the router decides to the contacts and agents whom it concerns, each in its turn. */
export class DecisionWork implements DecisionSink {
  readonly #deps: DecisionWorkDeps;

  constructor(deps: DecisionWorkDeps) {
    this.#deps = deps;
  }

  offered(decision: DecisionOf<"offer">): void {
    this.#deps.loop.run(() => this.#offered(decision));
  }

  offerOver(decision: DecisionOf<"offer.timed_out"> | DecisionOf<"offer.withdrawn">): void {
    this.#deps.loop.run(() => this.#offerOver(decision));
  }

  orphaned(decision: DecisionOf<"item.orphaned">): void {
    this.#deps.loop.run(() => this.#orphaned(decision));
  }

  wrapUpStarted(decision: DecisionOf<"wrapup.started">): void {
    const { itemId, agentId, at, until } = decision;
    const part = this.#deps.contacts.byId(contactOf(itemId))?.parts.get(agentId);
    if (part) part.wrapUp = until === null ? { startedAt: at } : { startedAt: at, limitAt: until };
  }

  wrapUpEnded(decision: DecisionOf<"wrapup.ended">): void {
    this.#deps.loop.run(() => this.#wrapUpEnded(decision));
  }

  agentChanged(agentId: AgentId, at: Instant): void {
    this.#deps.agents.settleLogOut(agentId, at);
    this.#deps.agentChanged(agentId);
  }

  #wrapUpEnded(decision: DecisionOf<"wrapup.ended">): void {
    const { itemId, agentId, by } = decision;
    const contact = this.#deps.contacts.byId(contactOf(itemId));
    if (!contact) return;
    if (by === "resumed") {
      delete contact.parts.get(agentId)?.wrapUp;
    } else {
      const reason = by === "timeout" ? "timed_out" : "completed";
      contact.input({ type: "wrap_up.finished", agentId, reason });
      this.#deps.routerWork().letGo(contact, agentId);
    }
    this.#deps.changed(contact);
  }

  #offered(decision: DecisionOf<"offer">): void {
    const contactId = contactOf(decision.itemId);
    const contact = this.#deps.contacts.byId(contactId);
    const { offerId, agentId, at, expiresAt, explain } = decision;
    if (!contact) {
      this.#deps.link().handle({ type: "item.withdrawn", itemId: decision.itemId, reason: "ended" });
      return;
    }
    this.#deps.contacts.part(contact, agentId, contactId).offer = { offerId, expiresAt };
    contact.input({
      type: "offer.made",
      offerId,
      contactId,
      agentId,
      ringTimeoutMs: expiresAt - at,
      explain: offerExplanation(explain),
    });
  }

  #offerOver(decision: DecisionOf<"offer.timed_out"> | DecisionOf<"offer.withdrawn">): void {
    const contact = this.#deps.contacts.byId(contactOf(decision.itemId));
    if (!contact) return;
    const { offerId, agentId } = decision;
    if (decision.type === "offer.timed_out") contact.input({ type: "offer.timed_out", offerId });
    else contact.input({ type: "offer.withdrawn", offerId, reason: withdrawn(decision.reason) });
    const part = contact.parts.get(agentId);
    if (part?.offer?.offerId !== offerId) return;
    delete part.offer;
    this.#deps.routerWork().letGo(contact, agentId);
    this.#deps.changed(contact);
  }

  #orphaned(decision: DecisionOf<"item.orphaned">): void {
    const contactId = contactOf(decision.itemId);
    const contact = this.#deps.contacts.byId(contactId);
    if (contact) this.rehome(contact, contactId);
  }

  /**
   * The queue that a contact waits in is gone: the queue of its entry point or another of the same client takes it, or it
   * ends with the truth. A consultation that waited there is over.
   */
  rehome(contact: LiveContact, contactId: ContactId): void {
    if (!contact.isWaiting(contactId)) return;
    if (contactId !== contact.id) {
      const asker = contact.view().agents.find((a) => a.state === "consulting");
      if (asker) contact.input({ type: "consult.cancel", agentId: asker.agentId });
      return;
    }
    const { queues } = this.#deps.model();
    const own = contact.facts.fallbackQueueId;
    const other =
      (own && queues.get(own)) ?? [...queues.values()].find((q) => q.clientId === contact.clientId);
    if (other) contact.input({ type: "queue.entered", queueId: other.id, initiation: "overflow" });
    else contact.input({ type: "end", outcome: "failed_tech" });
  }
}

function withdrawn(
  reason: DecisionOf<"offer.withdrawn">["reason"],
): "leg_failed" | "supervisor" | "queue_left" {
  switch (reason) {
    case "agent_unreachable":
    case "agent_busy":
      return "leg_failed";
    case "agent_not_ready":
    case "agent_logged_out":
    case "agent_removed":
      return "supervisor";
    default:
      return "queue_left";
  }
}
