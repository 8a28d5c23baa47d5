import { EXPRESSION_LIMITS } from "@svara/kernel/expression";
import { z } from "zod";
import { durationMs, id, medium, name } from "./primitives.ts";

/** A word that people give to a rule; it stands in the ledger. */
export const ruleId = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,39}$/, "small letters, digits, _ and -, a letter first");

/** A condition over the facts of a contact; see `GET /api/v1/routing/facts`. */
export const expressionText = z.string().trim().min(1).max(EXPRESSION_LIMITS.textLength);

/** A line of support: 1, 2, 3, and 4 for experts. */
export const tier = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);

const DAY_MS = 86_400_000;
const waitMs = durationMs.max(DAY_MS);
const raise = z.int().min(-100).max(100);
const skillNeeds = z.array(z.object({ skillId: id, minLevel: z.int().min(1).max(5) })).max(20);
const skillIds = z.array(id).max(20);
const teams = z.array(id).max(100);
const sites = z.array(id).max(100);
const tiers = z.array(tier).max(4);

/** Criteria that relax: what is named stands instead of what was asked before, `null` asks it no longer. */
export const criteriaStep = z.object({
  afterMs: waitMs,
  skills: skillNeeds.optional(),
  groupIds: teams.nullable().optional(),
  siteIds: sites.nullable().optional(),
  tiers: tiers.nullable().optional(),
  /** Added to the priority. */
  raise: raise.optional(),
});

/** What a contact gets when `when` is true of it. */
export const routingCriterion = z.object({
  id: ruleId,
  when: expressionText,
  raise: raise.optional(),
  requiredSkills: skillNeeds.optional(),
  preferredSkillIds: skillIds.optional(),
  tiers: tiers.optional(),
});

export const overflowTarget = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("queue"), queueId: id, priority: z.int().min(0).max(100).optional() }),
  z.object({ kind: z.literal("sites"), siteIds: z.array(id).min(1).max(100) }),
  z.object({ kind: z.literal("voicemail") }),
  z.object({ kind: z.literal("hang_up") }),
  /** `promptId` null: a message of ours. `leaves`: the call ends after it; else the customer goes on waiting. */
  z.object({ kind: z.literal("message"), promptId: id.nullable(), leaves: z.boolean() }),
  /** The customer is offered to be called back (by key 1), and goes on waiting until they press it. */
  z.object({ kind: z.literal("callback") }),
]);
export type OverflowTargetDraft = z.output<typeof overflowTarget>;

/** Asked when the contact has waited `afterMs`, then every `everyMs`; applies when all conditions that are named hold. */
export const overflowRule = z.object({
  id: ruleId,
  afterMs: waitMs,
  everyMs: durationMs.min(1_000).max(DAY_MS).optional(),
  expectedWaitOverMs: waitMs.optional(),
  /** More others than this wait in the queue. */
  lengthOver: z.int().min(0).max(100_000).optional(),
  /** More others than this wait for each agent on duty. */
  perAgentOver: z.number().min(0).max(1_000).optional(),
  /** Nobody on duty could serve the contact. */
  noAgents: z.literal(true).optional(),
  /** The queue's hours say closed. */
  closed: z.literal(true).optional(),
  when: expressionText.optional(),
  to: overflowTarget,
});
export type OverflowRuleDraft = z.output<typeof overflowRule>;

export const AGENT_STRATEGIES = [
  "longest_idle",
  "least_occupied",
  "highest_proficiency",
  "round_robin",
  "balanced",
  "none",
] as const;

export const WORK_KINDS = ["inbound", "outbound", "back_office"] as const;

/** Contacts of this queue are offered only while the protected queues keep every threshold that is named. */
const blendRule = z.object({
  /** Absent: all inbound queues. */
  protects: z.array(id).max(200).optional(),
  reserve: z.int().min(0).max(10_000).optional(),
  waitingAtMost: z.int().min(0).max(100_000).optional(),
  oldestAtMostMs: waitMs.optional(),
  serviceLevelAtLeast: z.number().min(0).max(1).optional(),
});

/** An agent may offer more only while every threshold that is named holds. */
const crossSellRule = z.object({
  inSystemAtMost: z.int().min(0).max(100_000).optional(),
  waitingAtMost: z.int().min(0).max(100_000).optional(),
  openAgentsAtLeast: z.int().min(0).max(10_000).optional(),
  when: expressionText.optional(),
});

