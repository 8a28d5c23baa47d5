import type { PromptRef, SystemPrompt } from "@svara/flows";
import type { AgentId, ContactId, Instant, PromptId } from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import type { OverflowTarget } from "@svara/routing";
import type { Callbacks } from "./callbacks.ts";
import type { CentreModel } from "./centre-model.ts";
import type { LiveAgents } from "./live-agents.ts";
import type { LiveContact } from "./live-contact.ts";
import type { LiveContacts } from "./live-contacts.ts";
import { offerExplanation } from "./offer-explanation.ts";
import type { DecisionOf, DecisionSink, RouterLink } from "./router-link.ts";
import type { RouterWork } from "./router-work.ts";
import type { WorkLoop } from "./work-loop.ts";

export interface DecisionWorkDeps {
  readonly loop: WorkLoop;
  readonly contacts: LiveContacts;
  readonly agents: LiveAgents;
  readonly link: () => RouterLink;
  readonly routerWork: () => RouterWork;
  readonly callbacks: () => Callbacks;
  readonly append: (draft: LedgerDraft) => void;
  readonly model: () => CentreModel;
  readonly changed: (contact: LiveContact) => void;
  readonly agentChanged: (agentId: AgentId) => void;
}

const OVERFLOWED = { left: "overflow", outcome: "overflow" } as const;

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

  stepped(decision: DecisionOf<"item.stepped">): void {
    this.#deps.loop.run(() => this.#stepped(decision));
  }

  overflowed(decision: DecisionOf<"item.overflowed">): void {
    this.#deps.loop.run(() => this.#overflowed(decision));
  }

  callbackFailed(decision: DecisionOf<"callback.failed">): void {
    this.#deps.loop.run(() => this.#deps.callbacks().failed(decision));
  }

  callbackLate({ itemId, queueId, at, until }: DecisionOf<"callback.late">): void {
    const pending = this.#deps.callbacks().get(itemId);
    if (!pending) return;
    const { clientId, contactId } = pending;
    this.#deps.append({ type: "callback.late", at, clientId, contactId, queueId, payload: { until } });
  }

  assignmentExpired(decision: DecisionOf<"assignment.expired">): void {
    this.#deps.loop.run(() => this.#assignmentExpired(decision));
  }

  dropped(agentId: AgentId): void {
    this.#deps.agents.dropped(agentId);
  }

  wrapUpStarted(decision: DecisionOf<"wrapup.started">): void {
    const { itemId, agentId, at, until } = decision;
    const part = this.#deps.contacts.ofItem(itemId, agentId)?.contact.parts.get(agentId);
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
    const contact = this.#deps.contacts.ofItem(itemId, agentId)?.contact;
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

  #stepped({ itemId, queueId, at, step }: DecisionOf<"item.stepped">): void {
    const found = this.#deps.contacts.ofItem(itemId);
    const pending = this.#deps.callbacks().get(itemId);
    const subject = pending ?? (found && { clientId: found.contact.clientId, contactId: found.contactId });
    if (!subject) return;
    const { clientId, contactId } = subject;
    this.#deps.append({ type: "routing.stepped", at, clientId, contactId, queueId, payload: { step } });
    if (pending || !found || found.contactId !== found.contact.id) return;
    found.contact.steps = step;
    this.#deps.changed(found.contact);
  }

  #overflowed(decision: DecisionOf<"item.overflowed">): void {
    const { itemId, queueId, at, rule, to, left } = decision;
    const found = this.#deps.contacts.ofItem(itemId);
    const pending = this.#deps.callbacks().get(itemId);
    const subject = pending ?? (found && { clientId: found.contact.clientId, contactId: found.contactId });
    if (!subject) return;
    const { clientId, contactId } = subject;
    const toQueueId = to.kind === "queue" ? { toQueueId: to.queueId } : {};
    const payload = { rule, to: to.kind, ...toQueueId, left };
    this.#deps.append({ type: "routing.overflowed", at, clientId, contactId, queueId, payload });
    if (pending) {
      if (to.kind === "queue") this.#deps.callbacks().moved(itemId, to.queueId);
      else if (left) this.#deps.callbacks().withdraw(itemId);
      return;
    }
    if (!found?.contact.isWaiting(contactId)) return;
    if (contactId !== found.contact.id) {
      if (left) this.#giveUpConsult(found.contact);
      return;
    }
    this.#carryOver(found.contact, to);
  }

  /** What a rule of overflow means for the customer on the line. */
  #carryOver(contact: LiveContact, to: OverflowTarget): void {
    const { language } = contact.facts;
    const shipped = (name: SystemPrompt): PromptRef[] => [{ kind: "system", name, language }];
    switch (to.kind) {
      case "queue": {
        const { queueId, priority } = to;
        contact.queueId = queueId;
        contact.queuedAt = this.#deps.loop.now();
        contact.steps = 0;
        contact.input({ type: "queue.moved", queueId, ...(priority === undefined ? {} : { priority }) });
        this.#deps.routerWork().predict(contact, queueId);
        return;
      }
      case "message": {
        const { promptId, leaves } = to;
        const own: PromptRef[] | undefined = promptId === null ? undefined : [{ kind: "uploaded", promptId }];
        if (leaves) return contact.farewell(own ?? shipped("all-agents-busy"), OVERFLOWED);
        return contact.say(own ?? shipped("thanks-for-waiting"));
      }
      case "callback":
        if (this.#deps.callbacks().canBeOffered(contact)) contact.say(shipped("callback-offer"), true);
        return;
      case "hang_up":
        return contact.farewell([], OVERFLOWED);
      // refused when configured: there is none yet
      case "voicemail":
        return contact.farewell(shipped("all-agents-busy"), OVERFLOWED);
      case "sites":
        return;
    }
  }

  /** The customer pressed the key that the offer of a call-back named. */
  callbackAccepted(contact: LiveContact): void {
    if (!this.#deps.callbacks().accept(contact)) return;
    const { language } = contact.facts;
    contact.farewell([{ kind: "system", name: "callback-promised", language }], {
      left: "callback",
      outcome: "callback_requested",
    });
  }

  /** The router let the agent go, who was rung or dialled for too long: the call itself is given up. */
  #assignmentExpired({ itemId, agentId }: DecisionOf<"assignment.expired">): void {
    const found = this.#deps.contacts.ofItem(itemId, agentId);
    if (!found) return;
    const { contact } = found;
    const handler = contact.handlerOf(agentId);
    if (handler?.legId && (handler.state === "ringing" || handler.state === "dialing"))
      contact.input({ type: "hang_up", agentId });
    this.#deps.routerWork().letGo(contact, agentId);
    this.#deps.changed(contact);
  }

  #giveUpConsult(contact: LiveContact): void {
    const asker = contact.view().agents.find((a) => a.state === "consulting");
    if (asker) contact.input({ type: "consult.cancel", agentId: asker.agentId });
  }

  #offered(decision: DecisionOf<"offer">): void {
    if (this.#deps.callbacks().offered(decision)) return;
    const found = this.#deps.contacts.ofItem(decision.itemId);
    const { offerId, agentId, at, expiresAt, explain } = decision;
    if (!found) {
      this.#deps.link().handle({ type: "item.withdrawn", itemId: decision.itemId, reason: "ended" });
      return;
    }
    const { contact, contactId } = found;
    this.#deps.contacts.part(contact, agentId, contactId).offer = { offerId, expiresAt };
    contact.input({
      type: "offer.made",
      offerId,
      contactId,
      agentId,
      ringTimeoutMs: expiresAt - at,
      explain: offerExplanation(explain),
      ...this.#manner(contact, contactId, agentId),
    });
  }

  /** Whether the agent's device answers by itself, and what the agent hears before the customer. */
  #manner(
    contact: LiveContact,
    contactId: ContactId,
    agentId: AgentId,
  ): { readonly autoAnswer?: boolean; readonly announcement?: PromptId } {
    const { agents, queues } = this.#deps.model();
    const queue = contact.queueId === undefined ? undefined : queues.get(contact.queueId);
    const own = contactId === contact.id ? queue : undefined; // a consultation is no call of the queue
    return {
      ...(agents.get(agentId)?.autoAnswer || own?.autoAnswer ? { autoAnswer: true } : {}),
      ...(own?.whisperPromptId ? { announcement: own.whisperPromptId } : {}),
    };
  }

  #offerOver(decision: DecisionOf<"offer.timed_out"> | DecisionOf<"offer.withdrawn">): void {
    const { offerId, agentId } = decision;
    const contact = this.#deps.contacts.ofItem(decision.itemId, agentId)?.contact;
    if (!contact) return;
    if (decision.type === "offer.timed_out") contact.input({ type: "offer.timed_out", offerId });
    else contact.input({ type: "offer.withdrawn", offerId, reason: withdrawn(decision.reason) });
    const part = contact.parts.get(agentId);
    if (part?.offer?.offerId !== offerId) return;
    delete part.offer;
    this.#deps.routerWork().letGo(contact, agentId);
    this.#deps.changed(contact);
  }

  #orphaned(decision: DecisionOf<"item.orphaned">): void {
    const { itemId } = decision;
    if (this.#deps.callbacks().get(itemId)) return this.#deps.callbacks().orphaned(itemId);
    const found = this.#deps.contacts.ofItem(itemId);
    if (found) this.rehome(found.contact, found.contactId);
  }

  /**
   * The queue that a contact waits in is gone: the queue of its entry point or another of the same client takes it, or it
   * ends with the truth. A consultation that waited there is over.
   */
  rehome(contact: LiveContact, contactId: ContactId): void {
    if (!contact.isWaiting(contactId)) return;
    if (contactId !== contact.id) return this.#giveUpConsult(contact);
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
    case "connection_lost":
      return "leg_failed";
    case "agent_not_ready":
    case "agent_logged_out":
    case "agent_removed":
    case "supervisor":
      return "supervisor";
    default:
      return "queue_left";
  }
}
