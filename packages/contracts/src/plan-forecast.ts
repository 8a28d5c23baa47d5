import { z } from "zod";
import { planJob } from "./plan-jobs.ts";
import { day, done, id, instant, named } from "./primitives.ts";
import { defineRoute } from "./route.ts";

const tag = "plan";

export const FORECAST_METHODS = [
  "seasonal_naive",
  "weekday_mean",
  "weekday_smoothing",
  "day_level",
  "curves",
  "combination",
] as const;

/** 80 % lie between p100 and p900, 95 % between p025 and p975. */
const forecastQuantiles = z.object({
  p025: z.number(),
  p100: z.number(),
  p500: z.number(),
  p900: z.number(),
  p975: z.number(),
});

/** One quarter of an hour to come. */
export const plannedInterval = z.object({
  at: instant,
  /** As the planner left it. */
  mean: z.number(),
  quantiles: forecastQuantiles,
  /** As the method gave it, where the planner changed it. */
  unadjusted: z.number().nullable(),
});

export const errorFigures = z.object({
  mape: z.number().nullable(),
  wape: z.number().nullable(),
  rmse: z.number(),
  bias: z.number().nullable(),
  coverage80: z.number(),
  coverage95: z.number(),
});

/** Handling time with what it was learnt from; `basis` given: a planner's word, with no contact behind it. */
export const handlingView = z.object({
  basis: z.enum(["own", "imported", "given"]),
  samples: z.number(),
  meanMs: z.number(),
  /** Of own contacts only. */
  medianMs: z.number().nullable(),
  /** Squared coefficient of variation. */
  scv: z.number().nullable(),
  from: instant.nullable(),
  to: instant.nullable(),
});

/** Patience by Kaplan and Meier: those who were served only tell how long they would have waited at least. */
export const patienceView = z.object({
  basis: z.enum(["own", "given", "none"]),
  samples: z.int(),
  abandoned: z.int(),
  meanMs: z.number().nullable(),
  medianMs: z.number().nullable(),
  /** The part still waiting after so long. */
  curve: z.array(z.object({ atMs: z.number(), survival: z.number() })),
  from: instant.nullable(),
  to: instant.nullable(),
});

export const forecastSeries = z.object({
  queue: named,
  medium: z.string(),
  intervals: z.array(plannedInterval),
  days: z.array(
    z.object({
      date: day,
      mean: z.number(),
      quantiles: forecastQuantiles,
      unadjusted: z.number().nullable(),
      special: z.array(z.string()),
    }),
  ),
  method: z.string(),
  choices: z.array(z.object({ upToDaysAhead: z.int(), method: z.string(), by: z.string() })),
  scores: z.array(
    z.object({
      method: z.string(),
      daysAhead: z.int(),
      days: z.int(),
      intervals: errorFigures,
      dayTotals: errorFigures,
    }),
  ),
  history: z.object({ firstDay: day, lastDay: day, openDays: z.int(), contacts: z.number() }).nullable(),
  notes: z.array(z.object({ code: z.string(), text: z.string() })),
  handling: handlingView,
  patience: patienceView,
});
export type ForecastSeries = z.output<typeof forecastSeries>;

export const adjustmentChange = z.discriminatedUnion("kind", [
  /** Of what was there: 10 is a tenth more. */
  z.object({ kind: z.literal("percent"), percent: z.number().min(-100).max(1000) }),
  /** The total of the span, spread as it was. */
  z.object({ kind: z.literal("total"), contacts: z.number().min(0).max(1_000_000) }),
]);
export type AdjustmentChange = z.output<typeof adjustmentChange>;

export const forecastAdjustment = z.object({
  id,
  queueId: id.nullable(),
  from: instant,
  to: instant,
  change: adjustmentChange,
  reason: z.string(),
  madeAt: instant,
  madeBy: z.string(),
  undone: z.object({ at: instant, by: z.string() }).nullable(),
});

export const forecastSummary = z.object({
  id,
  clientId: id,
  name: z.string(),
  basis: z.enum(["history", "flat"]),
  queues: z.array(named),
  firstDay: day,
  lastDay: day,
  days: z.int(),
  timeZone: z.string(),
  contacts: z.number(),
  method: z.string(),
  /** Of the next day, by rolling origin on the history itself, weighed over the queues; null: not known. */
  expectedWape: z.number().nullable(),
  madeAt: instant,
  madeBy: z.string(),
  adjustments: z.int(),
  hasRequirement: z.boolean(),
});
export type ForecastSummary = z.output<typeof forecastSummary>;

