interface AccuracyDay {
  readonly forecast: number;
  readonly actual: number;
  readonly absoluteError: number;
  readonly inside80: number;
  readonly intervals: number;
}

/** How far a forecast was off over several days; shares, null where nobody came. */
export interface AccuracyTotals {
  /** Absolute errors of quarters of an hour over all that came. */
  readonly wape: number | null;
  /** The same of whole days. */
  readonly dayWape: number | null;
  /** Above 0 too many were forecast. */
  readonly bias: number | null;
  readonly inside80: number | null;
}

/** Sums over sums, never a mean of percents. */
export function accuracyTotals(days: readonly AccuracyDay[]): AccuracyTotals {
  const sum = (of: (day: AccuracyDay) => number): number => days.reduce((total, day) => total + of(day), 0);
  const actual = sum((day) => day.actual);
  const intervals = sum((day) => day.intervals);
  const share = (part: number): number | null => (actual > 0 ? part / actual : null);
  return {
    wape: share(sum((day) => day.absoluteError)),
    dayWape: share(sum((day) => Math.abs(day.forecast - day.actual))),
    bias: share(sum((day) => day.forecast - day.actual)),
    inside80: intervals > 0 ? sum((day) => day.inside80) / intervals : null,
  };
}
