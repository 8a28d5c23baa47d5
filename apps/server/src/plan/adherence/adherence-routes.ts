import { api } from "@svara/contracts";
import type { Clock } from "@svara/kernel";
import type { HttpCore } from "../../http/http-core.ts";
import { notFound } from "../../http/http-error.ts";
import type { Audit } from "../../identity/audit.ts";
import { userKind } from "../../identity/user-kind.ts";
import type { Office } from "../../office/office.ts";
import type { Caller } from "../../rights/access.ts";
import { agentPlace, officeAgents } from "../rosters/roster-place.ts";
import { Recent } from "../today/recent.ts";
import { type AdherenceService, totalOf } from "./adherence-service.ts";

interface Parts {
  readonly http: HttpCore;
  readonly clock: Clock;
  readonly office: Office;
  readonly audit: Audit;
  readonly adherence: AdherenceService;
}

const NOTED_FOR_MS = 3_600_000; // a page that is left open asks every minute

/** Adherence and conformance, of the caller's agents. Who read whose is noted, once an hour. */
export function mountAdherenceRoutes({ http, clock, office, audit, adherence }: Parts): void {
  const { catalogue } = office;
  const recent = new Recent(clock);
  const noteRead = (
    { userId, address }: Caller,
    action: "adherence_viewed" | "agent_day_viewed",
    date: string,
    subjectId?: string,
  ): Promise<void> =>
    recent.ask(`${userId} ${action} ${date} ${subjectId}`, NOTED_FOR_MS, () =>
      audit.note({ action, userId, address, subjectId }),
    );
  http.mount(api.planAdherence.day, async ({ caller, query }) => {
    const agents = officeAgents(catalogue).filter(
      ({ id, agent }) =>
        (query.teamId === undefined || agent.teamId === query.teamId) &&
        caller.access.covers("plan.view", agentPlace(catalogue, id)),
    );
    await noteRead(caller, "adherence_viewed", query.date, query.teamId);
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
    await noteRead(caller, "agent_day_viewed", query.date, params.id);
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
