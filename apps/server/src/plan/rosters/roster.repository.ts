import type { LocalDate } from "@svara/calendar";
import type { RosterDayChange } from "@svara/contracts";
import type { Instant } from "@svara/kernel";
import type { RosterShift, RosterWeights, ShiftPart, Wish } from "@svara/workforce/rostering";
import { type Selectable, sql } from "kysely";
import type { DB, Tx } from "../../database/index.ts";
import { conflict, notFound } from "../../http/http-error.ts";
import type { ShiftRow } from "./publication.ts";
import type { StoredGroup } from "./requirement.ts";

/** A roster as it is stored. */
export interface RosterRow {
  readonly id: string;
  readonly teamId: string | null;
  readonly siteId: string | null;
  readonly timeZone: string;
  readonly from: LocalDate;
  readonly days: number;
  readonly fromAt: Instant;
  readonly toAt: Instant;
  readonly groups: readonly StoredGroup[];
  readonly weights: RosterWeights;
  readonly draft: readonly RosterShift[];
  readonly draftRevision: number;
  readonly solved: unknown;
  readonly verified: unknown;
  readonly figures: { readonly shortHours?: number; readonly violations?: number };
  readonly version: number;
  readonly publishedRevision: number | null;
  readonly publishedAt: Instant | null;
  readonly publishedBy: string | null;
}

/** A change of the draft that can be taken back. */
export interface StepRow {
  readonly draftRevision: number;
  readonly at: Instant;
  readonly actor: string;
  readonly what: string;
  /** Null: everybody's shifts. */
  readonly agentIds: readonly string[] | null;
  readonly before: readonly RosterShift[];
}

export interface NewRoster
  extends Pick<
    RosterRow,
    "id" | "teamId" | "siteId" | "timeZone" | "from" | "days" | "fromAt" | "toAt" | "groups" | "weights"
  > {
  readonly at: Instant;
  readonly actor: string;
}

const KEPT_STEPS = 100;

export async function insertRoster(tx: Tx, roster: NewRoster): Promise<void> {
  const { from, at, actor, groups, weights, ...row } = roster;
  await tx
    .insertInto("roster")
    .values({
      ...row,
      fromDate: from,
      groups: JSON.stringify(groups),
      weights: JSON.stringify(weights),
      createdAt: at,
      createdBy: actor,
    })
    .execute();
}

/** Rosters that share time with a span, the newest days first. */
export async function rostersBetween(tx: Tx, from: Instant, to: Instant): Promise<RosterRow[]> {
  const rows = await tx
    .selectFrom("roster")
    .selectAll()
    .where("archived", "=", false)
    .where("toAt", ">", from)
    .where("fromAt", "<", to)
    .orderBy("fromAt", "desc")
    .orderBy("id")
    .limit(500)
    .execute();
  return rows.map(toRoster);
}

/** One that is not archived. @throws HttpError 404 */
export async function readRoster(tx: Tx, id: string, lock = false): Promise<RosterRow> {
  let query = tx.selectFrom("roster").selectAll().where("id", "=", id).where("archived", "=", false);
  if (lock) query = query.forUpdate();
  const row = await query.executeTakeFirst();
  if (!row) throw notFound("roster");
  return toRoster(row);
}

/** Locks those that share time with a span, so that two decisions on one agent follow each other. */
export async function lockRosters(tx: Tx, from: Instant, to: Instant): Promise<void> {
  await tx
    .selectFrom("roster")
    .select("id")
    .where("archived", "=", false)
    .where("toAt", ">", from)
    .where("fromAt", "<", to)
    .orderBy("id") // everybody in the same order: nobody waits for each other
    .forUpdate()
    .execute();
}

