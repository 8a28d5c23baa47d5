import type { ContactId } from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import type { LiveContact } from "./live-contact.ts";
import type { ContactBegun, ContactChange, ContactRegistered, LiveStore } from "./live-store.ts";

export interface ContactRowsDeps {
  readonly store: LiveStore;
  readonly warn: (message: string, detail: object) => void;
}

/** Keeps the rows beside the ledger in step with what the ledger says; the rows of one contact are written in order. */
export class ContactRows {
  readonly #deps: ContactRowsDeps;
  readonly #pending = new Set<Promise<unknown>>();

  constructor(deps: ContactRowsDeps) {
    this.#deps = deps;
  }

  /** Writes the contact's own row; `registered` hears its number and customer. The call does not wait for it. */
  begin(
    contact: LiveContact,
    origin: ContactBegun["origin"],
    registered: (row: ContactRegistered) => void,
  ): void {
    const { facts } = contact;
    this.#inOrder(contact, async () => {
      const row = await this.#deps.store.contactBegun({
        contactId: facts.contactId,
        clientId: facts.clientId,
        direction: facts.direction,
        origin,
        startedAt: facts.startedAt,
        ...(facts.entryPoint ? { entryPointId: facts.entryPoint.id } : {}),
        ...(facts.remoteNumber ? { remoteNumber: facts.remoteNumber } : {}),
        ...(facts.remoteName ? { remoteName: facts.remoteName } : {}),
        ...(facts.calledNumber ? { calledNumber: facts.calledNumber } : {}),
        ...(facts.callback ? { linkedTo: facts.callback.of } : {}),
      });
      registered(row);
    });
    if (facts.callback) this.#change(contact, contact.id, { queueId: facts.callback.queueId });
  }

  /** Follows one event of the contact's ledger. */
  follow(contact: LiveContact, event: LedgerDraft): void {
    if (event.contactId !== contact.id) return this.#followConsultation(contact, event);
    switch (event.type) {
      case "queue.entered":
        return this.#change(contact, contact.id, { queueId: event.queueId });
      case "queue.left":
        if (event.payload.outcome === "answered") contact.tally.waitMs ??= event.payload.waitMs;
        return;
      case "segment.started":
        return this.#segmentStarted(contact, event);
      case "conference.joined": {
        const { agentId } = event;
        if (!agentId) return;
        return this.#inOrder(contact, () =>
          this.#deps.store.agentJoined(contact.clientId, contact.id, agentId),
        );
      }
      case "segment.ended":
        if (event.payload.party !== "customer") return;
        contact.tally.customerEndedAt = event.at;
        if (contact.tally.talkSince !== undefined) contact.tally.talkMs += event.at - contact.tally.talkSince;
        contact.tally.talkSince = undefined;
        return;
      case "contact.closed": {
        const { waitMs, talkMs, customerEndedAt } = contact.tally;
        return this.#change(contact, contact.id, {
          closedAt: event.at,
          outcome: event.payload.outcome,
          talkMs,
          ...(waitMs === undefined ? {} : { waitMs }),
          ...(customerEndedAt === undefined ? {} : { customerEndedAt }),
        });
      }
      default:
        return;
    }
  }

  /** Writes something else about the contact after what is already on its way. */
  after(contact: LiveContact, write: (before: Promise<unknown>) => Promise<unknown>): void {
    this.#track(contact, write(contact.rows));
  }

  /** Resolves when every row is written that was asked for. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  /** A consultation is a contact of its own, linked to the first. */
  #followConsultation(contact: LiveContact, event: LedgerDraft): void {
    const { contactId } = event;
    if (contactId === undefined) return;
    switch (event.type) {
      case "contact.created":
        return this.#inOrder(contact, () =>
          this.#deps.store.contactBegun({
            contactId,
            clientId: contact.clientId,
            direction: event.payload.direction,
            origin: "agent",
            startedAt: event.at,
            ...(event.payload.linkedTo ? { linkedTo: event.payload.linkedTo } : {}),
          }),
        );
      case "segment.started":
        return this.#colleagueTalks(contact, contactId, event);
      case "contact.closed":
        return this.#change(contact, contactId, { closedAt: event.at, outcome: event.payload.outcome });
      default:
        return;
    }
  }

  #segmentStarted(contact: LiveContact, event: LedgerDraft<"segment.started">): void {
    if (contact.facts.direction === "internal") return this.#colleagueTalks(contact, contact.id, event);
    if (event.payload.party !== "customer" || event.payload.kind !== "talk") return;
    contact.tally.talkSince = event.at;
    const first = contact.tally.answered ? {} : { answeredAt: event.at };
    contact.tally.answered = true;
    if (event.agentId) this.#change(contact, contact.id, { agentId: event.agentId, ...first });
  }

  #colleagueTalks(contact: LiveContact, contactId: ContactId, event: LedgerDraft<"segment.started">): void {
    if (event.payload.kind !== "talk" || !event.agentId) return;
    this.#change(contact, contactId, { agentId: event.agentId });
  }

  /** What comes while an earlier change still waits to be written goes along with it: fewer transactions under load. */
  #change(contact: LiveContact, contactId: ContactId, change: ContactChange): void {
    const waiting = contact.unwritten.get(contactId);
    if (waiting && goTogether(waiting, change)) {
      Object.assign(waiting, change);
      return;
    }
    const written = { ...change };
    contact.unwritten.set(contactId, written);
    this.#inOrder(contact, () => {
      if (contact.unwritten.get(contactId) === written) contact.unwritten.delete(contactId);
      return this.#deps.store.contactChanged(contact.clientId, contactId, written);
    });
  }

  #inOrder(contact: LiveContact, write: () => Promise<unknown>): void {
    const written = contact.rows
      .then(write)
      .catch((error: unknown) =>
        this.#deps.warn("a contact's row was not written", { contactId: contact.id, error: String(error) }),
      );
    this.#track(contact, written);
  }

  #track(contact: LiveContact, written: Promise<unknown>): void {
    contact.rows = written;
    this.#pending.add(written);
    void written.then(() => this.#pending.delete(written));
  }
}

/** Each queue and each agent leaves a row of its own: the second of them is not written over the first. */
function goTogether(waiting: ContactChange, change: ContactChange): boolean {
  return (["queueId", "agentId"] as const).every(
    (key) => waiting[key] === undefined || change[key] === undefined || waiting[key] === change[key],
  );
}
