import { dayOf } from "@svara/calendar";
import { api, type RequirementDetail } from "@svara/contracts";
import type { HttpCore } from "../../http/http-core.ts";
import { invalid } from "../../http/http-error.ts";
import { csvText } from "../plan-csv.ts";
import type { PlanJobs } from "../plan-jobs.ts";
import { type PlanQueues, planScope } from "../plan-queues.ts";
import type { PlanRequirements } from "./plan-requirements.ts";

interface Parts {
  readonly http: HttpCore;
  readonly queues: PlanQueues;
  readonly requirements: PlanRequirements;
  readonly jobs: PlanJobs;
}

const MOST_DAYS = 62;
const DAY_MS = 86_400_000;

/** Requirements: reckoning, reading, and what is in force for rosters. */
export function mountStaffingRoutes({ http, queues, requirements, jobs }: Parts): void {
  http.mount(api.planStaffing.list, async ({ caller }) => ({ items: await requirements.list(caller) }));
  http.mount(api.planStaffing.get, async ({ caller, params }) => requirements.get(caller, params.id));
  http.mount(api.planStaffing.inputs, async ({ caller, params }) => ({
    items: await requirements.inputs(caller, params.id),
  }));
  http.mount(api.planStaffing.make, async ({ caller, body }) => {
    const ready = await requirements.prepare(caller, body);
    return jobs.start({
      kind: "staffing",
      caller,
      places: ready.queues.map(({ id, clientId }) => ({ queueId: id, clientId })),
      run: ready.run,
    });
  });
  http.mount(api.planStaffing.remove, async ({ caller, params }) => {
    await requirements.remove(caller, params.id);
    return {};
  });
  http.mount(api.planStaffing.inForce, async ({ caller, query }) => {
    const wanted = query.queueIds
      ? query.queueIds.split(",").map((id) => queues.one(caller, id))
      : queues.seen(caller);
    if (query.to < query.from)
      throw invalid([
        { field: "query.to", code: "before_from", message: `${query.to} is before ${query.from}` },
      ]);
    const items = [];
    for (const queue of wanted) {
      const span = { from: dayOf(query.from, queue.timeZone).from, to: dayOf(query.to, queue.timeZone).to };
      if (span.to - span.from > (MOST_DAYS + 1) * DAY_MS)
        throw invalid([{ field: "query.to", code: "too_long", message: `at most ${MOST_DAYS} days` }]);
      const [own] = await requirements.inForce(planScope(caller, "plan.view"), [queue.id], span);
      items.push({
        queue: { id: queue.id, name: queue.name },
        requirementId: own?.requirementId ?? null,
        timeZone: queue.timeZone,
        intervals: [...(own?.intervals ?? [])],
      });
    }
    return { items };
  });
  http.mount(api.planStaffing.file, async ({ caller, params, reply }) => {
    const detail = await requirements.get(caller, params.id);
    await reply
      .type("text/csv; charset=utf-8")
      .header("content-disposition", 'attachment; filename="requirement.csv"')
      .header("cache-control", "private, no-store")
      .send(requirementCsv(detail));
    return undefined;
  });
}

const COLUMNS = [
  "queue",
  "at",
  "contacts",
  "load_erlang",
  "agents",
  "headcount",
  "service_level",
  "mean_wait_s",
  "abandon",
  "occupancy",
  "decided_by",
] as const;

function requirementCsv({ series }: RequirementDetail): string {
  const lines = series.flatMap(({ queue, intervals }) =>
    intervals.map((one) => [
      queue.name,
      new Date(one.at).toISOString(),
      one.contacts,
      one.load,
      one.agents,
      one.headcount,
      one.serviceLevel,
      one.meanWaitS,
      one.abandon,
      one.occupancy,
      one.decidedBy,
    ]),
  );
  return csvText(COLUMNS, lines);
}
