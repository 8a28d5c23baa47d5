import { api, type LabourRulesDraft } from "@svara/contracts";
import { solveRosterInWorker } from "@svara/jobs";
import type { QueueId } from "@svara/kernel";
import { LABOUR_PRESETS, type LabourRules } from "@svara/workforce/rostering";
import type { Core } from "../core.ts";
import { WHOLE_CENTRE } from "../database/index.ts";
import type { HttpCore } from "../http/http-core.ts";
import { userKind } from "../identity/user-kind.ts";
import type { Stored } from "../office/office-kind.ts";
import { mountOfficeRoutes } from "../office/office-routes.ts";
import { queueKind } from "../queues/queue-kind.ts";
import { mountAdherenceRoutes } from "./adherence/adherence-routes.ts";
import { AdherenceService } from "./adherence/adherence-service.ts";
import { workContractKind } from "./contracts/work-contract-kind.ts";
import { approvalRulesKind } from "./labour-rules/approval-rules-kind.ts";
import { labourRulesKind } from "./labour-rules/labour-rules-kind.ts";
import type { PlanJobs } from "./plan-jobs.ts";
import { mountMyScheduleRoutes } from "./requests/my-schedule-routes.ts";
import { mountRequestRoutes } from "./requests/request-routes.ts";
import { Requests } from "./requests/requests.ts";
import { QueueRequirements } from "./rosters/queue-requirements.ts";
import { solveRoster } from "./rosters/roster-jobs.ts";
import { mountRosterRoutes } from "./rosters/roster-routes.ts";
import { verifyDraft } from "./rosters/roster-verification.ts";
import { Rosters } from "./rosters/rosters.ts";
import { shiftPatternKind } from "./shift-patterns/shift-pattern-kind.ts";
import type { PlanRequirements } from "./staffing/plan-requirements.ts";

export interface RosterSideParts {
  readonly http: HttpCore;
  readonly core: Core;
  readonly jobs: PlanJobs;
  readonly requirements: PlanRequirements;
}

/** Mounts rosters and all that belongs to them: what they are made from, requests, the agents' own, adherence. */
export function mountRosters({ http, core, jobs, requirements }: RosterSideParts): void {
  const { clock, ids, database, office, audit, agentTermsKind } = core;
  const { db } = database;
  mountOfficeRoutes(http, office, api.planPatterns, { kind: shiftPatternKind, toEntity });
  mountOfficeRoutes(http, office, api.planContracts, { kind: workContractKind, toEntity });
  const { presets, ...labour } = api.planLabourRules;
  mountOfficeRoutes(http, office, labour, { kind: labourRulesKind, toEntity });
  http.mount(presets, async () => ({ items: Object.values(LABOUR_PRESETS).map(presetView) }));
  mountOfficeRoutes(http, office, api.planApprovalRules, { kind: approvalRulesKind, toEntity });
  mountOfficeRoutes(http, office, api.planAgentTerms, {
    kind: agentTermsKind,
    toEntity(stored) {
      const user = office.catalogue.get(userKind, stored.id)?.value;
      return {
        ...toEntity(stored),
        agentName: user?.displayName ?? "",
        teamId: user?.agent?.teamId ?? null,
        siteId: user?.agent?.siteId ?? null,
      };
    },
  });

  const planned = queueRequirements(office, requirements);
  const rosters = new Rosters({ db, clock, ids, office, audit, agentTermsKind, planned });
  mountRosterRoutes({ http, clock, office, rosters, jobs });
  const solving = { db, clock, office, jobs, rosters, solver: solveRosterInWorker };
  http.mount(api.planRosters.solve, ({ caller, params, body }) =>
    solveRoster(solving, caller, params.id, body),
  );
  const verifying = { db, clock, office, jobs, rosters, planned };
  http.mount(api.planRosters.verify, ({ caller, params, body }) =>
    verifyDraft(verifying, caller, params.id, body),
  );
  const requests = new Requests({ db, clock, ids, office, audit, rosters });
  mountRequestRoutes({ http, db, clock, ids, office, requests });
  const adherence = new AdherenceService({ db, clock, office });
  mountAdherenceRoutes({ http, clock, office, audit, adherence });
  mountMyScheduleRoutes({ http, db, clock, office, audit, requests, adherence, agentTermsKind });
}

/** Asks about any queue: who may is told by its place. */
function queueRequirements({ catalogue }: Core["office"], requirements: PlanRequirements): QueueRequirements {
  return new QueueRequirements({
    placeOf: (queueId) => {
      const queue = catalogue.get(queueKind, queueId);
      return queue && queueKind.placeOf(queue.value, queueId);
    },
    async inForce(queueId, from, to) {
      const [found] = await requirements.inForce(WHOLE_CENTRE, [queueId as QueueId], { from, to });
      return found?.intervals ?? [];
    },
  });
}

function toEntity<Value extends object>({ id, revision, archived, value }: Stored<Value>) {
  return { id, revision, archived, ...value };
}

const NOTHING_DEMANDED: LabourRulesDraft["limits"] = {
  minRestMinutes: null,
  minRestTimesShift: null,
  maxDailyMinutes: null,
  maxWeeklyMinutes: null,
  maxConsecutiveDays: null,
  weeklyRestMinutes: null,
  maxMinutesWithoutBreak: null,
};

function presetView({ id, name, source, ...limits }: LabourRules) {
  return { id, name, source: source ?? "", limits: { ...NOTHING_DEMANDED, ...limits } };
}
