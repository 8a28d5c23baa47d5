import { checkOpeningHours, type OpeningHours } from "@svara/calendar";
import { type FieldProblem, hoursDraft } from "@svara/contracts";
import type { z } from "zod";
import type { OfficeKind } from "../office/office-kind.ts";
import { clientPlace, clientReference } from "../office/own-client.ts";
import { tableKind } from "../office/table-kind.ts";

export type HoursValue = z.output<typeof hoursDraft>;

/** When a client is open: a week and the days that differ from it. */
export const hoursKind: OfficeKind<HoursValue, Record<never, never>> = tableKind<HoursValue>(
  {
    kind: "hours",
    word: "opening hours",
    schema: hoursDraft,
    view: "entry_points.view",
    edit: "entry_points.edit",
    unique: { hours_name_unique: "name" },
    nameOf: (hours) => hours.name,
    placeOf: clientPlace,
    references: (hours) => [clientReference(hours)],
    check: (hours) => [...checkOpeningHours(openingHoursOf(hours)), ...doubledDays(hours)],
  },
  {
    table: "openingHours",
    toRow: (hours) => ({
      ...hours,
      weekly: JSON.stringify(hours.weekly),
      holidays: hours.holidays && JSON.stringify(hours.holidays),
      exceptions: JSON.stringify(hours.exceptions),
    }),
    fromRow: (row) => ({
      clientId: String(row.clientId),
      name: String(row.name),
      timeZone: String(row.timeZone),
      weekly: row.weekly as HoursValue["weekly"],
      holidays: row.holidays as HoursValue["holidays"],
      exceptions: row.exceptions as HoursValue["exceptions"],
    }),
  },
);

/** As the calendar reckons with them. */
export function openingHoursOf({ timeZone, weekly, holidays, exceptions }: HoursValue): OpeningHours {
  return {
    timeZone,
    weekly,
    ...(holidays && { holidays }),
    exceptions: exceptions.map(({ date, spans, name }) => ({
      date,
      spans,
      ...(name !== undefined && { name }),
    })),
  };
}

function doubledDays(hours: HoursValue): FieldProblem[] {
  const seen = new Set<string>();
  return hours.exceptions.flatMap((day, index) => {
    const doubled = seen.has(day.date);
    seen.add(day.date);
    return doubled
      ? [{ field: `exceptions.${index}.date`, code: "taken", message: `${day.date} is there already` }]
      : [];
  });
}
