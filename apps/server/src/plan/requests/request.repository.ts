import type { PlanRequest, RosterDecisionView } from "@svara/contracts";
import type { Instant } from "@svara/kernel";
import type { RosterShift } from "@svara/workforce/rostering";
import type { Selectable } from "kysely";
import type { DB, Tx } from "../../database/index.ts";
import { conflict, notFound } from "../../http/http-error.ts";
import { decodeCursor, encodeCursor } from "../../office/page.ts";

/** A request as it is stored. */
export interface RequestRow {
  readonly id: string;
  readonly agentId: string;
  readonly kind: PlanRequest["kind"];
  readonly state: PlanRequest["state"];
  readonly fromAt: Instant;
  readonly toAt: Instant;
  readonly leaveKind: PlanRequest["leaveKind"];
  readonly reason: string;
  readonly colleagueId: string | null;
  readonly mineAt: Instant | null;
  readonly theirsAt: Instant | null;
  readonly offerId: string | null;
  readonly createdAt: Instant;
  readonly decidedAt: Instant | null;
  readonly decidedBy: string | null;
  readonly decisionNote: string;
  readonly decision: StoredDecision | null;
  readonly revision: number;
}

/** What a decision rested on, and the published shifts that it changed. */
export interface StoredDecision {
  readonly seen: RosterDecisionView | null;
  /** The times of the shifts of a swap, as they were asked for. */
  readonly mine?: { readonly from: Instant; readonly to: Instant } | null;
  readonly theirs?: { readonly from: Instant; readonly to: Instant } | null;
  readonly changed: readonly ChangedRoster[];
}

/** The shifts of the agents concerned in one roster, before and after. */
export interface ChangedRoster {
  readonly rosterId: string;
  readonly agentIds: readonly string[];
  readonly before: readonly RosterShift[];
  readonly after: readonly RosterShift[];
}

export interface StepRow {
  readonly at: Instant;
  readonly actor: string;
  readonly what: string;
  readonly note: string;
}

export interface OfferRow {
  readonly id: string;
  readonly teamId: string | null;
  readonly siteId: string | null;
  readonly fromAt: Instant;
  readonly toAt: Instant;
  readonly seats: number;
  readonly note: string;
  readonly createdAt: Instant;
  readonly closedAt: Instant | null;
  /** Requests for it that are granted or wait. */
  readonly taken: number;
}

export const OPEN_STATES: readonly RequestRow["state"][] = ["with_colleague", "asked"];

export async function insertRequest(tx: Tx, row: Omit<RequestRow, "revision">): Promise<void> {
  await tx
    .insertInto("planRequest")
    .values({ ...row, decision: row.decision && JSON.stringify(row.decision) })
    .execute();
}

/** @throws HttpError 404 */
export async function readRequest(tx: Tx, id: string, lock = false): Promise<RequestRow> {
  let query = tx.selectFrom("planRequest").selectAll().where("id", "=", id);
  if (lock) query = query.forUpdate();
  const row = await query.executeTakeFirst();
  if (!row) throw notFound("request");
  return toRequest(row);
}

/** Changes one and notes who did what. */
export async function stepRequest(
  tx: Tx,
  request: RequestRow,
  change: Partial<Omit<RequestRow, "id" | "revision">>,
  step: StepRow,
): Promise<void> {
  const { decision, ...rest } = change;
  const { numUpdatedRows } = await tx
    .updateTable("planRequest")
    .set({
      ...rest,
      ...(decision !== undefined && { decision: decision && JSON.stringify(decision) }),
      revision: request.revision + 1,
    })
    .where("id", "=", request.id)
    .where("revision", "=", request.revision)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw conflict("request_changed", "Somebody answered this request meanwhile");
  await noteStep(tx, request.id, step);
}

export async function noteStep(tx: Tx, requestId: string, step: StepRow): Promise<void> {
  const last = await tx
    .selectFrom("planRequestStep")
    .select((eb) => eb.fn.max("number").as("number"))
    .where("requestId", "=", requestId)
    .executeTakeFirst();
  await tx
    .insertInto("planRequestStep")
    .values({ requestId, number: (last?.number ?? 0) + 1, ...step })
    .execute();
}

export async function stepsOf(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, StepRow[]>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom("planRequestStep")
    .selectAll()
    .where("requestId", "in", [...ids])
    .orderBy("number")
    .execute();
  return Map.groupBy(rows, ({ requestId }) => requestId);
}

export interface RequestFilter {
  readonly states?: readonly RequestRow["state"][];
  readonly kind?: RequestRow["kind"];
  readonly agentIds?: readonly string[];
  /** Theirs, and those that wait for their answer or had it. */
  readonly concerning?: string;
  readonly cursor?: string;
  readonly limit: number;
}

