import { z } from "zod";
import { id } from "./primitives.ts";

/** Something wrong (`error`: refused when saved) or doubtful (`warning`) in the routing. */
export const routingFinding = z.object({
  severity: z.enum(["error", "warning"]),
  /** A stable word, to be translated with `params`. */
  code: z.string(),
  queueId: id.nullable(),
  queueName: z.string().nullable(),
  /** A dotted path in the queue's body, such as `routing.overflow.0.to.queueId`; null: the queue as a whole. */
  field: z.string().nullable(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  /** English. */
  message: z.string(),
});
export type RoutingFinding = z.output<typeof routingFinding>;
