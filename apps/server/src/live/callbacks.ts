import type { Language } from "@svara/flows";
import type { AgentId, ClientId, Clock, ContactId, Instant, QueueId } from "@svara/kernel";
import type { ContactOutcome, LedgerDraft } from "@svara/ledger";
import type { AttemptOutcome, ItemId } from "@svara/routing";
import type { Verdict } from "./call-gate.ts";
import type { CentreModel } from "./centre-model.ts";
import { contactOf, itemOf } from "./item-id.ts";
import type { LiveContact } from "./live-contact.ts";
import type { LiveContacts } from "./live-contacts.ts";
import type { LiveStore, RestoredCallback } from "./live-store.ts";
import { offerExplanation } from "./offer-explanation.ts";
import type { DecisionOf, RouterLink } from "./router-link.ts";

/** A customer who keeps the place in the line without a telephone. The number stays in memory and in erasable rows. */
export interface PendingCallback {
  readonly contactId: ContactId;
  readonly clientId: ClientId;
  queueId: QueueId;
  readonly queuedAt: Instant;
  readonly language: Language;
  readonly remoteNumber: string;
  readonly remoteName?: string;
  readonly shortNumber: number;
  /** The customer is on the line with an agent. */
  answered: boolean;
}

export interface CallbacksDeps {
  readonly clock: Clock;
  readonly contacts: LiveContacts;
  readonly link: () => RouterLink;
  readonly model: () => CentreModel;
  readonly store: LiveStore;
  readonly append: (draft: LedgerDraft) => void;
  /** Makes the contact in which the customer is called, with the agent's part in it. */
  readonly begin: (callback: PendingCallback, attempt: number) => LiveContact;
  readonly mayPlace: (number: string, clientId: ClientId) => Verdict;
  readonly warn: (message: string, detail: object) => void;
}

type Rows = (store: LiveStore) => Promise<void>;

/** Those who will be called back: promised by voice, offered to agents by the router, tried, kept over a restart. */
export class Callbacks {
  readonly #deps: CallbacksDeps;
  readonly #pending = new Map<ItemId, PendingCallback>();
  /** Rows of one call-back are written one after another. */
  readonly #rows = new Map<ContactId, Promise<void>>();

  constructor(deps: CallbacksDeps) {
    this.#deps = deps;
  }

  get(itemId: ItemId): PendingCallback | undefined {
    return this.#pending.get(itemId);
  }

  /** Whether this customer could be called back at all. */
  canBeOffered(contact: LiveContact): boolean {
    const { remoteNumber } = contact.facts;
    return remoteNumber !== undefined && this.#deps.mayPlace(remoteNumber, contact.clientId).allowed;
  }

