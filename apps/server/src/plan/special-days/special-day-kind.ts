import { addDays } from "@svara/calendar";
import { type FieldProblem, type SpecialDayDraft, specialDayDraft } from "@svara/contracts";
import type { OfficeKind } from "../../office/office-kind.ts";
import { clientPlace, clientReference, listReferences } from "../../office/own-client.ts";
import { tableKind } from "../../office/table-kind.ts";

const MOST_DAYS = 366;

/** Days that are not like others: what forecasts learn from, or are told. */
export const specialDayKind: OfficeKind<SpecialDayDraft, Record<never, never>> = tableKind<SpecialDayDraft>(
  {
    kind: "special_day",
    word: "special day",
    schema: specialDayDraft,
    view: "plan.view",
    edit: "plan.edit",
    unique: {},
    nameOf: (day) => `${day.name} ${day.firstDay}`,
    placeOf: clientPlace,
    references: (day) => [clientReference(day), ...listReferences("queue", "queueIds", day.queueIds)],
    check: faultsOf,
  },
  {
    table: "specialDay",
    toRow: (day) => ({ ...day }),
    fromRow: (row) => ({
      clientId: String(row.clientId),
      name: String(row.name),
      kind: row.kind as SpecialDayDraft["kind"],
      queueIds: row.queueIds as string[],
      firstDay: String(row.firstDay),
      lastDay: String(row.lastDay),
      effect: row.effect === null ? null : Number(row.effect),
      fromTime: row.fromTime as string | null,
      toTime: row.toTime as string | null,
    }),
  },
);

function faultsOf({ firstDay, lastDay, fromTime, toTime }: SpecialDayDraft): FieldProblem[] {
  const faults: FieldProblem[] = [];
  if (lastDay < firstDay)
    faults.push({ field: "lastDay", code: "before_from", message: `${lastDay} is before ${firstDay}` });
  else if (addDays(firstDay, MOST_DAYS) < lastDay)
    faults.push({ field: "lastDay", code: "too_long", message: `more than ${MOST_DAYS} days` });
  if (fromTime !== null && toTime !== null && toTime <= fromTime)
    faults.push({ field: "toTime", code: "before_from", message: `${toTime} is not after ${fromTime}` });
  return faults;
}

/** The single days of the special days that concern a queue, in order. */
export function specialDaysOf(
  days: readonly SpecialDayDraft[],
  queue: { readonly id: string; readonly clientId: string },
) {
  return days
    .filter((day) => day.clientId === queue.clientId)
    .filter((day) => day.queueIds.length === 0 || day.queueIds.includes(queue.id))
    .flatMap(({ name, firstDay, lastDay, effect, fromTime, toTime }) => {
      const dates: string[] = [];
      for (let date = firstDay; date <= lastDay; date = addDays(date, 1)) dates.push(date);
      return dates.map((date) => ({
        date,
        name,
        ...(effect !== null && { effect }),
        ...(fromTime !== null && { from: fromTime }),
        ...(toTime !== null && { to: toTime }),
      }));
    })
    .toSorted((a, b) => (a.date < b.date ? -1 : 1));
}
