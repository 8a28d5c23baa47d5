import { api } from "@svara/contracts";
import type { HttpCore } from "../http/http-core.ts";
import type { PlanJobs } from "./plan-jobs.ts";

/** Following and stopping planning work. */
export function mountPlanJobRoutes(http: HttpCore, jobs: PlanJobs): void {
  http.mount(api.planJobs.get, async ({ caller, params }) => jobs.get(caller, params.id));
  http.mount(api.planJobs.cancel, async ({ caller, params }) => jobs.cancel(caller, params.id));
}
