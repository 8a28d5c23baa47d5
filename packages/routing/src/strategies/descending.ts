/** Turns "the greatest wins" into a place of a rank; never -0, which would be told apart from 0 in comparisons of JSON. */
export function descending(value: number): number {
  return 0 - value;
}
