import { type RoutingRules, routingRulesDraft } from "@svara/contracts";
import { DEFAULT_RULES } from "@svara/routing";
import type { Tx } from "../database/index.ts";
import { conflict } from "../http/http-error.ts";
import type { OfficeKind } from "../office/office-kind.ts";

/** What holds for the router of the whole centre; its id is the centre's. Stored beside the centre, changed apart from it. */
export const routingRulesKind: OfficeKind<RoutingRules, Record<never, never>> = {
  kind: "routing_rules",
  word: "routing rules",
  schema: routingRulesDraft,
  view: "signed_in",
  edit: "centre.edit",
  unique: {},
  nameOf: () => null,
  placeOf: () => ({}),
  references: () => [],
  guard({ after }) {
    if (after === null) throw alwaysThere();
  },
  async load(tx) {
    const rows = await tx
      .selectFrom("centre")
      .select(["id", "routingRules", "routingRulesRevision"])
      .execute();
    return rows.map((row) => ({
      id: row.id,
      revision: row.routingRulesRevision,
      archived: false,
      value: rulesOf(row.routingRules),
      extra: {},
    }));
  },
  async read(tx, id) {
    const row = await tx.selectFrom("centre").select("routingRules").where("id", "=", id).executeTakeFirst();
    return row ? rulesOf(row.routingRules) : null;
  },
  async write(tx: Tx, id, value, context) {
    await tx
      .updateTable("centre")
      .set({ routingRules: JSON.stringify(value), routingRulesRevision: context.revision })
      .where("id", "=", id)
      .execute();
  },
  async archive() {
    throw alwaysThere();
  },
};

function alwaysThere(): Error {
  return conflict("rules_stay", "The routing rules themselves cannot be removed");
}

/** What is missing has its default: an older version stored less. */
function rulesOf(stored: unknown): RoutingRules {
  return routingRulesDraft.parse({ ...DEFAULT_RULES, ...(stored as object) });
}
