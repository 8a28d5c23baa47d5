import { api } from "@svara/contracts";
import type { Clock } from "@svara/kernel";
import { centreKind } from "../../clients/centre-kind.ts";
import type { HttpCore } from "../../http/http-core.ts";
import type { Office } from "../../office/office.ts";
import { pageByOffset } from "../../office/page.ts";
import type { Caller } from "../../rights/access.ts";
import type { PlanJobs } from "../plan-jobs.ts";
import { agentName } from "./roster-place.ts";
import { actorName, summaryOf, viewOf } from "./roster-view.ts";
import { type FoundRoster, listSpan, type Rosters } from "./rosters.ts";

interface Parts {
  readonly http: HttpCore;
  readonly clock: Clock;
  readonly office: Office;
  readonly rosters: Rosters;
  readonly jobs: PlanJobs;
}

/** Rosters as planners make and publish them. */
export function mountRosterRoutes({ http, clock, office, rosters, jobs }: Parts): void {
  const { catalogue } = office;
  const view = (caller: Caller, { found, shifts, step }: FoundRoster) => ({
    ...viewOf(catalogue, caller, found, shifts, step),
    jobId: jobs.runningOn(caller, found.roster.id) ?? null,
  });

  http.mount(api.planRosters.list, async ({ caller, query }) => {
    const timeZone = catalogue.inUse(centreKind)[0]?.value.timeZone ?? "UTC";
    const span = listSpan(timeZone, clock.now(), query?.from, query?.to);
    const rows = await rosters.list(caller, span.from, span.to);
    const page = pageByOffset(
      rows.filter(({ teamId }) => query?.teamId === undefined || teamId === query.teamId),
      query,
    );
    return { items: page.items.map((row) => summaryOf(catalogue, caller, row)), nextCursor: page.nextCursor };
  });
  http.mount(api.planRosters.create, async ({ caller, body }) =>
    view(caller, await rosters.create(caller, body)),
  );
  http.mount(api.planRosters.get, async ({ caller, params, query }) =>
    view(caller, await rosters.get(caller, params.id, query?.of)),
  );
  http.mount(api.planRosters.remove, async ({ caller, params }) => {
    await rosters.remove(caller, params.id);
    return {};
  });
  http.mount(api.planRosters.setGroups, async ({ caller, params, body }) =>
    view(caller, await rosters.setGroups(caller, params.id, body)),
  );
  http.mount(api.planRosters.tryChange, async ({ caller, params, body }) =>
    decisionView(await rosters.tryChange(caller, params.id, body)),
  );
  http.mount(api.planRosters.change, async ({ caller, params, body }) => {
    const { decision, after } = await rosters.change(caller, params.id, body.draftRevision, body.change);
    return { decision: decisionView(decision), roster: view(caller, after) };
  });
  http.mount(api.planRosters.undo, async ({ caller, params, body }) =>
    view(caller, await rosters.undo(caller, params.id, body.draftRevision)),
  );
  http.mount(api.planRosters.publish, async ({ caller, params, body }) =>
    view(caller, await rosters.publish(caller, params.id, body.draftRevision, body.note)),
  );
  http.mount(api.planRosters.changesToPublish, async ({ caller, params }) => ({
    items: (await rosters.changesToPublish(caller, params.id)).map(([agentId, days]) => ({
      agentId,
      agentName: agentName(catalogue, agentId),
      days: [...days],
    })),
  }));
  http.mount(api.planRosters.versions, async ({ caller, params }) => ({
    items: (await rosters.versions(caller, params.id)).map(({ version, at, actor, note, shifts }) => ({
      version,
      at,
      by: actor === "rules" ? "" : actorName(catalogue, actor),
      note,
      shifts: Number(shifts),
    })),
  }));
}

function decisionView({ allowed, violations, effects }: Awaited<ReturnType<Rosters["tryChange"]>>) {
  return {
    allowed,
    violations: violations.map((violation) => ({ ...violation })),
    effects: { ...effects, intervals: effects.intervals.map((interval) => ({ ...interval })) },
  };
}
