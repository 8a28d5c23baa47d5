import { z } from "zod";
import { configurationParams, configurationRoutes, configured } from "./configuration.ts";
import { WEEKDAYS } from "./organisation.ts";
import { planJob } from "./plan-jobs.ts";
import { day, done, durationMs, id, instant, name, page, pageOf, timeZone } from "./primitives.ts";
import { defineRoute } from "./route.ts";

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time such as 08:30");
const weekday = z.enum(WEEKDAYS);
const quarters = (min: number, max: number) => z.int().min(min).max(max).multipleOf(15);

export const ROSTER_PART_KINDS = ["break", "lunch", "training", "meeting", "coaching", "other"] as const;

const breakRule = z.object({
  kind: z.enum(["break", "lunch"]),
  minutes: z.int().min(5).max(180).multipleOf(5),
  paid: z.boolean(),
  /** Begins between so many minutes after the shift does. */
  earliestAfterMinutes: quarters(0, 1200),
  latestAfterMinutes: quarters(0, 1200),
});

/** A kind of shift: when it may begin, how long it is, where its breaks may lie. Times are of the roster's zone. */
export const shiftPatternDraft = z.object({
  name,
  siteId: id.nullable().default(null),
  /** Empty: every day. */
  weekdays: z.array(weekday).max(7).default([]),
  earliestStart: timeOfDay,
  latestStart: timeOfDay,
  startEveryMinutes: quarters(15, 240).default(30),
  paidMinutes: quarters(60, 1200),
  breaks: z.array(breakRule).max(6),
});
export const shiftPattern = shiftPatternDraft.extend(configured);
export type ShiftPatternDraft = z.output<typeof shiftPatternDraft>;

/** What agents are employed for. */
export const workContractDraft = z.object({
  name,
  siteId: id.nullable().default(null),
  weeklyMinutes: z.object({ min: z.int().min(0).max(10_080), max: z.int().min(60).max(10_080) }),
  daysPerWeek: z.object({ min: z.int().min(0).max(7), max: z.int().min(1).max(7) }),
  patternIds: z.array(id).min(1).max(50),
  weekends: z.enum(["any", "none", "alternate"]).default("any"),
  costPerHour: z.number().min(0).max(100_000).nullable().default(null),
});
export const workContract = workContractDraft.extend(configured);
export type WorkContractDraft = z.output<typeof workContractDraft>;

/** Named teams first, then sites; a set that names neither holds for everybody else. */
const appliesTo = {
  teamIds: z.array(id).max(200).default([]),
  siteIds: z.array(id).max(200).default([]),
};

/** What law and agreement demand of anybody's shifts; null demands nothing. */
export const labourLimits = z.object({
  minRestMinutes: z.int().min(0).max(2880).nullable().default(null),
  minRestTimesShift: z.number().min(0).max(4).nullable().default(null),
  maxDailyMinutes: z.int().min(60).max(1440).nullable().default(null),
  maxWeeklyMinutes: z.int().min(60).max(10_080).nullable().default(null),
  maxConsecutiveDays: z.int().min(1).max(31).nullable().default(null),
  weeklyRestMinutes: z.int().min(0).max(10_080).nullable().default(null),
  maxMinutesWithoutBreak: z.int().min(30).max(1440).nullable().default(null),
});
export const labourRulesDraft = z.object({
  name,
  /** The law or agreement that the numbers come from. */
  source: z.string().trim().max(500).default(""),
  ...appliesTo,
  limits: labourLimits,
});
export const labourRules = labourRulesDraft.extend(configured);
export type LabourRulesDraft = z.output<typeof labourRulesDraft>;

/** What is granted without a person. Whatever breaks a rule goes to a person in any case. */
export const approvalRulesDraft = z.object({
  name,
  ...appliesTo,
  leave: z.object({
    byRules: z.boolean(),
    /** Asked for at least so many days before. */
    noticeDays: z.int().min(0).max(365),
    /** In every quarter of an hour the cover stays at least at this share of the requirement; 1 is all of it. */
    minCover: z.number().min(0).max(2),
  }),
  /** A swap that breaks no rule and leaves nobody missing who was not missing before. */
  swap: z.object({ byRules: z.boolean(), noticeHours: z.int().min(0).max(720) }),
  /** Overtime that was offered, and breaks no rule. */
  overtime: z.object({ byRules: z.boolean() }),
});
export const approvalRules = approvalRulesDraft.extend(configured);
export type ApprovalRulesDraft = z.output<typeof approvalRulesDraft>;

export const agentAvailability = z.union([
  z.object({ weekday, kind: z.literal("unavailable") }),
  z.object({ weekday, kind: z.literal("between"), from: timeOfDay, to: timeOfDay }),
  z.object({ date: day, kind: z.literal("unavailable") }),
  z.object({ date: day, kind: z.literal("between"), from: timeOfDay, to: timeOfDay }),
]);

/** What is agreed with one agent; its id is the agent's. */
export const agentTermsDraft = z.object({
  contractId: id.nullable(),
  /** Where it says something of a day, a shift of that day lies within; a date wins over its weekday. */
  availability: z.array(agentAvailability).max(200),
});
export const agentTerms = agentTermsDraft.extend(configured).extend({
  agentName: z.string(),
  teamId: id.nullable(),
  siteId: id.nullable(),
});
export type AgentTermsDraft = z.output<typeof agentTermsDraft>;

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
const kinds = { tag, view: "plan.view", edit: "plan.edit" } as const;

export const planPatterns = configurationRoutes({
  ...kinds,
  path: "/api/v1/plan/shift-patterns",
  words: ["a shift pattern", "shift patterns"],
  entity: shiftPattern,
  draft: shiftPatternDraft,
});

export const planContracts = configurationRoutes({
  ...kinds,
  path: "/api/v1/plan/contracts",
  words: ["a contract", "contracts of work"],
  entity: workContract,
  draft: workContractDraft,
});

export const planLabourRules = {
  ...configurationRoutes({
    ...kinds,
    path: "/api/v1/plan/labour-rules",
    words: ["labour rules", "sets of labour rules"],
    entity: labourRules,
    draft: labourRulesDraft,
  }),
  presets: defineRoute({
    method: "GET",
    path: "/api/v1/plan/labour-presets",
    permission: "plan.view",
    response: z.object({
      items: z.array(
        z.object({ id: z.string(), name: z.string(), source: z.string(), limits: labourLimits }),
      ),
    }),
    summary: "Labour rules to begin with, with their sources",
    tag,
  }),
};

export const planApprovalRules = configurationRoutes({
  ...kinds,
  path: "/api/v1/plan/approval-rules",
  words: ["approval rules", "sets of approval rules"],
  entity: approvalRules,
  draft: approvalRulesDraft,
});

const terms = configurationRoutes({
  ...kinds,
  path: "/api/v1/plan/agent-terms",
  words: ["an agent's contract and availability", "agents' contracts and availability"],
  entity: agentTerms,
  draft: agentTermsDraft,
});
/** Each agent has theirs: they are neither made nor removed. */
export const planAgentTerms = { list: terms.list, get: terms.get, replace: terms.replace };

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
