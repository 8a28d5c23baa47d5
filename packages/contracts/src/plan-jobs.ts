import { z } from "zod";
import { id, instant } from "./primitives.ts";
import { defineRoute } from "./route.ts";

/** What heavy planning work is there. */
export const PLAN_JOB_KINDS = ["forecast", "staffing", "roster", "roster_check", "what_if"] as const;
export const planJobKind = z.enum(PLAN_JOB_KINDS);
export type PlanJobKind = z.output<typeof planJobKind>;

/** `cancelled` may still have a result: the best that was there when it was stopped. */
const planJobState = z.enum(["queued", "running", "done", "failed", "cancelled"]);

/** Heavy planning work as its owner follows it. */
export const planJob = z.object({
  id,
  kind: planJobKind,
  state: planJobState,
  /** 0 to 1, never falling; null: nobody can say. */
  progress: z.number().min(0).max(1).nullable(),
  /** What it does now: a word of the kind (translated as `plan.jobs.step.<word>`). */
  step: z.string().nullable(),
  /** Figures to show beside, by word: `gap` as a share, `best`, `bound`, `replications`. */
  figures: z.record(z.string(), z.number()),
  createdAt: instant,
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  /** As the kind says; null until it is over, and when it failed. */
  result: z.unknown(),
  /** Why it failed. */
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type PlanJob = z.output<typeof planJob>;

const params = z.object({ id });

export const planJobs = {
  get: defineRoute({
    method: "GET",
    path: "/api/v1/plan/jobs/:id",
    permission: "plan.view",
    params,
    response: planJob,
    summary: "How far planning work is, and its result; kept for an hour",
    tag: "plan",
  }),
  cancel: defineRoute({
    method: "POST",
    path: "/api/v1/plan/jobs/:id/cancel",
    permission: "plan.view",
    params,
    response: planJob,
    summary: "Stop planning work; a roster keeps the best that was found",
    tag: "plan",
  }),
};
