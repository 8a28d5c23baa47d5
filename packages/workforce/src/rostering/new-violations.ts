import type { Finding } from "./check-roster.ts";
import type { RosterShift } from "./roster.ts";
import type { RosterRule, Violation } from "./violation.ts";

/**
 * What a change breaks that was not broken before. With numbers a rule on a date counts as the same unless it is broken by
 * more, or on the other side; without, only for the very shift that broke it before.
 */
export function newViolations(after: readonly Finding[], before: readonly Finding[]): Violation[] {
  return after
    .filter((found) => !before.some((old) => isNoWorse(found, old)))
    .map(({ violation }) => violation);
}

/** These have a place in time: a shift inside the one before is no worse. */
const OF_PLACE: readonly RosterRule[] = ["availability", "leave", "contract_weekends"];
/** These look at the parts of a shift. */
const OF_PARTS: readonly RosterRule[] = ["activity", "pattern_breaks", "shift_shape"];

function isNoWorse(found: Finding, old: Finding): boolean {
  const { rule, date, actual, limit, message } = found.violation;
  if (old.violation.rule !== rule || old.violation.date !== date) return false;
  if (actual !== undefined && limit !== undefined && rule !== "pattern_breaks") {
    const was = (old.violation.actual ?? 0) - (old.violation.limit ?? 0);
    const is = actual - limit;
    return Math.sign(was) === Math.sign(is) && Math.abs(was) >= Math.abs(is);
  }
  if (!found.shift || !old.shift) return !found.shift && old.violation.message === message;
  if (OF_PLACE.includes(rule)) return found.shift.from >= old.shift.from && found.shift.to <= old.shift.to;
  return isSame(found.shift, old.shift, OF_PARTS.includes(rule));
}

function isSame(a: RosterShift, b: RosterShift, withParts: boolean): boolean {
  const isSameSpan = a.from === b.from && a.to === b.to && a.patternId === b.patternId;
  const hasSameParts =
    a.parts.length === b.parts.length &&
    a.parts.every(({ kind, from, to, activityId }, index) => {
      const other = b.parts[index];
      return (
        other?.kind === kind && other.from === from && other.to === to && other.activityId === activityId
      );
    });
  return isSameSpan && (!withParts || hasSameParts);
}
