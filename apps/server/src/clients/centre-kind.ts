import { centreDraft } from "@svara/contracts";
import type { z } from "zod";
import type { Tx } from "../database/index.ts";
import { conflict } from "../http/http-error.ts";
import type { OfficeKind } from "../office/office-kind.ts";

export type CentreValue = z.output<typeof centreDraft>;

/** The installation itself: there is one, made at the first start. */
export const centreKind: OfficeKind<CentreValue, Record<never, never>> = {
  kind: "centre",
  word: "centre",
  schema: centreDraft,
  view: "signed_in",
  edit: "centre.edit",
  unique: {},
  nameOf: (centre) => centre.name,
  placeOf: () => ({}),
  references: () => [],
  guard({ after }) {
    if (after === null) throw conflict("centre_stays", "The centre itself cannot be removed");
  },
  async load(tx) {
    const rows = await tx.selectFrom("centre").selectAll().execute();
    return rows.map((row) => ({
      id: row.id,
      revision: row.revision,
      archived: false,
      value: settingsOf(row),
      extra: {},
    }));
  },
  async read(tx, id) {
    const row = await tx.selectFrom("centre").selectAll().where("id", "=", id).executeTakeFirst();
    return row ? settingsOf(row) : null;
  },
  async write(tx: Tx, id, value, context) {
    await tx
      .updateTable("centre")
      .set({ ...value, revision: context.revision })
      .where("id", "=", id)
      .execute();
  },
  async archive() {
    throw conflict("centre_stays", "The centre itself cannot be removed");
  },
};

function settingsOf(row: {
  readonly name: string;
  readonly timeZone: string;
  readonly language: string;
  readonly country: string;
}): CentreValue {
  return {
    name: row.name,
    timeZone: row.timeZone,
    language: row.language as CentreValue["language"],
    country: row.country,
  };
}
