import type { FieldProblem, RosterShiftView } from "@svara/contracts";
import type { RosterDays } from "./requirement.ts";

const LONGEST_MS = 20 * 3_600_000;
const STEP_MS = 5 * 60_000;

/** Why something is no shift of these days at all; rules are another matter. */
export function faultOfShift(
  { from, to, parts }: RosterShiftView,
  { fromAt, toAt }: Pick<RosterDays, "fromAt" | "toAt">,
): FieldProblem | undefined {
  if (to <= from || to - from > LONGEST_MS) return fault("to", "ends after it begins, within 20 hours");
  if (from < fromAt || from >= toAt) return fault("from", "begins on a day of this roster");
  if ([from, to, ...parts.flatMap((part) => [part.from, part.to])].some((at) => at % STEP_MS !== 0))
    return fault("from", "times are multiples of five minutes");
  let free = from;
  for (const [index, part] of parts.entries()) {
    if (part.from < free || part.to <= part.from || part.to > to)
      return fault(`parts.${index}`, "parts lie one after the other within the shift");
    free = part.to;
  }
  return undefined;
}

function fault(field: string, message: string): FieldProblem {
  return { field, code: "invalid", message };
}
