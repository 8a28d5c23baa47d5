import type { Instant } from "@svara/kernel";
import type { Tx } from "../../database/index.ts";
import { conflict } from "../../http/http-error.ts";
import { publishedShifts } from "../rosters/roster.repository.ts";
import { hasAskedFor, leaveOverlaps, listOffers, type RequestRow, swapStands } from "./request.repository.ts";

/**
 * A refused wish that is to wait again must still be one that could be asked for: its agent may have asked anew since, the
 * overtime may be given away, the shifts may be others.
 * @throws HttpError 409 `leave_overlaps`, `request_asked_again`, `offer_gone`, `request_outdated`
 */
export async function refuseReopening(tx: Tx, request: RequestRow, now: Instant): Promise<void> {
  const { agentId, fromAt, toAt, offerId } = request;
  switch (request.kind) {
    case "leave":
      if (await leaveOverlaps(tx, agentId, fromAt, toAt))
        throw conflict("leave_overlaps", "Leave for a part of this time is asked for or granted already");
      return;
    case "overtime":
      if (offerId !== null) await refuseOvertime(tx, agentId, offerId, now);
      return;
    case "swap":
      if (await swapStands(tx, request)) throw askedAgain();
      return refuseOtherShifts(tx, request);
  }
}

async function refuseOvertime(tx: Tx, agentId: string, offerId: string, now: Instant): Promise<void> {
  const [offer] = await listOffers(tx, { id: offerId, lock: true });
  if (await hasAskedFor(tx, agentId, offerId)) throw askedAgain();
  if (!offer || offer.closedAt !== null || offer.fromAt <= now || offer.taken >= offer.seats)
    throw conflict("offer_gone", "This overtime is no longer on offer");
}

async function refuseOtherShifts(tx: Tx, request: RequestRow): Promise<void> {
  const { agentId, colleagueId, mineAt, theirsAt } = request;
  const agentIds = colleagueId === null ? [agentId] : [agentId, colleagueId];
  const shifts = await publishedShifts(tx, { agentIds, from: request.fromAt, to: request.toAt });
  const holds = (id: string | null, from: Instant | null): boolean =>
    from === null || shifts.some((shift) => shift.agentId === id && shift.from === from);
  if (!holds(agentId, mineAt) || !holds(colleagueId, theirsAt))
    throw conflict("request_outdated", "The shifts have changed since: it cannot be granted any more");
}

function askedAgain(): Error {
  return conflict("request_asked_again", "The same was asked for again since: decide on that");
}
