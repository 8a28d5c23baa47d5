import { z } from "zod";
import { configured } from "./configuration.ts";
import { dialled, durationMs, id } from "./primitives.ts";
import { defineRoute } from "./route.ts";

/** Where an agent's calls may be sent on to. */
export const diversionTarget = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("agent"), agentId: id }),
  z.object({ kind: z.literal("queue"), queueId: id }),
  /** Outside needs `desk.divert_outside`. */
  z.object({ kind: z.literal("number"), number: dialled }),
]);
export type DiversionTarget = z.output<typeof diversionTarget>;

/** `always` comes before all; `unreachable`: no device is registered, or nobody is logged in there. */
export const DIVERSION_CASES = ["always", "busy", "no_answer", "unreachable"] as const;
export type DiversionCase = (typeof DIVERSION_CASES)[number];

/** Of direct calls only: to an extension or the agent's own number. What a queue offers is never diverted. */
export const diversions = z.object({
  always: diversionTarget.nullable().default(null),
  busy: diversionTarget.nullable().default(null),
  no_answer: diversionTarget.nullable().default(null),
  unreachable: diversionTarget.nullable().default(null),
});
export type Diversions = z.output<typeof diversions>;

/** How calls reach the agent, chosen by the agent; kept over sign-outs. */
export const calling = z.object({
  /** Nothing rings: direct calls are busy, and queues offer nothing. Choosing to be available ends it. */
  doNotDisturb: z.boolean(),
  diversions,
});
export type Calling = z.output<typeof calling>;

/** What an agent changes of it; what is not given stays, each diversion by itself. */
export const callingChange = z.object({
  doNotDisturb: z.boolean().optional(),
  diversions: z.partialRecord(z.enum(DIVERSION_CASES), diversionTarget.nullable()).optional(),
});
export type CallingChange = z.output<typeof callingChange>;

/** A call that waits in a slot until somebody fetches it. */
export const parkedCall = z.object({
  /** What is dialled after the code for fetching it. */
  slot: z.int().min(1).max(99),
  contactId: id,
  shortNumber: z.int(),
  parkedAt: z.int(),
  /** When it comes back to who parked it. */
  returnsAt: z.int().nullable(),
  parkedBy: z.object({ id, name: z.string() }),
  queueName: z.string().nullable(),
  remoteName: z.string().nullable(),
  remoteNumber: z.string().nullable(),
});

/** A colleague's call that rings now and may be taken. */
export const ringingCall = z.object({
  contactId: id,
  agent: z.object({ id, name: z.string() }),
  /** `offer`: a queue's; `direct`: somebody calls this colleague, or transfers to them. */
  kind: z.enum(["offer", "direct"]),
  since: z.int(),
  queueName: z.string().nullable(),
  remoteName: z.string().nullable(),
  remoteNumber: z.string().nullable(),
});

/** A number that may be shown when one calls out. */
export const callerIdChoice = z.object({
  numberId: id,
  number: z.string(),
  label: z.string(),
  clientId: id,
  /** Shown when nothing is chosen. */
  isDefault: z.boolean(),
});

/** What a desk phone can ask for by dialling. */
export const FEATURES = [
  "listen",
  "whisper",
  "barge",
  "take_over",
  "pick_up",
  "park",
  "fetch_parked",
  "do_not_disturb_on",
  "do_not_disturb_off",
  "divert_always",
  "divert_busy",
  "divert_no_answer",
  "divert_off",
] as const;
export type Feature = (typeof FEATURES)[number];

/** `none`: nothing follows the code; `some`: an extension, slot or number; `may`: either. */
export const FEATURE_ARGUMENTS: Readonly<Record<Feature, "none" | "some" | "may">> = {
  listen: "some",
  whisper: "some",
  barge: "some",
  take_over: "some",
  pick_up: "may",
  park: "none",
  fetch_parked: "some",
  do_not_disturb_on: "none",
  do_not_disturb_off: "none",
  divert_always: "some",
  divert_busy: "some",
  divert_no_answer: "some",
  divert_off: "none",
};

export const DEFAULT_FEATURE_CODES: Readonly<Record<Feature, string>> = {
  listen: "*1",
  whisper: "*2",
  barge: "*3",
  take_over: "*4",
  pick_up: "*8",
  park: "*70",
  fetch_parked: "*71",
  do_not_disturb_on: "*78",
  do_not_disturb_off: "*79",
  divert_always: "*72",
  divert_busy: "*74",
  divert_no_answer: "*75",
  divert_off: "*73",
};

/** Null: the feature has no code. Of several codes that fit what is dialled the longest counts. */
const featureCode = z
  .string()
  .regex(/^[*#][0-9*#]{1,5}$/, "* or # and one to five digits, * or #")
  .nullable();

/** What holds for calls in the whole centre. */
export const callingRulesDraft = z.object({
  featureCodes: z.record(z.enum(FEATURES), featureCode),
  /** An agent sees that a supervisor listens. */
  showMonitoring: z.boolean(),
  /** A parked call that nobody fetches comes back to who parked it, and waits in its queue when they do not answer. */
  parkLimitMs: durationMs.min(15_000).max(3_600_000),
  /** How long a direct call rings before it counts as not answered. */
  directRingMs: durationMs.min(5_000).max(120_000),
});
export type CallingRules = z.output<typeof callingRulesDraft>;

export const DEFAULT_CALLING_RULES: CallingRules = {
  featureCodes: { ...DEFAULT_FEATURE_CODES },
  showMonitoring: false,
  parkLimitMs: 120_000, // half of what callers stand on hold without hanging up
  directRingMs: 20_000, // three or four cycles
};

export const callingRules = callingRulesDraft.extend({ id, revision: configured.revision });

const tag = "telephony";

/** What holds for calls in the whole centre. */
export const callingRulesRoutes = {
  get: defineRoute({
    method: "GET",
    path: "/api/v1/calling-rules",
    permission: "signed_in",
    response: callingRules,
    summary: "Codes that phones dial, parking, and whether monitoring is shown",
    tag,
  }),
  replace: defineRoute({
    method: "PUT",
    path: "/api/v1/calling-rules",
    permission: "telephony.edit",
    body: callingRulesDraft,
    response: callingRules,
    summary: "Change what holds for calls in the whole centre",
    tag,
    versioned: true,
  }),
};
