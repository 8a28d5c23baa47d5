import { z } from "zod";
import { done, id, instant } from "./primitives.ts";
import { defineRoute } from "./route.ts";

/** `listen`: heard by nobody; `whisper`: heard by the agent alone; `barge`: heard by all. */
export const MONITOR_MODES = ["listen", "whisper", "barge"] as const;
export const monitorMode = z.enum(MONITOR_MODES);
export type MonitorMode = z.output<typeof monitorMode>;

/** A supervisor in a call of an agent. */
export const monitor = z.object({
  id,
  contactId: id,
  agentId: id,
  mode: monitorMode,
  /** `ringing`: the supervisor's device has not answered yet. */
  state: z.enum(["ringing", "on"]),
  since: instant,
  supervisor: z.object({ id, name: z.string() }),
});
export type Monitor = z.output<typeof monitor>;

const tag = "floor";
const params = z.object({ id });

/**
 * Each mode needs its right (`monitor.listen`, `monitor.whisper`, `monitor.barge`, `monitor.take_over`) over the agent's team
 * or site, or over the contact's client or queue. The supervisor's own device rings and answers by itself. Every use stands
 * in the audit and in the ledger.
 */
export const monitorRoutes = {
  monitors: defineRoute({
    method: "GET",
    path: "/api/v1/floor/monitors",
    permission: "floor.view",
    response: z.object({ items: z.array(monitor) }),
    summary: "Who listens to whom now, as far as one may listen there, too",
    tag,
  }),
  startMonitor: defineRoute({
    method: "POST",
    path: "/api/v1/floor/monitors",
    permission: "floor.view",
    body: z.object({
      contactId: id,
      /** Of several agents in one call; absent: the one who has the customer. */
      agentId: id.optional(),
      mode: monitorMode,
    }),
    response: monitor,
    summary: "Listen to a call, whisper to its agent, or speak to both; needs the right of the mode",
    tag,
    idempotent: true,
  }),
  changeMonitor: defineRoute({
    method: "PUT",
    path: "/api/v1/floor/monitors/:id",
    permission: "floor.view",
    params,
    body: z.object({ mode: monitorMode }),
    response: monitor,
    summary: "Listen, whisper or speak from now on; needs the right of the mode",
    tag,
  }),
  takeOver: defineRoute({
    method: "POST",
    path: "/api/v1/floor/monitors/:id/take-over",
    permission: "monitor.take_over",
    params,
    body: z.object({}).optional(),
    response: z.object({ contactId: id }),
    summary: "Take the customer; the agent is in wrap-up",
    tag,
  }),
  stopMonitor: defineRoute({
    method: "DELETE",
    path: "/api/v1/floor/monitors/:id",
    permission: "floor.view",
    params,
    response: done,
    summary: "Leave the call",
    tag,
  }),
};
