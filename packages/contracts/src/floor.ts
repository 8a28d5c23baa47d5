import { z } from "zod";
import { deskAgentState, presence, shownPresence } from "./desk.ts";
import { lineQuality } from "./desk-contact.ts";
import { monitorMode, monitorRoutes } from "./monitor.ts";
import { done, durationMs, id, instant, medium } from "./primitives.ts";
import { defineRoute } from "./route.ts";
import { waitExplained, whyNot } from "./wait-explained.ts";

export const floorQueue = z.object({
  id,
  name: z.string(),
  clientId: id,
  medium,
  waiting: z.int(),
  /** As of the message; the screen counts on from `oldestEnqueuedAt`. */
  longestWaitMs: durationMs,
  oldestEnqueuedAt: instant.optional(),
  agents: z.object({
    available: z.int(),
    reserved: z.int(),
    talking: z.int(),
    wrap_up: z.int(),
    not_ready: z.int(),
  }),
  /** 0..1; null while nothing was offered today. */
  serviceLevel: z.number().nullable(),
  serviceLevelTarget: z.number(),
  thresholdSec: z.int(),
  /** The definition by which `serviceLevel` is counted, such as `SL4.v1`. */
  definition: z.string(),
  offered: z.int(),
  answered: z.int(),
  abandoned: z.int(),
  shortAbandoned: z.int(),
  flowOut: z.int(),
  abandonRate: z.number().nullable(),
  answerRate: z.number().nullable(),
  averageAnswerMs: durationMs.nullable(),
});
export type FloorQueue = z.output<typeof floorQueue>;

export const floorAgent = z.object({
  id,
  name: z.string(),
  teamId: id.optional(),
  siteId: id.optional(),
  state: deskAgentState,
  since: instant,
  presence: shownPresence.optional(),
  reasonId: z.string().optional(),
  contactId: id.optional(),
  queueId: id.optional(),
  medium: medium.optional(),
  handledToday: z.int().optional(),
  /** They are in a call that can be listened to. */
  talking: z.boolean().optional(),
  /** How the customer's line sounds. */
  quality: lineQuality.optional(),
  /** Who is in the call as supervisor. */
  monitors: z.array(z.object({ id, supervisorId: id, name: z.string(), mode: monitorMode })).optional(),
  doNotDisturb: z.boolean().optional(),
});
export type FloorAgent = z.output<typeof floorAgent>;

export const floorTotals = z.object({
  waiting: z.int(),
  longestWaitMs: durationMs,
  oldestEnqueuedAt: instant.optional(),
  offered: z.int(),
  answered: z.int(),
  abandoned: z.int(),
  serviceLevel: z.number().nullable(),
  definition: z.string(),
  agentsLoggedIn: z.int(),
  agentsAvailable: z.int(),
  agentsTalking: z.int(),
});

/** The whole of the topic `floor`, cut to what the reader may see. */
export const floorState = z.object({
  /** The day that "today" is, in the centre's time zone. */
  date: z.string(),
  queues: z.array(floorQueue),
  agents: z.array(floorAgent),
  totals: floorTotals,
});
export type FloorState = z.output<typeof floorState>;

/** Rows that changed, by id; ids that went. */
export const floorDelta = z.object({
  date: z.string().optional(),
  queues: z.array(floorQueue).optional(),
  queuesGone: z.array(id).optional(),
  agents: z.array(floorAgent).optional(),
  agentsGone: z.array(id).optional(),
  totals: floorTotals.optional(),
});
export type FloorDelta = z.output<typeof floorDelta>;

const tag = "floor";
const agentParams = z.object({ id });

export const floor = {
  state: defineRoute({
    method: "GET",
    path: "/api/v1/floor",
    permission: "floor.view",
    response: floorState,
    summary: "Queues and agents as they are now",
    tag,
  }),
  waiting: defineRoute({
    method: "GET",
    path: "/api/v1/floor/queues/:id/waiting",
    permission: "floor.view",
    params: agentParams,
    response: z.object({
      items: z.array(
        z.object({
          contactId: id,
          shortNumber: z.int(),
          enqueuedAt: instant,
          priority: z.int(),
          state: z.string(),
          /** 1 is next; null while a call-back sleeps. */
          position: z.int().nullable(),
          expectedMs: durationMs.nullable(),
          stepsTaken: z.int(),
          /** Nobody is on the line: an agent will call the customer. */
          callback: z.boolean(),
        }),
      ),
    }),
    summary: "Who waits in a queue",
    tag,
  }),
  explain: defineRoute({
    method: "GET",
    path: "/api/v1/floor/contacts/:id/explain",
    permission: "floor.view",
    params: agentParams,
    response: waitExplained,
    summary: "Why a waiting contact waits, and what comes next for it",
    tag,
  }),
  whyNot: defineRoute({
    method: "GET",
    path: "/api/v1/floor/contacts/:id/agents/:agentId/why-not",
    permission: "floor.view",
    params: z.object({ id, agentId: id }),
    response: whyNot,
    summary: "Every reason why an agent does not get a waiting contact",
    tag,
  }),
  setPresence: defineRoute({
    method: "PUT",
    path: "/api/v1/floor/agents/:id/presence",
    permission: "agents.control",
    params: agentParams,
    body: presence,
    response: done,
    summary: "Set an agent's presence for them: ringing and wrap-up end at once, a live contact goes on",
    tag,
  }),
  logOut: defineRoute({
    method: "POST",
    path: "/api/v1/floor/agents/:id/log-out",
    permission: "agents.control",
    params: agentParams,
    body: z.object({}).optional(),
    response: done,
    summary: "Log an agent out",
    tag,
  }),
  ...monitorRoutes,
};
