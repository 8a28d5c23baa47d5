import { z } from "zod";
import { configurationParams, configurationRoutes, configured } from "./configuration.ts";
import { id, instant, name } from "./primitives.ts";
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
const port = z.int().min(1).max(65_535);

const outboundShape = {
  host,
  port,
  transport: z.enum(["udp", "tcp"]),
  /** Answer to the carrier's digest challenge; null: it knows us by address. */
  username: sipUser.nullable(),
  /** Sent as the caller when nothing closer says otherwise. */
  callerId: z
    .string()
    .regex(/^\+?\d{2,15}$/)
    .nullable(),
  /** Keeps a registration at the carrier. */
  register: z.boolean(),
};

/** How a carrier's calls are known: by address, by digest, or not at all (outbound only). */
export const trunkInbound = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("none") }),
  z.object({ kind: z.literal("address"), addresses: z.array(trunkAddress).min(1).max(100) }),
  z.object({ kind: z.literal("digest"), username: sipUser }),
]);

export const trunk = z.object({
  ...configured,
  name: z.string(),
  inbound: trunkInbound,
  /** A password for inbound digest is stored. */
  inboundPasswordSet: z.boolean(),
  outbound: z.object(outboundShape).nullable(),
  outboundPasswordSet: z.boolean(),
  /** Most calls at once, both directions. */
  maxCalls: z.int().min(1).max(10_000),
});
export type Trunk = z.output<typeof trunk>;

/** Passwords: absent keeps the stored one, null forgets it. They are never given back. */
export const trunkDraft = z.object({
  name,
  inbound: trunkInbound,
  inboundPassword: password.nullable().optional(),
  outbound: z.object(outboundShape).nullable(),
  outboundPassword: password.nullable().optional(),
  maxCalls: z.int().min(1).max(10_000),
});

export const phoneDraft = z.object({
  name,
  /** SIP user part with which it registers. */
  username: sipUser,
  /** The agent who uses it; null: any agent may choose it. */
  agentId: id.nullable(),
  siteId: id.nullable(),
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
