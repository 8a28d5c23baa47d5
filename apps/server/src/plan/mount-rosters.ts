import { INTERVAL_MS } from "@svara/calendar";
import { api, type LabourRulesDraft } from "@svara/contracts";
import { solveRosterInWorker } from "@svara/jobs";
import type { Instant } from "@svara/kernel";
import { LABOUR_PRESETS, type LabourRules } from "@svara/workforce/rostering";
import type { Core } from "../core.ts";
import { WHOLE_CENTRE } from "../database/index.ts";
import type { HttpCore } from "../http/http-core.ts";
import { userKind } from "../identity/user-kind.ts";
import type { Stored } from "../office/office-kind.ts";
import { mountOfficeRoutes } from "../office/office-routes.ts";
import { mountAdherenceRoutes } from "./adherence/adherence-routes.ts";
import { AdherenceService } from "./adherence/adherence-service.ts";
import { workContractKind } from "./contracts/work-contract-kind.ts";
import { approvalRulesKind } from "./labour-rules/approval-rules-kind.ts";
import { labourRulesKind } from "./labour-rules/labour-rules-kind.ts";
import type { PlanJobs } from "./plan-jobs.ts";
import { mountMyScheduleRoutes } from "./requests/my-schedule-routes.ts";
import { mountRequestRoutes } from "./requests/request-routes.ts";
import { Requests } from "./requests/requests.ts";
import type { ExpectedQuarter } from "./rosters/roster-demand.ts";
import { solveRoster } from "./rosters/roster-jobs.ts";
import { mountRosterRoutes } from "./rosters/roster-routes.ts";
import { verifyDraft } from "./rosters/roster-verification.ts";
import { type RequirementPort, Rosters } from "./rosters/rosters.ts";
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

  const requirement = requirementPort(requirements);
  const rosters = new Rosters({ db, clock, ids, office, audit, agentTermsKind, requirement });
  mountRosterRoutes({ http, clock, office, rosters });
  const solving = { db, clock, office, jobs, rosters, solver: solveRosterInWorker };
  http.mount(api.planRosters.solve, ({ caller, params, body }) =>
    solveRoster(solving, caller, params.id, body),
  );
  const verifying = { db, clock, office, jobs, rosters, expected: expectedPort(requirements) };
  http.mount(api.planRosters.verify, ({ caller, params, body }) =>
    verifyDraft(verifying, caller, params.id, body),
  );
  const requests = new Requests({ db, clock, ids, office, audit, rosters });
  mountRequestRoutes({ http, db, clock, ids, office, requests });
  const adherence = new AdherenceService({ db, clock, office });
  mountAdherenceRoutes({ http, office, adherence });
  mountMyScheduleRoutes({ http, db, clock, office, audit, requests, adherence, agentTermsKind });
}

/** The newest requirement of a queue, quarter by quarter; quarters that it does not name need nobody. */
function requirementPort(requirements: PlanRequirements): RequirementPort {
  return async ({ queueId, from, quarters, shrinkage }) => {
    const span = { from, to: from + quarters * INTERVAL_MS };
    const [found] = await requirements.inForce(WHOLE_CENTRE, [queueId], span);
    if (!found || found.intervals.length === 0) return null;
    const byQuarter = new Map(found.intervals.map((interval) => [interval.at, interval]));
    return Array.from({ length: quarters }, (_, index) => {
      const interval = byQuarter.get(from + index * INTERVAL_MS);
      return (shrinkage ? interval?.headcount : interval?.agents) ?? 0;
    });
  };
}

function expectedPort(requirements: PlanRequirements) {
  return async (queueId: string, from: Instant, to: Instant): Promise<readonly ExpectedQuarter[]> => {
    const [found] = await requirements.inForce(WHOLE_CENTRE, [queueId], { from, to });
    return found?.intervals ?? [];
  };
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
