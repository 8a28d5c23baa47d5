import { type DialRulesDraft, dialRulesDraft } from "@svara/contracts";
import { DEFAULT_DIAL_RULES } from "@svara/dialing";
import type { Tx } from "../database/index.ts";
import { conflict } from "../http/http-error.ts";
import type { OfficeKind } from "../office/office-kind.ts";

/** What may be called for a client; its id is the client's. Stored beside the client, changed apart from it. */
export const dialRulesKind: OfficeKind<DialRulesDraft, Record<never, never>> = {
  kind: "dial_rules",
  beside: "client",
  word: "client",
  schema: dialRulesDraft,
  view: "telephony.view",
  edit: "telephony.edit",
  unique: {},
  nameOf: () => null,
  placeOf: (_rules, id) => (id === "" ? {} : { clientId: id }),
  references: () => [],
  guard({ after }) {
    if (after === null) throw alwaysThere();
  },
  async load(tx) {
    const rows = await tx
      .selectFrom("client")
      .select(["id", "archived", "dialRules", "dialRulesRevision"])
      .execute();
    return rows.map((row) => ({
      id: row.id,
      revision: row.dialRulesRevision,
      archived: row.archived,
      value: rulesOf(row.dialRules),
      extra: {},
    }));
  },
  async read(tx, id) {
    const row = await tx.selectFrom("client").select("dialRules").where("id", "=", id).executeTakeFirst();
    return row ? rulesOf(row.dialRules) : null;
  },
  async write(tx: Tx, id, value, context) {
    await tx
      .updateTable("client")
      .set({ dialRules: JSON.stringify(value), dialRulesRevision: context.revision })
      .where("id", "=", id)
      .execute();
  },
  async archive() {
    throw alwaysThere();
  },
};

function alwaysThere(): Error {
  return conflict("rules_stay", "The dial rules themselves cannot be removed");
}

/** What is missing has its default: an older version stored less, and a new client has none. */
export function rulesOf(stored: unknown): DialRulesDraft {
  const kept = stored as Partial<DialRulesDraft>;
  return dialRulesDraft.parse({
    outsidePrefix: null,
    ...DEFAULT_DIAL_RULES,
    ...kept,
    limits: { ...DEFAULT_DIAL_RULES.limits, ...kept.limits },
  });
}
