const WIDEST = 8; // slots to each side: two hours of quarters
const NOISE = 0.03; // relative standard error that a profile may keep: below it smoothing takes more than it gives

/**
 * Smooths a profile over neighbouring slots of the same opening, the more the fewer contacts it rests on; the sum stays.
 * `days`: how many days the profile is the mean of.
 */
export function smoothSlots(profile: Float64Array, hours: readonly boolean[], days: number): Float64Array {
  let sum = 0;
  let number = 0;
  for (let s = 0; s < profile.length; s++) {
    if (!hours[s]) continue;
    sum += profile[s] ?? 0;
    number++;
  }
  if (sum <= 0 || number === 0) return profile;
  // contacts needed in a window for the noise wanted, against those that one slot has
  const needed = 1 / (NOISE * NOISE) / ((sum / number) * days);
  const width = Math.min(WIDEST, Math.floor(needed / 2));
  if (width < 1) return profile;
  const smooth = new Float64Array(profile.length);
  let after = 0;
  for (let s = 0; s < profile.length; s++) {
    if (!hours[s]) continue;
    let total = 0;
    let weights = 0;
    for (const side of [-1, 1]) {
      for (let k = side < 0 ? 0 : 1; k <= width; k++) {
        const at = s + side * k;
        if (!hours[at]) break;
        const weight = 1 - k / (width + 1);
        total += weight * (profile[at] ?? 0);
        weights += weight;
      }
    }
    smooth[s] = total / weights;
    after += total / weights;
  }
  return after > 0 ? smooth.map((value) => (value * sum) / after) : profile;
}
