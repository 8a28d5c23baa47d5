import { z } from "zod";
import { adherenceFigures } from "./plan-adherence.ts";
import { agentAvailability } from "./plan-labour.ts";
import { rosterDayChange, rosterDecision, rosterShift } from "./plan-roster.ts";
import { day, done, flag, id, instant, page, pageOf, timeZone } from "./primitives.ts";
import { defineRoute } from "./route.ts";

export const PLAN_REQUEST_KINDS = ["leave", "swap", "overtime"] as const;
export const PLAN_REQUEST_STATES = [
  "with_colleague",
  "asked",
  "granted",
  "refused",
  "withdrawn",
  "declined",
] as const;
export const LEAVE_KINDS = ["holiday", "sick", "child", "unpaid", "other"] as const;

const reason = z.string().trim().max(500).default("");

/** What an agent asks for. */
export const planRequest = z.object({
  id,
  kind: z.enum(PLAN_REQUEST_KINDS),
  /** `with_colleague`: the colleague has not answered; `declined`: the colleague does not want to. */
  state: z.enum(PLAN_REQUEST_STATES),
  agentId: id,
  agentName: z.string(),
  from: instant,
  to: instant,
  leaveKind: z.enum(LEAVE_KINDS).nullable(),
  /** Null to whom it does not concern: the agent and who decides see it. */
  reason: z.string().nullable(),
  colleague: z.object({ id, name: z.string() }).nullable(),
  mine: z.object({ from: instant, to: instant }).nullable(),
  theirs: z.object({ from: instant, to: instant }).nullable(),
  offerId: id.nullable(),
  createdAt: instant,
  decidedAt: instant.nullable(),
  /** The name of who decided; null when rules did, or nobody has. */
  decidedBy: z.string().nullable(),
  decidedByRules: z.boolean(),
  decisionNote: z.string(),
  /** What granting does, or did. */
  decision: rosterDecision.nullable(),
  may: z.object({ decide: z.boolean(), undo: z.boolean(), withdraw: z.boolean(), answer: z.boolean() }),
  steps: z.array(z.object({ at: instant, by: z.string().nullable(), what: z.string(), note: z.string() })),
});
export type PlanRequest = z.output<typeof planRequest>;

const leaveDraft = z
  .object({ kind: z.literal("leave"), from: instant, to: instant, leaveKind: z.enum(LEAVE_KINDS), reason })
  .refine(({ from, to }) => to > from, { error: "ends after it begins", path: ["to"] });
const swapDraft = z.object({
  kind: z.literal("swap"),
  /** Begin of the own shift. */
  mine: instant,
  colleagueId: id,
  /** Begin of the colleague's shift; null: the colleague takes the own one over. */
  theirs: instant.nullable(),
  reason,
});
const overtimeDraft = z.object({ kind: z.literal("overtime"), offerId: id, reason });
export const planRequestDraft = z.union([leaveDraft, swapDraft, overtimeDraft]);

export const overtimeOfferDraft = z
  .object({
    teamId: id.nullable(),
    siteId: id.nullable(),
    from: instant,
    to: instant,
    seats: z.int().min(1).max(100),
    note: z.string().trim().max(500).default(""),
  })
  .refine(({ from, to }) => to > from && to - from <= 16 * 3_600_000, {
    error: "ends after it begins, within 16 hours",
    path: ["to"],
  });
export const overtimeOffer = z.object({
  id,
  teamId: id.nullable(),
  siteId: id.nullable(),
  placeName: z.string(),
  from: instant,
  to: instant,
  seats: z.int(),
  taken: z.int(),
  note: z.string(),
  createdAt: instant,
  closed: z.boolean(),
});
export type OvertimeOffer = z.output<typeof overtimeOffer>;

const tag = "plan";
const params = z.object({ id });

export const planRequests = {
  list: defineRoute({
    method: "GET",
    path: "/api/v1/plan/requests",
    permission: "plan.view",
    query: page
      .extend({
        state: z.enum(["open", ...PLAN_REQUEST_STATES]).optional(),
        kind: z.enum(PLAN_REQUEST_KINDS).optional(),
        agentId: id.optional(),
        teamId: id.optional(),
      })
      .optional(),
    response: pageOf(planRequest),
    summary: "What agents ask for, newest first",
    tag,
  }),
  get: defineRoute({
    method: "GET",
    path: "/api/v1/plan/requests/:id",
    permission: "plan.view",
    params,
    response: planRequest,
    summary: "A request, with what granting it would do now",
    tag,
  }),
  decide: defineRoute({
    method: "POST",
    path: "/api/v1/plan/requests/:id/decision",
    permission: "plan.approve",
    params,
    body: z.object({ grant: z.boolean(), note: z.string().trim().max(500).default("") }),
    response: planRequest,
    summary: "Grant or refuse; granting changes the published roster and tells whom it concerns",
    tag,
  }),
  undo: defineRoute({
    method: "POST",
    path: "/api/v1/plan/requests/:id/undo",
    permission: "plan.approve",
    params,
    body: z.object({}).optional(),
    response: planRequest,
    summary: "Take back a decision, while its time has not begun and its shifts are as it left them",
    tag,
  }),
  /** For an agent, by a planner: sickness, or leave agreed by word. */
  enterLeave: defineRoute({
    method: "POST",
    path: "/api/v1/plan/requests/leave",
    permission: "plan.approve",
    body: z
      .object({ agentId: id, from: instant, to: instant, leaveKind: z.enum(LEAVE_KINDS), reason })
      .refine(({ from, to }) => to > from, { error: "ends after it begins", path: ["to"] }),
    response: planRequest,
    summary: "Enter leave or absence of an agent; it is granted at once",
    tag,
    idempotent: true,
  }),
  offers: defineRoute({
    method: "GET",
    path: "/api/v1/plan/overtime-offers",
    permission: "plan.view",
    query: z.object({ closed: flag.optional() }).optional(),
    response: z.object({ items: z.array(overtimeOffer) }),
    summary: "Overtime on offer",
    tag,
  }),
  offer: defineRoute({
    method: "POST",
    path: "/api/v1/plan/overtime-offers",
    permission: "plan.edit",
    body: overtimeOfferDraft,
    response: overtimeOffer,
    summary: "Offer overtime to the agents of a team, of a site, or to everybody",
    tag,
    idempotent: true,
  }),
  closeOffer: defineRoute({
    method: "DELETE",
    path: "/api/v1/plan/overtime-offers/:id",
    permission: "plan.edit",
    params,
    response: done,
    summary: "Offer it no longer; who has taken it keeps it",
    tag,
  }),
};

