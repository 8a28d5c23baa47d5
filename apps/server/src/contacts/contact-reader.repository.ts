import type { ClientId, ContactId, RecordingId } from "@svara/kernel";
import { type ExpressionBuilder, type SelectQueryBuilder, sql } from "kysely";
import type { DB, Tx } from "../database/index.ts";
import type { TimeKey } from "../office/page.ts";
import type { Narrowing } from "../rights/access.ts";

/** What a reader may see beside what their clients' rows are: undefined means everything in the scope. */
export interface ContactSight {
  readonly narrowing: Narrowing | undefined;
  /** Sees the contacts this agent took, whatever the narrowing. */
  readonly ownAgentId: string | undefined;
}

export interface ContactFilter {
  readonly clientId?: string | undefined;
  readonly queueId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly customerId?: string | undefined;
  readonly medium?: string | undefined;
  readonly direction?: string | undefined;
  readonly outcome?: string | undefined;
  readonly dispositionId?: string | undefined;
  readonly fromAt?: number | undefined;
  readonly untilAt?: number | undefined;
  readonly search?:
    | { readonly digits: string | undefined; readonly customerIds: readonly string[] }
    | undefined;
  readonly ids?: readonly string[] | undefined;
}

export interface ContactRow {
  readonly id: string;
  readonly clientId: string;
  readonly shortNumber: number;
  readonly medium: string;
  readonly direction: string;
  readonly origin: string;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly customerEndedAt: number | null;
  readonly closedAt: number | null;
  readonly outcome: string | null;
  readonly waitMs: number | null;
  readonly talkMs: number | null;
  readonly queueId: string | null;
  readonly agentId: string | null;
  readonly entryPointId: string | null;
  readonly customerId: string | null;
  readonly linkedTo: string | null;
  readonly dispositionId: string | null;
  readonly remoteNumber: string | null;
  readonly remoteName: string | null;
  readonly localNumber: string | null;
  readonly hasRecording: boolean;
}

type Joined = DB & { c: DB["contact"]; p: DB["contactParty"] };
type Query<O> = SelectQueryBuilder<Joined, "c" | "p", O>;

/** Newest first, from after `before`. */
export async function listContacts(
  tx: Tx,
  sight: ContactSight,
  filter: ContactFilter,
  page: {
    readonly before?: TimeKey | undefined;
    readonly limit: number;
  },
): Promise<ContactRow[]> {
  let query = filtered(seen(rows(tx), sight), filter);
  const { before } = page;
  if (before)
    query = query.where((eb) =>
      eb.or([
        eb("c.startedAt", "<", before.at),
        eb.and([eb("c.startedAt", "=", before.at), eb("c.id", "<", before.id)]),
      ]),
    );
  const found = await query
    .orderBy("c.startedAt", "desc")
    .orderBy("c.id", "desc")
    .limit(page.limit)
    .execute();
  return found.map((row) => ({ ...row, hasRecording: row.hasRecording === true }));
}

function rows(tx: Tx) {
  return tx
    .selectFrom("contact as c")
    .leftJoin("contactParty as p", "p.contactId", "c.id")
    .selectAll("c")
    .select(["p.remoteNumber", "p.remoteName", "p.localNumber"])
    .select((eb) =>
      eb
        .exists(
          eb
            .selectFrom("recording as r")
            .select("r.id")
            .whereRef("r.contactId", "=", "c.id")
            .where("r.state", "in", ["stored", "recording"]),
        )
        .as("hasRecording"),
    );
}

/** Clients, queues, teams and sites that the reader's grants name, or the own contacts. */
function seen<O>(query: Query<O>, sight: ContactSight): Query<O> {
  const { narrowing, ownAgentId } = sight;
  if (!narrowing) return query;
  return query.where((eb) => {
    const any = [
      ...(narrowing.clients.length > 0 ? [eb("c.clientId", "in", [...narrowing.clients])] : []),
      ...(narrowing.queues.length > 0 ? [inQueue(eb, narrowing.queues)] : []),
      ...(narrowing.teams.length > 0 ? [byAgents(eb, "teamId", narrowing.teams)] : []),
      ...(narrowing.sites.length > 0 ? [byAgents(eb, "siteId", narrowing.sites)] : []),
      ...(ownAgentId === undefined ? [] : [byAgents(eb, "agentId", [ownAgentId])]),
    ];
    return any.length > 0 ? eb.or(any) : eb.val(false);
  });
}

type Eb = ExpressionBuilder<Joined, "c" | "p">;

function inQueue(eb: Eb, queues: readonly string[]) {
  return eb.exists(
    eb
      .selectFrom("contactQueue as q")
      .select("q.queueId")
      .whereRef("q.contactId", "=", "c.id")
      .where("q.queueId", "in", [...queues]),
  );
}

function byAgents(eb: Eb, column: "teamId" | "siteId" | "agentId", ids: readonly string[]) {
  return eb.exists(
    eb
      .selectFrom("contactAgent as a")
      .select("a.agentId")
      .whereRef("a.contactId", "=", "c.id")
      .where(`a.${column}`, "in", [...ids]),
  );
}

