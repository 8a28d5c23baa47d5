import type { AgentId, ClientId, Clock, CustomerId, Ids } from "@svara/kernel";
import type { Kysely } from "kysely";
import { normaliseNumber } from "../customers/phone-number.ts";
import { type DB, isOutage, type Tx, WHOLE_CENTRE, withScope } from "../database/index.ts";
import { userKind } from "../identity/user-kind.ts";
import type { ContactBegun, ContactRegistered, LiveStore } from "../live/live-store.ts";
import type { Office } from "../office/office.ts";
import { agentCallings, saveAgentCalling } from "./agent-calling.repository.ts";
import { insertCallback, openCallbacks, updateCallback } from "./callback.repository.ts";
import { unfinishedRecordings } from "./contact-reader.repository.ts";
import { beginContacts, type ChangedRow, changeContacts, type NewRow } from "./contact-rows.repository.ts";
import {
  addAgent,
  insertRecording,
  saveNotes,
  updateContact,
  updateRecording,
} from "./contact-writer.repository.ts";
import { RowBatches } from "./row-batches.ts";

interface Parts {
  readonly db: Kysely<DB>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly office: Office;
  /** The country in which a client's numbers are read. */
  readonly countryOf: (clientId: ClientId) => string;
}

/** The rows beside the ledger that a live contact leaves. Each call is a transaction in the scope of its client. */
export function databaseLiveStore(parts: Parts): LiveStore {
  const { db, clock, ids, office } = parts;
  const inClient = <T>(clientId: ClientId, work: (tx: Tx) => Promise<T>): Promise<T> =>
    withScope(db, { clients: [clientId] }, work);

  const begun = new RowBatches<NewRow, ContactRegistered>({
    clock,
    isOutage,
    write: (rows) => withScope(db, WHOLE_CENTRE, (tx) => beginContacts(tx, rows, clock.now())),
  });
  const changed = new RowBatches<ChangedRow, void>({
    clock,
    isOutage,
    write: async (rows) => {
      await withScope(db, WHOLE_CENTRE, (tx) => changeContacts(tx, rows));
      return rows.map(() => undefined);
    },
  });

  /** A customer is sought, and made when new, by a number that can be read; an internal call has none. */
  function newRow(contact: ContactBegun): NewRow {
    const { clientId, direction, remoteNumber: given } = contact;
    const remoteNumber = given === undefined ? null : normaliseNumber(given, parts.countryOf(clientId));
    const sought = direction !== "internal" && remoteNumber !== null;
    return { contact, remoteNumber, newCustomerId: sought ? (ids.next() as CustomerId) : null };
  }

  /** Team and site of the agent today. */
  function placeOf(agentId: AgentId | undefined): { teamId: string | null; siteId: string | null } {
    const agent = agentId === undefined ? undefined : office.catalogue.get(userKind, agentId)?.value.agent;
    return { teamId: agent?.teamId ?? null, siteId: agent?.siteId ?? null };
  }

  return {
    contactBegun: (contact) => begun.add(newRow(contact)),

    contactChanged: (clientId, contactId, change) =>
      changed.add({ clientId, contactId, change, ...placeOf(change.agentId) }),

    agentJoined: (clientId, contactId, agentId) =>
      inClient(clientId, (tx) => addAgent(tx, { contactId, clientId, agentId, ...placeOf(agentId) })),

    workSaved: (clientId, contactId, agentId, work) =>
      inClient(clientId, async (tx) => {
        const { notes, dispositionId } = work;
        if (notes !== undefined)
          await saveNotes(tx, { contactId, clientId, notes, updatedAt: clock.now(), updatedBy: agentId });
        if (dispositionId !== undefined) await updateContact(tx, contactId, { dispositionId });
        await addAgent(tx, { contactId, clientId, agentId, ...placeOf(agentId) });
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
}
