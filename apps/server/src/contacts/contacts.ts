import type { contactDetail, contactSummary } from "@svara/contracts";
import type { Clock } from "@svara/kernel";
import { contactTimeline, type LedgerEvent } from "@svara/ledger";
import type { Kysely } from "kysely";
import type { z } from "zod";
import { clientKind } from "../clients/client-kind.ts";
import type { Customers } from "../customers/customers.ts";
import { type DB, readEvents, type Scope, type Tx, withScope } from "../database/index.ts";
import { entryPointKind } from "../entry-points/entry-point-kind.ts";
import { notFound } from "../http/http-error.ts";
import { userKind } from "../identity/user-kind.ts";
import type { Office } from "../office/office.ts";
import { decodeCursor, encodeCursor } from "../office/page.ts";
import { queueKind } from "../queues/queue-kind.ts";
import type { Caller } from "../rights/access.ts";
import { contactLegsOf } from "./contact-legs.ts";
import {
  agentsOf,
  type ContactFilter,
  type ContactRow,
  type ContactSight,
  linkedContacts,
  listContacts,
  notesOf,
  queuesOf,
  type RecordingRow,
  recordingById,
  recordingsOf,
} from "./contact-reader.repository.ts";
import { saveNotes, updateContact } from "./contact-writer.repository.ts";
import { queueStaysOf, rivalsIn } from "./queue-stays.ts";

export type ContactSummary = z.input<typeof contactSummary>;
export type ContactDetail = z.input<typeof contactDetail>;

interface Parts {
  readonly db: Kysely<DB>;
  readonly clock: Clock;
  readonly office: Office;
  readonly customers: Customers;
}

const DAY_MS = 86_400_000;
/** Customers that a search may bring in; whoever finds more has to type more. */
const SEARCHED_CUSTOMERS = 500;

type ViewPermission =
  | "contacts.view"
  | "contacts.export"
  | "contacts.edit"
  | "recordings.play"
  | "recordings.export";

/** Reading contacts, as far as the reader's grants reach. */
export class Contacts {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Newest first. */
  async list(
    caller: Caller,
    filter: Omit<ContactFilter, "search"> & { readonly search?: string | undefined },
    page: { readonly cursor?: string | undefined; readonly limit: number },
    permission: "contacts.view" | "contacts.export" = "contacts.view",
  ): Promise<{ readonly items: ContactSummary[]; readonly nextCursor: string | null }> {
    const { scope, sight } = this.#reach(caller, permission);
    const before = page.cursor ? decodeCursor(page.cursor) : undefined;
    return withScope(this.#parts.db, scope, async (tx) => {
      const wanted = { ...filter, search: await this.#search(tx, filter.search) };
      const rows = await listContacts(tx, sight, wanted, { before, limit: page.limit + 1 });
      const shown = rows.slice(0, page.limit);
      const last = shown.at(-1);
      return {
        items: await this.#summaries(tx, shown),
        nextCursor:
          rows.length > page.limit && last ? encodeCursor({ at: last.startedAt, id: last.id }) : null,
      };
    });
  }