export const rosterWish = z.object({ date: day, kind: z.enum(["day_off", "work", "early", "late"]) });

export const rosterNotice = z.object({
  id,
  at: instant,
  version: z.int(),
  from: day,
  days: z.int(),
  /** Empty: published for the first time. */
  changes: z.array(rosterDayChange),
  seen: z.boolean(),
});
export type RosterNotice = z.output<typeof rosterNotice>;

export const mySchedule = {
  week: defineRoute({
    method: "GET",
    path: "/api/v1/plan/my/schedule",
    permission: "plan.own",
    query: z.object({ from: day, days: z.coerce.number<number | string>().int().min(1).max(42).optional() }),
    response: z.object({
      timeZone,
      from: day,
      days: z.int(),
      shifts: z.array(rosterShift.extend({ patternName: z.string().nullable() })),
      leave: z.array(z.object({ from: instant, to: instant })),
      /** The next shift from now on, or the present one. */
      next: rosterShift.nullable(),
      /** The last day that is published for the agent. */
      publishedUntil: day.nullable(),
      /** Those of these days that a published roster of the agent's has: one without a shift is free. */
      publishedDays: z.array(day),
      wishes: z.array(rosterWish),
      availability: z.array(agentAvailability),
      notices: z.array(rosterNotice),
      offers: z.array(overtimeOffer),
      feed: z.object({ createdAt: instant, lastReadAt: instant.nullable() }).nullable(),
      /** K53 and K54 of these days up to now. */
      adherence: adherenceFigures,
    }),
    summary: "The own shifts of some days, and what belongs to them",
    tag,
  }),
  requests: defineRoute({
    method: "GET",
    path: "/api/v1/plan/my/requests",
    permission: "plan.own",
    query: page.optional(),
    response: pageOf(planRequest),
    summary: "The own requests, and those that wait for the own answer",
    tag,
  }),
  ask: defineRoute({
    method: "POST",
    path: "/api/v1/plan/my/requests",
    permission: "plan.own",
    body: planRequestDraft,
    response: planRequest,
    summary: "Ask for leave, for a swap, or for offered overtime",
    tag,
    idempotent: true,
  }),
  withdraw: defineRoute({
    method: "POST",
    path: "/api/v1/plan/my/requests/:id/withdraw",
    permission: "plan.own",
    params,
    body: z.object({}).optional(),
    response: planRequest,
    summary: "Ask for it no longer",
    tag,
  }),
  answer: defineRoute({
    method: "POST",
    path: "/api/v1/plan/my/requests/:id/answer",
    permission: "plan.own",
    params,
    body: z.object({ accept: z.boolean() }),
    response: planRequest,
    summary: "Accept or decline a colleague's swap",
    tag,
  }),
  swapChoices: defineRoute({
    method: "GET",
    path: "/api/v1/plan/my/swap-choices",
    permission: "plan.own",
    query: z.object({ mine: z.coerce.number<number | string>().int().min(0) }),
    response: z.object({
      items: z.array(
        z.object({
          colleagueId: id,
          name: z.string(),
          /** Null: takes the shift over. */
          shift: z.object({ date: day, from: instant, to: instant }).nullable(),
          /** It breaks no rule. */
          allowed: z.boolean(),
        }),
      ),
    }),
    summary: "Colleagues' shifts that an own shift could be swapped for",
    tag,
  }),
  setWish: defineRoute({
    method: "PUT",
    path: "/api/v1/plan/my/wishes/:date",
    permission: "plan.own",
    params: z.object({ date: day }),
    body: z.object({ kind: z.enum(["day_off", "work", "early", "late"]).nullable() }),
    response: done,
    summary: "Wish for a day; null takes the wish back",
    tag,
  }),
  seen: defineRoute({
    method: "POST",
    path: "/api/v1/plan/my/notices/seen",
    permission: "plan.own",
    body: z.object({}).optional(),
    response: done,
    summary: "The word of what changed has been read",
    tag,
  }),
  makeFeed: defineRoute({
    method: "POST",
    path: "/api/v1/plan/my/calendar-feed",
    permission: "plan.own",
    body: z.object({}).optional(),
    response: z.object({ path: z.string() }),
    summary: "Make, or renew, the secret address of the own calendar; told in this answer only",
    tag,
  }),
  removeFeed: defineRoute({
    method: "DELETE",
    path: "/api/v1/plan/my/calendar-feed",
    permission: "plan.own",
    response: done,
    summary: "The secret address holds no longer",
    tag,
  }),
  feed: defineRoute({
    method: "GET",
    path: "/api/v1/plan/calendar/:token",
    permission: "public",
    params: z.object({ token: z.string().min(1).max(100) }),
    response: z.string(),
    summary: "Shifts for calendar programs (RFC 5545), by secret address",
    tag,
    answers: "ics",
  }),
};
