/** Days, and where times are given these hours of each. */
export interface DaySpan {
  readonly firstDay: string;
  readonly lastDay: string;
  /** `HH:MM`; empty: from midnight. */
  readonly fromTime: string;
  /** `HH:MM`, excluded; empty: until midnight. */
  readonly toTime: string;
}

/** The intervals that begin within the days and hours, by the clocks that `clock` reads. */
export function intervalsOf<One extends { readonly at: number }>(
  intervals: readonly One[],
  { firstDay, lastDay, fromTime, toTime }: DaySpan,
  clock: (at: number) => { readonly date: string; readonly time: string },
): One[] {
  return intervals.filter(({ at }) => {
    const { date, time } = clock(at);
    if (date < firstDay || date > lastDay) return false;
    return (fromTime === "" || time >= fromTime) && (toTime === "" || time < toTime);
  });
}
