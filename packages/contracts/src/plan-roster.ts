import { z } from "zod";
import { planJob } from "./plan-jobs.ts";
import { timeOfDay, weekday } from "./plan-labour.ts";
import { day, done, durationMs, id, instant, name, page, pageOf, timeZone } from "./primitives.ts";
import { defineRoute } from "./route.ts";

export const ROSTER_PART_KINDS = ["break", "lunch", "training", "meeting", "coaching", "other"] as const;

const rosterPart = z.object({
  kind: z.enum(ROSTER_PART_KINDS),
  from: instant,
  to: instant,
  paid: z.boolean(),
  activityId: z.string().max(80).optional(),
});
export const rosterShift = z.object({
  agentId: id,
  date: day,
  /** Null when a person made it freely. */
  patternId: z.string().max(80).nullable(),
  from: instant,
  to: instant,
  parts: z.array(rosterPart).max(20),
  locked: z.boolean().optional(),
  overtime: z.boolean().optional(),
});
export type RosterShiftView = z.output<typeof rosterShift>;

export const rosterViolation = z.object({
  rule: z.string(),
  agentId: id,
  date: day,
  actual: z.number().optional(),
  limit: z.number().optional(),
  message: z.string(),
  remedy: z.string(),
});
export type RosterViolation = z.output<typeof rosterViolation>;

/** Where the numbers of a group come from. */
export const requirementSource = z.discriminatedUnion("kind", [
  /** The same number of agents between two wall times on some weekdays. */
  z.object({
    kind: z.literal("flat"),
    agents: z.number().min(0).max(5000),
    from: timeOfDay,
    to: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "a time such as 18:00"),
    weekdays: z.array(weekday).max(7),
  }),
  /** One number for each quarter of an hour from the first instant of the first day. */
  z.object({ kind: z.literal("typed"), required: z.array(z.number().min(0).max(5000)).max(42 * 100) }),
  /** What the newest requirement of the queue asks for: agents at work or, with shrinkage, those on the payroll. */
  z.object({ kind: z.literal("forecast"), shrinkage: z.boolean().default(false) }),
]);
export const rosterGroupDraft = z
  .object({
    id: z.string().min(1).max(80),
    name,
    /** Who may answer it counts; null: by skills. */
    queueId: id.nullable(),
    /** All of them are needed; empty: everybody. */
    skillIds: z.array(id).max(20),
    source: requirementSource,
  })
  .refine(({ queueId, source }) => source.kind !== "forecast" || queueId !== null, {
    error: "a forecast is of a queue",
    path: ["queueId"],
  });
export type RosterGroupDraft = z.output<typeof rosterGroupDraft>;

/** As times an hour's pay, the mean of the agents' contracts: `RosterWeights` of the rosters. */
const rosterWeights = z.object({
  understaffingPerHour: z.number().min(0).max(10_000).optional(),
  overstaffingPerHour: z.number().min(0).max(10_000).optional(),
  paidHour: z.number().min(0).max(100).optional(),
  wish: z.number().min(0).max(1000).optional(),
  fairness: z.number().min(0).max(1000).optional(),
});

/** Of a team, of a site, or, with neither, of the whole centre. */
export const rosterDraft = z
  .object({
    teamId: id.nullable(),
    siteId: id.nullable(),
    /** A Monday when whole weeks are planned. */
    from: day,
    days: z.int().min(1).max(42),
    groups: z.array(rosterGroupDraft).max(24).default([]),
    weights: rosterWeights.default({}),
  })
  .refine(({ teamId, siteId }) => teamId === null || siteId === null, {
    error: "a team or a site, not both",
    path: ["siteId"],
  });

/** What the solver told of its last run. */
const rosterSolved = z.object({
  at: instant,
  gap: z.number().nullable(),
  bound: z.number().nullable(),
  total: z.number(),
  stopped: z.string(),
  elapsedMs: durationMs,
  unmetWishes: z.int(),
});

/** Service level by simulation, of the draft that it was run on. */
export const rosterVerified = z.object({
  at: instant,
  draftRevision: z.int(),
  replications: z.int(),
  groups: z.array(
    z.object({
      group: z.string(),
      target: z.number().nullable(),
      serviceLevel: z.number().nullable(),
      halfWidth: z.number().nullable(),
      averageWaitMs: z.number().nullable(),
      abandonRate: z.number().nullable(),
      /** By quarter of an hour; null where nobody came. */
      intervals: z.array(z.object({ from: instant, serviceLevel: z.number().nullable() })),
    }),
  ),
});
export type RosterVerified = z.output<typeof rosterVerified>;

