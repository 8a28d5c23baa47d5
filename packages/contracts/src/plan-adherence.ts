import { z } from "zod";
import { configurationParams } from "./configuration.ts";
import { rosterShift } from "./plan-roster.ts";
import { day, durationMs, id, instant, timeZone } from "./primitives.ts";
import { defineRoute } from "./route.ts";

const tag = "plan";

export const adherenceFigures = z.object({
  scheduledMs: durationMs,
  inAdherenceMs: durationMs,
  /** K53; null when nothing is scheduled. */
  adherence: z.number().nullable(),
  scheduledOnQueueMs: durationMs,
  actualOnQueueMs: durationMs,
  /** K54; may exceed 1. */
  conformance: z.number().nullable(),
});
const adherenceException = z.object({
  from: instant,
  to: instant,
  scheduled: z.enum(["on_queue", "rest", "activity"]),
  actual: z.enum(["on_queue", "rest", "activity", "off_queue", "logged_out"]),
});
export const agentAdherence = adherenceFigures.extend({
  agentId: id,
  agentName: z.string(),
  shifts: z.array(rosterShift),
  exceptions: z.array(adherenceException),
});
export type AgentAdherence = z.output<typeof agentAdherence>;

/** A state of the agent as the ledger has it. */
const agentStateSpan = z.object({
  from: instant,
  to: instant,
  state: z.string(),
  reason: z.string().nullable(),
  kind: z.enum(["on_queue", "rest", "activity", "off_queue"]),
});

export const planAdherence = {
  day: defineRoute({
    method: "GET",
    path: "/api/v1/plan/adherence",
    permission: "plan.view",
    query: z.object({ date: day, teamId: id.optional() }),
    response: z.object({
      date: day,
      timeZone,
      /** Up to when is counted: the present while the day lasts. */
      until: instant,
      total: adherenceFigures,
      agents: z.array(agentAdherence),
    }),
    summary: "Adherence (K53) and conformance (K54) of a day, agent by agent, against published shifts",
    tag,
  }),
  agent: defineRoute({
    method: "GET",
    path: "/api/v1/plan/adherence/:id",
    permission: "plan.view",
    params: configurationParams,
    query: z.object({ date: day }),
    response: z.object({
      date: day,
      timeZone,
      until: instant,
      adherence: agentAdherence,
      states: z.array(agentStateSpan),
    }),
    summary: "One agent's day: shifts, states and where they differ",
    tag,
  }),
};
