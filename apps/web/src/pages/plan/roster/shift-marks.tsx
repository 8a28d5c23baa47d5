import type { RosterShiftView } from "@svara/contracts";
import { IconAlertTriangle, IconClockPlus, IconLock } from "@tabler/icons-react";
import classes from "./roster.module.css";

/** What a shift's colours say, as signs: it breaks a rule, is overtime, is locked. Its words are in `shiftLabel`. */
export function ShiftMarks({
  shift,
  isBroken,
}: {
  readonly shift: RosterShiftView;
  readonly isBroken: boolean;
}) {
  return (
    <>
      {isBroken && <IconAlertTriangle size={13} aria-hidden="true" className={classes.brokenMark} />}
      {shift.overtime && <IconClockPlus size={13} aria-hidden="true" className={classes.mark} />}
      {shift.locked && <IconLock size={12} aria-hidden="true" className={classes.mark} />}
    </>
  );
}