const rosterHead = {
  id,
  teamId: id.nullable(),
  siteId: id.nullable(),
  placeName: z.string(),
  timeZone,
  from: day,
  days: z.int(),
  fromAt: instant,
  toAt: instant,
  /** Sent back with each change of the draft: another one meanwhile is refused (409). */
  draftRevision: z.int(),
  /** 0: never published. */
  version: z.int(),
  publishedAt: instant.nullable(),
  publishedBy: z.string().nullable(),
  /** The draft differs from what agents see. */
  unpublished: z.boolean(),
  agents: z.int(),
  may: z.object({ edit: z.boolean(), publish: z.boolean() }),
};
export const rosterSummary = z.object({ ...rosterHead, shortHours: z.number(), violations: z.int() });
export type RosterSummary = z.output<typeof rosterSummary>;

export const rosterAgentView = z.object({
  id,
  name: z.string(),
  teamId: id.nullable(),
  contractId: id.nullable(),
  contractName: z.string().nullable(),
  skills: z.array(z.string()),
  /** Approved leave within the days. */
  leave: z.array(z.object({ from: instant, to: instant })),
  wishes: z.array(z.object({ date: day, kind: z.enum(["day_off", "work", "early", "late"]) })),
});
export type RosterAgentView = z.output<typeof rosterAgentView>;

const rosterCoverage = z.object({
  from: instant,
  groups: z.array(
    z.object({
      group: z.string(),
      name: z.string(),
      required: z.array(z.number()),
      scheduled: z.array(z.number()),
    }),
  ),
  shortHours: z.number(),
  overHours: z.number(),
  requiredHours: z.number(),
  scheduledHours: z.number(),
});
export type RosterCoverageView = z.output<typeof rosterCoverage>;

/** Hours, cost and fairness of an agent in this roster. */
const rosterAgentTotals = z.object({
  agentId: id,
  shifts: z.int(),
  paidMinutes: z.number(),
  weekendDays: z.int(),
  earlyShifts: z.int(),
  lateShifts: z.int(),
  /** Null where the contract tells no cost. */
  cost: z.number().nullable(),
});

export const rosterView = z.object({
  ...rosterHead,
  /** Planning work on it that the reader may follow. */
  jobId: id.nullable().default(null),
  groups: z.array(rosterGroupDraft),
  weights: rosterWeights,
  agentsList: z.array(rosterAgentView),
  shifts: z.array(rosterShift),
  violations: z.array(rosterViolation),
  coverage: rosterCoverage,
  totals: z.array(rosterAgentTotals),
  solved: rosterSolved.nullable(),
  verified: rosterVerified.nullable(),
  /** What the newest step was that can be undone. */
  undo: z.object({ what: z.string(), at: instant, by: z.string() }).nullable(),
  /** What stops a solver from beginning, by word: `no_agents`, `no_contract`, `no_requirement`, `no_patterns`. */
  gaps: z.array(z.object({ what: z.string(), count: z.int() })),
});
export type RosterView = z.output<typeof rosterView>;

/** What a person does to a roster. */
export const rosterChange = z.discriminatedUnion("type", [
  z.object({ type: z.literal("put_shift"), shift: rosterShift, instead: instant.optional() }),
  z.object({ type: z.literal("remove_shift"), agentId: id, from: instant }),
  z.object({
    type: z.literal("swap"),
    mine: z.object({ agentId: id, from: instant }),
    theirs: z.object({ agentId: id, from: instant.optional() }),
  }),
  z.object({ type: z.literal("move_part"), agentId: id, part: instant, to: instant }),
]);
export type RosterChangeDraft = z.output<typeof rosterChange>;

const rosterEffects = z.object({
  intervals: z.array(
    z.object({
      group: z.string(),
      from: instant,
      required: z.number(),
      before: z.number(),
      after: z.number(),
    }),
  ),
  shortHoursDelta: z.number(),
  overHoursDelta: z.number(),
  paidMinutesDelta: z.number(),
});
export const rosterDecision = z.object({
  allowed: z.boolean(),
  violations: z.array(rosterViolation),
  effects: rosterEffects,
});
export type RosterDecisionView = z.output<typeof rosterDecision>;

const rosterVersion = z.object({
  version: z.int(),
  at: instant,
  by: z.string(),
  note: z.string(),
  shifts: z.int(),
});

/** A day of an agent that a publication changed; null: no shift. */
export const rosterDayChange = z.object({
  date: day,
  before: z.object({ from: instant, to: instant }).nullable(),
  after: z.object({ from: instant, to: instant }).nullable(),
});
export type RosterDayChange = z.output<typeof rosterDayChange>;

