import type { Instant } from "@svara/kernel";
import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../database/index.ts";

/** Empties why leave and swaps were asked for and decided, of time that ended before. */
export async function forgetReasons(tx: Tx, before: Instant): Promise<number> {
  await done(
    tx,
    sql`update plan_request_step set note = '' where note <> ''
      and request_id in (select id from plan_request where to_at < ${before})`,
  );
  return done(
    tx,
    sql`update plan_request set reason = '', leave_kind = null, decision_note = '', decision = null
      where to_at < ${before} and (reason <> '' or leave_kind is not null or decision_note <> '' or decision is not null)`,
  );
}

/** Takes away what was told before the newest word: of rosters that ended before, and beyond the newest `kept` of any. */
export async function forgetOldVersions(tx: Tx, before: Instant, kept: number): Promise<number> {
  return done(
    tx,
    sql`delete from roster_version using roster where roster.id = roster_version.roster_id
      and roster_version.version < roster.version
      and (roster.to_at < ${before} or roster_version.version <= roster.version - ${kept}::integer)`,
  );
}

/** Takes away the steps by which drafts of rosters that ended before could be taken back. */
export async function forgetSteps(tx: Tx, before: Instant): Promise<number> {
  return done(
    tx,
    sql`delete from roster_step using roster where roster.id = roster_step.roster_id and roster.to_at < ${before}`,
  );
}

/** Takes away the word to agents of publications before. */
export async function forgetWord(tx: Tx, before: Instant): Promise<number> {
  return done(tx, sql`delete from roster_notice where at < ${before}`);
}

/** Takes away wishes for days before. */
export async function forgetWishes(tx: Tx, before: Instant): Promise<number> {
  const date = Temporal.Instant.fromEpochMilliseconds(before).toString().slice(0, 10);
  return done(tx, sql`delete from roster_wish where date < ${date}`);
}

async function done(tx: Tx, query: RawBuilder<unknown>): Promise<number> {
  return Number((await query.execute(tx)).numAffectedRows ?? 0);
}
