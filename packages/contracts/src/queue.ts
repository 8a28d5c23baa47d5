import { z } from "zod";
import { configurationRoutes, configured } from "./configuration.ts";
import { durationMs, id, medium, name } from "./primitives.ts";
import { queueRouting } from "./queue-routing.ts";
import { routingFinding } from "./routing-finding.ts";

const wrapUpLimitMs = durationMs.min(1_000).max(900_000);

/**
 * Work after the contact. `off`: none. `manual`: until the agent ends it, at most `limitMs` where given. `timed`: `limitMs`,
 * ended earlier by the agent. `timed_forced`: the whole of `limitMs`. `requested`: only if the agent asked for it.
 */
export const wrapUpRule = z.discriminatedUnion("mode", [
  z.object({ mode: z.literal("off") }),
  z.object({ mode: z.literal("manual"), limitMs: wrapUpLimitMs.optional() }),
  z.object({ mode: z.literal("timed"), limitMs: wrapUpLimitMs }),
  z.object({ mode: z.literal("timed_forced"), limitMs: wrapUpLimitMs }),
  z.object({ mode: z.literal("requested"), limitMs: wrapUpLimitMs.optional() }),
]);

/** How the queue's calls come to agents, and go out for it. */
export const queueCalling = z.object({
  /** The agent's device answers by itself after a beep. */
  autoAnswer: z.boolean().default(false),
  /** Played to the agent alone before the customer joins; null: nothing. */
  whisperPromptId: id.nullable().default(null),
  /** Shown when an agent calls for this queue; null: the client's number. */
  callerIdNumberId: id.nullable().default(null),
});
export type QueueCalling = z.output<typeof queueCalling>;

export const queueDraft = z.object({
  clientId: id,
  name,
  medium,
  /** The greater is served first; 0 is usual. */
  priority: z.int().min(0).max(100),
  requiredSkills: z.array(z.object({ skillId: id, minLevel: z.int().min(1).max(5) })).max(20),
  /** Only agents of these teams or named here serve the queue; both empty: every agent with the skills. */
  teamIds: z.array(id).max(200),
  agentIds: z.array(id).max(2000),
  ringTimeoutMs: durationMs.min(5_000).max(120_000),
  wrapUp: wrapUpRule,
  serviceLevel: z.object({
    thresholdMs: durationMs.min(1_000).max(3_600_000),
    target: z.number().min(0).max(1),
  }),
  shortAbandonMs: durationMs.max(60_000),
  /** Music while waiting; null: the tune that comes with Svara. */
  musicPromptId: id.nullable(),
  announce: z.object({
    position: z.boolean(),
    estimatedWait: z.boolean(),
    everyMs: durationMs.min(15_000).max(600_000),
  }),
  /** Most contacts that wait at once; null: as many as come. */
  maxWaiting: z.int().min(1).max(10_000).nullable(),
  dispositionRequired: z.boolean(),
  routing: queueRouting.prefault({}),
  calling: queueCalling.prefault({}),
});
export const queue = queueDraft.extend({
  ...configured,
  /** What is wrong or doubtful about its routing now, as everything else stands. */
  warnings: z.array(routingFinding),
});
export type Queue = z.output<typeof queue>;
export type QueueDraft = z.output<typeof queueDraft>;

export const queues = configurationRoutes({
  path: "/api/v1/queues",
  words: ["a queue", "queues"],
  tag: "queues",
  entity: queue,
  draft: queueDraft,
  view: "queues.view",
  edit: "queues.edit",
});
