import { type ApprovalRulesDraft, approvalRulesDraft } from "@svara/contracts";
import type { OfficeKind } from "../../office/office-kind.ts";
import { tableKind } from "../../office/table-kind.ts";
import { doubledRules, rulesPlace, rulesReferences } from "./rules-place.ts";

/** What requests are granted without a person, for some teams, some sites, or everybody. */
export const approvalRulesKind: OfficeKind<
  ApprovalRulesDraft,
  Record<never, never>
> = tableKind<ApprovalRulesDraft>(
  {
    kind: "approval_rules",
    word: "set of approval rules",
    schema: approvalRulesDraft,
    view: "signed_in",
    edit: "plan.edit",
    unique: { approval_rules_name_unique: "name" },
    nameOf: (rules) => rules.name,
    placeOf: rulesPlace,
    references: rulesReferences,
    check: (rules, context) => doubledRules("approval_rules", rules, context),
  },
  {
    table: "approvalRules",
    toRow: ({ name, teamIds, siteIds, ...rules }) => ({
      name,
      teamIds,
      siteIds,
      rules: JSON.stringify(rules),
    }),
    fromRow: (row) => ({
      name: String(row.name),
      teamIds: row.teamIds as string[],
      siteIds: row.siteIds as string[],
      ...(row.rules as Pick<ApprovalRulesDraft, "leave" | "swap" | "overtime">),
    }),
  },
);
