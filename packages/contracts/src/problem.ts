import { z } from "zod";

/** One field at fault: `field` is a dotted path in the body, or `query.x`, `params.x`. */
export const fieldProblem = z.object({ field: z.string(), code: z.string(), message: z.string() });

/** Problem details (RFC 9457). `code` is stable; `detail` is for people; `field` is the first field at fault. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  field: z.string().optional(),
  errors: z.array(fieldProblem).optional(),
  retryAfterMs: z.int().optional(),
});
export type Problem = z.output<typeof problem>;
export type FieldProblem = z.output<typeof fieldProblem>;
