import { z } from "zod";
import { planJob } from "./plan-jobs.ts";
import { day, done, id, instant, named } from "./primitives.ts";
import { defineRoute } from "./route.ts";

const tag = "plan";

/** Of all; of the served; of all but early leavers (SL4); early leavers as served. */
export const SERVICE_LEVEL_BASES = ["all", "served", "abandonsOut", "abandonsIn"] as const;

/** What a queue is staffed for. Targets that are given must all hold. */
export const staffingTarget = z.object({
  /** Part of the contacts that an agent takes within the time; `basis` says of which: see the queue's own definition. */
  serviceLevel: z
    .object({
      share: z.number().min(0.01).max(0.999),
      thresholdS: z.number().min(1).max(604_800),
      /** `abandonsOut`, as floors count it (SL4): who gives up within the time is left out. */
      basis: z.enum(SERVICE_LEVEL_BASES).default("abandonsOut"),
    })
    .nullable(),
  maxMeanWaitS: z.number().min(0.1).max(604_800).nullable(),
  maxAbandon: z.number().min(0.0001).max(0.9999).nullable(),
  /** Agents are not to be busier than this, whatever the waits are. */
  maxOccupancy: z.number().min(0.05).max(1).nullable(),
});
export type StaffingTarget = z.output<typeof staffingTarget>;

/** By what one queue's requirement is reckoned. */
export const staffingInputs = z.object({
  /**
   * `back_office`: work that can wait, such as mail. It is spread over the working hours as evenly as the time of the service
   * level, here the promised one, allows; the other targets but occupancy do not count.
   */
  work: z.enum(["live", "back_office"]).default("live"),
  /** Back office: contacts that wait already when the plan begins. */
  backlog: z.int().min(0).max(1_000_000).default(0),
  target: staffingTarget,
  /** Part of the paid time in which people are not there: leave, illness, training, breaks. 0.3 is usual. */
  shrinkage: z.number().min(0).max(0.9),
  /** Mean handling time in s. */
  handleS: z.number().min(1).max(86_400),
  /** Squared coefficient of variation of it. */
  handleScv: z.number().min(0).max(50),
  /** Mean patience in s; null: nobody gives up. */
  patienceS: z.number().min(1).max(604_800).nullable(),
  /**
   * The measured curve of patience, which stands before an exponential one of mean `patienceS` (that of its tail); null: none.
   * The shape matters: where many give up at an announcement, fewer wait long.
   */
  patienceCurve: z
    .array(z.object({ atS: z.number().min(0), survival: z.number().min(0).max(1) }))
    .min(2)
    .max(200)
    .nullable()
    .default(null),
  /** Agents that are there whenever the queue is open. */
  minimumAgents: z.int().min(0).max(10_000),
});
export type StaffingInputs = z.output<typeof staffingInputs>;

export const requirementInterval = z.object({
  at: instant,
  /** Forecast contacts of the quarter of an hour. */
  contacts: z.number(),
  /** Mean offered load in agents, with what earlier contacts still take. */
  load: z.number(),
  /** Agents at work. */
  agents: z.int(),
  /** Of these so many on the payroll, by the shrinkage. */
  headcount: z.number(),
  /** What is to be expected with them; null: nothing to do. */
  serviceLevel: z.number().nullable(),
  meanWaitS: z.number().nullable(),
  abandon: z.number().nullable(),
  occupancy: z.number().nullable(),
  /** Which target decided; null: nothing to do. */
  decidedBy: z.string().nullable(),
});
export type RequirementInterval = z.output<typeof requirementInterval>;

export const requirementSummary = z.object({
  id,
  clientId: id,
  forecast: named,
  name: z.string(),
  queues: z.array(named),
  from: instant,
  to: instant,
  timeZone: z.string(),
  madeAt: instant,
  madeBy: z.string(),
  agentHours: z.number(),
  peakAgents: z.int(),
});
export type RequirementSummary = z.output<typeof requirementSummary>;

export const requirementDetail = requirementSummary.extend({
  series: z.array(
    z.object({ queue: named, inputs: staffingInputs, intervals: z.array(requirementInterval) }),
  ),
  may: z.object({ edit: z.boolean() }),
});
export type RequirementDetail = z.output<typeof requirementDetail>;

const params = z.object({ id });

export const planStaffing = {
  list: defineRoute({
    method: "GET",
    path: "/api/v1/plan/requirements",
    permission: "plan.view",
    response: z.object({ items: z.array(requirementSummary) }),
    summary: "Requirements, newest first, at most 200",
    tag,
  }),
  get: defineRoute({
    method: "GET",
    path: "/api/v1/plan/requirements/:id",
    permission: "plan.view",
    params,
    response: requirementDetail,
    summary: "How many agents a forecast asks for, by queue and quarter of an hour",
    tag,
  }),
  inputs: defineRoute({
    method: "GET",
    path: "/api/v1/plan/forecasts/:id/staffing-inputs",
    permission: "plan.view",
    params,
    response: z.object({
      items: z.array(z.object({ queue: named, inputs: staffingInputs, learnt: z.boolean() })),
    }),
    summary:
      "What a forecast's queues would be staffed by: the last ones used, else the queue's own target and what was learnt",
    tag,
  }),
  make: defineRoute({
    method: "POST",
    path: "/api/v1/plan/requirements",
    permission: "plan.edit",
    body: z.object({
      forecastId: id,
      name: z.string().trim().min(1).max(120).optional(),
      queues: z
        .array(z.object({ queueId: id, inputs: staffingInputs }))
        .min(1)
        .max(50),
    }),
    response: planJob,
    summary: "Reckon and store what a forecast asks for; the work's result is `{requirementId}`",
    tag,
    idempotent: true,
  }),
  inForce: defineRoute({
    method: "GET",
    path: "/api/v1/plan/requirements-in-force",
    permission: "plan.view",
    query: z.object({ queueIds: z.string().min(1).max(4000).optional(), from: day, to: day }),
    response: z.object({
      items: z.array(
        z.object({
          queue: named,
          requirementId: id.nullable(),
          timeZone: z.string(),
          intervals: z.array(requirementInterval),
        }),
      ),
    }),
    summary:
      "What rosters are made for: of each queue the newest requirement of every quarter of an hour; at most 62 days",
    tag,
  }),
  remove: defineRoute({
    method: "DELETE",
    path: "/api/v1/plan/requirements/:id",
    permission: "plan.edit",
    params,
    response: done,
    summary: "Throw a requirement away",
    tag,
  }),
  file: defineRoute({
    method: "GET",
    path: "/api/v1/plan/requirements/:id/intervals.csv",
    permission: "plan.view",
    params,
    answers: "csv",
    response: z.unknown(),
    summary: "The requirement's intervals as CSV",
    tag,
  }),
};
