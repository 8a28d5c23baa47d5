import { z } from "zod";
import { done, id, instant } from "./primitives.ts";
import { defineRoute } from "./route.ts";

/** Signalling from this address is dropped until then. */
export const ban = z.object({
  address: z.string(),
  until: instant,
  /** A word: `wrong_passwords`, `flood`, ... */
  reason: z.string(),
});

export const ALARMS = [
  "recordings_fail",
  "trunk_down",
  "media_lost",
  "source_banned",
  "many_abroad",
  "many_refused",
  "abroad_when_closed",
] as const;

/** Something of the telephony that an administrator should look at. It goes when it is over. */
export const alarm = z.object({
  code: z.enum(ALARMS),
  since: instant,
  lastAt: instant,
  /** How often since then. */
  count: z.int().min(1),
  /** Words: why a recording failed, why a trunk is down, an address, how many calls. */
  detail: z.string(),
  trunkId: id.nullable(),
  /** Whose calls out are unusual; null: nobody's, such as call-backs. */
  agentId: id.nullable().default(null),
});
export type Alarm = z.output<typeof alarm>;

const tag = "telephony";

export const telephony = {
  status: defineRoute({
    method: "GET",
    path: "/api/v1/telephony/status",
    permission: "telephony.view",
    response: z.object({
      alarms: z.array(alarm),
      legs: z.int(),
      bridges: z.int(),
      recordings: z.int(),
      bans: z.int(),
    }),
    summary: "What runs on the switch, and what is wrong with it",
    tag,
  }),
  bans: defineRoute({
    method: "GET",
    path: "/api/v1/telephony/bans",
    permission: "telephony.view",
    response: z.object({ items: z.array(ban) }),
    summary: "Addresses whose signalling is dropped",
    tag,
  }),
  unban: defineRoute({
    method: "DELETE",
    path: "/api/v1/telephony/bans/:address",
    permission: "telephony.edit",
    params: z.object({ address: z.string().min(2).max(64) }),
    response: done,
    summary: "Hear an address again",
    tag,
  }),
};
