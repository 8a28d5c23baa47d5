/** The highest peak that falls into each of `columns` equal parts; louder than 1 is cut to 1. */
export function columnPeaks(peaks: readonly number[], columns: number): number[] {
  const result = new Array<number>(columns).fill(0);
  if (peaks.length === 0) return result;
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((column * peaks.length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * peaks.length) / columns));
    let highest = 0;
    for (let index = from; index < to && index < peaks.length; index++)
      highest = Math.max(highest, peaks[index] ?? 0);
    result[column] = Math.min(1, highest);
  }
  return result;
}
