import { z } from "zod";
import { planJob } from "./plan-jobs.ts";
import { day, done, id, instant, name, named } from "./primitives.ts";
import { defineRoute } from "./route.ts";

/** A time of day, `08:30`; `24:00` is the end of the day. */
const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, "a time of day such as 08:30");

/** What the simulated day is made of. */
export const whatIfDay = z.discriminatedUnion("kind", [
  /** A day whose contacts and agents the router's journal holds: of the whole centre. */
  z.object({ kind: z.literal("recorded"), date: day }),
  /** A day to come: contacts of the forecast, talk and patience of the past. */
  z.object({
    kind: z.literal("forecast"),
    date: day,
    queueIds: z.array(id).min(1).max(40),
    staff: z.discriminatedUnion("kind", [
      /** As the roster of the day says. */
      z.object({ kind: z.literal("roster") }),
      /** As many in each quarter of an hour as the queue's target asks for. */
      z.object({ kind: z.literal("required") }),
      /** So many agents for each of the queues from a time to a time. */
      z.object({
        kind: z.literal("fixed"),
        agents: z.int().min(1).max(2000),
        from: timeOfDay,
        to: timeOfDay,
      }),
    ]),
  }),
]);
export type WhatIfDay = z.output<typeof whatIfDay>;

const queueId = id.nullable();

/** What is otherwise; a list that is empty changes nothing, `queueId` null means every queue. */
export const whatIfChange = z.object({
  volumes: z
    .array(z.object({ queueId, percent: z.number().min(-95).max(400) }))
    .max(40)
    .default([]),
  handling: z
    .array(z.object({ queueId, percent: z.number().min(-80).max(400) }))
    .max(40)
    .default([]),
  patience: z
    .array(z.object({ queueId, percent: z.number().min(-80).max(900) }))
    .max(40)
    .default([]),
  /** More agents (or fewer, below 0) who serve the queue. */
  staff: z
    .array(
      z.object({
        queueId: id,
        count: z.int().min(-200).max(200),
        from: timeOfDay,
        to: timeOfDay,
      }),
    )
    .max(40)
    .default([]),
  /** Level 0 takes the skill away. */
  skills: z
    .array(z.object({ agentIds: z.array(id).min(1).max(500), skillId: id, level: z.int().min(0).max(5) }))
    .max(40)
    .default([]),
  /** Contacts come between these times only; in hours that are new, `share` of what the nearest hour had. */
  hours: z
    .array(z.object({ queueId, from: timeOfDay, to: timeOfDay, share: z.number().min(0).max(1) }))
    .max(40)
    .default([]),
  /** Rules of queues; a word that is not given stays. */
  queues: z
    .array(
      z.object({
        queueId: id,
        priority: z.int().min(-100).max(100).optional(),
        agentStrategy: z
          .enum(["longest_idle", "least_occupied", "highest_proficiency", "round_robin", "balanced"])
          .optional(),
        ringTimeoutSec: z.int().min(5).max(120).optional(),
        wrapUpSec: z.int().min(0).max(3600).optional(),
      }),
    )
    .max(40)
    .default([]),
  workStrategy: z
    .enum(["priority_then_oldest", "gcmu", "fqr", "service_level_race"])
    .nullable()
    .default(null),
  /** A rules file as `svara whatif --rules` takes it, for what the words above do not say. */
  rules: z.record(z.string(), z.unknown()).nullable().default(null),
});
export type WhatIfChange = z.output<typeof whatIfChange>;

export const whatIfCosts = z.object({
  /** Three letters by ISO 4217. */
  currency: z.string().regex(/^[A-Z]{3}$/, "three capital letters, ISO 4217"),
  perAgentHour: z.number().min(0).max(1_000_000),
  perAbandoned: z.number().min(0).max(1_000_000),
});
export type WhatIfCosts = z.output<typeof whatIfCosts>;

export const WHAT_IF_FIGURES = [
  "offered",
  "answered",
  "abandoned",
  "serviceLevel",
  "abandonRate",
  "meanWaitMs",
  "wait90Ms",
  "meanQueue",
  "occupancy",
  "agents",
  "cost",
] as const;
export type WhatIfFigure = (typeof WHAT_IF_FIGURES)[number];

const maybe = z.number().nullable();
/** A figure over the runs: the mean with half its 95 % interval, and where one run in ten is below, in the middle, above. */
const spread = z.object({ value: maybe, halfWidth: maybe, p10: maybe, p50: maybe, p90: maybe });
export type WhatIfSpread = z.output<typeof spread>;
const lists = z.array(maybe);
const spreadLists = z.object({ value: lists, halfWidth: lists, p10: lists, p50: lists, p90: lists });

function ofEach<T extends z.ZodType>(of: T) {
  return z.object({
    offered: of,
    answered: of,
    abandoned: of,
    serviceLevel: of,
    abandonRate: of,
    meanWaitMs: of,
    wait90Ms: of,
    meanQueue: of,
    occupancy: of,
    agents: of,
    cost: of,
  });
}

/** The figures of the day of a queue, or of all queues (`queueId` null). */
export const whatIfTotals = z.object({
  queueId,
  queueName: z.string().nullable(),
  happened: ofEach(maybe).nullable(),
  base: ofEach(spread),
  changed: ofEach(spread).nullable(),
  difference: ofEach(spread).nullable(),
});
export type WhatIfTotals = z.output<typeof whatIfTotals>;