/** One roster at a time comes to be, so that two for the same agents see each other. Let go with the transaction. */
export async function lockCreation(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('svara roster'))`.execute(tx);
}

/** Locked for a change of the draft that the caller has seen. @throws HttpError 404; 409 `roster_changed` */
export async function lockDraft(tx: Tx, id: string, draftRevision: number): Promise<RosterRow> {
  const roster = await readRoster(tx, id, true);
  if (roster.draftRevision !== draftRevision)
    throw conflict("roster_changed", "Somebody changed this roster meanwhile: look at it anew");
  return roster;
}

export type DraftChange = Partial<
  Pick<RosterRow, "draft" | "groups" | "weights" | "solved" | "verified" | "figures" | "publishedRevision">
>;

/** Writes what is given; a new draft or requirement raises the revision. */
export async function writeDraft(tx: Tx, id: string, change: DraftChange): Promise<void> {
  const { publishedRevision, ...json } = change;
  const raises = json.draft !== undefined || json.groups !== undefined;
  await tx
    .updateTable("roster")
    .set({
      ...Object.fromEntries(Object.entries(json).map(([key, value]) => [key, JSON.stringify(value)])),
      ...(publishedRevision !== undefined && { publishedRevision }),
      ...(raises && { draftRevision: sql<number>`draft_revision + 1` }),
    })
    .where("id", "=", id)
    .execute();
}

export async function insertStep(tx: Tx, rosterId: string, step: StepRow): Promise<void> {
  await tx
    .insertInto("rosterStep")
    .values({
      rosterId,
      draftRevision: step.draftRevision,
      at: step.at,
      actor: step.actor,
      what: JSON.stringify(step.what),
      agentIds: step.agentIds === null ? null : [...step.agentIds],
      before: JSON.stringify(step.before),
    })
    .execute();
  await tx
    .deleteFrom("rosterStep")
    .where("rosterId", "=", rosterId)
    .where("draftRevision", "<=", step.draftRevision - KEPT_STEPS)
    .execute();
}

export async function newestStep(tx: Tx, rosterId: string): Promise<StepRow | undefined> {
  const row = await tx
    .selectFrom("rosterStep")
    .selectAll()
    .where("rosterId", "=", rosterId)
    .orderBy("draftRevision", "desc")
    .limit(1)
    .executeTakeFirst();
  return row && { ...row, what: String(row.what), before: row.before as unknown as RosterShift[] };
}

export async function deleteStep(tx: Tx, rosterId: string, draftRevision: number): Promise<void> {
  await tx
    .deleteFrom("rosterStep")
    .where("rosterId", "=", rosterId)
    .where("draftRevision", "=", draftRevision)
    .execute();
}

export async function archiveRoster(tx: Tx, id: string): Promise<void> {
  await tx.updateTable("roster").set({ archived: true }).where("id", "=", id).execute();
}

/** The shifts that hold for agents, those taken back left out, by time. */
export async function publishedShifts(
  tx: Tx,
  filter: {
    readonly agentIds?: readonly string[];
    readonly rosterId?: string;
    readonly from?: Instant;
    readonly to?: Instant;
  },
): Promise<RosterShift[]> {
  if (filter.agentIds?.length === 0) return [];
  let query = tx.selectFrom("rosterShift").selectAll().where("cancelled", "=", false);
  if (filter.agentIds) query = query.where("agentId", "in", [...filter.agentIds]);
  if (filter.rosterId) query = query.where("rosterId", "=", filter.rosterId);
  if (filter.from !== undefined) query = query.where("toAt", ">", filter.from);
  if (filter.to !== undefined) query = query.where("fromAt", "<", filter.to);
  return (await query.orderBy("fromAt").execute()).map(shiftOf);
}

/** Every row that calendars may know, taken back ones too. */
export async function shiftRows(
  tx: Tx,
  filter: { readonly rosterId?: string; readonly agentId?: string; readonly from?: Instant },
): Promise<ShiftRow[]> {
  let query = tx.selectFrom("rosterShift").selectAll();
  if (filter.rosterId) query = query.where("rosterId", "=", filter.rosterId);
  if (filter.agentId) query = query.where("agentId", "=", filter.agentId);
  if (filter.from !== undefined) query = query.where("toAt", ">", filter.from);
  const rows = await query.orderBy("fromAt").limit(20_000).execute();
  return rows.map((row) => ({
    uid: row.uid,
    sequence: row.sequence,
    changedAt: row.changedAt,
    cancelled: row.cancelled,
    shift: shiftOf(row),
  }));
}

/** Stores a publication: the rows that changed, the version, and the word to agents. */
export async function storePublication(
  tx: Tx,
  roster: Pick<RosterRow, "id" | "version">,
  publication: {
    readonly rows: readonly ShiftRow[];
    readonly shifts: readonly RosterShift[];
    readonly notices: readonly {
      readonly id: string;
      readonly agentId: string;
      readonly changes: readonly RosterDayChange[];
    }[];
    readonly at: Instant;
    readonly actor: string;
    readonly note: string;
  },
): Promise<void> {
  const { rows, shifts, notices, at, actor, note } = publication;
  const version = roster.version + 1;
  for (let first = 0; first < rows.length; first += 500) {
    const values = rows.slice(first, first + 500).map(({ uid, sequence, changedAt, cancelled, shift }) => ({
      rosterId: roster.id,
      agentId: shift.agentId,
      date: shift.date,
      patternId: shift.patternId,
      fromAt: shift.from,
      toAt: shift.to,
      parts: JSON.stringify(shift.parts),
      overtime: shift.overtime === true,
      uid,
      sequence,
      changedAt,
      cancelled,
    }));
    await tx
      .insertInto("rosterShift")
      .values(values)
      .onConflict((known) =>
        known.columns(["rosterId", "uid"]).doUpdateSet((eb) => ({
          agentId: eb.ref("excluded.agentId"),
          date: eb.ref("excluded.date"),
          patternId: eb.ref("excluded.patternId"),
          fromAt: eb.ref("excluded.fromAt"),
          toAt: eb.ref("excluded.toAt"),
          parts: eb.ref("excluded.parts"),
          overtime: eb.ref("excluded.overtime"),
          sequence: eb.ref("excluded.sequence"),
          changedAt: eb.ref("excluded.changedAt"),
          cancelled: eb.ref("excluded.cancelled"),
        })),
      )
      .execute();
  }
  await tx
    .insertInto("rosterVersion")
    .values({ rosterId: roster.id, version, at, actor, note, shifts: JSON.stringify(shifts) })
    .execute();
  if (notices.length > 0)
    await tx
      .insertInto("rosterNotice")
      .values(
        notices.map(({ id, agentId, changes }) => ({
          id,
          agentId,
          rosterId: roster.id,
          version,
          at,
          changes: JSON.stringify(changes),
        })),
      )
      .execute();
  await tx
    .updateTable("roster")
    .set({ version, publishedAt: at, publishedBy: actor })
    .where("id", "=", roster.id)
    .execute();
}

export async function rosterVersions(tx: Tx, rosterId: string) {
  return tx
    .selectFrom("rosterVersion")
    .select(["version", "at", "actor", "note", sql<number>`jsonb_array_length(shifts)`.as("shifts")])
    .where("rosterId", "=", rosterId)
    .orderBy("version", "desc")
    .limit(200)
    .execute();
}

/** Approved leave that shares time with a span. */
export async function grantedLeave(
  tx: Tx,
  from: Instant,
  to: Instant,
  agentIds?: readonly string[],
): Promise<
  { readonly id: string; readonly agentId: string; readonly from: Instant; readonly to: Instant }[]
> {
  let query = tx
    .selectFrom("planRequest")
    .select(["id", "agentId", "fromAt", "toAt"])
    .where("kind", "=", "leave")
    .where("state", "=", "granted")
    .where("toAt", ">", from)
    .where("fromAt", "<", to);
  if (agentIds) {
    if (agentIds.length === 0) return [];
    query = query.where("agentId", "in", [...agentIds]);
  }
  const rows = await query.orderBy("fromAt").execute();
  return rows.map(({ id, agentId, fromAt, toAt }) => ({ id, agentId, from: fromAt, to: toAt }));
}

/** What agents wish for some days. */
export async function wishesBetween(
  tx: Tx,
  from: LocalDate,
  to: LocalDate,
  agentIds?: readonly string[],
): Promise<{ readonly agentId: string; readonly date: LocalDate; readonly kind: Wish["kind"] }[]> {
  if (agentIds?.length === 0) return [];
  let query = tx.selectFrom("rosterWish").selectAll().where("date", ">=", from).where("date", "<=", to);
  if (agentIds) query = query.where("agentId", "in", [...agentIds]);
  const rows = await query.orderBy("date").execute();
  return rows.map(({ agentId, date, kind }) => ({ agentId, date, kind: kind as Wish["kind"] }));
}

export async function writeWish(
  tx: Tx,
  agentId: string,
  date: LocalDate,
  kind: Wish["kind"] | null,
): Promise<void> {
  if (kind === null) {
    await tx.deleteFrom("rosterWish").where("agentId", "=", agentId).where("date", "=", date).execute();
    return;
  }
  await tx
    .insertInto("rosterWish")
    .values({ agentId, date, kind })
    .onConflict((known) => known.columns(["agentId", "date"]).doUpdateSet({ kind }))
    .execute();
}

/** Word of publications to an agent, newest first. */
export async function noticesOf(tx: Tx, agentId: string, since: Instant) {
  return tx
    .selectFrom("rosterNotice as notice")
    .innerJoin("roster", "roster.id", "notice.rosterId")
    .select([
      "notice.id",
      "notice.at",
      "notice.version",
      "notice.changes",
      "notice.seenAt",
      "roster.fromDate",
      "roster.days",
    ])
    .where("notice.agentId", "=", agentId)
    .where("notice.at", ">=", since)
    .orderBy("notice.at", "desc")
    .limit(20)
    .execute();
}

export async function markSeen(tx: Tx, agentId: string, at: Instant): Promise<void> {
  await tx
    .updateTable("rosterNotice")
    .set({ seenAt: at })
    .where("agentId", "=", agentId)
    .where("seenAt", "is", null)
    .execute();
}

function toRoster(row: Selectable<DB["roster"]>): RosterRow {
  return {
    ...row,
    from: row.fromDate,
    groups: row.groups as unknown as StoredGroup[],
    weights: row.weights as RosterWeights,
    draft: row.draft as unknown as RosterShift[],
    figures: row.figures as RosterRow["figures"],
  };
}

function shiftOf(row: Selectable<DB["rosterShift"]>): RosterShift {
  return {
    agentId: row.agentId,
    date: row.date,
    patternId: row.patternId,
    from: row.fromAt,
    to: row.toAt,
    parts: row.parts as unknown as ShiftPart[],
    ...(row.overtime && { overtime: true }),
  };
}