/** How a queue's contacts find an agent. Every field has a default, so `{}` is a plain queue. */
export const queueRouting = z.object({
  work: z.enum(WORK_KINDS).default("inbound"),
  /** Better with them, no hindrance without. */
  preferredSkillIds: skillIds.default([]),
  /**
   * Asked at first: one of these teams, sites, tiers; empty asks nothing. Steps may widen it. The queue's `teamIds` and
   * `agentIds`, in contrast, say who may serve it at all.
   */
  groupIds: teams.default([]),
  siteIds: sites.default([]),
  tiers: tiers.default([]),
  /** In order of `afterMs`. */
  steps: z.array(criteriaStep).max(20).default([]),
  criteria: z.array(routingCriterion).max(50).default([]),
  /** Every `everyMs` of waiting the priority grows by `by`, by `most` at the most. */
  ageing: z
    .object({
      everyMs: durationMs.min(1_000).max(DAY_MS),
      by: z.int().min(1).max(100),
      most: z.int().min(1).max(1_000),
    })
    .nullable()
    .default(null),
  /** How an agent is chosen for a contact. */
  agentStrategy: z.enum(AGENT_STRATEGIES).default("longest_idle"),
  /** Of `balanced`: 0 looks at idle time alone (efficiency), 1 at proficiency alone (quality). */
  qualityWeight: z.number().min(0).max(1).default(0.5),
  /** A customer whom an agent talked with in the last so many days is that agent's first; null: no. */
  lastAgentDays: z.int().min(1).max(365).nullable().default(null),
  /** How long a contact waits for its preferred agent while that agent is on duty. */
  preferredWaitMs: durationMs.max(3_600_000).default(0),
  overflow: z.array(overflowRule).max(20).default([]),
  /** Opening hours for the overflow condition `closed`; null: always open. */
  hoursId: id.nullable().default(null),
  /** How call-backs of this queue are tried; null: 3 times, 5 minutes apart. */
  callback: z
    .object({
      maxAttempts: z.int().min(1).max(20),
      retryMs: durationMs.min(10_000).max(DAY_MS),
      attemptLeaseMs: durationMs.min(15_000).max(600_000),
    })
    .nullable()
    .default(null),
  blend: blendRule.nullable().default(null),
  crossSell: crossSellRule.nullable().default(null),
  /** What waiting costs, for the work strategy `gcmu`. */
  cost: z
    .object({
      weight: z.number().positive().max(1_000_000),
      grows: z.enum(["constant", "with_wait", "with_length"]),
    })
    .nullable()
    .default(null),
  /** For the work strategy `fqr`: this queue's share of all that wait, relative to the others. */
  share: z.number().positive().max(1_000_000).default(1),
  /** Assumed mean of talk and wrap-up until the queue has handled some; null: 4 minutes. */
  expectedHandleMs: durationMs.min(1_000).max(DAY_MS).nullable().default(null),
});
export type QueueRouting = z.output<typeof queueRouting>;

/** A queue that asks for nothing special. */
export const DEFAULT_QUEUE_ROUTING: QueueRouting = queueRouting.parse({});

export const WORK_STRATEGIES = ["priority_then_oldest", "gcmu", "fqr", "service_level_race", "none"] as const;

/** What holds for the router of the whole centre. */
export const routingRulesDraft = z.object({
  /** Which waiting contact a freed agent gets. */
  workStrategy: z.enum(WORK_STRATEGIES),
  /** Offers in a row that an agent may miss; with the last of them they become not ready. */
  missesAllowed: z.int().min(1).max(100),
  /** No offer for so long after a miss that was not the last. */
  restAfterMissMs: durationMs.max(600_000),
  /** How long an agent whose desk is lost stays logged in. */
  connectionGraceMs: durationMs.min(5_000).max(3_600_000),
  /** The longest that a call made by hand may ring before the agent is let go. */
  assignmentLeaseMs: durationMs.min(30_000).max(3_600_000),
});
export type RoutingRules = z.output<typeof routingRulesDraft>;

/** At most so many at once; a person speaks with one customer at a time. */
const slots = z.object({
  voice: z.int().min(0).max(1).optional(),
  video: z.int().min(0).max(1).optional(),
  chat: z.int().min(0).max(20).optional(),
  message: z.int().min(0).max(50).optional(),
  email: z.int().min(0).max(50).optional(),
  fax: z.int().min(0).max(50).optional(),
  letter: z.int().min(0).max(50).optional(),
  task: z.int().min(0).max(50).optional(),
});

/** What an agent may have in hand at once. Agents without a profile take one call at a time. */
export const capacityProfileDraft = z.object({
  name,
  /** By medium; one that is not named: none. */
  slots,
  /** Sets of media that exclude each other: `[["voice", "chat"]]` is one call or some chats. */
  apart: z.array(z.array(medium).min(2).max(8)).max(10).default([]),
  /** By medium, the media whose work it may set aside; that work comes back after it. */
  interrupts: z.partialRecord(medium, z.array(medium).min(1).max(7)).default({}),
});
