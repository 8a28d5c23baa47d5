import { z } from "zod";
import { configurationParams, configured } from "./configuration.ts";
import { country, dialled, id } from "./primitives.ts";
import { defineRoute } from "./route.ts";

/** The beginning of a number by E.164: `+`, a country code, and more digits to mean less; or that of a short code. */
const beginning = z
  .string()
  .regex(
    /^(?:\+[1-9]\d{0,14}|\d{2,6})$/,
    "a beginning with + and 1 to 15 digits, or 2 to 6 digits of a short code",
  );
const beginnings = z.array(beginning).max(500);
const most = z.int().min(0).max(1_000_000);

/** What may be called for one client; what is not allowed is refused. Calls for help are always let through. */
export const dialRulesDraft = z.object({
  /** Dialled before numbers outside, such as 0; null: nothing is. */
  outsidePrefix: z
    .string()
    .regex(/^\d{1,3}$/, "one to three digits")
    .nullable(),
  /** Countries beside the client's own. */
  countries: z.union([z.literal("all"), z.array(country).max(250)]),
  /** Premium, shared cost, satellites. */
  highCost: z.boolean(),
  /** Never called; of allowed and blocked beginnings the more precise decides. */
  blocked: beginnings,
  /** Called though their country or cost forbids it. */
  allowed: beginnings,
  /** Counted over all calls out, by whom or whatever they are made. */
  limits: z.object({
    agentAtOnce: most.min(1),
    agentPerDay: most,
    agentAbroadPerDay: most,
    /** Over each trunk. */
    trunkPerDay: most,
    clientAtOnce: most.min(1),
    clientAbroadPerDay: most,
  }),
});
export type DialRulesDraft = z.output<typeof dialRulesDraft>;

/** Its id is the client's. */
export const dialRulesOfClient = dialRulesDraft.extend({ id, revision: configured.revision });

/** Why a call out is refused; an API client meets them as the code of a problem. */
export const DIAL_REFUSALS = [
  "malformed",
  "no_lines",
  "lines_full",
  "draining",
  "not_allowed",
  "no_right",
  "no_right_abroad",
  "country",
  "high_cost",
  "blocked_prefix",
  "agent_at_once",
  "agent_per_day",
  "agent_abroad_per_day",
  "client_at_once",
  "client_abroad_per_day",
  "trunk_per_day",
] as const;
export type DialRefusalWord = (typeof DIAL_REFUSALS)[number];

/** What would happen if somebody dialled this. */
export const dialTrial = z.object({
  kind: z.enum(["emergency", "special", "national", "international", "none"]),
  e164: z.string().nullable(),
  country: country.nullable(),
  highCost: z.boolean(),
  allowed: z.boolean(),
  /** Why not; null when it is allowed. */
  reason: z.enum(DIAL_REFUSALS).nullable(),
  /** What to do about it, in words; null when it is allowed. */
  remedy: z.string().nullable(),
  /** The lines in the order in which they are tried. */
  ways: z.array(
    z.object({
      trunkId: id,
      trunkName: z.string(),
      up: z.boolean(),
      /** As the carrier gets it. */
      number: z.string(),
      /** Null: withheld. */
      callerNumber: z.string().nullable(),
    }),
  ),
});
export type DialTrial = z.output<typeof dialTrial>;

const tag = "telephony";

export const dialRules = {
  get: defineRoute({
    method: "GET",
    path: "/api/v1/dial-rules/:id",
    permission: "telephony.view",
    params: configurationParams,
    response: dialRulesOfClient,
    summary: "What may be called for a client; the id is the client's",
    tag,
  }),
  replace: defineRoute({
    method: "PUT",
    path: "/api/v1/dial-rules/:id",
    permission: "telephony.edit",
    params: configurationParams,
    body: dialRulesDraft,
    response: dialRulesOfClient,
    summary: "Change what may be called for a client",
    tag,
    versioned: true,
  }),
  try: defineRoute({
    method: "GET",
    path: "/api/v1/dial-rules/try",
    permission: "telephony.view",
    query: z.object({
      number: dialled,
      clientId: id,
      /** As whom; absent: as somebody with every right. */
      agentId: id.optional(),
    }),
    response: dialTrial,
    summary: "What would happen if a number were dialled; nobody is called",
    tag,
  }),
};
