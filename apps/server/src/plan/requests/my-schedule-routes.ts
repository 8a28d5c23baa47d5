import { addDays, dayOf, localDate } from "@svara/calendar";
import { api } from "@svara/contracts";
import type { AgentId, Clock } from "@svara/kernel";
import type { Kysely } from "kysely";
import { type DB, WHOLE_CENTRE, withScope } from "../../database/index.ts";
import type { HttpCore } from "../../http/http-core.ts";
import { HttpError, invalid, notFound } from "../../http/http-error.ts";
import type { Audit } from "../../identity/audit.ts";
import { userKind } from "../../identity/user-kind.ts";
import type { Office } from "../../office/office.ts";
import type { Caller } from "../../rights/access.ts";
import { type AdherenceService, totalOf } from "../adherence/adherence-service.ts";
import { feedText } from "../calendar-feed/calendar-feed-service.ts";
import { feedOf, newFeedToken, removeFeed, writeFeed } from "../calendar-feed/feed-tokens.ts";
import { RateLimit } from "../calendar-feed/rate-limit.ts";
import type { AgentTermsKind } from "../contracts/agent-terms-kind.ts";
import { publishedSpans } from "../rosters/published-spans.repository.ts";
import {
  grantedLeave,
  markSeen,
  noticesOf,
  publishedShifts,
  wishesBetween,
  writeWish,
} from "../rosters/roster.repository.ts";
import { agentsAt } from "../rosters/roster-place.ts";
import { shiftPatternKind } from "../shift-patterns/shift-pattern-kind.ts";
import { listOffers, listRequests, type RequestRow, stepsOf } from "./request.repository.ts";
import { offerView, requestView } from "./request-view.ts";
import type { Requests } from "./requests.ts";

interface Parts {
  readonly http: HttpCore;
  readonly db: Kysely<DB>;
  readonly clock: Clock;
  readonly office: Office;
  readonly audit: Audit;
  readonly requests: Requests;
  readonly adherence: AdherenceService;
  readonly agentTermsKind: AgentTermsKind;
}

const DAY_MS = 24 * 3_600_000;
const HORIZON_MS = 400 * DAY_MS;
const NOTICES_MS = 60 * DAY_MS;

