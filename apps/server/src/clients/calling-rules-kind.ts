import {
  type CallingRules,
  callingRulesDraft,
  DEFAULT_CALLING_RULES,
  FEATURE_ARGUMENTS,
  FEATURES,
  type FieldProblem,
} from "@svara/contracts";
import type { Tx } from "../database/index.ts";
import { conflict } from "../http/http-error.ts";
import type { OfficeKind } from "../office/office-kind.ts";

/** What holds for calls in the whole centre; its id is the centre's. Stored beside the centre, changed apart from it. */
export const callingRulesKind: OfficeKind<CallingRules, Record<never, never>> = {
  kind: "calling_rules",
  word: "calling rules",
  schema: callingRulesDraft,
  view: "signed_in",
  edit: "telephony.edit",
  unique: {},
  nameOf: () => null,
  placeOf: () => ({}),
  references: () => [],
  check: (rules) => codeFaults(rules),
  guard({ after }) {
    if (after === null) throw alwaysThere();
  },
  async load(tx) {
    const rows = await tx
      .selectFrom("centre")
      .select(["id", "callingRules", "callingRulesRevision"])
      .execute();
    return rows.map((row) => ({
      id: row.id,
      revision: row.callingRulesRevision,
      archived: false,
      value: rulesOf(row.callingRules),
      extra: {},
    }));
  },
  async read(tx, id) {
    const row = await tx.selectFrom("centre").select("callingRules").where("id", "=", id).executeTakeFirst();
    return row ? rulesOf(row.callingRules) : null;
  },
  async write(tx: Tx, id, value, context) {
    await tx
      .updateTable("centre")
      .set({ callingRules: JSON.stringify(value), callingRulesRevision: context.revision })
      .where("id", "=", id)
      .execute();
  },
  async archive() {
    throw alwaysThere();
  },
};

function alwaysThere(): Error {
  return conflict("rules_stay", "The calling rules themselves cannot be removed");
}

/** What is missing has its default: an older version stored less. */
function rulesOf(stored: unknown): CallingRules {
  const kept = stored as Partial<CallingRules>;
  return callingRulesDraft.parse({
    ...DEFAULT_CALLING_RULES,
    ...kept,
    featureCodes: { ...DEFAULT_CALLING_RULES.featureCodes, ...kept.featureCodes },
  });
}

/** Two features must not be asked for by the same digits. */
function codeFaults({ featureCodes }: CallingRules): FieldProblem[] {
  return FEATURES.flatMap((feature, index) => {
    const code = featureCodes[feature];
    const twin = FEATURES.slice(0, index).find(
      (other) =>
        code !== null &&
        featureCodes[other] === code &&
        !(isBare(feature) && isArgued(other)) &&
        !(isArgued(feature) && isBare(other)),
    );
    if (twin === undefined) return [];
    return [
      { field: `featureCodes.${feature}`, code: "taken", message: `${code} is the code of ${twin} already` },
    ];
  });
}

const isBare = (feature: (typeof FEATURES)[number]): boolean => FEATURE_ARGUMENTS[feature] === "none";
const isArgued = (feature: (typeof FEATURES)[number]): boolean => FEATURE_ARGUMENTS[feature] === "some";
