import { api } from "@svara/contracts";
import type { HttpCore } from "../../http/http-core.ts";
import { notFound } from "../../http/http-error.ts";
import { userKind } from "../../identity/user-kind.ts";
import type { Office } from "../../office/office.ts";
import { agentPlace, officeAgents } from "../rosters/roster-place.ts";
import { type AdherenceService, totalOf } from "./adherence-service.ts";

interface Parts {
  readonly http: HttpCore;
  readonly office: Office;
  readonly adherence: AdherenceService;
}

/** Adherence and conformance, of the caller's agents. */
export function mountAdherenceRoutes({ http, office, adherence }: Parts): void {
  const { catalogue } = office;
  http.mount(api.planAdherence.day, async ({ caller, query }) => {
    const agents = officeAgents(catalogue).filter(
      ({ id, agent }) =>
        (query.teamId === undefined || agent.teamId === query.teamId) &&
        caller.access.covers("plan.view", agentPlace(catalogue, id)),
    );
    const timeZone = adherence.timeZoneOf(query.teamId ?? null, null);
    const found = await adherence.day(
      agents.map(({ id }) => id),
      query.date,
      timeZone,
    );
    const concerned = found.agents.filter(
      ({ scheduledMs, actualOnQueueMs, shifts }) => scheduledMs + actualOnQueueMs > 0 || shifts.length > 0,
    );
    return {
      date: query.date,
      timeZone,
      until: found.until,
      total: totalOf(concerned),
      agents: [...concerned],
    };
  });
  http.mount(api.planAdherence.agent, async ({ caller, params, query }) => {
    const user = catalogue.get(userKind, params.id);
    if (!user?.value.agent || !caller.access.covers("plan.view", agentPlace(catalogue, params.id)))
      throw notFound("agent");
    const { teamId, siteId } = user.value.agent;
    const timeZone = adherence.timeZoneOf(teamId, siteId);
    const found = await adherence.day([params.id], query.date, timeZone);
    const [one] = found.agents;
    if (!one) throw notFound("agent");
    return {
      date: query.date,
      timeZone,
      until: found.until,
      adherence: one,
      states: [...(found.states.get(params.id) ?? [])].map((span) => ({ ...span })),
    };
  });
}
