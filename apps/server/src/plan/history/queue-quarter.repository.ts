import { INTERVAL_MS } from "@svara/calendar";
import type { ContactId, Instant, QueueId } from "@svara/kernel";
import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../database/index.ts";
import type { Span } from "./queue-stay.repository.ts";

/** One queue in one quarter of an hour. */
export interface QuarterCell {
  readonly queueId: QueueId;
  readonly at: Instant;
}

/** Where the stays of contacts are counted as they are stored now. */
export async function cellsOf(tx: Tx, contactIds: readonly ContactId[]): Promise<QuarterCell[]> {
  const { rows } = await sql<QuarterCell>`
    select distinct queue_id, (queued_at / ${INTERVAL_MS}::bigint) * ${INTERVAL_MS}::bigint as at
    from queue_stay where contact_id = any(${contactIds}::uuid[])`.execute(tx);
  return rows;
}

/** Counts these quarters anew from their stays: however often it is done, they are the stays' sums. */
export async function retellQuarters(tx: Tx, cells: readonly QuarterCell[]): Promise<void> {
  if (cells.length === 0) return;
  const wanted = sql`(select distinct * from unnest(${cells.map(({ queueId }) => queueId)}::uuid[],
    ${cells.map(({ at }) => at)}::bigint[]) as w (queue_id, at))`;
  await sql`delete from queue_quarter q using ${wanted} w where q.queue_id = w.queue_id and q.at = w.at`.execute(
    tx,
  );
  await sql`insert into queue_quarter
      (client_id, queue_id, at, offered, answered, abandoned, answer_waits, answer_wait_ms, handled, handle_ms)
    select sums.client_id, w.queue_id, w.at, sums.offered, sums.answered, sums.abandoned, sums.answer_waits,
      sums.answer_wait_ms, sums.handled, sums.handle_ms
    from ${wanted} w cross join lateral (
      select s.client_id, ${SUMS_OF_STAYS} from queue_stay s
      where s.queue_id = w.queue_id and s.queued_at >= w.at and s.queued_at < w.at + ${INTERVAL_MS}::bigint
        and s.outcome is distinct from 'failed_tech'
      group by 1
    ) sums`.execute(tx);
}

/** As migration 0405 filled the table. */
const SUMS_OF_STAYS = sql`count(*) as offered,
  count(*) filter (where s.outcome = 'answered') as answered,
  count(*) filter (where s.outcome = 'abandoned') as abandoned,
  coalesce(array_agg(s.wait_ms order by s.wait_ms) filter (where s.outcome = 'answered' and s.wait_ms is not null), '{}')
    as answer_waits,
  coalesce(sum(s.wait_ms) filter (where s.outcome = 'answered'), 0) as answer_wait_ms,
  count(*) filter (where s.talk_ms is not null) as handled,
  coalesce(sum(s.talk_ms + coalesce(s.wrap_up_ms, 0)) filter (where s.talk_ms is not null), 0) as handle_ms`;

/** Counts of one queue in one step of time, of contacts that came in it. */
export interface OwnInterval {
  readonly queueId: QueueId;
  readonly at: Instant;
  readonly offered: number;
  readonly answered: number;
  readonly answeredInTime: number;
  readonly abandoned: number;
  readonly answerWaitMs: number;
  readonly handled: number;
  readonly handleMs: number;
}

/** How time is cut: in steps of so many ms, whole quarters of an hour each, or at these instants, such as days begin. */
export type Steps = { readonly everyMs: number } | { readonly starts: readonly Instant[] };

/** The step that an instant lies in, by its beginning. */
export function stepOf(at: RawBuilder<unknown>, steps: Steps): RawBuilder<Instant> {
  if ("everyMs" in steps) return sql`(${at} / ${steps.everyMs}::bigint) * ${steps.everyMs}::bigint`;
  return sql`(${steps.starts}::bigint[])[width_bucket(${at}, ${steps.starts}::bigint[])]`;
}

const USUAL_THRESHOLD_MS = 20_000;

/**
 * What was offered and what became of it, by queue and step; steps without a contact are left out. `thresholdsMs`: within
 * what an answer is in time, by queue. Where the span does not begin or end with a quarter of an hour, the stays of the cut
 * quarters are counted.
 */
export async function ownIntervals(
  tx: Tx,
  span: Span,
  steps: Steps,
  thresholdsMs: ReadonlyMap<QueueId, number>,
): Promise<OwnInterval[]> {
  if (span.queueIds.length === 0) return [];
  const limits = span.queueIds.map((id) => thresholdsMs.get(id) ?? USUAL_THRESHOLD_MS);
  const whole = {
    from: Math.ceil(span.from / INTERVAL_MS) * INTERVAL_MS,
    to: Math.floor(span.to / INTERVAL_MS) * INTERVAL_MS,
  };
  const cut = [
    { from: span.from, to: Math.min(whole.from, span.to) },
    { from: Math.max(whole.to, whole.from), to: span.to },
  ].filter(({ from, to }) => from < to);
  const { rows } = await sql<OwnInterval>`
    with wanted as (select * from unnest(${span.queueIds}::uuid[], ${limits}::bigint[]) as w (queue_id, limit_ms))
    select queue_id, ${stepOf(sql`at`, steps)} as at, sum(offered)::int as offered, sum(answered)::int as answered,
      sum(width_bucket(limit_ms, answer_waits))::int as answered_in_time, sum(abandoned)::int as abandoned,
      sum(answer_wait_ms)::bigint as answer_wait_ms,
      sum(handled)::int as handled, sum(handle_ms)::bigint as handle_ms
    from (
      select q.*, w.limit_ms from wanted w
      join queue_quarter q on q.queue_id = w.queue_id and q.at >= ${whole.from} and q.at < ${whole.to}
      ${sql.join(
        cut.map(
          ({ from, to }) => sql`union all
      select s.client_id, s.queue_id, (s.queued_at / ${INTERVAL_MS}::bigint) * ${INTERVAL_MS}::bigint,
        ${SUMS_OF_STAYS}, w.limit_ms
      from wanted w join queue_stay s on s.queue_id = w.queue_id and s.queued_at >= ${from} and s.queued_at < ${to}
      where s.outcome is distinct from 'failed_tech' group by 1, 2, 3, w.limit_ms`,
        ),
        sql` `,
      )}
    ) quarters
    group by 1, 2 order by 1, 2`.execute(tx);
  return rows;
}
