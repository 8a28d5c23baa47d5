import { z } from "zod";
import { monitorMode } from "./monitor.ts";
import { durationMs, id, instant, medium, named } from "./primitives.ts";

export const DESK_CONTACT_STATES = [
  "offered",
  "dialing",
  "talking",
  "held",
  "consulting",
  "detached",
  "wrap_up",
] as const;

/** Somebody in a conference. */
export const deskParticipant = z.object({
  /** Names them in `conference/drop`. */
  participantId: z.string(),
  kind: z.enum(["customer", "agent", "number"]),
  /** A name or a number; empty for the own part and where none is known. */
  label: z.string(),
  agentId: id.optional(),
  state: z.enum(["ringing", "talking", "held", "lost"]),
  self: z.boolean(),
});

const LINE_QUALITY = ["good", "fair", "poor"] as const;
/** Of the E-model's MOS (ITU-T G.107): from 4.0 good, from 3.6 fair, below that people complain. */
export const lineQuality = z.enum(LINE_QUALITY);
export type LineQuality = z.output<typeof lineQuality>;

export const deskContact = z.object({
  contactId: id,
  clientId: id.optional(),
  /** The number people read: counted per client. */
  shortNumber: z.int(),
  direction: z.enum(["inbound", "outbound", "internal"]),
  medium,
  state: z.enum(DESK_CONTACT_STATES),
  since: instant,
  offer: z
    .object({
      offerId: id,
      expiresAt: instant,
      /** Value of the header `X-Svara-Offer` of the INVITE that is this offer. */
      legCallId: z.string().optional(),
    })
    .optional(),
  queue: named.optional(),
  /** The wrap-up cannot be finished without a disposition. */
  dispositionRequired: z.boolean().optional(),
  entryPoint: z.object({ name: z.string(), language: z.string() }).optional(),
  waitedMs: durationMs.optional(),
  customer: z
    .object({
      id,
      shortNumber: z.int(),
      name: z.string().optional(),
      number: z.string().optional(),
    })
    .optional(),
  remoteNumber: z.string().optional(),
  remoteName: z.string().optional(),
  recording: z.enum(["off", "on", "paused"]),
  muted: z.boolean().optional(),
  /** Three or more talk with each other: all of them, the customer first. */
  conference: z.array(deskParticipant).optional(),
  /** The device answers by itself after a beep. */
  autoAnswer: z.boolean().optional(),
  /** The agent hears the queue's announcement before the customer. */
  announcing: z.boolean().optional(),
  /** How the customer's line sounds, once it is known. */
  quality: lineQuality.optional(),
  /** A supervisor is in the call; `listen` is told only where the centre says so. */
  monitored: monitorMode.optional(),
  /** The call is being moved to another device of one's own. */
  moving: z.boolean().optional(),
  consult: z
    .object({
      state: z.enum(["ringing", "talking"]),
      target: z.object({ kind: z.enum(["agent", "queue", "number"]), label: z.string() }),
      customerHeld: z.boolean(),
    })
    .optional(),
  /** `limitAt` is absent when wrap-up has no limit. */
  wrapUp: z
    .object({
      startedAt: instant,
      limitAt: instant.optional(),
      /** The agent cannot end it early. */
      forced: z.boolean().optional(),
    })
    .optional(),
  /** Wrap-up comes only if asked for; true once it was. */
  wrapUpRequested: z.boolean().optional(),
  /** The queue has a rule for extra sales: ask before offering. */
  crossSell: z.boolean().optional(),
  /** A call-back: the agent who takes it calls the customer, for the nth time. */
  callbackAttempt: z.int().optional(),
  notes: z.string().optional(),
  dispositionId: id.optional(),
  /** When the agent took it; absent until then. */
  answeredAt: instant.optional(),
});
export type DeskContact = z.output<typeof deskContact>;