function filtered<O>(query: Query<O>, filter: ContactFilter): Query<O> {
  const { search } = filter;
  let result = query;
  const { ids } = filter;
  if (ids) result = result.where(sql<boolean>`c.id = any(${ids}::uuid[])`);
  if (filter.clientId) result = result.where("c.clientId", "=", filter.clientId);
  const { queueId, agentId } = filter;
  if (queueId) result = result.where((eb) => inQueue(eb, [queueId]));
  if (agentId) result = result.where((eb) => byAgents(eb, "agentId", [agentId]));
  if (filter.customerId) result = result.where("c.customerId", "=", filter.customerId);
  if (filter.medium) result = result.where("c.medium", "=", filter.medium);
  if (filter.direction) result = result.where("c.direction", "=", filter.direction);
  if (filter.outcome) result = result.where("c.outcome", "=", filter.outcome);
  if (filter.dispositionId) result = result.where("c.dispositionId", "=", filter.dispositionId);
  if (filter.fromAt !== undefined) result = result.where("c.startedAt", ">=", filter.fromAt);
  if (filter.untilAt !== undefined) result = result.where("c.startedAt", "<", filter.untilAt);
  if (search)
    result = result.where((eb) =>
      eb.or([
        ...(search.customerIds.length > 0 ? [eb("c.customerId", "in", [...search.customerIds])] : []),
        ...(search.digits && search.digits.length >= 2
          ? [eb("p.remoteNumber", "like", `%${search.digits}%`)]
          : []),
        ...(search.digits && /^\d{1,9}$/.test(search.digits)
          ? [eb("c.shortNumber", "=", Number(search.digits))]
          : []),
        eb.val(false),
      ]),
    );
  return result;
}

export async function linkedContacts(tx: Tx, id: ContactId): Promise<string[]> {
  const found = await tx
    .selectFrom("contact")
    .select("id")
    .where("linkedTo", "=", id)
    .orderBy("startedAt")
    .execute();
  return found.map((row) => row.id);
}

export async function notesOf(
  tx: Tx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, { readonly notes: string; readonly updatedAt: number }>> {
  if (ids.length === 0) return new Map();
  const found = await tx
    .selectFrom("contactNote")
    .select(["contactId", "notes", "updatedAt"])
    .where("contactId", "in", [...ids])
    .execute();
  return new Map(found.map((row) => [row.contactId, row]));
}

export interface RecordingRow {
  readonly id: RecordingId;
  readonly clientId: ClientId;
  readonly contactId: ContactId;
  readonly agentId: string | null;
  readonly startedAt: number;
  readonly durationMs: number | null;
  readonly state: string;
  readonly storageKey: string;
}

export async function recordingsOf(tx: Tx, contactId: ContactId): Promise<RecordingRow[]> {
  return tx
    .selectFrom("recording")
    .selectAll()
    .where("contactId", "=", contactId)
    .orderBy("startedAt")
    .orderBy("id")
    .execute();
}

export async function recordingById(tx: Tx, id: RecordingId): Promise<RecordingRow | undefined> {
  return tx.selectFrom("recording").selectAll().where("id", "=", id).executeTakeFirst();
}

/** Agents who had a part. */
export async function agentsOf(tx: Tx, contactId: ContactId) {
  return tx
    .selectFrom("contactAgent")
    .select(["agentId", "teamId", "siteId"])
    .where("contactId", "=", contactId)
    .execute();
}

export async function queuesOf(tx: Tx, contactId: ContactId): Promise<string[]> {
  const found = await tx
    .selectFrom("contactQueue")
    .select("queueId")
    .where("contactId", "=", contactId)
    .execute();
  return found.map((row) => row.queueId);
}

/** Recordings that a run before this one left in the making. */
export async function unfinishedRecordings(tx: Tx) {
  const found = await tx
    .selectFrom("recording")
    .select(["id", "clientId", "contactId", "storageKey"])
    .where("state", "=", "recording")
    .orderBy("startedAt")
    .execute();
  return found.map(({ id, ...row }) => ({ recordingId: id, ...row }));
}

/** How many contacts a customer has had and when the last began. */
export async function contactCounts(
  tx: Tx,
  customerIds: readonly string[],
): Promise<ReadonlyMap<string, { readonly count: number; readonly lastAt: number }>> {
  if (customerIds.length === 0) return new Map();
  const found = await tx
    .selectFrom("contact")
    .select([
      "customerId",
      (eb) => eb.fn.countAll<number>().as("count"),
      (eb) => eb.fn.max("startedAt").as("lastAt"),
    ])
    .where("customerId", "in", [...customerIds])
    .groupBy("customerId")
    .execute();
  return new Map(
    found.flatMap((row) =>
      row.customerId === null
        ? []
        : [[row.customerId, { count: Number(row.count), lastAt: row.lastAt }] as const],
    ),
  );
}
