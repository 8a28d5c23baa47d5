import { type RequirementInterval, type StaffingInputs, staffingInputs } from "@svara/contracts";
import type { ClientId, Instant, QueueId } from "@svara/kernel";
import { sql } from "kysely";
import type { Tx } from "../../database/index.ts";

export interface RequirementRow {
  readonly id: string;
  readonly clientId: ClientId;
  readonly forecastId: string;
  readonly name: string;
  readonly madeAt: Instant;
  readonly madeBy: string;
}

export interface RequirementSeriesRow {
  readonly requirementId: string;
  readonly clientId: ClientId;
  readonly queueId: QueueId;
  readonly fromAt: Instant;
  readonly toAt: Instant;
  readonly inputs: StaffingInputs;
  readonly intervals: readonly RequirementInterval[];
}

export async function storeRequirement(
  tx: Tx,
  row: RequirementRow,
  series: readonly RequirementSeriesRow[],
): Promise<void> {
  await tx.insertInto("planRequirement").values(row).execute();
  for (const { inputs, intervals, ...one } of series)
    await tx
      .insertInto("planRequirementSeries")
      .values({ ...one, inputs: JSON.stringify(inputs), intervals: JSON.stringify(intervals) })
      .execute();
}

/** With the name of the forecast that it was made of. */
export interface NamedRequirement extends RequirementRow {
  readonly forecastName: string;
}

export async function findRequirement(tx: Tx, id: string): Promise<NamedRequirement | undefined> {
  return named(tx).where("r.id", "=", id).executeTakeFirst();
}

/** Newest first. */
export async function listRequirements(tx: Tx, limit: number): Promise<NamedRequirement[]> {
  return named(tx).orderBy("r.madeAt", "desc").orderBy("r.id", "desc").limit(limit).execute();
}

function named(tx: Tx) {
  return tx
    .selectFrom("planRequirement as r")
    .innerJoin("planForecast as f", "f.id", "r.forecastId")
    .selectAll("r")
    .select("f.name as forecastName");
}

export async function requirementSeries(tx: Tx, ids: readonly string[]): Promise<RequirementSeriesRow[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom("planRequirementSeries")
    .selectAll()
    .where("requirementId", "in", [...ids])
    .orderBy("queueId")
    .execute();
  return rows.map(seriesRow);
}

/** What lists show of a queue's requirement. */
export interface RequirementHead {
  readonly requirementId: string;
  readonly clientId: ClientId;
  readonly queueId: QueueId;
  readonly fromAt: Instant;
  readonly toAt: Instant;
  /** Sum over the quarters. */
  readonly agentQuarters: number;
  readonly peak: number;
}

export async function requirementHeads(tx: Tx, ids: readonly string[]): Promise<RequirementHead[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<RequirementHead>`
    select requirement_id, client_id, queue_id, from_at, to_at,
      (select coalesce(sum((one ->> 'agents')::int), 0)::float8 from jsonb_array_elements(intervals) one) as agent_quarters,
      (select coalesce(max((one ->> 'agents')::int), 0)::int from jsonb_array_elements(intervals) one) as peak
    from plan_requirement_series where requirement_id = any(${ids}::uuid[]) order by queue_id`.execute(tx);
  return rows;
}

/** Every requirement of these queues that reaches into a span, newest first. */
export async function requirementsOfSpan(
  tx: Tx,
  queueIds: readonly QueueId[],
  from: Instant,
  to: Instant,
): Promise<RequirementSeriesRow[]> {
  if (queueIds.length === 0) return [];
  const rows = await tx
    .selectFrom("planRequirementSeries")
    .selectAll()
    .where("queueId", "in", [...queueIds])
    .where("fromAt", "<", to)
    .where("toAt", ">", from)
    .orderBy("requirementId", "desc")
    .execute();
  return rows.map(seriesRow);
}

/** By what each queue was last staffed. */
export async function lastInputs(
  tx: Tx,
  queueIds: readonly QueueId[],
): Promise<ReadonlyMap<QueueId, StaffingInputs>> {
  if (queueIds.length === 0) return new Map();
  const { rows } = await sql<{ queueId: QueueId; inputs: StaffingInputs }>`
    select distinct on (queue_id) queue_id, inputs from plan_requirement_series
    where queue_id = any(${queueIds}::uuid[]) order by queue_id, requirement_id desc`.execute(tx);
  return new Map(rows.map(({ queueId, inputs }) => [queueId, staffingInputs.parse(inputs)]));
}

export async function deleteRequirement(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom("planRequirement").where("id", "=", id).execute();
}

/** What was stored by an older version gets the defaults of what has come since. */
function seriesRow(row: { readonly inputs: unknown; readonly intervals: unknown }): RequirementSeriesRow {
  return { ...row, inputs: staffingInputs.parse(row.inputs) } as RequirementSeriesRow;
}
