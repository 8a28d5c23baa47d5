import type { AgentId, ClientId, Clock, ContactId } from "@svara/kernel";
import type { Kysely } from "kysely";
import type { Customers } from "../customers/customers.ts";
import { normaliseNumber } from "../customers/phone-number.ts";
import { nextShortNumber } from "../customers/short-number.ts";
import { type DB, type Tx, WHOLE_CENTRE, withScope } from "../database/index.ts";
import { userKind } from "../identity/user-kind.ts";
import type { ContactBegun, ContactChange, ContactRegistered, LiveStore } from "../live/live-store.ts";
import type { Office } from "../office/office.ts";
import { agentCallings, saveAgentCalling } from "./agent-calling.repository.ts";
import { insertCallback, openCallbacks, updateCallback } from "./callback.repository.ts";
import { unfinishedRecordings } from "./contact-reader.repository.ts";
import {
  addAgent,
  addQueue,
  insertContact,
  insertRecording,
  saveNotes,
  updateContact,
  updateRecording,
} from "./contact-writer.repository.ts";
import { customerHistory } from "./customer-history.ts";

interface Parts {
  readonly db: Kysely<DB>;
  readonly clock: Clock;
  readonly customers: Customers;
  readonly office: Office;
  /** The country in which a client's numbers are read. */
  readonly countryOf: (clientId: ClientId) => string;
}

/** The rows beside the ledger that a live contact leaves. Each call is a transaction in the scope of its client. */
export function databaseLiveStore(parts: Parts): LiveStore {
  const { db, clock, customers, office } = parts;
  const inClient = <T>(clientId: ClientId, work: (tx: Tx) => Promise<T>): Promise<T> =>
    withScope(db, { clients: [clientId] }, work);

  async function addPart(tx: Tx, clientId: ClientId, contactId: ContactId, agentId: AgentId): Promise<void> {
    const agent = office.catalogue.get(userKind, agentId)?.value.agent;
    await addAgent(tx, {
      contactId,
      clientId,
      agentId,
      teamId: agent?.teamId ?? null,
      siteId: agent?.siteId ?? null,
    });
  }

  return {
    contactBegun: (contact) => inClient(contact.clientId, (tx) => begin(tx, parts, contact)),

    contactChanged: (clientId, contactId, change) =>
      inClient(clientId, async (tx) => {
        await updateContact(tx, contactId, onlyGiven(change));
        if (change.queueId !== undefined)
          await addQueue(tx, { contactId, clientId, queueId: change.queueId });
        if (change.agentId !== undefined) await addPart(tx, clientId, contactId, change.agentId);
      }),

    workSaved: (clientId, contactId, agentId, work) =>
      inClient(clientId, async (tx) => {
        const { notes, dispositionId } = work;
        if (notes !== undefined)
          await saveNotes(tx, { contactId, clientId, notes, updatedAt: clock.now(), updatedBy: agentId });
        if (dispositionId !== undefined) await updateContact(tx, contactId, { dispositionId });
        await addPart(tx, clientId, contactId, agentId);
      }),

    callings: () => withScope(db, WHOLE_CENTRE, agentCallings),

    callingSaved: (agentId, calling) =>
      withScope(db, WHOLE_CENTRE, (tx) => saveAgentCalling(tx, agentId, calling)),

    callbackBegun: (callback) => inClient(callback.clientId, (tx) => insertCallback(tx, callback)),

    callbackMoved: (clientId, contactId, queueId) =>
      inClient(clientId, (tx) => updateCallback(tx, contactId, { queueId })),

    callbackAttempted: (clientId, contactId, attempts) =>
      inClient(clientId, (tx) => updateCallback(tx, contactId, { attempts })),

    callbackEnded: (clientId, contactId, { outcome, at }) =>
      inClient(clientId, (tx) => updateCallback(tx, contactId, { outcome, endedAt: at })),

    openCallbacks: () => withScope(db, WHOLE_CENTRE, openCallbacks),

    recordingBegun: ({ recordingId, clientId, contactId, agentId, startedAt, storageKey }) =>
      inClient(clientId, (tx) =>
        insertRecording(tx, {
          id: recordingId,
          clientId,
          contactId,
          agentId: agentId ?? null,
          startedAt,
          storageKey,
        }),
      ),

    recordingStored: (clientId, recordingId, stored) =>
      inClient(clientId, (tx) => updateRecording(tx, recordingId, { state: "stored", ...stored })),

    recordingFailed: (clientId, recordingId, reason) =>
      inClient(clientId, (tx) =>
        updateRecording(tx, recordingId, { state: "failed", failure: reason.slice(0, 500) }),
      ),

    unfinishedRecordings: () => withScope(db, WHOLE_CENTRE, unfinishedRecordings),
  };

  async function begin(tx: Tx, { countryOf }: Parts, contact: ContactBegun): Promise<ContactRegistered> {
    const { clientId, contactId, direction } = contact;
    const customer =
      direction === "internal"
        ? undefined
        : await customers.findOrCreateByNumber(tx, clientId, contact.remoteNumber, contact.remoteName);
    const history =
      customer &&
      (await customerHistory(tx, { id: customer.id, codes: customer.codes ?? null }, contact.startedAt));
    const remote = contact.remoteNumber ?? null;
    const shortNumber = await nextShortNumber(tx, clientId, "contact");
    await insertContact(
      tx,
      {
        id: contactId,
        clientId,
        shortNumber,
        medium: "voice",
        direction,
        origin: contact.origin,
        startedAt: contact.startedAt,
        entryPointId: contact.entryPointId ?? null,
        customerId: customer?.id ?? null,
        linkedTo: contact.linkedTo ?? null,
      },
      {
        remoteNumber: remote && (normaliseNumber(remote, countryOf(clientId)) ?? null),
        remoteName: contact.remoteName ?? null,
        localNumber: contact.calledNumber ?? null,
      },
    );
    return { shortNumber, ...(customer && { customer: cardFor(customer) }), ...(history && { history }) };
  }
}

function cardFor(customer: {
  readonly id: string;
  readonly shortNumber: number;
  readonly name: string | null;
  readonly number: string | null;
}) {
  return {
    id: customer.id,
    shortNumber: customer.shortNumber,
    ...(customer.name !== null && { name: customer.name }),
    ...(customer.number !== null && { number: customer.number }),
  };
}

function onlyGiven(change: ContactChange): ContactChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}
