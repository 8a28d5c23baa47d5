import type { TimeOfDay, WeekdayName } from "@svara/calendar";

/** A kind of shift: when it may begin, how long it is, and where its breaks may lie. */
export interface ShiftPattern {
  readonly id: string;
  readonly name?: string;
  /** The weekdays on which it may begin; all if absent. */
  readonly weekdays?: readonly WeekdayName[];
  /** Wall time of the first possible begin. */
  readonly earliestStart: TimeOfDay;
  /** Wall time of the last possible begin, not before `earliestStart`. */
  readonly latestStart: TimeOfDay;
  /** Begins lie so many minutes apart, from `earliestStart` on; a multiple of 15. 15 if absent. */
  readonly startEveryMinutes?: number;
  /** Working time that is paid: the presence less the unpaid breaks. */
  readonly paidMinutes: number;
  /** In the order of the day; their windows do not overlap. */
  readonly breaks: readonly BreakRule[];
}

/** A break of a pattern, and the window in which it may begin. */
export interface BreakRule {
  readonly kind: "break" | "lunch";
  /** A multiple of 5. */
  readonly minutes: number;
  readonly paid: boolean;
  /** It begins at the earliest so long after the shift does; a multiple of 15. */
  readonly earliestAfterMinutes: number;
  /** It begins at the latest so long after the shift does; a multiple of 15. */
  readonly latestAfterMinutes: number;
}

/** From the begin of the shift to its end, unpaid breaks included, in minutes. */
export function presenceMinutes({ paidMinutes, breaks }: ShiftPattern): number {
  return breaks.reduce((sum, { minutes, paid }) => (paid ? sum : sum + minutes), paidMinutes);
}
