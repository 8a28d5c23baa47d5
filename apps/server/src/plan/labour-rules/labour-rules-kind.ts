import { type LabourRulesDraft, labourRulesDraft } from "@svara/contracts";
import type { LabourRules } from "@svara/workforce/rostering";
import type { OfficeKind } from "../../office/office-kind.ts";
import { tableKind } from "../../office/table-kind.ts";
import { doubledRules, rulesPlace, rulesReferences } from "./rules-place.ts";

/** What law and agreement demand of the shifts of some teams, some sites, or everybody. */
export const labourRulesKind: OfficeKind<
  LabourRulesDraft,
  Record<never, never>
> = tableKind<LabourRulesDraft>(
  {
    kind: "labour_rules",
    word: "set of labour rules",
    schema: labourRulesDraft,
    view: "signed_in",
    edit: "plan.edit",
    unique: { labour_rules_name_unique: "name" },
    nameOf: (rules) => rules.name,
    placeOf: rulesPlace,
    references: rulesReferences,
    check: (rules, context) => doubledRules("labour_rules", rules, context),
  },
  {
    table: "labourRules",
    toRow: ({ name, teamIds, siteIds, source, limits }) => ({
      name,
      teamIds,
      siteIds,
      rules: JSON.stringify({ source, limits }),
    }),
    fromRow: (row) => ({
      name: String(row.name),
      teamIds: row.teamIds as string[],
      siteIds: row.siteIds as string[],
      ...(row.rules as Pick<LabourRulesDraft, "source" | "limits">),
    }),
  },
);

/** As the rosters reckon with them: what is null demands nothing. */
export function labourRulesOf(id: string, { name, source, limits }: LabourRulesDraft): LabourRules {
  const demanded = Object.entries(limits).filter(([, limit]) => limit !== null);
  return { id, name, ...(source !== "" && { source }), ...Object.fromEntries(demanded) };
}

/** Where nobody has written rules down: nothing is demanded. */
export const NO_LABOUR_RULES: LabourRules = { id: "none", name: "No rules" };
