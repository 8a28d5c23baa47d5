/** The first place in which a rank differs from the winner's: what decided between the two. */
export function decidingPlace(
  winner: readonly number[] | undefined,
  rank: readonly number[],
): number | undefined {
  const place = rank.findIndex((value, index) => value !== winner?.[index]);
  return place === -1 ? undefined : place;
}
