import type { ForecastSeries } from "@svara/contracts";
import type { Instant, QueueId } from "@svara/kernel";
import { sql } from "kysely";
import type { Tx } from "../../database/index.ts";

type Handling = Omit<ForecastSeries["handling"], "basis">;

/** Handling times of own contacts of a span, reckoned in the database; null: none is known. */
export async function ownHandling(
  tx: Tx,
  queueId: QueueId,
  span: { readonly from: Instant; readonly to: Instant },
): Promise<Handling | null> {
  const { rows } = await sql<{
    samples: number;
    mean: number | null;
    median: number | null;
    variance: number | null;
    first: number | null;
    last: number | null;
  }>`
    select count(*)::int as samples, avg(ms)::float8 as mean,
      (percentile_cont(0.5) within group (order by ms))::float8 as median, var_pop(ms)::float8 as variance,
      min(queued_at)::bigint as first, max(queued_at)::bigint as last
    from (select talk_ms + coalesce(wrap_up_ms, 0) as ms, queued_at from queue_stay
      where queue_id = ${queueId} and queued_at >= ${span.from} and queued_at < ${span.to} and talk_ms is not null) s`.execute(
    tx,
  );
  const found = rows[0];
  if (!found || found.samples === 0 || !found.mean) return null;
  return {
    samples: found.samples,
    meanMs: found.mean,
    medianMs: found.median,
    scv: (found.variance ?? 0) / (found.mean * found.mean),
    from: found.first,
    to: found.last,
  };
}
