/** What law and agreement demand of anybody's shifts. A field that is absent demands nothing. */
export interface LabourRules {
  readonly id: string;
  readonly name: string;
  /** The law or agreement that the numbers are taken from. */
  readonly source?: string;
  /** From the end of a shift to the begin of the next. */
  readonly minRestMinutes?: number;
  /** The rest after a shift is at least its presence times this number. */
  readonly minRestTimesShift?: number;
  /** Paid time of the shifts that begin on one day. */
  readonly maxDailyMinutes?: number;
  /** Paid time of the shifts that begin in one calendar week (Monday to Sunday), overtime included. */
  readonly maxWeeklyMinutes?: number;
  /** Days with a shift in a row. */
  readonly maxConsecutiveDays?: number;
  /** In each calendar week one stretch without work lasts at least so long. */
  readonly weeklyRestMinutes?: number;
  /** Nobody works longer than this without a break. */
  readonly maxMinutesWithoutBreak?: number;
}
