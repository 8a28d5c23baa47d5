import { z } from "zod";
import { configurationParams, configurationRoutes, configured } from "./configuration.ts";
import { country, id, instant, name } from "./primitives.ts";
import { defineRoute } from "./route.ts";

const host = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .regex(/^[A-Za-z0-9.\-_:[\]]+$/, "a host name or address");
/** An IP address, with `:port` where the address alone would say too much: `192.0.2.10`, `192.0.2.10:5080`, `[2001:db8::1]:5060`. */
export const trunkAddress = z.union([
  z.ipv4(),
  z.ipv6(),
  z
    .string()
    .regex(/^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:.]+\]):\d{1,5}$/, "an IP address, with :port if need be"),
]);
const sipUser = z.string().regex(/^[A-Za-z0-9._\-+]{1,64}$/, "letters, digits and . _ - +");
const password = z.string().min(8).max(128);
/** 0: as DNS says (SRV records of the host). */
const port = z.int().min(0).max(65_535);

/** How a carrier wants numbers written; short codes and calls for help always go as they were dialled. */
export const NUMBER_FORMATS = ["e164_plus", "e164", "national", "as_dialled"] as const;

/** Whether sound is encrypted: never, where the other end wants it, or else there is no call. Keys go over TLS only. */
export const SRTP_POLICIES = ["off", "optional", "required"] as const;
const srtp = z.enum(SRTP_POLICIES);

/** How the numbers of incoming calls are read: as dialled in the trunk's country, as E.164 without `+`, or not at all. */
export const INCOMING_NUMBERS = ["national", "e164", "as_sent"] as const;

/** What was not there when a trunk was stored has its default. */
const outboundShape = {
  host,
  port,
  transport: z.enum(["udp", "tcp", "tls"]),
  /** Answer to the carrier's digest challenge; null: it knows us by address. */
  username: sipUser.nullable(),
  /** Sent as the caller when nothing closer says otherwise. */
  callerId: z
    .string()
    .regex(/^\+?\d{2,15}$/)
    .nullable(),
  /** Keeps a registration at the carrier. */
  register: z.boolean(),
  srtp: srtp.default("off"),
  /** Whom to believe at the carrier's end of TLS. */
  tlsTrust: z
    .discriminatedUnion("kind", [
      z.object({ kind: z.literal("system") }),
      /** PEM: the authorities, or the carrier's own certificate. */
      z.object({ kind: z.literal("pinned"), ca: z.string().min(1).max(100_000) }),
      z.object({ kind: z.literal("unverified") }),
    ])
    .default({ kind: "system" }),
  /** Other doors of the same carrier, tried in this order when the first does not take a call. */
  morePeers: z.array(z.object({ host, port })).max(8).default([]),
  /** Trunks of one order share the calls; a greater one is used when no smaller one can carry the call. */
  order: z.int().min(1).max(99).default(1),
  format: z.enum(NUMBER_FORMATS).default("e164_plus"),
  /** Sent before each number. */
  prefix: z
    .string()
    .regex(/^[\d*#+]{0,10}$/, "up to ten digits, *, # or +")
    .default(""),
  /** Which number the carrier is shown: the one that was chosen, or always the trunk's. */
  callerIdPolicy: z.enum(["own", "trunk"]).default("own"),
  /** Takes calls for help. */
  emergency: z.boolean().default(true),
  /** The countries that it is used for; null: all. */
  countries: z.array(country).min(1).max(250).nullable().default(null),
  /** How often the carrier is asked whether it lives; 0: never. */
  keepAliveSec: z.int().min(0).max(3600).default(30),
};
export const trunkOutbound = z.object(outboundShape);

/** How a carrier's calls are known: by address, by digest, or not at all (outbound only). */
export const trunkInbound = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("none") }),
  z.object({ kind: z.literal("address"), addresses: z.array(trunkAddress).min(1).max(100) }),
  z.object({ kind: z.literal("digest"), username: sipUser }),
]);