export const forecastDetail = forecastSummary.extend({
  series: z.array(forecastSeries),
  changes: z.array(forecastAdjustment),
  may: z.object({ edit: z.boolean() }),
});
export type ForecastDetail = z.output<typeof forecastDetail>;

/** One line of how good a forecast was. */
const accuracyLine = z.object({
  queueId: id,
  forecast: z.number(),
  actual: z.number(),
  /** Sum of the absolute errors of its intervals. */
  absoluteError: z.number(),
  inside80: z.int(),
  intervals: z.int(),
});

const params = z.object({ id });
const flatGuess = z.object({
  contactsPerDay: z.number().min(0).max(1_000_000),
  handleS: z.number().min(1).max(86_400),
  /** Opening hours of the client; the first that ever close when not given. */
  hoursId: id.optional(),
});

export const planForecasts = {
  list: defineRoute({
    method: "GET",
    path: "/api/v1/plan/forecasts",
    permission: "plan.view",
    response: z.object({ items: z.array(forecastSummary) }),
    summary: "Forecasts, newest first, at most 200",
    tag,
  }),
  get: defineRoute({
    method: "GET",
    path: "/api/v1/plan/forecasts/:id",
    permission: "plan.view",
    params,
    query: z.object({
      /** Only the intervals of this day; a long forecast of many queues has hundreds of thousands of them. */
      intervalsOf: day.optional(),
    }),
    response: forecastDetail,
    summary: "A forecast with its bands, its errors on the history, and what planners changed",
    tag,
  }),
  make: defineRoute({
    method: "POST",
    path: "/api/v1/plan/forecasts",
    permission: "plan.edit",
    body: z.object({
      /** Of one client; times `days` at most 2,000. */
      queueIds: z.array(id).min(1).max(50),
      name: z.string().trim().min(1).max(120).optional(),
      firstDay: day,
      days: z.int().min(1).max(400),
      method: z.enum(["auto", ...FORECAST_METHODS]).optional(),
      /** Instead of the history: so many contacts on each open day, spread over the opening hours. */
      flat: flatGuess.optional(),
    }),
    response: planJob,
    summary: "Make a forecast; the work's result is `{forecastId}`",
    tag,
    idempotent: true,
  }),
  adjust: defineRoute({
    method: "POST",
    path: "/api/v1/plan/forecasts/:id/adjustments",
    permission: "plan.edit",
    params,
    body: z.object({
      queueId: id.nullable(),
      from: instant,
      to: instant,
      change: adjustmentChange,
      reason: z.string().trim().min(1).max(500),
    }),
    response: forecastAdjustment,
    summary: "Change a forecast by what a planner knows better, with the reason",
    tag,
    idempotent: true,
  }),
  undo: defineRoute({
    method: "DELETE",
    path: "/api/v1/plan/forecasts/:id/adjustments/:adjustmentId",
    permission: "plan.edit",
    params: z.object({ id, adjustmentId: id }),
    response: done,
    summary: "Take a change of a forecast back",
    tag,
  }),
  remove: defineRoute({
    method: "DELETE",
    path: "/api/v1/plan/forecasts/:id",
    permission: "plan.edit",
    params,
    response: done,
    summary: "Throw a forecast away that no requirement was made of",
    tag,
  }),
  accuracy: defineRoute({
    method: "GET",
    path: "/api/v1/plan/forecasts/:id/accuracy",
    permission: "plan.view",
    params,
    response: z.object({
      /** Until when actual figures are there. */
      until: instant,
      days: z.array(accuracyLine.extend({ date: day, from: instant, to: instant })),
      intervals: z.array(z.object({ queueId: id, at: instant, forecast: z.number(), actual: z.number() })),
    }),
    summary: "The forecast beside what came, by day and quarter of an hour",
    tag,
  }),
  file: defineRoute({
    method: "GET",
    path: "/api/v1/plan/forecasts/:id/intervals.csv",
    permission: "plan.view",
    params,
    answers: "csv",
    response: z.unknown(),
    summary: "The forecast's intervals as CSV",
    tag,
  }),
};
