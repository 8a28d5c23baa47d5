import { api } from "@svara/contracts";
import type { Clock, Ids } from "@svara/kernel";
import type { Kysely } from "kysely";
import { type DB, WHOLE_CENTRE, withScope } from "../../database/index.ts";
import type { HttpCore } from "../../http/http-core.ts";
import { forbidden, invalid, notFound } from "../../http/http-error.ts";
import type { Office } from "../../office/office.ts";
import type { Caller } from "../../rights/access.ts";
import { agentPlace, officeAgents, rosterPlace } from "../rosters/roster-place.ts";
import {
  closeOffer,
  insertOffer,
  listOffers,
  listRequests,
  OPEN_STATES,
  type RequestRow,
  readRequest,
  stepsOf,
} from "./request.repository.ts";
import { offerView, requestView } from "./request-view.ts";
import type { Requests } from "./requests.ts";

interface Parts {
  readonly http: HttpCore;
  readonly db: Kysely<DB>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly office: Office;
  readonly requests: Requests;
}

/** Requests as planners see and decide them, and overtime that they offer. */
export function mountRequestRoutes({ http, db, clock, ids, office, requests }: Parts): void {
  const { catalogue } = office;
  const view = async (caller: Caller, row: RequestRow) => {
    const steps = await withScope(db, WHOLE_CENTRE, (tx) => stepsOf(tx, [row.id]));
    const reader = { catalogue, caller, now: clock.now() };
    return requestView(reader, row, steps.get(row.id) ?? [], await requests.preview(row.id));
  };
  http.mount(api.planRequests.list, async ({ caller, query }) => {
    const agentIds = officeAgents(catalogue)
      .filter(({ id }) => caller.access.covers("plan.view", agentPlace(catalogue, id)))
      .filter(({ id }) => query?.agentId === undefined || id === query.agentId)
      .filter(({ agent }) => query?.teamId === undefined || agent.teamId === query.teamId)
      .map(({ id }) => id);
    const state = query?.state;
    return withScope(db, WHOLE_CENTRE, async (tx) => {
      const { items, nextCursor } = await listRequests(tx, {
        agentIds,
        ...(state !== undefined && { states: state === "open" ? OPEN_STATES : [state] }),
        ...(query?.kind !== undefined && { kind: query.kind }),
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
  http.mount(api.planRequests.get, async ({ caller, params }) => {
    const row = await withScope(db, WHOLE_CENTRE, (tx) => readRequest(tx, params.id));
    if (!caller.access.covers("plan.view", agentPlace(catalogue, row.agentId))) throw notFound("request");
    return view(caller, row);
  });
  http.mount(api.planRequests.decide, async ({ caller, params, body }) =>
    view(caller, await requests.decide(caller, params.id, body.grant, body.note)),
  );
  http.mount(api.planRequests.undo, async ({ caller, params }) =>
    view(caller, await requests.undo(caller, params.id)),
  );
  http.mount(api.planRequests.enterLeave, async ({ caller, body }) =>
    view(caller, await requests.enterLeave(caller, body)),
  );

  http.mount(api.planRequests.offers, async ({ caller, query }) => {
    const after = query?.closed === "true" ? {} : { after: clock.now() };
    const offers = await withScope(db, WHOLE_CENTRE, (tx) => listOffers(tx, after));
    return {
      items: offers
        .filter((offer) => caller.access.covers("plan.view", rosterPlace(catalogue, offer)))
        .map((offer) => offerView(catalogue, offer)),
    };
  });
  http.mount(api.planRequests.offer, async ({ caller, body }) => {
    const fault = (field: string, code: string, message: string) => invalid([{ field, code, message }]);
    if (body.teamId !== null && body.siteId !== null)
      throw fault("siteId", "invalid", "a team or a site, not both");
    if (body.teamId !== null && !catalogue.find("team", body.teamId))
      throw fault("teamId", "unknown", "there is no such team");
    if (body.siteId !== null && !catalogue.find("site", body.siteId))
      throw fault("siteId", "unknown", "there is no such site");
    if (!caller.access.covers("plan.edit", rosterPlace(catalogue, body))) throw forbidden("plan.edit");
    if (body.from <= clock.now()) throw fault("from", "out_of_range", "lies in the past");
    const { from, to, teamId, siteId, seats, note } = body;
    const id = ids.next();
    return withScope(db, WHOLE_CENTRE, async (tx) => {
      await insertOffer(tx, {
        id,
        teamId,
        siteId,
        fromAt: from,
        toAt: to,
        seats,
        note,
        createdAt: clock.now(),
        createdBy: caller.actor,
      });
      const [offer] = await listOffers(tx, { id });
      if (!offer) throw notFound("offer");
      return offerView(catalogue, offer);
    });
  });
  http.mount(api.planRequests.closeOffer, async ({ caller, params }) =>
    withScope(db, WHOLE_CENTRE, async (tx) => {
      const [offer] = await listOffers(tx, { id: params.id });
      const place = offer && rosterPlace(catalogue, offer);
      if (!place || !caller.access.covers("plan.view", place)) throw notFound("offer");
      if (!caller.access.covers("plan.edit", place)) throw forbidden("plan.edit");
      await closeOffer(tx, params.id, clock.now());
      return {};
    }),
  );
}
