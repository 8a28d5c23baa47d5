import { z } from "zod";
import { day, id } from "./primitives.ts";
import { defineRoute } from "./route.ts";

/** A count of the floor that can be opened to the contacts it was made of. */
export const floorMetric = z.enum([
  "offered",
  "answered",
  "answered_in_time",
  "abandoned",
  "short_abandoned",
  "waiting",
  "flow_out",
]);

/** Which contacts made a number: the metric, the queue and the day. */
export const insight = {
  contacts: defineRoute({
    method: "GET",
    path: "/api/v1/insight/contacts",
    permission: "insight.view",
    query: z.object({
      queueId: id.optional(),
      metric: floorMetric,
      date: day,
    }),
    response: z.object({ contactIds: z.array(id) }),
    summary: "The contacts behind a figure of the floor",
    tag: "insight",
  }),
  waitEstimates: defineRoute({
    method: "GET",
    path: "/api/v1/insight/wait-estimates",
    permission: "insight.view",
    query: z.object({ queueId: id.optional(), from: day, to: day.optional() }),
    response: z.object({
      items: z.array(
        z.object({
          queueId: id,
          queueName: z.string(),
          date: day,
          /** Customers who had waited before an agent took them, with a prediction. */
          predicted: z.int(),
          /** Those for whom nothing could be predicted. */
          unpredicted: z.int(),
          /** Mean of actual less expected; above 0: waits are longer than said. Null without predictions. */
          meanErrorMs: z.number().nullable(),
          meanAbsoluteErrorMs: z.number().nullable(),
          /** Part of the actual waits between low and high, 0..1; 0.8 is what is aimed at. */
          insideBand: z.number().nullable(),
        }),
      ),
    }),
    summary: "How good the expected waits were, by queue and day, at most 31 days",
    tag: "insight",
  }),
  definitions: defineRoute({
    method: "GET",
    path: "/api/v1/insight/definitions",
    permission: "signed_in",
    response: z.object({
      items: z.array(z.object({ id: z.string(), code: z.string(), unit: z.string(), formula: z.string() })),
    }),
    summary: "The versioned definitions of the figures",
    tag: "insight",
  }),
};
