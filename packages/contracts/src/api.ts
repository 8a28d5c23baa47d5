import { callingRulesRoutes } from "./calling.ts";
import { revisions } from "./configuration.ts";
import { contacts, customers, recordings } from "./contact.ts";
import { desk } from "./desk.ts";
import { dialRules } from "./dial-rules.ts";
import { entryPoints, numbers, prompts } from "./entry-point.ts";
import { floor } from "./floor.ts";
import { audit, identity, roles, tokens, users } from "./identity.ts";
import { insight } from "./insight.ts";
import { organisation } from "./organisation.ts";
import { planAdherence } from "./plan-adherence.ts";
import { planForecasts } from "./plan-forecast.ts";
import { planHistory, planSpecialDays } from "./plan-history.ts";
import { planJobs } from "./plan-jobs.ts";
import {
  planAgentTerms,
  planApprovalRules,
  planContracts,
  planLabourRules,
  planPatterns,
} from "./plan-labour.ts";
import { mySchedule, planRequests } from "./plan-requests.ts";
import { planRosters } from "./plan-roster.ts";
import { planStaffing } from "./plan-staffing.ts";
import { planToday } from "./plan-today.ts";
import { planWhatIf } from "./plan-what-if.ts";
import { queues } from "./queue.ts";
import type { Route } from "./route.ts";
import { capacityProfiles, routing } from "./routing.ts";
import { system } from "./system.ts";
import { phones, trunks } from "./telephony.ts";
import { telephony } from "./telephony-status.ts";

/** Every operation of the HTTP API, by capability. */
export const api = {
  system,
  identity,
  users,
  roles,
  tokens,
  audit,
  ...organisation,
  queues,
  routing,
  capacityProfiles,
  entryPoints,
  numbers,
  prompts,
  trunks,
  phones,
  telephony,
  callingRules: callingRulesRoutes,
  dialRules,
  revisions,
  desk,
  floor,
  insight,
  contacts,
  recordings,
  customers,
  planHistory,
  planSpecialDays,
  planForecasts,
  planStaffing,
  planToday,
  planWhatIf,
  planJobs,
  planPatterns,
  planContracts,
  planLabourRules,
  planApprovalRules,
  planAgentTerms,
  planRosters,
  planAdherence,
  planRequests,
  mySchedule,
};

/** All routes with their operation ids, such as `queues.list`. */
export const operations: ReadonlyMap<string, Route> = new Map(
  Object.entries(api).flatMap(([capability, routes]) =>
    Object.entries(routes).map(
      ([operation, route]) => [`${capability}.${operation}`, route as Route] as const,
    ),
  ),
);
