import { z } from "zod";
import { id } from "./primitives.ts";

/**
 * Something that cannot do what it says (`error`) or is doubtful (`warning`) in the routing. What is wrong in itself is
 * refused when saved; what depends on others, such as a queue that nobody can serve yet, is told.
 */
export const routingFinding = z.object({
  severity: z.enum(["error", "warning"]),
  /** A stable word, to be translated with `params`. */
  code: z.string(),
  /** What it is about; of `rules` the id is the centre's. */
  subject: z.object({ kind: z.enum(["queue", "agent", "rules"]), id, name: z.string().nullable() }),
  /** A dotted path in the subject's body, such as `routing.overflow.0.to.queueId`; null: the whole. */
  field: z.string().nullable(),
  /** Names instead of ids, joined by commas where there are several. */
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  /** English. */
  message: z.string(),
});
export type RoutingFinding = z.output<typeof routingFinding>;
