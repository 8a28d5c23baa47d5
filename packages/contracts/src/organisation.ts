import { z } from "zod";
import { configurationRoutes, configured } from "./configuration.ts";
import { country, day, e164, id, language, name, timeZone } from "./primitives.ts";
import { defineRoute } from "./route.ts";

const code = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, "small letters, digits and _");
const retentionDays = z.int().min(1).max(36_500);

export const centreDraft = z.object({
  name,
  timeZone,
  language,
  /** Numbers without `+` are of this country. */
  country,
});
export const centre = centreDraft.extend({ id, revision: configured.revision });

export const clientDraft = z.object({
  name,
  timeZone,
  language,
  country,
  recordCalls: z.boolean(),
  /** Recordings are deleted so many days after the contact; null keeps them. */
  recordingRetentionDays: retentionDays.nullable(),
  /** Numbers, names and notes of contacts are deleted after so many days; null keeps them. */
  personalDataRetentionDays: retentionDays.nullable(),
  /** The number shown when an agent calls out for this client. */
  callerIdNumber: e164.nullable(),
});
export const client = clientDraft.extend(configured);

export const siteDraft = z.object({ name, timeZone });
export const site = siteDraft.extend(configured);

export const teamDraft = z.object({ name, siteId: id.nullable(), leaderIds: z.array(id).max(20) });
export const team = teamDraft.extend(configured);

export const skillDraft = z.object({ name, description: z.string().max(500) });
export const skill = skillDraft.extend(configured);

/** A reason for not being ready. `name` is null for those that come with Svara: the code is translated. */
export const reasonDraft = z.object({
  code,
  name: name.nullable(),
  paid: z.boolean(),
  productive: z.boolean(),
  position: z.int().min(0).max(1000),
});
export const reason = reasonDraft.extend(configured);

/** The outcome of a contact as the agent codes it. `name` is null for those that come with Svara. */
export const dispositionDraft = z.object({
  clientId: id,
  code,
  name: name.nullable(),
  /** Offered in these queues only; empty: in all of the client. */
  queueIds: z.array(id).max(200),
  position: z.int().min(0).max(1000),
});
export const disposition = dispositionDraft.extend(configured);

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "a time such as 08:30");

/** Open from `from` until `to`; a `to` that is not after `from` lies on the next day. */
export const openSpan = z.object({ from: clock, to: clock });
const spans = z.array(openSpan).max(12);

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export const HOLIDAY_COUNTRIES = ["SE", "UA", "RU", "GB", "US"] as const;

export const hoursDraft = z.object({
  clientId: id,
  name,
  timeZone,
  /** A weekday without spans, or not named, is closed. */
  weekly: z.partialRecord(z.enum(WEEKDAYS), spans),
  /** Public holidays of a country and the hours that hold then; no spans: closed. */
  holidays: z.object({ country: z.enum(HOLIDAY_COUNTRIES), spans }).nullable(),
  /** Dates with hours of their own, before holidays and weekdays; no spans: closed. */
  exceptions: z.array(z.object({ date: day, spans, name: z.string().max(120).optional() })).max(400),
});
export const hours = hoursDraft.extend(configured);

export const organisation = {
  centre: {
    get: defineRoute({
      method: "GET",
      path: "/api/v1/centre",
      permission: "signed_in",
      response: centre,
      summary: "The centre",
      tag: "centre",
    }),
    replace: defineRoute({
      method: "PUT",
      path: "/api/v1/centre",
      permission: "centre.edit",
      body: centreDraft,
      response: centre,
      summary: "Change the centre",
      tag: "centre",
      versioned: true,
    }),
  },
  clients: configurationRoutes({
    path: "/api/v1/clients",
    words: ["a client", "clients"],
    tag: "clients",
    entity: client,
    draft: clientDraft,
    view: "centre.view",
    edit: "clients.edit",
  }),
  sites: configurationRoutes({
    path: "/api/v1/sites",
    words: ["a site", "sites"],
    tag: "organisation",
    entity: site,
    draft: siteDraft,
    view: "organisation.view",
    edit: "organisation.edit",
  }),
  teams: configurationRoutes({
    path: "/api/v1/teams",
    words: ["a team", "teams"],
    tag: "organisation",
    entity: team,
    draft: teamDraft,
    view: "organisation.view",
    edit: "organisation.edit",
  }),
  skills: configurationRoutes({
    path: "/api/v1/skills",
    words: ["a skill", "skills"],
    tag: "organisation",
    entity: skill,
    draft: skillDraft,
    view: "organisation.view",
    edit: "organisation.edit",
  }),
  reasons: configurationRoutes({
    path: "/api/v1/not-ready-reasons",
    words: ["a not-ready reason", "not-ready reasons"],
    tag: "organisation",
    entity: reason,
    draft: reasonDraft,
    view: "signed_in",
    edit: "organisation.edit",
  }),
  dispositions: configurationRoutes({
    path: "/api/v1/dispositions",
    words: ["a disposition", "dispositions"],
    tag: "queues",
    entity: disposition,
    draft: dispositionDraft,
    view: "signed_in",
    edit: "queues.edit",
  }),
  hours: configurationRoutes({
    path: "/api/v1/hours",
    words: ["opening hours", "opening hours"],
    tag: "entry points",
    entity: hours,
    draft: hoursDraft,
    view: "entry_points.view",
    edit: "entry_points.edit",
  }),
};
