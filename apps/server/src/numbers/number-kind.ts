import { numberDraft } from "@svara/contracts";
import type { z } from "zod";
import { userKind } from "../identity/user-kind.ts";
import type { OfficeKind } from "../office/office-kind.ts";
import { clientPlace, clientReference } from "../office/own-client.ts";
import { tableKind } from "../office/table-kind.ts";

export type NumberValue = z.output<typeof numberDraft>;

/** Numbers and extensions with what they lead to. */
export const numberKind: OfficeKind<NumberValue, Record<never, never>> = tableKind<NumberValue>(
  {
    kind: "number",
    word: "number",
    schema: numberDraft,
    view: "entry_points.view",
    edit: "entry_points.edit",
    unique: { number_number_unique: "number" },
    nameOf: (number) => number.number,
    placeOf: clientPlace,
    references: (number) => [
      clientReference(number),
      number.target.kind === "agent"
        ? { kind: "user", id: number.target.agentId, field: "target.agentId" }
        : { kind: "entry_point", id: number.target.entryPointId, field: "target.entryPointId" },
    ],
    check(number, { catalogue }) {
      const holder = catalogue.inUse(userKind).find((user) => user.value.agent?.extension === number.number);
      if (!holder) return [];
      return [{ field: "number", code: "taken", message: `is the extension of ${holder.value.displayName}` }];
    },
  },
  {
    table: "phoneNumber",
    toRow: ({ target, ...number }) => ({
      ...number,
      entryPointId: target.kind === "entry_point" ? target.entryPointId : null,
      agentId: target.kind === "agent" ? target.agentId : null,
    }),
    fromRow: (row) => ({
      clientId: String(row.clientId),
      number: String(row.number),
      label: String(row.label),
      target: row.agentId
        ? { kind: "agent", agentId: String(row.agentId) }
        : { kind: "entry_point", entryPointId: String(row.entryPointId) },
      outbound: row.outbound === true,
    }),
  },
);