const trunkNumbers = {
  /** Whose way of writing numbers it has; null: the centre's. */
  country: country.nullable().default(null),
  incomingNumbers: z.enum(INCOMING_NUMBERS).default("national"),
};

export const trunk = z.object({
  ...configured,
  name: z.string(),
  inbound: trunkInbound,
  /** A password for inbound digest is stored. */
  inboundPasswordSet: z.boolean(),
  outbound: trunkOutbound.nullable(),
  outboundPasswordSet: z.boolean(),
  /** Most calls at once, both directions. */
  maxCalls: z.int().min(1).max(10_000),
  ...trunkNumbers,
});
export type Trunk = z.output<typeof trunk>;

/** Passwords: absent keeps the stored one, null forgets it. They are never given back. */
export const trunkDraft = z.object({
  name,
  inbound: trunkInbound,
  inboundPassword: password.nullable().optional(),
  outbound: trunkOutbound.nullable(),
  outboundPassword: password.nullable().optional(),
  maxCalls: z.int().min(1).max(10_000),
  ...trunkNumbers,
});

export const phoneDraft = z.object({
  name,
  /** SIP user part with which it registers. */
  username: sipUser,
  /** The agent who uses it; null: any agent may choose it. */
  agentId: id.nullable(),
  siteId: id.nullable(),
  /** Devices that may be registered at once; the oldest gives way to another. */
  maxDevices: z.int().min(1).max(5).default(2),
  /** Null: as the phone wants it, and offered over TLS. */
  srtp: srtp.nullable().default(null),
});
export const phone = phoneDraft.extend(configured);
/** The password is told once; only its hashes are kept. */
export const phoneCreated = phone.extend({ password: z.string(), realm: z.string() });

const tag = "telephony";
const phoneRoutes = configurationRoutes({
  path: "/api/v1/phones",
  words: ["a phone", "phones"],
  tag,
  entity: phone,
  draft: phoneDraft,
  view: "telephony.view",
  edit: "telephony.edit",
});

export const trunks = {
  ...configurationRoutes({
    path: "/api/v1/trunks",
    words: ["a trunk", "trunks"],
    tag,
    entity: trunk,
    draft: trunkDraft,
    view: "telephony.view",
    edit: "telephony.edit",
  }),
  status: defineRoute({
    method: "GET",
    path: "/api/v1/trunks/:id/status",
    permission: "telephony.view",
    params: configurationParams,
    response: z.object({
      calls: z.int(),
      registration: z.enum(["none", "registering", "registered", "failed"]),
      reachable: z.boolean().nullable(),
      detail: z.string().nullable(),
      checkedAt: instant.nullable(),
    }),
    summary: "Whether the carrier answers",
    tag,
  }),
};

export const phones = {
  list: phoneRoutes.list,
  get: phoneRoutes.get,
  replace: phoneRoutes.replace,
  remove: phoneRoutes.remove,
  create: defineRoute({
    method: "POST",
    path: "/api/v1/phones",
    permission: "telephony.edit",
    body: phoneDraft,
    response: phoneCreated,
    summary: "Create a phone; its password is told in this answer only",
    tag,
  }),
  renewPassword: defineRoute({
    method: "POST",
    path: "/api/v1/phones/:id/password",
    permission: "telephony.edit",
    params: configurationParams,
    body: z.object({}).optional(),
    response: phoneCreated,
    summary: "Give a phone a new password, told in this answer only",
    tag,
  }),
  status: defineRoute({
    method: "GET",
    path: "/api/v1/phones/:id/status",
    permission: "telephony.view",
    params: configurationParams,
    response: z.object({
      registered: z.boolean(),
      contact: z.string().nullable(),
      userAgent: z.string().nullable(),
      expiresAt: instant.nullable(),
    }),
    summary: "Whether a phone is registered",
    tag,
  }),
};