/** The agent's own: shifts, wishes, requests, calendar. Nobody else's is ever reached. */
export function mountMyScheduleRoutes(parts: Parts): void {
  const { http, db, clock, office, requests, adherence, agentTermsKind } = parts;
  const { catalogue } = office;
  const inTx = <T>(work: Parameters<typeof withScope<T>>[2]): Promise<T> => withScope(db, WHOLE_CENTRE, work);

  http.mount(api.mySchedule.week, async ({ caller, query }) => {
    const agentId = ownAgent(caller);
    const me = catalogue.get(userKind, agentId)?.value.agent;
    const timeZone = adherence.timeZoneOf(me?.teamId ?? null, me?.siteId ?? null);
    const days = query.days ?? 7;
    const { from } = dayOf(query.from, timeZone);
    const { to } = dayOf(addDays(query.from, days - 1), timeZone);
    const now = clock.now();
    const found = await inTx(async (tx) => ({
      ahead: await publishedShifts(tx, {
        agentIds: [agentId],
        from: Math.min(from, now),
        to: now + HORIZON_MS,
      }),
      spans: await publishedSpans(tx, from, to),
      leave: await grantedLeave(tx, from, to, [agentId]),
      wishes: await wishesBetween(tx, query.from, addDays(query.from, days - 1), [agentId]),
      notices: await noticesOf(tx, agentId, now - NOTICES_MS),
      offers: await listOffers(tx, { after: now }),
      feed: await feedOf(tx, agentId),
    }));
    const own = await adherence.between([agentId], from, to);
    const patterns = catalogue.all(shiftPatternKind);
    const next = found.ahead.find((shift) => shift.to > now);
    const last = found.ahead.at(-1);
    const published = new Set([
      ...found.ahead.map(({ date }) => date),
      ...found.spans
        .filter((span) => agentsAt(catalogue, span).some(({ id }) => id === agentId))
        .flatMap((span) => Array.from({ length: span.days }, (_, index) => addDays(span.from, index))),
    ]);
    return {
      timeZone,
      from: query.from,
      days,
      shifts: found.ahead
        .filter((shift) => shift.to > from && shift.from < to)
        .map((shift) => ({
          ...shift,
          parts: [...shift.parts],
          patternName: (shift.patternId && patterns.get(shift.patternId)?.value.name) || null,
        })),
      leave: found.leave.map((leave) => ({ from: leave.from, to: leave.to })),
      next: next ? { ...next, parts: [...next.parts] } : null,
      publishedUntil: last?.date ?? null,
      publishedDays: Array.from({ length: days }, (_, index) => addDays(query.from, index)).filter((date) =>
        published.has(date),
      ),
      wishes: found.wishes.map(({ date, kind }) => ({ date, kind })),
      availability: catalogue.get(agentTermsKind, agentId)?.value.availability ?? [],
      notices: found.notices.map(({ id, at, version, fromDate, days: length, changes, seenAt }) => ({
        id,
        at,
        version,
        from: fromDate,
        days: length,
        changes: changes as never,
        seen: seenAt !== null,
      })),
      offers: found.offers
        .filter((offer) => agentsAt(catalogue, offer).some(({ id }) => id === agentId))
        .map((offer) => offerView(catalogue, offer)),
      feed: found.feed ? { createdAt: found.feed.createdAt, lastReadAt: found.feed.lastReadAt } : null,
      adherence: totalOf(own.agents),
    };
  });

  const view = async (caller: Caller, row: RequestRow) => {
    const steps = await inTx((tx) => stepsOf(tx, [row.id]));
    return requestView({ catalogue, caller, now: clock.now() }, row, steps.get(row.id) ?? []);
  };
  http.mount(api.mySchedule.requests, async ({ caller, query }) => {
    const concerning = ownAgent(caller);
    return inTx(async (tx) => {
      const { items, nextCursor } = await listRequests(tx, {
        concerning,
        ...(query?.cursor !== undefined && { cursor: query.cursor }),
        limit: query?.limit ?? 50,
      });
      const steps = await stepsOf(
        tx,
        items.map(({ id }) => id),
      );
      const reader = { catalogue, caller, now: clock.now() };
      return { items: items.map((row) => requestView(reader, row, steps.get(row.id) ?? [])), nextCursor };
    });
  });
  http.mount(api.mySchedule.ask, async ({ caller, body }) =>
    view(caller, await requests.ask(ownAgent(caller), caller.actor, body)),
  );
  http.mount(api.mySchedule.withdraw, async ({ caller, params }) =>
    view(caller, await requests.withdraw(ownAgent(caller), caller.actor, params.id)),
  );
  http.mount(api.mySchedule.answer, async ({ caller, params, body }) =>
    view(caller, await requests.answer(ownAgent(caller), caller.actor, params.id, body.accept)),
  );
  http.mount(api.mySchedule.swapChoices, async ({ caller, query }) => ({
    items: await requests.swapChoices(ownAgent(caller), query.mine),
  }));
  http.mount(api.mySchedule.setWish, async ({ caller, params, body }) => {
    const agentId = ownAgent(caller);
    const me = catalogue.get(userKind, agentId)?.value.agent;
    const today = localDate(clock.now(), adherence.timeZoneOf(me?.teamId ?? null, me?.siteId ?? null));
    if (params.date <= today || params.date > addDays(today, 400))
      throw invalid([
        { field: "params.date", code: "out_of_range", message: "a day from tomorrow on, within 400 days" },
      ]);
    await inTx((tx) => writeWish(tx, agentId, params.date, body.kind));
    return {};
  });
  http.mount(api.mySchedule.seen, async ({ caller }) => {
    await inTx((tx) => markSeen(tx, ownAgent(caller), clock.now()));
    return {};
  });
  mountFeed(parts);
}

/** One address reads a calendar each quarter of an hour; a household may share one, a guesser gets nowhere. */
const FEED_LIMIT = { most: 60, windowMs: 60_000 } as const;

function mountFeed({ http, db, clock, office, audit }: Parts): void {
  const limit = new RateLimit({ clock, ...FEED_LIMIT });
  http.mount(api.mySchedule.makeFeed, async ({ caller }) => {
    const agentId = ownAgent(caller);
    const token = newFeedToken();
    await withScope(db, WHOLE_CENTRE, async (tx) => {
      await writeFeed(tx, agentId, token, clock.now());
      await audit.noteIn(tx, {
        action: "calendar_feed_made",
        userId: caller.userId,
        address: caller.address,
        subjectId: agentId,
      });
    });
    return { path: `/api/v1/plan/calendar/${token}.ics` };
  });
  http.mount(api.mySchedule.removeFeed, async ({ caller }) => {
    const agentId = ownAgent(caller);
    await withScope(db, WHOLE_CENTRE, async (tx) => {
      if (!(await removeFeed(tx, agentId))) return;
      await audit.noteIn(tx, {
        action: "calendar_feed_removed",
        userId: caller.userId,
        address: caller.address,
        subjectId: agentId,
      });
    });
    return {};
  });
  http.mountPublic(api.mySchedule.feed, async ({ params, address, reply }) => {
    const retryAfterMs = limit.take(address);
    if (retryAfterMs > 0)
      throw new HttpError("Too many calls; try again later", {
        status: 429,
        code: "too_many_calls",
        retryAfterMs,
      });
    const text = await feedText({ db, clock, office }, params.token.replace(/\.ics$/, ""));
    if (text === undefined) throw notFound("calendar");
    await reply
      .type("text/calendar; charset=utf-8")
      .header("cache-control", "private, no-store")
      .header("x-robots-tag", "noindex")
      .send(text);
    return text;
  });
}

/** @throws HttpError 403 `not_an_agent` */
function ownAgent(caller: Caller): AgentId {
  if (caller.agentId !== undefined) return caller.agentId;
  throw new HttpError("You are not set up as an agent", { status: 403, code: "not_an_agent" });
}
