/**
 * Where `isBeyond` turns from false to true between `low` and `high`, to the last bits of a double. The caller knows
 * that it turns there once.
 */
export function bisect(low: number, high: number, isBeyond: (x: number) => boolean): number {
  let [a, b] = [low, high];
  for (let i = 0; i < 200; i++) {
    const middle = (a + b) / 2;
    if (middle <= a || middle >= b) break;
    if (isBeyond(middle)) b = middle;
    else a = middle;
    if (b - a <= 2 ** -52 * Math.abs(b)) break;
  }
  return (a + b) / 2;
}

/** The first x from `low` by doubling steps of `step` where `isBeyond` holds; nothing when it does not within 2^`doublings`. */
export function firstBeyond(
  low: number,
  step: number,
  isBeyond: (x: number) => boolean,
  doublings = 200,
): number | undefined {
  for (let i = 0, width = step; i < doublings && Number.isFinite(width); i++, width *= 2) {
    if (isBeyond(low + width)) return low + width;
  }
  return undefined;
}

/** The least whole number from `low` to `high` that `isEnough`, which stays true above; searched outwards from `guess`. */
export function leastWhole(
  low: number,
  high: number,
  isEnough: (n: number) => boolean,
  guess: number,
): number | undefined {
  const start = Math.min(high, Math.max(low, Math.ceil(guess)));
  let [below, enough] = [low - 1, start];
  if (isEnough(start)) {
    for (let step = 1; start - step >= low; step *= 2) {
      if (!isEnough(start - step)) {
        below = start - step;
        break;
      }
      enough = start - step;
    }
  } else {
    below = start;
    for (let step = 1; ; step *= 2) {
      enough = Math.min(high, start + step);
      if (isEnough(enough)) break;
      if (enough === high) return undefined;
      below = enough;
    }
  }
  while (enough - below > 1) {
    const middle = Math.floor((below + enough) / 2);
    if (isEnough(middle)) enough = middle;
    else below = middle;
  }
  return enough;
}
