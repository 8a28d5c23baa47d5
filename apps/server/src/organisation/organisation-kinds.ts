import { reasonDraft, siteDraft, skillDraft, teamDraft } from "@svara/contracts";
import type { z } from "zod";
import type { OfficeKind } from "../office/office-kind.ts";
import { listReferences, optionalReference } from "../office/own-client.ts";
import { tableKind } from "../office/table-kind.ts";

export type SiteValue = z.output<typeof siteDraft>;
export type TeamValue = z.output<typeof teamDraft>;
export type SkillValue = z.output<typeof skillDraft>;
export type ReasonValue = z.output<typeof reasonDraft>;

const rights = { view: "organisation.view", edit: "organisation.edit" } as const;

export const siteKind: OfficeKind<SiteValue, Record<never, never>> = tableKind<SiteValue>(
  {
    ...rights,
    kind: "site",
    word: "site",
    schema: siteDraft,
    unique: { site_name_unique: "name" },
    nameOf: (site) => site.name,
    placeOf: (_site, id) => ({ siteId: id }),
    references: () => [],
  },
  {
    table: "site",
    toRow: (site) => ({ ...site }),
    fromRow: (row) => ({ name: String(row.name), timeZone: String(row.timeZone) }),
  },
);

export const teamKind: OfficeKind<TeamValue, Record<never, never>> = tableKind<TeamValue>(
  {
    ...rights,
    kind: "team",
    word: "team",
    schema: teamDraft,
    unique: { team_name_unique: "name" },
    nameOf: (team) => team.name,
    placeOf: (team, id) => ({ teamId: id, siteId: team.siteId }),
    references: (team) => [
      ...optionalReference("site", "siteId", team.siteId),
      ...listReferences("user", "leaderIds", team.leaderIds),
    ],
  },
  {
    table: "team",
    toRow: (team) => ({ ...team }),
    fromRow: (row) => ({
      name: String(row.name),
      siteId: row.siteId as string | null,
      leaderIds: row.leaderIds as string[],
    }),
  },
);

export const skillKind: OfficeKind<SkillValue, Record<never, never>> = tableKind<SkillValue>(
  {
    ...rights,
    kind: "skill",
    word: "skill",
    schema: skillDraft,
    unique: { skill_name_unique: "name" },
    nameOf: (skill) => skill.name,
    placeOf: () => ({}),
    references: () => [],
  },
  {
    table: "skill",
    toRow: (skill) => ({ ...skill }),
    fromRow: (row) => ({ name: String(row.name), description: String(row.description) }),
  },
);

export const reasonKind: OfficeKind<ReasonValue, Record<never, never>> = tableKind<ReasonValue>(
  {
    kind: "not_ready_reason",
    word: "not-ready reason",
    schema: reasonDraft,
    view: "signed_in",
    edit: "organisation.edit",
    unique: { not_ready_reason_code_unique: "code" },
    nameOf: (reason) => reason.name ?? reason.code,
    placeOf: () => ({}),
    references: () => [],
  },
  {
    table: "notReadyReason",
    toRow: (reason) => ({ ...reason }),
    fromRow: (row) => ({
      code: String(row.code),
      name: row.name as string | null,
      paid: row.paid === true,
      productive: row.productive === true,
      position: Number(row.position),
    }),
  },
);