/** Newest first. */
export async function listRequests(
  tx: Tx,
  filter: RequestFilter,
): Promise<{ readonly items: RequestRow[]; readonly nextCursor: string | null }> {
  if (filter.agentIds?.length === 0) return { items: [], nextCursor: null };
  let query = tx.selectFrom("planRequest").selectAll();
  if (filter.states) query = query.where("state", "in", [...filter.states]);
  if (filter.kind) query = query.where("kind", "=", filter.kind);
  if (filter.agentIds) query = query.where("agentId", "in", [...filter.agentIds]);
  if (filter.concerning !== undefined) {
    const { concerning } = filter;
    query = query.where((eb) =>
      eb.or([
        eb("agentId", "=", concerning),
        eb.and([eb("colleagueId", "=", concerning), eb("state", "!=", "withdrawn")]),
      ]),
    );
  }
  if (filter.cursor !== undefined) {
    const { at, id } = decodeCursor(filter.cursor);
    query = query.where((eb) =>
      eb.or([eb("createdAt", "<", at), eb.and([eb("createdAt", "=", at), eb("id", "<", id)])]),
    );
  }
  const rows = await query
    .orderBy("createdAt", "desc")
    .orderBy("id", "desc")
    .limit(filter.limit + 1)
    .execute();
  const items = rows.slice(0, filter.limit).map(toRequest);
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > filter.limit && last ? encodeCursor({ at: last.createdAt, id: last.id }) : null,
  };
}

/** How many of an agent's requests are undecided. */
export async function openCount(tx: Tx, agentId: string): Promise<number> {
  const row = await tx
    .selectFrom("planRequest")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("agentId", "=", agentId)
    .where("state", "in", [...OPEN_STATES])
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** Leave of an agent, asked for or granted, that shares time with a span. */
export async function leaveOverlaps(tx: Tx, agentId: string, from: Instant, to: Instant): Promise<boolean> {
  const row = await tx
    .selectFrom("planRequest")
    .select("id")
    .where("agentId", "=", agentId)
    .where("kind", "=", "leave")
    .where("state", "in", ["asked", "granted"])
    .where("toAt", ">", from)
    .where("fromAt", "<", to)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function insertOffer(
  tx: Tx,
  offer: Omit<OfferRow, "taken" | "closedAt"> & { readonly createdBy: string },
): Promise<void> {
  await tx.insertInto("overtimeOffer").values(offer).execute();
}

/** Offers, the next one first; those that are over or closed only when asked for. */
export async function listOffers(
  tx: Tx,
  filter: { readonly after?: Instant; readonly id?: string; readonly lock?: boolean },
): Promise<OfferRow[]> {
  let query = tx.selectFrom("overtimeOffer").selectAll();
  if (filter.after !== undefined)
    query = query.where("fromAt", ">", filter.after).where("closedAt", "is", null);
  if (filter.id !== undefined) query = query.where("id", "=", filter.id);
  if (filter.lock) query = query.forUpdate();
  const offers = await query.orderBy("fromAt").limit(500).execute();
  if (offers.length === 0) return [];
  const counts = await tx
    .selectFrom("planRequest")
    .select((eb) => ["offerId", eb.fn.countAll<number>().as("count")] as const)
    .where(
      "offerId",
      "in",
      offers.map(({ id }) => id),
    )
    .where("state", "in", ["asked", "granted"])
    .groupBy("offerId")
    .execute();
  const taken = new Map(counts.map(({ offerId, count }) => [offerId, Number(count)]));
  return offers.map((offer) => ({ ...offer, taken: taken.get(offer.id) ?? 0 }));
}

/** Whether an agent has asked for an offer, or has it. */
export async function hasAskedFor(tx: Tx, agentId: string, offerId: string): Promise<boolean> {
  const row = await tx
    .selectFrom("planRequest")
    .select("id")
    .where("agentId", "=", agentId)
    .where("offerId", "=", offerId)
    .where("state", "in", ["asked", "granted"])
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether another swap of the same shifts between the same two waits or is granted. */
export async function swapStands(tx: Tx, swap: RequestRow): Promise<boolean> {
  const row = await tx
    .selectFrom("planRequest")
    .select("id")
    .where("kind", "=", "swap")
    .where("id", "!=", swap.id)
    .where("agentId", "=", swap.agentId)
    .where("colleagueId", "is not distinct from", swap.colleagueId)
    .where("mineAt", "is not distinct from", swap.mineAt)
    .where("theirsAt", "is not distinct from", swap.theirsAt)
    .where("state", "in", [...OPEN_STATES, "granted"])
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function closeOffer(tx: Tx, id: string, at: Instant): Promise<void> {
  await tx
    .updateTable("overtimeOffer")
    .set({ closedAt: at })
    .where("id", "=", id)
    .where("closedAt", "is", null)
    .execute();
}

function toRequest(row: Selectable<DB["planRequest"]>): RequestRow {
  return {
    ...row,
    kind: row.kind as RequestRow["kind"],
    state: row.state as RequestRow["state"],
    leaveKind: row.leaveKind as RequestRow["leaveKind"],
    decision: row.decision as unknown as StoredDecision | null,
  };
}
