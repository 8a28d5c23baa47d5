import { capacityProfileDraft, type FieldProblem } from "@svara/contracts";
import type { z } from "zod";
import type { OfficeKind } from "../office/office-kind.ts";
import { tableKind } from "../office/table-kind.ts";

export type CapacityProfileValue = z.output<typeof capacityProfileDraft>;

/** What agents may have in hand at once, under a name that administrators give to agents. */
export const capacityProfileKind: OfficeKind<
  CapacityProfileValue,
  Record<never, never>
> = tableKind<CapacityProfileValue>(
  {
    kind: "capacity_profile",
    word: "capacity profile",
    schema: capacityProfileDraft,
    view: "organisation.view",
    edit: "organisation.edit",
    unique: { capacity_profile_name_unique: "name" },
    nameOf: (profile) => profile.name,
    placeOf: () => ({}),
    references: () => [],
    check: capacityFaults,
  },
  {
    table: "capacityProfile",
    toRow: ({ name, slots, apart, interrupts }) => ({
      name,
      slots: JSON.stringify(slots),
      apart: JSON.stringify(apart),
      interrupts: JSON.stringify(interrupts),
    }),
    fromRow: (row) => ({
      name: String(row.name),
      slots: row.slots as CapacityProfileValue["slots"],
      apart: row.apart as CapacityProfileValue["apart"],
      interrupts: row.interrupts as CapacityProfileValue["interrupts"],
    }),
  },
);

/** Media that are set apart or interrupted must have slots, else the rule is a slip of the pen. */
function capacityFaults({ slots, apart, interrupts }: CapacityProfileValue): FieldProblem[] {
  const unused = (medium: keyof typeof slots) => (slots[medium] ?? 0) === 0;
  const fault = (field: string, medium: string): FieldProblem => ({
    field,
    code: "no_slot",
    message: `there is no slot for ${medium}`,
  });
  return [
    ...(Object.values(slots).every((most) => most === 0)
      ? [{ field: "slots", code: "required", message: "give at least one medium a slot" }]
      : []),
    ...apart.flatMap((media, set) =>
      media.flatMap((medium, index) => (unused(medium) ? [fault(`apart.${set}.${index}`, medium)] : [])),
    ),
    ...Object.entries(interrupts).flatMap(([medium, others]) =>
      (others ?? []).flatMap((other, index) => {
        const field = `interrupts.${medium}.${index}`;
        if (other === medium)
          return [{ field, code: "invalid", message: "a medium cannot interrupt itself" }];
        return [other, medium].some((one) => unused(one as keyof typeof slots)) ? [fault(field, other)] : [];
      }),
    ),
  ];
}
