import type { LocalDate } from "@svara/calendar";
import type { Instant } from "@svara/kernel";
import type { Tx } from "../../database/index.ts";
import type { RosterOwner } from "./roster-place.ts";

/** Days of a roster that was published, and whose it is. */
export interface PublishedSpan extends RosterOwner {
  readonly from: LocalDate;
  readonly days: number;
}

/** What is published of a span of time, without its shifts. */
export async function publishedSpans(tx: Tx, from: Instant, to: Instant): Promise<PublishedSpan[]> {
  const rows = await tx
    .selectFrom("roster")
    .select(["teamId", "siteId", "fromDate", "days"])
    .where("archived", "=", false)
    .where("version", ">", 0)
    .where("toAt", ">", from)
    .where("fromAt", "<", to)
    .execute();
  return rows.map((row) => ({ teamId: row.teamId, siteId: row.siteId, from: row.fromDate, days: row.days }));
}
