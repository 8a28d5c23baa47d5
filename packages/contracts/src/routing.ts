import { z } from "zod";
import { configurationRoutes, configured } from "./configuration.ts";
import { id } from "./primitives.ts";
import { fieldProblem } from "./problem.ts";
import { queueDraft } from "./queue.ts";
import { capacityProfileDraft, expressionText, routingRulesDraft } from "./queue-routing.ts";
import { defineRoute } from "./route.ts";
import { routingFinding } from "./routing-finding.ts";

export const routingRules = routingRulesDraft.extend({ id, revision: configured.revision });
export const capacityProfile = capacityProfileDraft.extend(configured);

/** A fact that expressions may name. */
export const routingFact = z.object({
  name: z.string(),
  type: z.enum(["text", "number", "flag", "one_of", "list"]),
  /** Of `one_of`: the words there are. */
  values: z.array(z.string()).nullable(),
  summary: z.string(),
});

/** A fault of an expression; `code`, `params` and `remedy` can be translated, `message` is English. */
export const expressionProblem = z.object({
  code: z.string(),
  column: z.int().min(1),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  remedy: z.string().nullable(),
  message: z.string(),
});

const tag = "routing";

export const capacityProfiles = configurationRoutes({
  path: "/api/v1/capacity-profiles",
  words: ["a capacity profile", "capacity profiles"],
  tag,
  entity: capacityProfile,
  draft: capacityProfileDraft,
  view: "organisation.view",
  edit: "organisation.edit",
});

export const routing = {
  rules: defineRoute({
    method: "GET",
    path: "/api/v1/routing/rules",
    permission: "queues.view",
    response: routingRules,
    summary: "What holds for the router of the whole centre",
    tag,
  }),
  replaceRules: defineRoute({
    method: "PUT",
    path: "/api/v1/routing/rules",
    permission: "centre.edit",
    body: routingRulesDraft,
    response: routingRules,
    summary: "Change what holds for the router of the whole centre",
    tag,
    versioned: true,
  }),
  facts: defineRoute({
    method: "GET",
    path: "/api/v1/routing/facts",
    permission: "signed_in",
    response: z.object({ items: z.array(routingFact) }),
    summary: "What routing expressions may ask of a contact",
    tag,
  }),
  checkExpression: defineRoute({
    method: "POST",
    path: "/api/v1/routing/expressions/check",
    permission: "queues.view",
    body: z.object({ text: expressionText }),
    response: z.object({
      problems: z.array(expressionProblem),
      /** The facts that it asks for. */
      names: z.array(z.string()),
      /** As it would be written canonically; null when it does not parse. */
      formatted: z.string().nullable(),
    }),
    summary: "What is wrong with a routing expression",
    tag,
  }),
  check: defineRoute({
    method: "GET",
    path: "/api/v1/routing/check",
    permission: "queues.view",
    response: z.object({ findings: z.array(routingFinding) }),
    summary: "What is wrong or doubtful in the routing of all queues that one may see",
    tag,
  }),
  checkQueue: defineRoute({
    method: "POST",
    path: "/api/v1/queues/check",
    permission: "queues.view",
    body: z.object({
      /** Of a queue that is there; absent for a new one. */ id: id.optional(),
      queue: queueDraft,
    }),
    response: z.object({ errors: z.array(fieldProblem), findings: z.array(routingFinding) }),
    summary: "What is wrong or doubtful with a queue, without saving it",
    tag,
  }),
};
