import type { RosterShiftView } from "@svara/contracts";
import type { i18n } from "i18next";
import { dayWords, spanWords, wallTime } from "./zone-time.ts";

/** A shift in words, for those who do not see it: `Anna, Mon 23 Nov, 08:00–16:30; breaks a rule; Lunch 12:00`. */
export function shiftLabel(
  shift: RosterShiftView,
  name: string,
  timeZone: string,
  i18n: i18n,
  isBroken: boolean,
): string {
  return [
    `${name}, ${dayWords(shift.date, i18n.language)}, ${spanWords(shift, timeZone)}`,
    ...(isBroken ? [i18n.t("plan.roster.breaks_rule")] : []),
    ...(shift.overtime ? [i18n.t("plan.requests.kind.overtime")] : []),
    ...(shift.locked ? [i18n.t("plan.roster.locked_short")] : []),
    ...shift.parts.map(
      ({ kind, from }) => `${i18n.t(`plan.roster.part.${kind}`)} ${wallTime(from, timeZone)}`,
    ),
  ].join("; ");
}
