import { z } from "zod";
import { durationMs, id, instant, named } from "./primitives.ts";
import { tier } from "./queue-routing.ts";

/** A wait to be expected: ten of a hundred wait less than `lowMs`, ten more than `highMs`. */
export const waitEstimate = z.object({
  /** 1 is next. */
  position: z.int(),
  lowMs: durationMs,
  expectedMs: durationMs,
  highMs: durationMs,
  basis: z.enum(["queue_length", "last_served", "head_of_line", "ringing"]),
});
export type WaitEstimateView = z.output<typeof waitEstimate>;

/** Who may have a contact now, after the steps taken. Empty and null ask nothing. */
export const requirementView = z.object({
  skills: z.array(z.object({ skill: named, minLevel: z.int() })),
  groups: z.array(named).nullable(),
  sites: z.array(named).nullable(),
  tiers: z.array(tier).nullable(),
});

/** A word with what its sentence needs: names instead of ids, instants and durations in ms. */
const worded = z.record(z.string(), z.union([z.string(), z.number()]));

/** Why a contact waits, and what comes next for it. */
export const waitExplained = z.object({
  contactId: id,
  shortNumber: z.int(),
  queue: named,
  /** `dormant`: a call-back whose time has not come. */
  state: z.enum(["waiting", "ringing", "dormant"]),
  enteredAt: instant,
  /** Its place in the line counts from here; earlier than `enteredAt` after an overflow. */
  queuedAt: instant,
  priority: z.int(),
  estimate: waitEstimate.nullable(),
  requirement: requirementView,
  preferredSkills: z.array(named),
  /** The ids of the queue's criteria that hold for it. */
  criteria: z.array(z.string()),
  stepsTaken: z.int(),
  steps: z.int(),
  /** At whom it rings. */
  ringsAt: named.nullable(),
  /** It waits for this agent alone; `until` null: for ever. */
  waitsFor: z.object({ agent: named, until: instant.nullable() }).nullable(),
  /** Thresholds of blending that hold it back now. */
  heldBackBy: z.array(z.string()),
  /** What comes due if it goes on waiting: `step`, `overflow_question`, `priority_ages`, `everybodys`, `wakes`, `promise`. */
  next: z.array(z.object({ at: instant, what: z.string(), params: worded })),
  /** Every agent once, counted by the first reason why not (words as in `whyNot`); `reason` null: could get it this moment. */
  agents: z.array(z.object({ reason: z.string().nullable(), params: worded, agents: z.int() })),
});
export type WaitExplained = z.output<typeof waitExplained>;

/**
 * Every reason why an agent does not get a waiting contact; none: the agent is open for it. `for_another_only`, `no_slot`,
 * `other_queues`, `other_groups`, `other_site`, `other_tier`, `lacks_skill`, `logged_out`, `leaving`, `disconnected`,
 * `not_ready`, `resting`, `unreachable`, `offered`, `ringing`, `busy`, `no_room`, `waits_for_another`, `held_back`,
 * `rings_elsewhere`, `dormant`.
 */
export const whyNot = z.object({
  contactId: id,
  agent: named,
  reasons: z.array(z.object({ reason: z.string(), params: worded })),
});
export type WhyNot = z.output<typeof whyNot>;

/** One candidate of a choice: agents for a contact, or contacts for an agent who came free. Less is better, place by place. */
const rankedCandidate = z.object({
  agent: named.nullable(),
  contactId: id.nullable(),
  rank: z.array(z.number()),
});

/** Why this agent was offered this contact. */
export const offerExplained = z.object({
  offerId: id,
  agent: named,
  madeAt: instant,
  ringMs: durationMs.nullable(),
  outcome: z.enum(["accepted", "refused", "timed_out", "withdrawn", "ringing"]),
  choice: z.enum(["agent_for_item", "item_for_agent", "preferred_agent", "only_agent", "picked", "unknown"]),
  strategy: z.string(),
  /** What each place of a rank means, such as `idle_since`; `priority:desc` where the greater is better (its negative is compared). */
  rankedBy: z.array(z.string()),
  candidates: z.array(rankedCandidate),
  considered: z.int().nullable(),
  /** Steps of relaxing criteria taken until then. */
  step: z.int().nullable(),
  /** The revision of the configuration by which it was decided. */
  rules: z.int().nullable(),
  engineVersion: z.string(),
  /** Of `balanced`: whom quality alone and whom efficiency alone would have chosen. */
  trade: z.object({ quality: named, efficiency: named }).nullable(),
});

/** One stay in a queue, told from the ledger: why it took so long, and why this agent. */
export const queueStay = z.object({
  queue: named,
  initiation: z.enum(["new", "transfer", "overflow"]),
  enteredAt: instant,
  leftAt: instant.nullable(),
  outcome: z.string().nullable(),
  waitMs: durationMs.nullable(),
  /** What was expected when the contact came. */
  predicted: waitEstimate.nullable(),
  steps: z.array(z.object({ at: instant, step: z.int() })),
  overflows: z.array(
    z.object({ at: instant, rule: z.string(), to: z.string(), queue: named.nullable(), left: z.boolean() }),
  ),
  offers: z.array(offerExplained),
});
export type QueueStay = z.output<typeof queueStay>;
