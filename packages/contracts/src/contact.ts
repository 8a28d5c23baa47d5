import { z } from "zod";
import { configurationParams } from "./configuration.ts";
import { floorMetric } from "./insight.ts";
import { day, done, durationMs, id, instant, medium, named, page, pageOf } from "./primitives.ts";
import { defineRoute } from "./route.ts";
import { queueStay } from "./wait-explained.ts";

const direction = z.enum(["inbound", "outbound", "internal"]);

export const CONTACT_OUTCOMES = [
  "answered",
  "completed_flow",
  "out_of_hours",
  "abandoned_ivr",
  "abandoned_queue",
  "blocked",
  "overflow",
  "timeout",
  "exit_empty",
  "exit_key",
  "voicemail",
  "callback_requested",
  "transferred_out",
  "rejected",
  "failed_tech",
  "busy",
  "no_answer",
  "cancelled",
  "machine",
  "fax",
  "invalid",
  "live_abandoned",
] as const;
export const contactOutcome = z.enum(CONTACT_OUTCOMES);

/** A line of the list of contacts. */
export const contactSummary = z.object({
  id,
  clientId: id,
  shortNumber: z.int(),
  medium,
  direction,
  /** Null while it goes on. */
  outcome: contactOutcome.nullable(),
  startedAt: instant,
  answeredAt: instant.nullable(),
  endedAt: instant.nullable(),
  waitMs: durationMs.nullable(),
  talkMs: durationMs.nullable(),
  queue: named.nullable(),
  agent: named.nullable(),
  entryPoint: named.nullable(),
  customer: z.object({ id, shortNumber: z.int(), name: z.string().nullable() }).nullable(),
  /** The other side's number; null when withheld or erased. */
  remoteNumber: z.string().nullable(),
  dispositionId: id.nullable(),
  hasRecording: z.boolean(),
});
export type ContactSummary = z.output<typeof contactSummary>;

/** A bar of the timeline. Handler segments may overlap the customer's. */
export const timelineSegment = z.object({
  id,
  party: z.enum(["customer", "handler"]),
  kind: z.enum(["flow", "queue", "talk", "hold", "ring", "consult", "wrap_up"]),
  startedAt: instant,
  endedAt: instant.nullable(),
  endReason: z.string().nullable(),
  agent: named.nullable(),
  queue: named.nullable(),
});

/** One thing that happened, by its ledger type; words for it are the screen's. */
export const timelineEvent = z.object({
  id,
  seq: z.int(),
  at: instant,
  type: z.string(),
  actor: z.string(),
  agent: named.nullable(),
  queue: named.nullable(),
  /** The payload: ids and words, no personal data. */
  details: z.record(z.string(), z.unknown()),
});

export const recordingSummary = z.object({
  id,
  startedAt: instant,
  durationMs,
  /** `recording` while it goes on; `deleted` after its retention. */
  state: z.enum(["recording", "stored", "failed", "deleted"]),
  channels: z.int(),
  agent: named.nullable(),
  deleteAt: instant.nullable(),
});

/** One telephone path of the contact. */
export const contactLeg = z.object({
  id: z.string(),
  party: z.enum(["customer", "agent", "external", "supervisor"]),
  agent: named.nullable(),
  startedAt: instant,
  answeredAt: instant.nullable(),
  endedAt: instant.nullable(),
  /** How it sounded, by the E-model (ITU-T G.107); null: never measured. */
  quality: z
    .object({
      /** 1 to 4.5, of what we heard. */
      mos: z.number(),
      /** Of what they heard, as their telephone says; null: it does not. */
      remoteMos: z.number().nullable(),
      codec: z.string().nullable(),
      /** 0 to 1. */
      lossShare: z.number().nullable(),
      jitterMs: z.number().nullable(),
      roundTripMs: z.number().nullable(),
    })
    .nullable(),
});

export const contactDetail = contactSummary.extend({
  origin: z.string(),
  linkedTo: id.nullable(),
  linked: z.array(id),
  localNumber: z.string().nullable(),
  notes: z.string(),
  notesUpdatedAt: instant.nullable(),
  segments: z.array(timelineSegment),
  events: z.array(timelineEvent),
  recordings: z.array(recordingSummary),
  legs: z.array(contactLeg),
  /** Why the customer waited and why these agents were asked, one stay in a queue after another. */
  queueStays: z.array(queueStay),
  /** What the reader may do. */
  may: z.object({ edit: z.boolean(), play: z.boolean(), exportRecording: z.boolean() }),
});
export type ContactDetail = z.output<typeof contactDetail>;

export const contactFilter = z.object({
  clientId: id.optional(),
  queueId: id.optional(),
  agentId: id.optional(),
  customerId: id.optional(),
  medium: medium.optional(),
  direction: direction.optional(),
  outcome: contactOutcome.optional(),
  dispositionId: id.optional(),
  /** Customer's name, any part of a number, or a contact's short number. */
  search: z.string().trim().max(80).optional(),
  /** First and last day, in the time zone of the client, else of the centre. */
  from: day.optional(),
  to: day.optional(),
  /**
   * The contacts that made this count of the floor on the day `from`, in the queue `queueId` or in all that one may see.
   * Needs `from` and `insight.view`.
   */
  metric: floorMetric.optional(),
  /**
   * The contacts that made a count of planning: those whose stay in the queue `queueId` began from `countedFrom` until before
   * `countedTo`. Needs all three, and `plan.view` over the queue.
   */
  counted: z.enum(["offered", "answered", "abandoned", "handled"]).optional(),
  countedFrom: z.coerce.number<number | string>().int().min(0).optional(),
  countedTo: z.coerce.number<number | string>().int().min(0).optional(),
});

