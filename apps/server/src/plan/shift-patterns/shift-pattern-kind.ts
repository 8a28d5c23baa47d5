import { minutesOf } from "@svara/calendar";
import { type FieldProblem, type ShiftPatternDraft, shiftPatternDraft } from "@svara/contracts";
import type { ShiftPattern } from "@svara/workforce/rostering";
import type { OfficeKind } from "../../office/office-kind.ts";
import { optionalReference } from "../../office/own-client.ts";
import { tableKind } from "../../office/table-kind.ts";

/** Kinds of shift that planners may give. Everybody who plans may see them; those of a site are changed by its planners. */
export const shiftPatternKind: OfficeKind<
  ShiftPatternDraft,
  Record<never, never>
> = tableKind<ShiftPatternDraft>(
  {
    kind: "shift_pattern",
    word: "shift pattern",
    schema: shiftPatternDraft,
    view: "signed_in",
    edit: "plan.edit",
    unique: { shift_pattern_name_unique: "name" },
    nameOf: (pattern) => pattern.name,
    placeOf: ({ siteId }) => ({ siteId }),
    references: ({ siteId }) => optionalReference("site", "siteId", siteId),
    check: patternFaults,
  },
  {
    table: "shiftPattern",
    toRow: ({ name, siteId, ...rules }) => ({ name, siteId, rules: JSON.stringify(rules) }),
    fromRow: (row) => ({
      ...(row.rules as Omit<ShiftPatternDraft, "name" | "siteId">),
      name: String(row.name),
      siteId: row.siteId as string | null,
    }),
  },
);

/** As the rosters reckon with it. */
export function patternOf(id: string, pattern: ShiftPatternDraft): ShiftPattern {
  const { name, weekdays, earliestStart, latestStart, startEveryMinutes, paidMinutes, breaks } = pattern;
  return {
    id,
    name,
    ...(weekdays.length > 0 && { weekdays }),
    earliestStart,
    latestStart,
    startEveryMinutes,
    paidMinutes,
    breaks,
  };
}

function patternFaults({
  earliestStart,
  latestStart,
  breaks,
  paidMinutes,
}: ShiftPatternDraft): FieldProblem[] {
  const faults: FieldProblem[] = [];
  const starts = (minutesOf(latestStart) ?? 0) - (minutesOf(earliestStart) ?? 0);
  if (starts < 0)
    faults.push({ field: "latestStart", code: "too_small", message: "not before the earliest start" });
  for (const [field, time] of Object.entries({ earliestStart, latestStart }))
    if ((minutesOf(time) ?? 0) % 15 !== 0)
      faults.push({ field, code: "invalid", message: "shifts begin at quarters of an hour" });
  const presence = breaks.reduce((sum, { minutes, paid }) => (paid ? sum : sum + minutes), paidMinutes);
  let free = 0;
  for (const [index, { minutes, earliestAfterMinutes, latestAfterMinutes }] of breaks.entries()) {
    const fault = (field: string, message: string) =>
      faults.push({ field: `breaks.${index}.${field}`, code: "invalid", message });
    if (latestAfterMinutes < earliestAfterMinutes)
      fault("latestAfterMinutes", "not before the earliest begin");
    else if (earliestAfterMinutes < free) fault("earliestAfterMinutes", "lies within the break before it");
    else if (latestAfterMinutes + minutes > presence)
      fault("latestAfterMinutes", "the break would end after the shift");
    free = latestAfterMinutes + minutes;
  }
  if (presence > 1440)
    faults.push({ field: "paidMinutes", code: "too_big", message: "with its breaks longer than a day" });
  return faults;
}
