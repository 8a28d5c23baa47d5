import { api, type SpecialDayDraft } from "@svara/contracts";
import { type Disposable, Disposables } from "@svara/kernel";
import type { Core } from "../core.ts";
import type { HttpCore } from "../http/http-core.ts";
import type { LiveService } from "../live/live-service.ts";
import type { Stored } from "../office/office-kind.ts";
import { mountOfficeRoutes } from "../office/office-routes.ts";
import { ForecastMaker } from "./forecasts/forecast-maker.ts";
import { mountForecastRoutes } from "./forecasts/forecast-routes.ts";
import { PlanForecasts } from "./forecasts/plan-forecasts.ts";
import { HistoryImports } from "./history/history-imports.ts";
import { mountHistoryRoutes } from "./history/history-routes.ts";
import { PlanHistory } from "./history/plan-history.ts";
import { keepQueueStays } from "./history/queue-stay-keeper.ts";
import { mountRosters } from "./mount-rosters.ts";
import { mountPlanJobRoutes } from "./plan-job-routes.ts";
import { PlanJobs } from "./plan-jobs.ts";
import { PlanQueues } from "./plan-queues.ts";
import { specialDayKind } from "./special-days/special-day-kind.ts";
import { PlanRequirements } from "./staffing/plan-requirements.ts";
import { mountStaffingRoutes } from "./staffing/staffing-routes.ts";
import { PlanDay } from "./today/plan-today.ts";
import { Reforecasts } from "./today/reforecasts.ts";
import { mountTodayRoutes } from "./today/today-routes.ts";
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
  const { clock, ids, log, database, office, ledger, audit } = core;
  const { db } = database;
  open.add(keepQueueStays(ledger));
  const queues = new PlanQueues(office);
  const history = new PlanHistory(db);
  const imports = new HistoryImports({ db, clock, ids, audit, queues });
  mountHistoryRoutes({ http, queues, history, imports });
  mountOfficeRoutes(http, office, api.planSpecialDays, { kind: specialDayKind, toEntity });
  const { catalogue } = office;
  const jobs = open.add(new PlanJobs({ clock, ids, log }));
  mountPlanJobRoutes(http, jobs);
  const forecastParts = { db, clock, ids, office, audit, queues, history };
  const forecasts = new PlanForecasts(forecastParts);
  mountForecastRoutes({ http, forecasts, maker: new ForecastMaker(forecastParts), jobs });
  const requirements = new PlanRequirements({ db, clock, ids, audit, queues, forecasts });
  mountStaffingRoutes({ http, queues, requirements, jobs });
  mountRosters({ http, core, jobs, requirements });
  const planned = new PlannedDays({ db, clock, office, queues, forecasts, requirements });
  mountWhatIfRoutes(http, new WhatIfs({ database, clock, ids, audit, catalogue, jobs, planned }), {
    queues,
    history,
    clock,
  });
  const reforecasts = open.add(new Reforecasts({ history, catalogue, log }));
  mountTodayRoutes(
    http,
    new PlanDay({ db, clock, office, queues, history, forecasts, requirements, reforecasts }),
  );
  return open;
}

function toEntity({ id, revision, archived, value }: Stored<SpecialDayDraft>) {
  return { id, revision, archived, ...value };
}
