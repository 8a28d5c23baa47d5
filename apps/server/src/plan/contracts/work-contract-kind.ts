import { type FieldProblem, type WorkContractDraft, workContractDraft } from "@svara/contracts";
import type { Contract } from "@svara/workforce/rostering";
import type { OfficeKind } from "../../office/office-kind.ts";
import { listReferences, optionalReference } from "../../office/own-client.ts";
import { tableKind } from "../../office/table-kind.ts";

/** What agents are employed for. */
export const workContractKind: OfficeKind<
  WorkContractDraft,
  Record<never, never>
> = tableKind<WorkContractDraft>(
  {
    kind: "work_contract",
    word: "contract",
    schema: workContractDraft,
    view: "signed_in",
    edit: "plan.edit",
    unique: { work_contract_name_unique: "name" },
    nameOf: (contract) => contract.name,
    placeOf: ({ siteId }) => ({ siteId }),
    references: ({ siteId, patternIds }) => [
      ...optionalReference("site", "siteId", siteId),
      ...listReferences("shift_pattern", "patternIds", patternIds),
    ],
    check: contractFaults,
  },
  {
    table: "workContract",
    toRow: ({ name, siteId, ...terms }) => ({ name, siteId, terms: JSON.stringify(terms) }),
    fromRow: (row) => ({
      ...(row.terms as Omit<WorkContractDraft, "name" | "siteId">),
      name: String(row.name),
      siteId: row.siteId as string | null,
    }),
  },
);

/** As the rosters reckon with it. */
export function contractOf(id: string, contract: WorkContractDraft): Contract {
  const { name, weeklyMinutes, daysPerWeek, patternIds, weekends, costPerHour } = contract;
  return {
    id,
    name,
    weeklyMinutes,
    daysPerWeek,
    patternIds,
    weekends,
    ...(costPerHour !== null && { costPerHour }),
  };
}

function contractFaults({ weeklyMinutes, daysPerWeek }: WorkContractDraft): FieldProblem[] {
  return Object.entries({ weeklyMinutes, daysPerWeek }).flatMap(([field, { min, max }]) =>
    min <= max ? [] : [{ field: `${field}.max`, code: "too_small", message: `not less than ${min}` }],
  );
}
