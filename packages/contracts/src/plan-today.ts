import { z } from "zod";
import { day, id, instant, named } from "./primitives.ts";
import { defineRoute } from "./route.ts";

const maybe = z.number().nullable();

/** A quarter of an hour of a queue today; null: not known, not planned, or not over. */
export const todayInterval = z.object({
  at: instant,
  /** As planned before the day. */
  forecast: maybe,
  /** 80 % band of the forecast. */
  low: maybe,
  high: maybe,
  /** Who came, also of the interval that goes on. */
  actual: maybe,
  answered: maybe,
  abandoned: maybe,
  /** Answered within the queue's target, of all who came and are no longer waiting. */
  serviceLevel: maybe,
  /** What is to be expected of the rest of the day in the light of what came. */
  reforecast: maybe,
  reforecastLow: maybe,
  reforecastHigh: maybe,
  /** Agents at work, by the requirement; for the rest of the day by what is expected now. */
  required: maybe,
  /** By published shifts; who serves several queues counts in each by its part of the requirement. */
  scheduled: maybe,
  /** Agents on the queue in fact, shared out in the same way. */
  onDuty: maybe,
});
export type TodayInterval = z.output<typeof todayInterval>;

export const todayQueue = z.object({
  queue: named,
  /** Null: no forecast covers today. */
  forecast: named.nullable(),
  hasRequirement: z.boolean(),
  thresholdMs: z.int(),
  target: z.number(),
  /** How the rest is expected: by the method of the forecast, or by the share of what came so far, drawn half way to it. */
  reforecastBy: z.enum(["method", "share"]).nullable(),
  soFar: z.object({ forecast: maybe, actual: z.number(), serviceLevel: maybe, abandoned: z.int() }),
  rest: z.object({ forecast: maybe, reforecast: maybe }),
  intervals: z.array(todayInterval),
});
export type TodayQueue = z.output<typeof todayQueue>;

/** What an agent should do now, and does. */
const ADHERENCE_PROBLEMS = [
  "late",
  "left",
  "break_long",
  "break_unplanned",
  "off_queue",
  "on_queue_in_break",
  "unscheduled",
] as const;
export const todayAgent = z.object({
  agentId: id,
  name: z.string(),
  teamId: id.nullable(),
  /** Null: no shift now. */
  scheduled: z.enum(["on_queue", "rest", "activity"]).nullable(),
  scheduledUntil: instant.nullable(),
  /** The state of the ledger; null: logged out. */
  state: z.string().nullable(),
  reasonId: z.string().nullable(),
  since: instant.nullable(),
  problem: z.enum(ADHERENCE_PROBLEMS).nullable(),
  /** Since when they are not where they should be. */
  problemSince: instant.nullable(),
});
export type TodayAgent = z.output<typeof todayAgent>;

const todayEffect = z.object({
  queueId: id,
  from: instant,
  required: z.number(),
  before: z.number(),
  after: z.number(),
  serviceLevelBefore: maybe,
  serviceLevelAfter: maybe,
});

/** Something that a planner can do now, the best first. */
export const todayProposal = z.object({
  kind: z.enum(["move_break", "overtime", "leave_early", "move_skill"]),
  agentId: id,
  agentName: z.string(),
  teamId: id.nullable(),
  rosterId: id.nullable(),
  /** The break, or the span. */
  from: instant,
  /** Where the break goes, or the end of the span. */
  to: instant,
  fromQueue: named.nullable(),
  toQueue: named.nullable(),
  /** Of `move_skill`: skills that are taken from the agent, so that they serve `toQueue` and no longer `fromQueue`. */
  skills: z.array(z.object({ skillId: id, level: z.int() })),
  shortHoursSaved: z.number(),
  overHoursSaved: z.number(),
  effects: z.array(todayEffect),
});
export type TodayProposal = z.output<typeof todayProposal>;

export const planToday = {
  get: defineRoute({
    method: "GET",
    path: "/api/v1/plan/today",
    permission: "plan.view",
    response: z.object({
      date: day,
      timeZone: z.string(),
      now: instant,
      from: instant,
      to: instant,
      queues: z.array(todayQueue),
      /** Agents whom the caller plans, with a shift today or logged in. */
      agents: z.array(todayAgent),
      proposals: z.array(todayProposal),
      hasForecast: z.boolean(),
      hasRequirement: z.boolean(),
      hasRoster: z.boolean(),
    }),
    summary: "The day as planned, as it goes, and as it is expected to go on",
    tag: "plan",
  }),
};
export type PlanToday = z.output<(typeof planToday.get)["response"]>;
