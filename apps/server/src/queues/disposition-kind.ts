import { dispositionDraft } from "@svara/contracts";
import type { z } from "zod";
import type { OfficeKind } from "../office/office-kind.ts";
import { clientPlace, clientReference, listReferences } from "../office/own-client.ts";
import { tableKind } from "../office/table-kind.ts";

export type DispositionValue = z.output<typeof dispositionDraft>;

/** The coded outcomes that agents choose from. */
export const dispositionKind: OfficeKind<
  DispositionValue,
  Record<never, never>
> = tableKind<DispositionValue>(
  {
    kind: "disposition",
    word: "disposition",
    schema: dispositionDraft,
    view: "signed_in",
    edit: "queues.edit",
    unique: { disposition_code_unique: "code" },
    nameOf: (disposition) => disposition.name ?? disposition.code,
    placeOf: clientPlace,
    references: (disposition) => [
      clientReference(disposition),
      ...listReferences("queue", "queueIds", disposition.queueIds),
    ],
  },
  {
    table: "disposition",
    toRow: (disposition) => ({ ...disposition }),
    fromRow: (row) => ({
      clientId: String(row.clientId),
      code: String(row.code),
      name: row.name as string | null,
      queueIds: row.queueIds as string[],
      position: Number(row.position),
    }),
  },
);