  /** A contact with its timeline. @throws HttpError 404 */
  async detail(caller: Caller, id: string): Promise<ContactDetail> {
    const { scope, sight } = this.#reach(caller, "contacts.view");
    return withScope(this.#parts.db, scope, async (tx) => {
      const row = await this.#row(tx, sight, id);
      const [summary] = await this.#summaries(tx, [row]);
      if (!summary) throw notFound("contact");
      const events = await readEvents(tx, { contactId: id });
      const note = (await notesOf(tx, [id])).get(id);
      const recordings = await recordingsOf(tx, id);
      const may = await this.#may(tx, caller, row);
      return {
        ...summary,
        origin: row.origin,
        linkedTo: row.linkedTo,
        linked: await linkedContacts(tx, id),
        localNumber: row.localNumber,
        notes: note?.notes ?? "",
        notesUpdatedAt: note?.updatedAt ?? null,
        segments: this.#segments(events),
        events: events.map((event) => this.#event(event)),
        recordings: recordings.map((recording) => this.#recording(recording)),
        legs: contactLegsOf(events, (agentId) => this.#agent(agentId)),
        queueStays: await this.#queueStays(tx, sight, events),
        may,
      };
    });
  }

  /** Notes and disposition of a closed contact. @throws HttpError 404 */
  async setWork(
    caller: Caller,
    id: string,
    work: { readonly notes?: string | undefined; readonly dispositionId?: string | null | undefined },
  ): Promise<void> {
    const { scope, sight } = this.#reach(caller, "contacts.edit", false);
    await withScope(this.#parts.db, scope, async (tx) => {
      const { clientId } = await this.#row(tx, sight, id);
      const { notes, dispositionId } = work;
      const updatedAt = this.#parts.clock.now();
      if (notes !== undefined)
        await saveNotes(tx, { contactId: id, clientId, notes, updatedAt, updatedBy: caller.userId });
      if (dispositionId !== undefined) await updateContact(tx, id, { dispositionId });
    });
  }

  /** A recording that the caller may listen to or take away. @throws HttpError 404 */
  async recording(
    caller: Caller,
    id: string,
    permission: "recordings.play" | "recordings.export",
  ): Promise<RecordingRow> {
    const own = permission === "recordings.play" && caller.access.has("recordings.play_own");
    const { scope, sight } = this.#reach(caller, permission, own);
    return withScope(this.#parts.db, scope, async (tx) => {
      const recording = await recordingById(tx, id);
      if (!recording) throw notFound("recording");
      await this.#row(tx, sight, recording.contactId);
      return recording;
    });
  }

