import { z } from "zod";
import { configurationRoutes, configured } from "./configuration.ts";
import { day, done, durationMs, id, instant, name, named } from "./primitives.ts";
import { defineRoute } from "./route.ts";

const tag = "plan";

/** Queues in a query, parted by commas. */
const queueIdList = z
  .string()
  .min(1)
  .max(4000)
  .transform((text) => text.split(","))
  .pipe(z.array(id).min(1).max(100));

/** What happened in one queue in one step of time. Its contacts: `contacts.list` with `countedFrom`, `countedTo` and `counted`. */
export const historyInterval = z.object({
  queueId: id,
  at: instant,
  /** Where the step ends: days have 23 to 25 hours. */
  to: instant,
  /** `imported`: of another system; it has no contacts here, and knows no more than what was offered. */
  source: z.enum(["own", "imported"]),
  offered: z.number(),
  answered: z.int().nullable(),
  answeredInTime: z.int().nullable(),
  abandoned: z.int().nullable(),
  /** Mean wait of the answered. */
  averageAnswerMs: z.number().nullable(),
  /** Contacts whose handling time is known, and its mean: talk, hold and work after it. */
  handled: z.number(),
  averageHandleMs: z.number().nullable(),
});
export type HistoryInterval = z.output<typeof historyInterval>;

export const historyImport = z.object({
  id,
  clientId: id,
  fileName: z.string(),
  importedAt: instant,
  importedBy: z.string(),
  intervals: z.int(),
  contacts: z.number(),
  firstAt: instant,
  lastAt: instant,
});

/** What a file holds, before or after it is taken in. */
export const historyImportPreview = z.object({
  /** Null: nothing has been stored, because only a preview was asked for or the file has faults. */
  importId: id.nullable(),
  lines: z.int(),
  intervals: z.int(),
  contacts: z.number(),
  /** Times without an offset were read on these clocks: the client's. */
  timeZone: z.string(),
  queues: z.array(
    z.object({
      queue: named,
      intervals: z.int(),
      contacts: z.number(),
      averageHandleMs: z.number().nullable(),
      firstAt: instant,
      lastAt: instant,
      /** Intervals that an earlier import told, and that this one tells anew. */
      replaced: z.int(),
      /** Intervals after the first own contact of the queue: stored, but what happened here counts. */
      shadowed: z.int(),
    }),
  ),
  /** Days of the file and their contacts, to see the shape. */
  days: z.array(z.object({ date: day, contacts: z.number() })),
  /** The first fifty faults; with any of them nothing is stored. */
  faults: z.array(
    z.object({ line: z.int(), column: z.string().nullable(), code: z.string(), message: z.string() }),
  ),
  faultCount: z.int(),
});
export type HistoryImportPreview = z.output<typeof historyImportPreview>;

const importParams = z.object({ id });

export const planHistory = {
  read: defineRoute({
    method: "GET",
    path: "/api/v1/plan/history",
    permission: "plan.view",
    query: z.object({
      queueIds: queueIdList,
      from: day,
      to: day,
      by: z.enum(["interval", "hour", "day"]).optional(),
    }),
    response: z.object({
      /** The days and their steps are those of these clocks: the client's. */
      timeZone: z.string(),
      items: z.array(historyInterval),
    }),
    summary:
      "What was offered and what became of it, by queue and quarter of an hour, hour or day; at most 400 days, of quarters 31",
    tag,
  }),
  state: defineRoute({
    method: "GET",
    path: "/api/v1/plan/history/queues",
    permission: "plan.view",
    response: z.object({
      items: z.array(
        z.object({
          queue: named,
          clientId: id,
          timeZone: z.string(),
          medium: z.string(),
          /** First and last day with a contact, own or imported; null: none. */
          firstDay: day.nullable(),
          lastDay: day.nullable(),
          /** Days with at least one contact. */
          days: z.int(),
          contacts: z.number(),
          /** Of these what was imported. */
          importedDays: z.int(),
          serviceLevel: z.object({ thresholdMs: durationMs, target: z.number() }),
        }),
      ),
    }),
    summary: "The queues one may plan for, with how much history each has",
    tag,
  }),
  imports: defineRoute({
    method: "GET",
    path: "/api/v1/plan/history/imports",
    permission: "plan.view",
    response: z.object({ items: z.array(historyImport) }),
    summary: "Files of history that were taken in, newest first",
    tag,
  }),
  importFile: defineRoute({
    method: "POST",
    path: "/api/v1/plan/history/imports",
    permission: "plan.edit",
    sends: "upload",
    body: z.object({
      clientId: id,
      /** `preview` stores nothing. */
      mode: z.enum(["preview", "store"]),
      /** Length of the file's intervals in minutes; 30 and 60 are spread evenly over quarters. */
      intervalMinutes: z.enum(["15", "30", "60"]).optional(),
    }),
    response: historyImportPreview,
    summary: "Take in past figures as CSV (queue, at, offered, aht), all or nothing",
    tag,
  }),
  removeImport: defineRoute({
    method: "DELETE",
    path: "/api/v1/plan/history/imports/:id",
    permission: "plan.edit",
    params: importParams,
    response: done,
    summary: "Take a file of history out again",
    tag,
  }),
};

export const SPECIAL_DAY_KINDS = ["holiday", "campaign", "closed", "outage", "other"] as const;

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "a time such as 08:30");

/** Days, past or to come, that are not like others; those of one name share their effect. */
export const specialDayDraft = z.object({
  clientId: id,
  name,
  kind: z.enum(SPECIAL_DAY_KINDS),
  /** Empty: all queues of the client. */
  queueIds: z.array(id).max(200),
  firstDay: day,
  lastDay: day,
  /** Times the usual number of contacts, 0: closed; null: learnt from past days of this name. */
  effect: z.number().min(0).max(20).nullable(),
  /** Only this part of the day. */
  fromTime: clock.nullable(),
  toTime: clock.nullable(),
});
export type SpecialDayDraft = z.output<typeof specialDayDraft>;
export const specialDay = specialDayDraft.extend(configured);

export const planSpecialDays = configurationRoutes({
  path: "/api/v1/plan/special-days",
  words: ["a special day", "special days"],
  tag,
  entity: specialDay,
  draft: specialDayDraft,
  view: "plan.view",
  edit: "plan.edit",
});
