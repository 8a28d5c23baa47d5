import { z } from "zod";
import { configurationRoutes, configured } from "./configuration.ts";
import { WEEKDAYS } from "./organisation.ts";
import { day, id, name } from "./primitives.ts";
import { defineRoute } from "./route.ts";

/** A wall time: `08:30`. */
export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time such as 08:30");
export const weekday = z.enum(WEEKDAYS);
const quarters = (min: number, max: number) => z.int().min(min).max(max).multipleOf(15);

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

const tag = "plan";
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