  /** The clients' rows and what of them the caller sees by the permission; the own contacts where that is a right too. */
  #reach(
    caller: Caller,
    permission: ViewPermission,
    own = caller.access.has("contacts.view_own"),
  ): { scope: Scope; sight: ContactSight } {
    const ownAgentId = own ? caller.agentId : undefined;
    const { access } = caller;
    const narrowing = access.has(permission) ? access.narrowingOf(permission) : NOTHING;
    const clients = access.clientsOf(permission);
    const ownClients = own ? access.clientsOf("contacts.view_own") : [];
    const scope: Scope =
      clients === "all" || ownClients === "all"
        ? { clients: "all-of-centre" }
        : { clients: [...new Set([...clients, ...ownClients])] };
    return { scope, sight: { narrowing, ownAgentId } };
  }

  async #row(tx: Tx, sight: ContactSight, id: string): Promise<ContactRow> {
    const [row] = await listContacts(tx, sight, { ids: [id] }, { limit: 1 });
    if (!row) throw notFound("contact");
    return row;
  }

  async #search(tx: Tx, text: string | undefined): Promise<ContactFilter["search"]> {
    if (!text) return undefined;
    const digits = /^[+#\d\s().\-/]+$/.test(text) ? text.replace(/\D/g, "") : undefined;
    return { digits, customerIds: await this.#parts.customers.idsMatching(tx, text, SEARCHED_CUSTOMERS) };
  }

  async #summaries(tx: Tx, rows: readonly ContactRow[]): Promise<ContactSummary[]> {
    const ids = rows.flatMap((row) => (row.customerId === null ? [] : [row.customerId]));
    const cards = await this.#parts.customers.cards(tx, [...new Set(ids)]);
    return rows.map((row) => {
      const card = row.customerId === null ? undefined : cards.get(row.customerId);
      return {
        id: row.id,
        clientId: row.clientId,
        shortNumber: row.shortNumber,
        medium: row.medium as ContactSummary["medium"],
        direction: row.direction as ContactSummary["direction"],
        outcome: row.outcome as ContactSummary["outcome"],
        startedAt: row.startedAt,
        answeredAt: row.answeredAt,
        endedAt: row.customerEndedAt ?? row.closedAt,
        waitMs: row.waitMs,
        talkMs: row.talkMs,
        queue: this.#queue(row.queueId),
        agent: this.#agent(row.agentId),
        entryPoint: this.#entryPoint(row.entryPointId),
        customer: card ? { id: card.id, shortNumber: card.shortNumber, name: card.name } : null,
        remoteNumber: row.remoteNumber,
        dispositionId: row.dispositionId,
        hasRecording: row.hasRecording,
      };
    });
  }

  #segments(events: readonly LedgerEvent[]): ContactDetail["segments"] {
    return contactTimeline(events).segments.map((segment) => ({
      id: segment.segmentId,
      party: segment.party,
      kind: segment.kind,
      startedAt: segment.from,
      endedAt: segment.to ?? null,
      endReason: segment.reason ?? null,
      agent: this.#agent(segment.agentId ?? null),
      queue: this.#queue(segment.queueId ?? null),
    }));
  }

  /** The contacts of others that competed for an agent are named only to those who may see them. */
  async #queueStays(
    tx: Tx,
    sight: ContactSight,
    events: readonly LedgerEvent[],
  ): Promise<ContactDetail["queueStays"]> {
    const ids = rivalsIn(events);
    const seen = ids.length === 0 ? [] : await listContacts(tx, sight, { ids }, { limit: ids.length });
    const known = new Set(seen.map((row) => row.id));
    return queueStaysOf(events, {
      agent: (id) => this.#agent(id) ?? { id, name: "" },
      queue: (id) => this.#queue(id) ?? { id, name: "" },
      knows: (id) => known.has(id),
    });
  }

  #event(event: LedgerEvent): ContactDetail["events"][number] {
    return {
      id: event.id,
      seq: event.seq,
      at: event.at,
      type: event.type,
      actor: event.actor,
      agent: this.#agent(event.agentId ?? null),
      queue: this.#queue(event.queueId ?? null),
      details: detailsOf(event),
    };
  }

  #recording(recording: RecordingRow): ContactDetail["recordings"][number] {
    const days = this.#parts.office.catalogue.get(clientKind, recording.clientId)?.value
      .recordingRetentionDays;
    return {
      id: recording.id,
      startedAt: recording.startedAt,
      durationMs: recording.durationMs ?? 0,
      state: recording.state as "stored",
      channels: 2,
      agent: this.#agent(recording.agentId),
      deleteAt: days ? recording.startedAt + days * DAY_MS : null,
    };
  }

  async #may(tx: Tx, caller: Caller, row: ContactRow): Promise<ContactDetail["may"]> {
    const { access } = caller;
    const agents = await agentsOf(tx, row.id);
    const queues = await queuesOf(tx, row.id);
    const places = [
      { clientId: row.clientId },
      ...queues.map((queueId) => ({ queueId })),
      ...agents.map(({ teamId, siteId }) => ({ teamId, siteId })),
    ];
    const covers = (permission: ViewPermission) => places.some((place) => access.covers(permission, place));
    const own = agents.some((agent) => agent.agentId === caller.agentId) && access.has("recordings.play_own");
    return {
      edit: covers("contacts.edit"),
      play: own || covers("recordings.play"),
      exportRecording: covers("recordings.export"),
    };
  }

  #queue(id: string | null) {
    const name = id === null ? undefined : this.#parts.office.catalogue.get(queueKind, id)?.value.name;
    return id !== null && name !== undefined ? { id, name } : null;
  }

  #agent(id: string | null) {
    const name = id === null ? undefined : this.#parts.office.catalogue.get(userKind, id)?.value.displayName;
    return id !== null && name !== undefined ? { id, name } : null;
  }

  #entryPoint(id: string | null) {
    const name = id === null ? undefined : this.#parts.office.catalogue.get(entryPointKind, id)?.value.name;
    return id !== null && name !== undefined ? { id, name } : null;
  }
}

const NOTHING = { clients: [], queues: [], teams: [], sites: [] };

/** The payload; how an agent was chosen is told by the stays in queues, without what the reader may not see. */
function detailsOf({ payload }: LedgerEvent): Record<string, unknown> {
  const { explain: _explain, ...details } = payload as Record<string, unknown>;
  return details;
}
