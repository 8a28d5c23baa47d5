export { normalQuantile } from "../simulation/normal-quantile.ts";

/** The distribution function of the standard normal distribution, exact to some units in the last place of a double. */
export const normalCdf = (x: number): number => erfc(-x / Math.SQRT2) / 2;

/** The density of the standard normal distribution. */
const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** Density over upper tail, for every x: the tail itself may be below the smallest double. */
export const normalHazard = (x: number): number =>
  x < 0 ? normalDensity(x) / normalCdf(-x) : Math.sqrt(2 / Math.PI) / scaledErfc(x / Math.SQRT2);

/** The complementary error function, by the rational approximations of W. J. Cody (Mathematics of Computation 23, 1969). */
function erfc(x: number): number {
  const y = Math.abs(x);
  if (y <= NEAR) return 1 - erfNearNought(x);
  const tail = y > 27 ? 0 : Math.exp(-y * y) * scaledTail(y);
  return x < 0 ? 2 - tail : tail;
}

/** e^(x^2) erfc(x) for x >= 0. */
const scaledErfc = (x: number): number =>
  x <= NEAR ? Math.exp(x * x) * (1 - erfNearNought(x)) : scaledTail(x);

const NEAR = 0.46875;

function erfNearNought(x: number): number {
  const z = x * x;
  return x * (polynomial(A, z) / polynomial(B, z));
}

function scaledTail(y: number): number {
  if (y <= 4) return polynomial(C, y) / polynomial(D, y);
  const z = 1 / (y * y);
  return (1 / Math.sqrt(Math.PI) - (z * polynomial(P, z)) / polynomial(Q, z)) / y;
}

/** Coefficients stand from the highest power to the constant. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}

const A = [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694];
const B = [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171];
const C = [
  2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001,
  881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
];
const D = [
  1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
  4362.619090143247, 3439.3676741437216, 1230.3393548037495,
];
const P = [
  0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
  0.0006587491615298378,
];
const Q = [
  1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918,
];
