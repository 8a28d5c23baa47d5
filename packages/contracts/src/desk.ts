import { z } from "zod";
import { calling } from "./calling.ts";
import { deskCalling } from "./desk-calling.ts";
import { deskContact } from "./desk-contact.ts";
import { dialled, done, durationMs, flag, id, instant, medium } from "./primitives.ts";
import { ruleId, tier } from "./queue-routing.ts";
import { defineRoute } from "./route.ts";

/** What the agent chose. */
export const presence = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("available") }),
  z.object({ kind: z.literal("not_ready"), reasonId: id }),
]);
export type PresenceChoice = z.output<typeof presence>;

/** A presence as it is: chosen, or set by the system, whose reason is a word such as `rona` and no id. */
export const shownPresence = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("available") }),
  z.object({ kind: z.literal("not_ready"), reasonId: z.string() }),
]);

export const DESK_AGENT_STATES = [
  "logged_out",
  "not_ready",
  "available",
  "reserved",
  "dialing",
  "talking",
  "held",
  "consulting",
  "conferenced",
  "wrap_up",
  "not_responding",
  "busy_other",
  "monitoring",
  "unknown",
] as const;
/** What the system derives: the ledger's agent states and `logged_out`. */
export const deskAgentState = z.enum(DESK_AGENT_STATES);

export const deskAgent = z.object({
  id,
  name: z.string(),
  /** Null while logged out. */
  presence: shownPresence.nullable(),
  /** Chosen during a contact; takes effect after wrap-up. */
  pendingPresence: shownPresence.optional(),
  state: deskAgentState,
  since: instant,
  /** Id of a not-ready reason, or a system word: `rona`, `microphone`, `wrapup_timeout`, `supervisor_forced`, `connection_lost`. */
  reasonCode: z.string().optional(),
});

export const deskDevice = z.object({
  kind: z.enum(["browser", "phone"]),
  registered: z.boolean(),
  endpointId: id.optional(),
  phoneId: id.optional(),
  /** The tab that owns the browser softphone. */
  ownerTabId: z.string().optional(),
});

export const transferTarget = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("agent"), agentId: id }),
  z.object({ kind: z.literal("queue"), queueId: id }),
  z.object({ kind: z.literal("number"), number: dialled }),
  /** The flow of the entry point has the customer from then on. Not for a consultation. */
  z.object({ kind: z.literal("entry_point"), entryPointId: id }),
]);
export type TransferTargetChoice = z.output<typeof transferTarget>;

/** The agent's day so far, in the centre's time zone. */
export const deskToday = z.object({
  handled: z.int(),
  talkMs: durationMs,
  holdMs: durationMs,
  wrapUpMs: durationMs,
  loggedInMs: durationMs,
  notReadyMs: durationMs,
  missed: z.int(),
});

/** The whole of the topic `desk`: one agent's own desk. */
export const deskState = z.object({
  agent: deskAgent,
  device: deskDevice,
  /** `mayDivertOutside`: one has the right to divert to numbers outside. `autoAnswer`: set for the agent by an administrator. */
  calling: calling.extend({ mayDivertOutside: z.boolean(), autoAnswer: z.boolean() }),
  contacts: z.array(deskContact),
  today: deskToday,
});
export type DeskState = z.output<typeof deskState>;

/** A change of the desk: the parts that are given replace those held. */
export const deskDelta = deskState.partial();
export type DeskDelta = z.output<typeof deskDelta>;

/** As a browser's RTCPeerConnection takes it. */
export const iceServer = z.object({
  urls: z.array(z.string()),
  username: z.string().optional(),
  credential: z.string().optional(),
});
export type IceServer = z.output<typeof iceServer>;

export const softphone = z.object({
  sipUri: z.string(),
  /** Path of the SIP WebSocket on this host. */
  wsPath: z.string(),
  /** Relays (TURN) for media, with credentials for a day; absent: none, the browser reaches the server directly. */
  iceServers: z.array(iceServer).optional(),
  displayName: z.string(),
  /** The tab that owns the softphone now; null when none does. */
  tabLease: z.string().nullable(),
  /** Null, or why this browser cannot take calls. */
  unavailable: z.string().nullable(),
});
export type Softphone = z.output<typeof softphone>;

export const directoryEntry = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("agent"),
    id,
    name: z.string(),
    state: deskAgentState,
    since: instant,
    teamName: z.string().optional(),
    extension: z.string().optional(),
    doNotDisturb: z.boolean().optional(),
  }),
  z.object({ kind: z.literal("queue"), id, name: z.string(), waiting: z.int(), available: z.int() }),
  z.object({ kind: z.literal("number"), id: z.string(), name: z.string(), number: z.string() }),
  /** For transfers only. */
  z.object({ kind: z.literal("entry_point"), id, name: z.string() }),
]);
export type DirectoryEntry = z.output<typeof directoryEntry>;

