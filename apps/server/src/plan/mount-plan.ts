import { type Disposable, Disposables } from "@svara/kernel";
import type { Core } from "../core.ts";
import type { HttpCore } from "../http/http-core.ts";
import type { LiveService } from "../live/live-service.ts";
import { mountPlanJobRoutes } from "./plan-job-routes.ts";
import { PlanJobs } from "./plan-jobs.ts";
import { PlannedDays } from "./what-if/planned-days.ts";
import { WhatIfs } from "./what-if/what-if.ts";
import { mountWhatIfRoutes } from "./what-if/what-if-routes.ts";

/** What the Plan room's routes stand on; each slice takes what it needs of it. */
export interface PlanParts {
  readonly http: HttpCore;
  readonly core: Core;
  readonly live: LiveService;
}

/** Mounts every route of the Plan room; disposing ends what runs for it. */
export function mountPlanRoutes({ http, core }: PlanParts): Disposable {
  const open = new Disposables();
  const { clock, ids, log, database, office } = core;
  const { catalogue } = office;
  const jobs = open.add(new PlanJobs({ clock, ids, log }));
  mountPlanJobRoutes(http, jobs);
  const planned = new PlannedDays();
  mountWhatIfRoutes(http, new WhatIfs({ database, clock, ids, catalogue, jobs, planned }));
  return open;
}
