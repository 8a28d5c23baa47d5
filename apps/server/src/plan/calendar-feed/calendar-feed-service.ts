import type { Clock } from "@svara/kernel";
import { calendarFeed } from "@svara/workforce/rostering";
import type { Kysely } from "kysely";
import { type DB, WHOLE_CENTRE, withScope } from "../../database/index.ts";
import { userKind } from "../../identity/user-kind.ts";
import type { Office } from "../../office/office.ts";
import { shiftRows } from "../rosters/roster.repository.ts";
import { placeTimeZone } from "../rosters/roster-place.ts";
import { agentOfToken } from "./feed-tokens.ts";
import { FEED_WORDS } from "./feed-words.ts";

const KEPT_MS = 31 * 24 * 3_600_000; // a month back; calendars keep what they have seen
const UID_DOMAIN = "rosters.svara";

interface Parts {
  readonly db: Kysely<DB>;
  readonly clock: Clock;
  readonly office: Office;
}

/**
 * The published shifts of the agent to whom a secret address belongs, as iCalendar text (RFC 5545); undefined when it is
 * nobody's, or that of somebody who no longer works here.
 */
export async function feedText({ db, clock, office }: Parts, token: string): Promise<string | undefined> {
  const now = clock.now();
  const found = await withScope(db, WHOLE_CENTRE, async (tx) => {
    const agentId = await agentOfToken(tx, token, now);
    return agentId === undefined
      ? undefined
      : { agentId, rows: await shiftRows(tx, { agentId, from: now - KEPT_MS }) };
  });
  const user = found && office.catalogue.get(userKind, found.agentId);
  if (!found || !user || user.archived || !user.value.active || !user.value.agent) return undefined;
  const words = FEED_WORDS[user.value.language];
  const { teamId, siteId } = user.value.agent;
  const timeZone = placeTimeZone(office.catalogue, { teamId, siteId: teamId === null ? siteId : null });
  return calendarFeed({
    name: words.calendar,
    domain: UID_DOMAIN,
    now,
    entries: found.rows.map(({ uid, sequence, changedAt, cancelled, shift }) => ({
      shift,
      uid,
      sequence,
      publishedAt: changedAt,
      ...(cancelled && { cancelled }),
      summary: shift.overtime ? words.overtime : words.shift,
      partNames: words.parts,
      timeZone,
    })),
  });
}
