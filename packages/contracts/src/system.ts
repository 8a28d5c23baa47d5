import { z } from "zod";
import { durationMs, instant } from "./primitives.ts";
import { defineRoute } from "./route.ts";

export const health = z.object({
  status: z.enum(["ok", "draining", "degraded"]),
  version: z.string(),
  database: z.enum(["ok", "unreachable"]),
  epoch: z.int(),
  uptimeMs: durationMs,
  now: instant,
  /** What does not work although calls go on, in words such as `recordings_fail`; see the telephony status. */
  alarms: z.array(z.string()),
});

export const system = {
  health: defineRoute({
    method: "GET",
    path: "/api/health",
    permission: "public",
    response: health,
    summary: "Whether the server works; 503 when it does not",
    tag: "system",
  }),
  permissions: defineRoute({
    method: "GET",
    path: "/api/v1/permissions",
    permission: "roles.view",
    response: z.object({ items: z.array(z.object({ permission: z.string(), summary: z.string() })) }),
    summary: "All permissions",
    tag: "users",
  }),
  about: defineRoute({
    method: "GET",
    path: "/api/v1/about",
    permission: "signed_in",
    response: z.object({
      version: z.string(),
      epoch: z.int(),
      /** Over plain HTTP from another machine a browser gives no microphone. */
      secure: z.boolean(),
      httpsUrl: z.string().nullable(),
      demonstration: z.boolean(),
    }),
    summary: "Version and how one is connected",
    tag: "system",
  }),
};