const tag = "plan";
const params = z.object({ id });
const base = "/api/v1/plan/rosters";

export const planRosters = {
  list: defineRoute({
    method: "GET",
    path: base,
    permission: "plan.view",
    query: page.extend({ from: day.optional(), to: day.optional(), teamId: id.optional() }).optional(),
    response: pageOf(rosterSummary),
    summary: "Rosters, the newest days first",
    tag,
  }),
  create: defineRoute({
    method: "POST",
    path: base,
    permission: "plan.edit",
    body: rosterDraft,
    response: rosterView,
    summary: "Begin a roster; its days and agents may be in no other",
    tag,
    idempotent: true,
  }),
  get: defineRoute({
    method: "GET",
    path: `${base}/:id`,
    permission: "plan.view",
    params,
    query: z.object({ of: z.enum(["draft", "published"]).optional() }).optional(),
    response: rosterView,
    summary: "A roster: shifts, cover, broken rules, totals; of the caller's agents",
    tag,
  }),
  remove: defineRoute({
    method: "DELETE",
    path: `${base}/:id`,
    permission: "plan.edit",
    params,
    response: done,
    summary: "Discard a roster that was never published",
    tag,
  }),
  setGroups: defineRoute({
    method: "PUT",
    path: `${base}/:id/requirement`,
    permission: "plan.edit",
    params,
    body: z.object({
      draftRevision: z.int().min(0),
      groups: z.array(rosterGroupDraft).max(24),
      weights: rosterWeights,
    }),
    response: rosterView,
    summary: "Say how many agents are needed, and what counts how much",
    tag,
  }),
  tryChange: defineRoute({
    method: "POST",
    path: `${base}/:id/changes/try`,
    permission: "plan.edit",
    params,
    body: rosterChange,
    response: rosterDecision,
    summary: "What a change would break and do to the cover; nothing is changed",
    tag,
  }),
  change: defineRoute({
    method: "POST",
    path: `${base}/:id/changes`,
    permission: "plan.edit",
    params,
    body: z.object({ draftRevision: z.int().min(0), change: rosterChange }),
    response: z.object({ decision: rosterDecision, roster: rosterView }),
    summary: "Change the draft; rules that it breaks are named and left to the planner",
    tag,
  }),
  undo: defineRoute({
    method: "POST",
    path: `${base}/:id/undo`,
    permission: "plan.edit",
    params,
    body: z.object({ draftRevision: z.int().min(0) }),
    response: rosterView,
    summary: "Take back the newest change of the draft",
    tag,
  }),
  solve: defineRoute({
    method: "POST",
    path: `${base}/:id/solve`,
    permission: "plan.edit",
    params,
    body: z.object({
      timeLimitSec: z.int().min(1).max(900).default(60),
      /** Relative gap at which it is good enough. */
      gap: z.number().min(0).max(1).default(0.02),
      /** `locked`: shifts that the planner locked stay; `all`: whatever is there stays; `none`: from scratch. */
      keep: z.enum(["none", "locked", "all"]).default("locked"),
    }),
    response: planJob,
    summary: "Let the solver write the draft; it is planning work with progress, and can be stopped",
    tag,
  }),
  verify: defineRoute({
    method: "POST",
    path: `${base}/:id/verify`,
    permission: "plan.edit",
    params,
    body: z.object({
      replications: z.int().min(2).max(200).default(20),
      /** Where no forecast tells it. */
      handlingS: z.number().min(5).max(7200).default(240),
      patienceS: z.number().min(1).max(7200).default(180),
    }),
    response: planJob,
    summary: "Run the draft through the simulator with the real router",
    tag,
  }),
  publish: defineRoute({
    method: "POST",
    path: `${base}/:id/publish`,
    permission: "plan.approve",
    params,
    body: z.object({ draftRevision: z.int().min(0), note: z.string().trim().max(500).default("") }),
    response: rosterView,
    summary: "Tell agents: the draft is the next version; whose days changed are told what changed",
    tag,
  }),
  changesToPublish: defineRoute({
    method: "GET",
    path: `${base}/:id/changes`,
    permission: "plan.view",
    params,
    response: z.object({
      items: z.array(z.object({ agentId: id, agentName: z.string(), days: z.array(rosterDayChange) })),
    }),
    summary: "What publishing the draft would change, agent by agent",
    tag,
  }),
  versions: defineRoute({
    method: "GET",
    path: `${base}/:id/versions`,
    permission: "plan.view",
    params,
    response: z.object({ items: z.array(rosterVersion) }),
    summary: "What was published, newest first",
    tag,
  }),
};