const tag = "desk";
const contactParams = z.object({ id });
const tabId = z.string().min(8).max(64);

function command<B extends z.ZodType>(verb: string, summary: string, body: B) {
  return defineRoute({
    method: "POST",
    path: `/api/v1/desk/contacts/:id/${verb}`,
    permission: "desk.use",
    params: contactParams,
    body,
    response: done,
    summary,
    tag,
  });
}

const plain = z.object({}).optional();

export const desk = {
  state: defineRoute({
    method: "GET",
    path: "/api/v1/desk",
    permission: "desk.use",
    response: deskState,
    summary: "The own desk as it is now",
    tag,
  }),
  logIn: defineRoute({
    method: "POST",
    path: "/api/v1/desk/log-in",
    permission: "desk.use",
    body: z.object({ presence: presence.optional() }).optional(),
    response: done,
    summary: "Begin taking contacts; not ready until a presence is chosen",
    tag,
  }),
  logOut: defineRoute({
    method: "POST",
    path: "/api/v1/desk/log-out",
    permission: "desk.use",
    body: plain,
    response: done,
    summary: "Stop taking contacts; a contact in work is finished first",
    tag,
  }),
  setPresence: defineRoute({
    method: "PUT",
    path: "/api/v1/desk/presence",
    permission: "desk.use",
    body: presence,
    response: done,
    summary: "Choose a presence; during a contact it waits until after wrap-up",
    tag,
  }),
  softphone: defineRoute({
    method: "GET",
    path: "/api/v1/desk/softphone",
    permission: "desk.use",
    query: z.object({ tabId: tabId.optional() }).optional(),
    response: softphone,
    summary: "How the own browser registers as a phone",
    tag,
  }),
  claimSoftphone: defineRoute({
    method: "POST",
    path: "/api/v1/desk/softphone/claim",
    permission: "desk.use",
    body: z.object({ tabId, takeOver: z.boolean().default(false).optional() }),
    response: softphone,
    summary:
      "Make one browser tab the owner of the softphone; another owner is asked to be taken over explicitly (409)",
    tag,
  }),
  reportMicrophone: defineRoute({
    method: "POST",
    path: "/api/v1/desk/microphone",
    permission: "desk.use",
    body: z.object({ ok: z.boolean(), reason: z.string().max(60).optional() }),
    response: done,
    summary: "Tell whether the browser has a microphone; without one no calls are offered",
    tag,
  }),
  setDevice: defineRoute({
    method: "PUT",
    path: "/api/v1/desk/device",
    permission: "desk.use",
    body: z.object({ kind: z.enum(["browser", "phone"]), phoneId: id.optional() }),
    response: done,
    summary: "Take calls in the browser or on a desk phone",
    tag,
  }),
  call: defineRoute({
    method: "POST",
    path: "/api/v1/desk/calls",
    permission: "desk.use",
    body: z.union([
      z.object({ number: dialled, clientId: id.optional(), fromNumberId: id.optional() }),
      z.object({ agentId: id }),
      z.object({ queueId: id }),
    ]),
    response: z.object({ contactId: id }),
    summary: "Call a number, a colleague or a queue",
    tag,
    idempotent: true,
  }),
  directory: defineRoute({
    method: "GET",
    path: "/api/v1/desk/directory",
    permission: "desk.use",
    query: z
      .object({
        search: z.string().max(80).optional(),
        /** Entry points, too: for a transfer. */
        entryPoints: flag.optional(),
      })
      .optional(),
    response: z.object({ items: z.array(directoryEntry) }),
    summary: "Colleagues, queues and favourite numbers for calls and transfers",
    tag,
  }),
  phones: defineRoute({
    method: "GET",
    path: "/api/v1/desk/phones",
    permission: "desk.use",
    response: z.object({ items: z.array(z.object({ id, name: z.string(), registered: z.boolean() })) }),
    summary: "The desk phones one may use",
    tag,
  }),
  accept: command(
    "accept",
    "Accept an offer on the chosen device (for voice the INVITE's 200 does the same)",
    plain,
  ),
  refuse: command("refuse", "Refuse an offer; it goes to the next agent", plain),
  hold: command("hold", "Put the customer on hold", plain),
  resume: command("resume", "Take the customer off hold", plain),
  hangUp: command("hang-up", "End the own part; the customer's too unless a transfer is made", plain),
  dtmf: command("dtmf", "Send tones", z.object({ digits: z.string().regex(/^[0-9A-D*#]{1,32}$/) })),
  transfer: command("transfer", "Blind transfer", z.object({ target: transferTarget })),
  consult: command("consult", "Call somebody while the customer waits", z.object({ target: transferTarget })),
  consultComplete: command("consult/complete", "Give the customer to whom is consulted", plain),
  consultCancel: command("consult/cancel", "End the consult call, return to the customer", plain),
  consultSwap: command("consult/swap", "Change between customer and consulted", plain),
  conferenceMerge: command(
    "conference/merge",
    "Bring customer and consulted together: all three talk",
    plain,
  ),
  conferenceAdd: command(
    "conference/add",
    "Call a colleague or a number into the call; all go on talking while it rings",
    z.object({
      target: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("agent"), agentId: id }),
        z.object({ kind: z.literal("number"), number: dialled }),
      ]),
    }),
  ),
  conferenceDrop: command(
    "conference/drop",
    "Send somebody out of the conference",
    z.object({ participantId: z.string().min(1).max(64) }),
  ),
  conferenceLeave: command("conference/leave", "Leave the conference; the others go on", plain),
  park: defineRoute({
    method: "POST",
    path: "/api/v1/desk/contacts/:id/park",
    permission: "desk.use",
    params: contactParams,
    body: z.object({ slot: z.int().min(1).max(99).optional() }).optional(),
    response: z.object({ slot: z.int() }),
    summary: "Park the call: the customer hears music until somebody fetches it from its slot",
    tag,
  }),
  move: command(
    "move",
    "Take a running call to another device of one's own; nobody hears a gap",
    z.object({ kind: z.enum(["browser", "phone"]), phoneId: id.optional() }),
  ),
  reattach: command("reattach", "Ring the own device again for a call whose device was lost", plain),
  mute: command(
    "mute",
    "Tell that the microphone is muted, so that it is shown",
    z.object({ muted: z.boolean() }),
  ),
  pauseRecording: command("recording/pause", "Pause the recording for sensitive words", plain),
  resumeRecording: command("recording/resume", "Resume the recording", plain),
  finishWrapUp: command("wrap-up/finish", "End the wrap-up", plain),
  requestWrapUp: command(
    "wrap-up/request",
    "Ask for wrap-up after the contact, where the queue gives it only on demand",
    z.object({ wanted: z.boolean() }),
  ),
  extendWrapUp: command(
    "wrap-up/extend",
    "Let a limited wrap-up last longer",
    z.object({ byMs: durationMs.min(5_000).max(900_000) }),
  ),
  escalate: command(
    "escalate",
    "Give the contact on to a higher line of support; it keeps its place, notes and history",
    z.object({
      tier,
      /** Absent: the queue it came from. */
      queueId: id.optional(),
      /** A code that routing may ask for, as `escalation.reason`. */
      reason: ruleId.optional(),
      notes: z.string().max(20_000).optional(),
    }),
  ),
  crossSell: defineRoute({
    method: "POST",
    path: "/api/v1/desk/contacts/:id/cross-sell",
    permission: "desk.use",
    params: contactParams,
    body: plain,
    response: z.object({
      allowed: z.boolean(),
      /** The first threshold that does not hold; null when allowed. */
      because: z.enum(["no_rule", "in_system", "waiting", "open_agents", "criterion"]).nullable(),
      inSystem: z.int(),
      waiting: z.int(),
      openAgents: z.int(),
    }),
    summary: "Whether the load permits to offer something more",
    tag,
  }),
  pickable: defineRoute({
    method: "GET",
    path: "/api/v1/desk/pickable",
    permission: "desk.pick",
    response: z.object({
      queues: z.array(
        z.object({
          id,
          name: z.string(),
          waiting: z.array(
            z.object({
              contactId: id,
              shortNumber: z.int(),
              enqueuedAt: instant,
              priority: z.int(),
              /** It rings at somebody: it cannot be picked now. */
              ringing: z.boolean(),
            }),
          ),
        }),
      ),
    }),
    summary: "The waiting contacts that one may take by hand, at most 50 of a queue",
    tag,
  }),
  pick: defineRoute({
    method: "POST",
    path: "/api/v1/desk/pick",
    permission: "desk.pick",
    body: z.object({ contactId: id }),
    response: done,
    summary: "Take a waiting contact by hand: it rings at the own device",
    tag,
  }),
  setWork: defineRoute({
    method: "PUT",
    path: "/api/v1/desk/contacts/:id/work",
    permission: "desk.use",
    params: contactParams,
    body: z.object({
      notes: z.string().max(20_000).optional(),
      dispositionId: id.nullable().optional(),
    }),
    response: done,
    summary: "Save notes and disposition of a contact in hand or in wrap-up",
    tag,
  }),
  history: defineRoute({
    method: "GET",
    path: "/api/v1/desk/contacts/:id/history",
    permission: "desk.use",
    params: contactParams,
    response: z.object({
      items: z.array(
        z.object({
          contactId: id,
          shortNumber: z.int(),
          medium,
          direction: z.enum(["inbound", "outbound", "internal"]),
          startedAt: instant,
          durationMs,
          outcome: z.string().nullable(),
          queueName: z.string().nullable(),
          agentName: z.string().nullable(),
          dispositionId: id.nullable(),
          notes: z.string().nullable(),
        }),
      ),
    }),
    summary: "Earlier contacts of the customer on the line",
    tag,
  }),
  ...deskCalling,
};
