import { api, ROUTING_FACT_TYPES, ROUTING_FACTS, type RoutingFinding } from "@svara/contracts";
import {
  checkExpression,
  type FactType,
  formatExpression,
  namesUsed,
  parseExpression,
} from "@svara/kernel/expression";
import { routingRulesKind } from "../clients/routing-rules-kind.ts";
import type { HttpCore } from "../http/http-core.ts";
import { forbidden, HttpError } from "../http/http-error.ts";
import { userKind } from "../identity/user-kind.ts";
import type { Office } from "../office/office.ts";
import { mountOfficeRoutes } from "../office/office-routes.ts";
import { capacityProfileKind } from "../organisation/capacity-profile-kind.ts";
import { queueKind } from "../queues/queue-kind.ts";
import type { Caller } from "../rights/access.ts";
import { queueFindings, routingFindings } from "./routing-check.ts";

interface Parts {
  readonly http: HttpCore;
  readonly office: Office;
  readonly centreId: string;
}

/** Stands for a queue that has no id yet. */
const NEW_QUEUE = "00000000-0000-0000-0000-000000000000";

/** Queues with what is doubtful about them, the centre's rules, capacity profiles, facts and expressions. */
export function mountRoutingRoutes(parts: Parts): void {
  mountRules(parts);
  mountChecks(parts);
  mountExpressions(parts);
  const { http, office } = parts;
  mountOfficeRoutes(http, office, api.capacityProfiles, {
    kind: capacityProfileKind,
    toEntity: ({ id, revision, archived, value }) => ({ id, revision, archived, ...value }),
  });
  mountOfficeRoutes(http, office, api.queues, {
    kind: queueKind,
    toEntity: ({ id, revision, archived, value }) => ({
      id,
      revision,
      archived,
      ...value,
      warnings: archived ? [] : queueFindings(office.catalogue, id),
    }),
  });
}

function mountRules({ http, office, centreId }: Parts): void {
  http.mount(api.routing.rules, async ({ caller, tag }) => {
    const { id, revision, value } = office.see(caller, routingRulesKind, centreId);
    tag(revision);
    return { id, revision, ...value };
  });
  http.mount(api.routing.replaceRules, async ({ caller, body, ifMatch, tag }) => {
    const { id, revision, value } = await office.replace(caller, routingRulesKind, centreId, body, {
      ifMatch,
    });
    tag(revision);
    return { id, revision, ...value };
  });
}

function mountChecks({ http, office }: Parts): void {
  http.mount(api.routing.check, async ({ caller }) => ({
    findings: visible(office, caller, routingFindings(office.catalogue)),
  }));
  http.mount(api.routing.checkQueue, async ({ caller, body }) => {
    const { id = NEW_QUEUE, queue } = body;
    const place = { clientId: queue.clientId, ...(body.id !== undefined && { queueId: id }) };
    if (!caller.access.covers("queues.view", place)) throw forbidden("queues.view");
    const findings = queueFindings(office.catalogue, id, { id, queue });
    try {
      office.refuseFaulty(queueKind, id, queue);
      return { errors: [], findings };
    } catch (error) {
      if (error instanceof HttpError && error.errors) return { errors: [...error.errors], findings };
      throw error;
    }
  });
}

/** Findings of queues and agents that the caller sees; those about the centre itself for who sees all queues. */
function visible(office: Office, caller: Caller, findings: readonly RoutingFinding[]): RoutingFinding[] {
  return findings.filter(({ subject: { kind, id } }) => {
    if (kind === "rules") return caller.access.covers("queues.view", {});
    if (kind === "agent") {
      const user = office.catalogue.get(userKind, id);
      return user !== undefined && caller.access.covers("users.view", userKind.placeOf(user.value, id));
    }
    const queue = office.catalogue.get(queueKind, id);
    return queue !== undefined && caller.access.covers("queues.view", queueKind.placeOf(queue.value, id));
  });
}

function mountExpressions({ http }: Parts): void {
  http.mount(api.routing.facts, async () => ({
    items: Object.entries(ROUTING_FACTS).map(([name, { type, summary }]) => ({
      name,
      ...typeInWords(type),
      summary,
    })),
  }));
  http.mount(api.routing.checkExpression, async ({ body }) => {
    const parsed = parseExpression(body.text);
    if (!parsed.ok) return { problems: parsed.problems.map(problemOf), names: [], formatted: null };
    const { expression } = parsed;
    return {
      problems: checkExpression(expression, ROUTING_FACT_TYPES).map(problemOf),
      names: [...namesUsed(expression)],
      formatted: formatExpression(expression),
    };
  });
}

type Problem = ReturnType<typeof checkExpression>[number];

function problemOf({ code, column, params, remedy, message }: Problem) {
  return { code, column, params: { ...params }, remedy: remedy ?? null, message };
}

function typeInWords(type: FactType) {
  if (typeof type === "string") return { type, values: null };
  if ("oneOf" in type) return { type: "one_of" as const, values: [...type.oneOf] };
  return { type: "list" as const, values: null };
}
