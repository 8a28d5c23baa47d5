import { clientDraft } from "@svara/contracts";
import type { z } from "zod";
import type { OfficeKind } from "../office/office-kind.ts";
import { tableKind } from "../office/table-kind.ts";

export type ClientValue = z.output<typeof clientDraft>;

/** The organisations on whose behalf contacts are handled. */
export const clientKind: OfficeKind<ClientValue, Record<never, never>> = tableKind<ClientValue>(
  {
    kind: "client",
    word: "client",
    schema: clientDraft,
    view: "centre.view",
    edit: "clients.edit",
    unique: { client_name_unique: "name" },
    nameOf: (client) => client.name,
    placeOf: (_client, id) => (id === "" ? {} : { clientId: id }),
    references: () => [],
  },
  {
    table: "client",
    toRow: (client) => ({ ...client }),
    fromRow: (row) => ({
      name: String(row.name),
      timeZone: String(row.timeZone),
      language: row.language as ClientValue["language"],
      country: String(row.country),
      recordCalls: row.recordCalls === true,
      recordingRetentionDays: row.recordingRetentionDays as number | null,
      personalDataRetentionDays: row.personalDataRetentionDays as number | null,
      callerIdNumber: row.callerIdNumber as string | null,
    }),
  },
);
