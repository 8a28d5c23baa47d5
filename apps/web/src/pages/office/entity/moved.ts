/** The list with what stands at `from` at `to`; places outside leave it as it is. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  const [taken] = next.splice(from, 1);
  if (taken === undefined || to < 0 || to > next.length) return [...list];
  next.splice(to, 0, taken);
  return next;
}