  /** The waiting customer pressed the key. False: it cannot be kept, and nothing has changed. */
  accept(contact: LiveContact): boolean {
    const { clock, link, append } = this.#deps;
    const { id: contactId, clientId, queueId, shortNumber } = contact;
    const { remoteNumber, remoteName, language } = contact.facts;
    if (!contact.isWaiting(contactId) || remoteNumber === undefined || queueId === undefined) return false;
    const itemId = itemOf(contactId);
    const item = link().router.item(itemId);
    if (item === undefined) return false;
    contact.promised = true;
    const decisions = link().handle({ type: "callback.requested", itemId, wish: {} });
    const promised = decisions.find((d) => d.type === "callback.promised");
    if (promised?.type !== "callback.promised") {
      contact.promised = false;
      return false;
    }
    const { queuedAt } = item;
    const kept = { contactId, clientId, queueId: promised.queueId, queuedAt, language };
    this.#pending.set(itemId, {
      ...kept,
      remoteNumber,
      ...(remoteName === undefined ? {} : { remoteName }),
      shortNumber,
      answered: false,
    });
    append({
      type: "callback.promised",
      at: clock.now(),
      clientId,
      contactId,
      queueId: promised.queueId,
      payload: { position: promised.position },
    });
    this.#write(contactId, (store) => contact.rows.then(() => store.callbackBegun(kept)));
    return true;
  }

  /** Those that a run before this one left: they stand where they stood. */
  restore(callbacks: readonly RestoredCallback[]): void {
    const { link } = this.#deps;
    for (const { remoteNumber, remoteName, language, from, until, ...kept } of callbacks) {
      const { contactId, clientId, queuedAt } = kept;
      const queueId = this.#queueFor(kept.queueId, clientId);
      if (remoteNumber === undefined || queueId === undefined) {
        this.#end(contactId, clientId, "withdrawn");
        continue;
      }
      const itemId = itemOf(contactId);
      const spoken = (["en", "ru", "uk", "sv"] as const).find((known) => known === language) ?? "en";
      this.#pending.set(itemId, {
        ...kept,
        queueId,
        remoteNumber,
        ...(remoteName === undefined ? {} : { remoteName }),
        language: spoken,
        answered: false,
      });
      const wish = { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
      link().handle({
        type: "item.queued",
        item: {
          id: itemId,
          medium: "voice",
          clientId,
          queueId,
          queuedAt,
          initiation: "callback",
          callback: wish,
        },
      });
    }
  }

  /** An agent is to call: rings the agent. False: the item is not one of these. */
  offered(decision: DecisionOf<"offer">): boolean {
    const pending = this.#pending.get(decision.itemId);
    if (pending === undefined) return false;
    const { contacts } = this.#deps;
    const { offerId, agentId, at, expiresAt, itemId, callbackAttempt: attempt = 1, explain } = decision;
    const contact = this.#deps.begin(pending, attempt);
    contacts.bindItem(itemId, contact);
    const part = contacts.part(contact, agentId, contact.id);
    part.itemId = itemId;
    part.offer = { offerId, expiresAt };
    contact.queueId = decision.queueId;
    contact.input({
      type: "start.callback",
      agentId,
      offerId,
      ringTimeoutMs: expiresAt - at,
      explain: offerExplanation(explain),
      queueId: decision.queueId,
      to: { kind: "number", number: pending.remoteNumber },
      linkedTo: pending.contactId,
    });
    return true;
  }

  /** The customer answers: the promise is kept. False: the contact is no call-back, or was answered before. */
  answered(contact: LiveContact, agentId: AgentId): boolean {
    const found = this.#of(contact, agentId);
    if (found === undefined || found.pending.answered) return false;
    const { itemId, pending } = found;
    pending.answered = true;
    this.#deps.link().handle({ type: "callback.attempted", itemId, agentId, outcome: "answered" });
    this.#tell(pending, agentId, contact, {
      attempt: contact.facts.callback?.attempt ?? 1,
      outcome: "answered",
    });
    this.#pending.delete(itemId);
    this.#end(pending.contactId, pending.clientId, "answered");
    return true;
  }

  /** The customer was not reached: the router says whether there is another time. False: the contact is no call-back. */
  notReached(contact: LiveContact, agentId: AgentId, outcome: ContactOutcome): boolean {
    const found = this.#of(contact, agentId);
    if (found === undefined) return false;
    const { itemId } = found;
    this.#deps
      .link()
      .handle({ type: "callback.attempted", itemId, agentId, outcome: attemptOutcome(outcome) });
    return true;
  }

  /** An attempt came to nothing, or took too long. */
  failed(decision: DecisionOf<"callback.failed">): void {
    const { itemId, agentId, attempt, outcome, nextAt } = decision;
    const contact = this.#deps.contacts.ofItem(itemId, agentId)?.contact;
    const pending = this.#pending.get(itemId);
    if (pending) {
      this.#tell(pending, agentId, contact, { attempt, outcome, ...(nextAt === null ? {} : { nextAt }) });
      this.#write(pending.contactId, (store) =>
        store.callbackAttempted(pending.clientId, pending.contactId, attempt),
      );
      if (nextAt === null) {
        this.#pending.delete(itemId);
        this.#end(pending.contactId, pending.clientId, "failed");
      }
    }
    if (outcome === "lease" && contact?.facts.callback) contact.input({ type: "end", outcome: "no_answer" });
  }

  /** It waits in another queue now. */
  moved(itemId: ItemId, queueId: QueueId): void {
    const pending = this.#pending.get(itemId);
    if (pending === undefined) return;
    pending.queueId = queueId;
    const { clientId, contactId } = pending;
    this.#write(contactId, (store) => store.callbackMoved(clientId, contactId, queueId));
  }

  /** The queue is gone: another one of the client takes it, or the promise cannot be kept. */
  orphaned(itemId: ItemId): void {
    const pending = this.#pending.get(itemId);
    if (pending === undefined) return;
    const { clientId, queuedAt } = pending;
    const queueId = this.#queueFor(undefined, clientId);
    if (queueId === undefined) return this.withdraw(itemId);
    this.moved(itemId, queueId);
    this.#deps.link().handle({
      type: "item.queued",
      item: {
        id: itemId,
        medium: "voice",
        clientId,
        queueId,
        queuedAt,
        initiation: "callback",
        callback: {},
      },
    });
  }

  /** It is given up: a rule took it out of the line, or the customer's data was erased. */
  withdraw(itemId: ItemId): void {
    const pending = this.#pending.get(itemId);
    if (pending === undefined) return;
    this.#pending.delete(itemId);
    const { link } = this.#deps;
    if (link().router.item(itemId) !== undefined)
      link().handle({ type: "item.withdrawn", itemId, reason: "ended" });
    this.#end(pending.contactId, pending.clientId, "withdrawn");
  }

  /** They wait outside of the router until the next start: no attempt begins any more. */
  suspend(): void {
    for (const itemId of [...this.#pending.keys()]) {
      const { link } = this.#deps;
      if (link().router.item(itemId) === undefined) continue; // an agent is calling now
      this.#pending.delete(itemId);
      link().handle({ type: "item.withdrawn", itemId, reason: "ended" });
    }
  }

  /** Gives up those whose contact `isMeant`. */
  withdrawWhere(isMeant: (contactId: ContactId) => boolean): void {
    for (const itemId of [...this.#pending.keys()]) if (isMeant(contactOf(itemId))) this.withdraw(itemId);
  }

  /** Resolves when every row that was asked for is written. */
  async settled(): Promise<void> {
    while (this.#rows.size > 0) await Promise.all(this.#rows.values());
  }

  #of(contact: LiveContact, agentId: AgentId): { itemId: ItemId; pending: PendingCallback } | undefined {
    const itemId = contact.parts.get(agentId)?.itemId;
    const pending = itemId && this.#pending.get(itemId);
    return itemId && pending ? { itemId, pending } : undefined;
  }

  #queueFor(wanted: QueueId | undefined, clientId: ClientId): QueueId | undefined {
    const { queues } = this.#deps.model();
    if (wanted !== undefined && queues.has(wanted)) return wanted;
    return [...queues.values()].find((queue) => queue.clientId === clientId)?.id;
  }

  #tell(
    { contactId, clientId, queueId }: PendingCallback,
    agentId: AgentId,
    by: LiveContact | undefined,
    payload: LedgerDraft<"callback.attempted">["payload"],
  ): void {
    const { append, clock } = this.#deps;
    append({
      type: "callback.attempted",
      at: clock.now(),
      clientId,
      contactId,
      agentId,
      queueId,
      payload: { ...payload, ...(by && by.id !== contactId ? { byContactId: by.id } : {}) },
    });
  }

  #end(contactId: ContactId, clientId: ClientId, outcome: "answered" | "failed" | "withdrawn"): void {
    const at = this.#deps.clock.now();
    this.#write(contactId, (store) => store.callbackEnded(clientId, contactId, { outcome, at }));
  }

  #write(contactId: ContactId, write: Rows): void {
    const { store, warn } = this.#deps;
    const written = (this.#rows.get(contactId) ?? Promise.resolve())
      .then(() => write(store))
      .catch((error: unknown) =>
        warn("a call-back's row was not written", { contactId, error: String(error) }),
      );
    this.#rows.set(contactId, written);
    void written.then(() => {
      if (this.#rows.get(contactId) === written) this.#rows.delete(contactId);
    });
  }
}

/** What became of the call, in the router's words. */
function attemptOutcome(outcome: ContactOutcome): AttemptOutcome {
  switch (outcome) {
    case "busy":
    case "rejected":
      return "busy";
    case "no_answer":
      return "no_answer";
    case "machine":
      return "machine";
    default:
      return "failed";
  }
}
