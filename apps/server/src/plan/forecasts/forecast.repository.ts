import type { AdjustmentChange, ForecastSeries } from "@svara/contracts";
import type { ClientId, Instant, QueueId } from "@svara/kernel";
import { sql } from "kysely";
import type { Tx } from "../../database/index.ts";
import type { RawInterval } from "./adjusted.ts";

export interface ForecastRow {
  readonly id: string;
  readonly clientId: ClientId;
  readonly name: string;
  readonly basis: "history" | "flat";
  readonly firstDay: string;
  readonly days: number;
  readonly timeZone: string;
  readonly madeAt: Instant;
  readonly madeBy: string;
}

/** A queue's forecast as the method gave it. */
export interface StoredForecast {
  readonly intervals: readonly RawInterval[];
  readonly days: readonly Omit<ForecastSeries["days"][number], "unadjusted">[];
  readonly method: string;
  readonly choices: ForecastSeries["choices"];
  readonly scores: ForecastSeries["scores"];
  readonly history: ForecastSeries["history"];
  readonly notes: ForecastSeries["notes"];
}

export interface SeriesRow {
  readonly forecastId: string;
  readonly clientId: ClientId;
  readonly queueId: QueueId;
  readonly fromAt: Instant;
  readonly toAt: Instant;
  readonly result: StoredForecast;
  readonly handling: ForecastSeries["handling"];
  readonly patience: ForecastSeries["patience"];
}

export interface AdjustmentRow {
  readonly id: string;
  readonly forecastId: string;
  readonly clientId: ClientId;
  readonly queueId: QueueId | null;
  readonly fromAt: Instant;
  readonly toAt: Instant;
  readonly change: AdjustmentChange;
  readonly reason: string;
  readonly madeAt: Instant;
  readonly madeBy: string;
  readonly undoneAt: Instant | null;
  readonly undoneBy: string | null;
}

export async function storeForecast(tx: Tx, row: ForecastRow, series: readonly SeriesRow[]): Promise<void> {
  await tx.insertInto("planForecast").values(row).execute();
  for (const { result, handling, patience, ...one } of series)
    await tx
      .insertInto("planForecastSeries")
      .values({
        ...one,
        result: JSON.stringify(packed(result)),
        handling: JSON.stringify(handling),
        patience: JSON.stringify(patience),
      })
      .execute();
}

export async function findForecast(tx: Tx, id: string): Promise<ForecastRow | undefined> {
  const row = await tx.selectFrom("planForecast").selectAll().where("id", "=", id).executeTakeFirst();
  return row as ForecastRow | undefined;
}

export async function listForecasts(tx: Tx, limit: number): Promise<ForecastRow[]> {
  const rows = await tx
    .selectFrom("planForecast")
    .selectAll()
    .orderBy("madeAt", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows as ForecastRow[];
}

export async function seriesOf(tx: Tx, forecastIds: readonly string[]): Promise<SeriesRow[]> {
  if (forecastIds.length === 0) return [];
  const rows = await tx
    .selectFrom("planForecastSeries")
    .selectAll()
    .where("forecastId", "in", [...forecastIds])
    .orderBy("queueId")
    .execute();
  return rows.map(
    (row) =>
      ({
        ...row,
        result: unpacked(row.result as unknown as Packed),
        handling: row.handling as unknown,
        patience: row.patience as unknown,
      }) as SeriesRow,
  );
}

/** What lists show of each queue's forecast, without its intervals. */
export interface SeriesHead {
  readonly forecastId: string;
  readonly queueId: QueueId;
  readonly clientId: ClientId;
  readonly method: string;
  readonly contacts: number;
  readonly wape: number | null;
}

export async function seriesHeads(tx: Tx, forecastIds: readonly string[]): Promise<SeriesHead[]> {
  if (forecastIds.length === 0) return [];
  // the heads are columns of the stored result: reading its thousands of intervals for a list would take seconds
  const { rows } = await sql<SeriesHead>`
    select forecast_id, queue_id, client_id, result ->> 'method' as method,
      (select coalesce(sum((day ->> 'mean')::float8), 0) from jsonb_array_elements(result -> 'days') day) as contacts,
      (select (score -> 'intervals' ->> 'wape')::float8 from jsonb_array_elements(result -> 'scores') score
        where score ->> 'method' = result ->> 'method' order by (score ->> 'daysAhead')::int limit 1) as wape
    from plan_forecast_series where forecast_id = any(${forecastIds}::uuid[]) order by queue_id`.execute(tx);
  return rows;
}

export async function adjustmentsOf(tx: Tx, forecastIds: readonly string[]): Promise<AdjustmentRow[]> {
  if (forecastIds.length === 0) return [];
  const rows = await tx
    .selectFrom("planForecastAdjustment")
    .selectAll()
    .where("forecastId", "in", [...forecastIds])
    .orderBy("madeAt")
    .orderBy("id")
    .execute();
  return rows as unknown as AdjustmentRow[];
}

export async function insertAdjustment(tx: Tx, row: AdjustmentRow): Promise<void> {
  await tx
    .insertInto("planForecastAdjustment")
    .values({ ...row, change: JSON.stringify(row.change) })
    .execute();
}

export async function undoAdjustment(tx: Tx, id: string, by: string, at: Instant): Promise<void> {
  await tx
    .updateTable("planForecastAdjustment")
    .set({ undoneAt: at, undoneBy: by })
    .where("id", "=", id)
    .where("undoneAt", "is", null)
    .execute();
}

export async function deleteForecast(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom("planForecast").where("id", "=", id).execute();
}

/** Of those forecasts, which a requirement was made of. */
export async function withRequirement(tx: Tx, forecastIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (forecastIds.length === 0) return new Set();
  const rows = await tx
    .selectFrom("planRequirement")
    .select("forecastId")
    .where("forecastId", "in", [...forecastIds])
    .execute();
  return new Set(rows.map(({ forecastId }) => forecastId));
}

/** Intervals as rows of numbers, at a thousandth of a contact: a year of quarters takes a sixth of the room. */
type Packed = Omit<StoredForecast, "intervals"> & { readonly intervals: readonly (readonly number[])[] };

function packed(result: StoredForecast): Packed {
  return {
    ...result,
    intervals: result.intervals.map(({ at, mean, quantiles: { p025, p100, p500, p900, p975 } }) => [
      at,
      ...[mean, p025, p100, p500, p900, p975].map((value) => Math.round(value * 1000) / 1000),
    ]),
  };
}

function unpacked(stored: Packed): StoredForecast {
  return {
    ...stored,
    intervals: stored.intervals.map(
      ([at = 0, mean = 0, p025 = 0, p100 = 0, p500 = 0, p900 = 0, p975 = 0]) => ({
        at,
        mean,
        quantiles: { p025, p100, p500, p900, p975 },
      }),
    ),
  };
}