/** The same interval by interval, in lists of one length. Contacts behind one: `contacts.list` with `countedFrom`. */
export const whatIfIntervals = z.object({
  queueId,
  happened: ofEach(lists).nullable(),
  base: ofEach(spreadLists),
  changed: ofEach(spreadLists).nullable(),
});
export type WhatIfIntervals = z.output<typeof whatIfIntervals>;

/** Something that was taken for granted; `text` is English, `code` and `params` can be translated. */
const assumption = z.object({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  text: z.string(),
});

export const whatIfDraft = z.object({
  name,
  day: whatIfDay,
  change: whatIfChange,
  costs: whatIfCosts,
  /** Runs of each day. */
  replications: z.int().min(2).max(200).default(20),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1),
});
export type WhatIfDraft = z.output<typeof whatIfDraft>;

const summary = whatIfDraft.extend({
  id,
  createdAt: instant,
  createdBy: z.string(),
  timeZone: z.string(),
  /** Of all queues. */
  total: whatIfTotals,
});
export type WhatIfSummary = z.output<typeof summary>;

export const whatIfResult = summary.extend({
  from: instant,
  to: instant,
  intervalMs: z.int(),
  /** Runs that were made; fewer than asked for when the time was over. */
  runs: z.int(),
  queues: z.array(whatIfTotals),
  /** Of the queue that was asked for, or of all. */
  intervals: whatIfIntervals,
  assumptions: z.array(assumption),
  /** The change of rules and skills as a rules file; null without one. */
  rulesFile: z.unknown(),
  /** Who served fewer: agents that were taken out. */
  absent: z.array(z.object({ id, name: z.string() })),
});
export type WhatIfResult = z.output<typeof whatIfResult>;

/** A share with its 95 % band. */
const band = z.object({ share: z.number(), low: z.number(), high: z.number() });

/** What waiting does to the customers of a queue. */
export const dissatisfaction = z.object({
  from: instant,
  to: instant,
  /** Waits that were learnt from, and those that ended by the customer. */
  waits: z.int(),
  gaveUp: z.int(),
  /** Answers to surveys, and low ones among them; `unknown`: there are none. */
  scores: z.object({ kind: z.enum(["logistic", "constant", "unknown"]), answers: z.int(), low: z.int() }),
  points: z.array(
    z.object({
      waitMs: z.number(),
      /** Given up by then; null beyond what the contacts tell. */
      gaveUp: band.nullable(),
      /** A low score of who is served after such a wait. */
      lowScore: band.nullable(),
    }),
  ),
});
export type WhatIfDissatisfaction = z.output<typeof dissatisfaction>;

const tag = "plan";
const params = z.object({ id });

export const planWhatIf = {
  days: defineRoute({
    method: "GET",
    path: "/api/v1/plan/what-if/days",
    permission: "plan.view",
    response: z.object({
      timeZone: z.string(),
      /** False: the caller may not simulate recorded days, which hold the contacts of every client. */
      wholeCentre: z.boolean(),
      /** Newest first. */
      recorded: z.array(z.object({ date: day, contacts: z.int() })),
      /** Days from today on that have a forecast, the next one first, with the queues that the caller may plan. */
      planned: z.array(
        z.object({
          date: day,
          queues: z.array(named),
          /** A published roster has shifts on this day. */
          hasRoster: z.boolean(),
          /** All the queues have a requirement. */
          hasRequirement: z.boolean(),
        }),
      ),
    }),
    summary: "The days that can be simulated: recorded ones, and those that have a forecast",
    tag,
  }),
  list: defineRoute({
    method: "GET",
    path: "/api/v1/plan/what-if/scenarios",
    permission: "plan.view",
    response: z.object({ items: z.array(summary) }),
    summary: "Simulations that were made, newest first",
    tag,
  }),
  run: defineRoute({
    method: "POST",
    path: "/api/v1/plan/what-if/scenarios",
    permission: "plan.edit",
    body: whatIfDraft,
    response: planJob,
    summary: "Simulate a day as it is and otherwise; the job's result is the id of the simulation",
    tag,
  }),
  get: defineRoute({
    method: "GET",
    path: "/api/v1/plan/what-if/scenarios/:id",
    permission: "plan.view",
    params,
    query: z.object({ queueId: id.optional() }),
    response: whatIfResult,
    summary: "A simulation with its figures by quarter of an hour",
    tag,
  }),
  rename: defineRoute({
    method: "PUT",
    path: "/api/v1/plan/what-if/scenarios/:id/name",
    permission: "plan.edit",
    params,
    body: z.object({ name }),
    response: done,
    summary: "Give a simulation another name",
    tag,
  }),
  remove: defineRoute({
    method: "DELETE",
    path: "/api/v1/plan/what-if/scenarios/:id",
    permission: "plan.edit",
    params,
    response: done,
    summary: "Delete a simulation",
    tag,
  }),
  dissatisfaction: defineRoute({
    method: "GET",
    path: "/api/v1/plan/what-if/dissatisfaction",
    permission: "plan.view",
    query: z.object({ queueId: id }),
    response: dissatisfaction,
    summary: "What waiting does to a queue's customers, learnt from its own contacts of the last eight weeks",
    tag,
  }),
};
