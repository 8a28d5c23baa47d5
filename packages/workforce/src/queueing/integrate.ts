/** Gauss and Kronrod's 7 and 15 points on [-1, 1] (QUADPACK's QK15): abscissa, weight of 15, weight of 7. */
const RULE: readonly (readonly [number, number, number])[] = [
  [0, 0.20948214108472782, 0.4179591836734694],
  [0.20778495500789848, 0.20443294007529889, 0],
  [0.4058451513773972, 0.19035057806478542, 0.3818300505051189],
  [0.5860872354676911, 0.1690047266392679, 0],
  [0.7415311855993945, 0.14065325971552592, 0.27970539148927664],
  [0.8648644233597691, 0.10479001032225019, 0],
  [0.9491079123427585, 0.06309209262997856, 0.1294849661688697],
  [0.9914553711208126, 0.022935322010529224, 0],
];

const DEEPEST = 40;

/**
 * The integrals of several functions over [a, b], computed together: `at` writes their values at x into `values`.
 * Halves the interval until Gauss and Kronrod agree to `tolerance` of `sums` and `beside`, what has come together in this
 * interval and elsewhere; adds to `sums`.
 */
export function integrate(
  a: number,
  b: number,
  at: (x: number, values: Float64Array) => void,
  sums: Float64Array,
  beside: Float64Array,
  tolerance = 1e-14,
): void {
  const size = sums.length;
  const values = new Float64Array(size);
  const fine = new Float64Array(size);
  const rough = new Float64Array(size);

  const panel = (low: number, high: number, depth: number): void => {
    const centre = (low + high) / 2;
    const half = (high - low) / 2;
    fine.fill(0);
    rough.fill(0);
    for (const [x, wide, narrow] of RULE) {
      for (const point of x === 0 ? [centre] : [centre - half * x, centre + half * x]) {
        at(point, values);
        for (let i = 0; i < size; i++) {
          const value = values[i] ?? 0;
          fine[i] = (fine[i] ?? 0) + wide * value;
          rough[i] = (rough[i] ?? 0) + narrow * value;
        }
      }
    }
    if (depth < DEEPEST && !agrees(half)) {
      panel(low, centre, depth + 1);
      panel(centre, high, depth + 1);
      return;
    }
    for (let i = 0; i < size; i++) sums[i] = (sums[i] ?? 0) + half * (fine[i] ?? 0);
  };

  const agrees = (half: number): boolean => {
    for (let i = 0; i < size; i++) {
      const off = Math.abs((fine[i] ?? 0) - (rough[i] ?? 0)) * half;
      // Kronrod's rule is far better than its difference to Gauss's: QUADPACK's (200 d)^1.5.
      const scale = Math.abs((beside[i] ?? 0) + (sums[i] ?? 0) + half * (fine[i] ?? 0));
      if (scale > 0 && (200 * (off / scale)) ** 1.5 > tolerance && off > Number.MIN_VALUE) return false;
    }
    return true;
  };

  panel(a, b, 0);
}