const tag = "contacts";

export const contacts = {
  list: defineRoute({
    method: "GET",
    path: "/api/v1/contacts",
    permission: "signed_in",
    query: page.extend(contactFilter.shape).optional(),
    response: pageOf(contactSummary),
    summary: "Contacts, newest first; those of others need `contacts.view`, the own ones `contacts.view_own`",
    tag,
  }),
  get: defineRoute({
    method: "GET",
    path: "/api/v1/contacts/:id",
    permission: "signed_in",
    params: configurationParams,
    response: contactDetail,
    summary: "A contact with its timeline",
    tag,
  }),
  setWork: defineRoute({
    method: "PUT",
    path: "/api/v1/contacts/:id/work",
    permission: "contacts.edit",
    params: configurationParams,
    body: z.object({ notes: z.string().max(20_000).optional(), dispositionId: id.nullable().optional() }),
    response: done,
    summary: "Change notes and disposition",
    tag,
  }),
  export: defineRoute({
    method: "GET",
    path: "/api/v1/contacts.csv",
    permission: "contacts.export",
    query: contactFilter.optional(),
    answers: "csv",
    response: z.unknown(),
    summary: "Contacts as CSV (RFC 4180, UTF-8), at most 100 000 lines",
    tag,
  }),
};

export const recordings = {
  audio: defineRoute({
    method: "GET",
    path: "/api/v1/recordings/:id/audio",
    permission: "signed_in",
    params: configurationParams,
    query: z.object({ download: z.enum(["true", "false"]).optional() }).optional(),
    answers: "wav",
    response: z.unknown(),
    summary: "A recording as WAV, stereo: customer left, agent right; takes Range",
    tag: "recordings",
  }),
  waveform: defineRoute({
    method: "GET",
    path: "/api/v1/recordings/:id/waveform",
    permission: "signed_in",
    params: configurationParams,
    query: z
      .object({ points: z.coerce.number<number | string>().int().min(50).max(4000).optional() })
      .optional(),
    response: z.object({
      durationMs,
      /** For each channel the peaks 0..1, evenly spread over the duration. */
      channels: z.array(z.array(z.number())),
    }),
    summary: "Peaks for drawing a recording",
    tag: "recordings",
  }),
};

/** Who a customer is to the client. */
export const CUSTOMER_TYPES = ["consumer", "business", "partner", "supplier", "citizen", "employee"] as const;

/** A word of the client's own, such as `gold`. */
const customerCode = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, "small letters, digits, _ and -");

export const customerIdentifier = z.object({
  kind: z.enum(["phone", "email"]),
  value: z.string(),
});

export const customerDraft = z.object({
  name: z.string().trim().max(120).nullable(),
  company: z.string().trim().max(120).nullable(),
  language: z.enum(["en", "ru", "uk", "sv"]).nullable(),
  /** Codes that routing may ask for. */
  type: z.enum(CUSTOMER_TYPES).nullable().default(null),
  segment: customerCode.nullable().default(null),
  value: customerCode.nullable().default(null),
  notes: z.string().max(20_000),
  identifiers: z.array(customerIdentifier).max(20),
});
export const customer = customerDraft.extend({
  id,
  clientId: id,
  shortNumber: z.int(),
  createdAt: instant,
  updatedAt: instant,
  lastContactAt: instant.nullable(),
  contactCount: z.int(),
});
export type Customer = z.output<typeof customer>;

export const customers = {
  list: defineRoute({
    method: "GET",
    path: "/api/v1/customers",
    permission: "customers.view",
    query: page.extend({ clientId: id.optional(), search: z.string().trim().max(80).optional() }).optional(),
    response: pageOf(customer),
    summary: "Customers, by name, number, mail or short number",
    tag: "customers",
  }),
  get: defineRoute({
    method: "GET",
    path: "/api/v1/customers/:id",
    permission: "customers.view",
    params: configurationParams,
    response: customer,
    summary: "A customer",
    tag: "customers",
  }),
  create: defineRoute({
    method: "POST",
    path: "/api/v1/customers",
    permission: "customers.edit",
    body: customerDraft.extend({ clientId: id }),
    response: customer,
    summary: "Create a customer",
    tag: "customers",
    idempotent: true,
  }),
  replace: defineRoute({
    method: "PUT",
    path: "/api/v1/customers/:id",
    permission: "customers.edit",
    params: configurationParams,
    body: customerDraft,
    response: customer,
    summary: "Change a customer",
    tag: "customers",
  }),
  erase: defineRoute({
    method: "DELETE",
    path: "/api/v1/customers/:id",
    permission: "customers.erase",
    params: configurationParams,
    response: z.object({ contacts: z.int(), recordings: z.int() }),
    summary: "Erase a customer: names, numbers, notes and recordings everywhere; counts stay",
    tag: "customers",
  }),
};
