import { badInput, durationIn, numberIn, secondsIn, shareIn } from "./input.ts";
import { normalCdf } from "./normal.ts";

/** How long callers wait before they hang up, by name or as a curve. Times are in seconds. */
export type PatienceInput =
  | { readonly dist: "exponential"; readonly meanS: number }
  /** Shape is a whole number from 1; 1 is exponential. */
  | { readonly dist: "erlang"; readonly shape: number; readonly meanS: number }
  /** `scv` is variance over mean squared. */
  | { readonly dist: "lognormal"; readonly meanS: number; readonly scv: number }
  | { readonly dist: "deterministic"; readonly valueS: number }
  | { readonly dist: "uniform"; readonly aS: number; readonly bS: number }
  /** With chance `p[i]` exponential of mean `meansS[i]`. */
  | { readonly dist: "hyperexponential"; readonly p: readonly number[]; readonly meansS: readonly number[] }
  | EmpiricalPatience;

/** A fitted curve, such as that of Kaplan and Meier. */
export interface EmpiricalPatience {
  readonly dist: "empirical";
  /** Share still waiting from each time on, falling; before the first time everybody waits. */
  readonly points: readonly { readonly atS: number; readonly survival: number }[];
  /** Between the points the curve is flat (`steps`, the default, as fitted) or straight (`lines`, for a few points by hand). */
  readonly between?: "steps" | "lines";
  /** Mean of the further patience of who outlasts the last point; needed when the curve does not end at 0. */
  readonly tailMeanS?: number;
}

/** What the integrals need of a distribution of patience R. */
export interface Patience {
  /** P(R > x). */
  survival(xS: number): number;
  /** P(R <= x), exact also where it is tiny. */
  gone(xS: number): number;
  /** The mean of min(R, x): the integral of the survival up to x. */
  waited(xS: number): number;
  /** The mean of R where R <= x, else 0. */
  waitOfGone(xS: number): number;
  /** Where the survival jumps, bends, or begins to change quickly: integrals are split there. */
  readonly kinksS: readonly number[];
}

/** @throws `queueing.bad_input` naming the field within `patience` */
export function patienceOf(input: PatienceInput): Patience {
  switch (input.dist) {
    case "exponential":
      return exponential(durationIn(input.meanS, "patience.meanS"));
    case "erlang":
      return erlang(
        numberIn(input.shape, "patience.shape", { min: 1, max: 300, isWhole: true }),
        durationIn(input.meanS, "patience.meanS"),
      );
    case "lognormal":
      return lognormal(
        durationIn(input.meanS, "patience.meanS"),
        numberIn(input.scv, "patience.scv", { min: 0, max: 1_000, isAbove: true }),
      );
    case "deterministic":
      return deterministic(durationIn(input.valueS, "patience.valueS"));
    case "uniform":
      return uniform(secondsIn(input.aS, "patience.aS"), durationIn(input.bS, "patience.bS"));
    case "hyperexponential":
      return hyperexponential(input.p, input.meansS);
    case "empirical":
      return empirical(input);
    default:
      throw badInput(
        "patience.dist",
        `patience.dist is "${(input as { dist?: unknown }).dist}"; give exponential, erlang, lognormal, deterministic, uniform, hyperexponential or empirical`,
      );
  }
}

function exponential(meanS: number): Patience {
  return {
    survival: (x) => Math.exp(-x / meanS),
    gone: (x) => -Math.expm1(-x / meanS),
    waited: (x) => -meanS * Math.expm1(-x / meanS),
    waitOfGone: (x) => meanS * secondGamma(x / meanS),
    kinksS: [],
  };
}

/** 1 - (1 + y) e^-y, exact also for small y. */
function secondGamma(y: number): number {
  if (y > 0.5) return -Math.expm1(-y) - y * Math.exp(-y);
  // e^-y times the rest of its series: y^2/2! + y^3/3! + ...
  let term = (y * y) / 2;
  let sum = term;
  for (let k = 3; term > 1e-18 * sum; k++) {
    term *= y / k;
    sum += term;
  }
  return Math.exp(-y) * sum;
}

/** The sum of `shape` exponential times. */
function erlang(shape: number, meanS: number): Patience {
  if (shape === 1) return exponential(meanS);
  const rate = shape / meanS;
  /** P(the sum of k such times <= x): the Poisson chance of k or more, summed from its small side. */
  const passed = (k: number, y: number): number => {
    if (y > k) return 1 - poissonBelow(k, y);
    let term = Math.exp(k * Math.log(y) - y - logFactorial(k));
    let sum = term;
    for (let i = k + 1; term > 1e-18 * sum; i++) {
      term *= y / i;
      sum += term;
    }
    return y === 0 ? 0 : sum;
  };
  const gone = (x: number): number => passed(shape, rate * x);
  const waitOfGone = (x: number): number => meanS * passed(shape + 1, rate * x);
  const survival = (x: number): number => poissonBelow(shape, rate * x);
  return {
    survival,
    gone,
    waited: (x) => x * survival(x) + waitOfGone(x),
    waitOfGone,
    kinksS: [],
  };
}

/** P(Poisson(y) < k). */
function poissonBelow(k: number, y: number): number {
  let term = Math.exp(-y);
  let sum = term;
  for (let i = 1; i < k; i++) {
    term *= y / i;
    sum += term;
  }
  return sum;
}

function logFactorial(k: number): number {
  let sum = 0;
  for (let i = 2; i <= k; i++) sum += Math.log(i);
  return sum;
}

function lognormal(meanS: number, scv: number): Patience {
  const sigma = Math.sqrt(Math.log1p(scv));
  const mu = Math.log(meanS) - (sigma * sigma) / 2;
  const z = (x: number): number => (Math.log(x) - mu) / sigma;
  const survival = (x: number): number => normalCdf(-z(x));
  const waitOfGone = (x: number): number => meanS * normalCdf(z(x) - sigma);
  return {
    survival,
    gone: (x) => normalCdf(z(x)),
    waited: (x) => (x === 0 ? 0 : x * survival(x) + waitOfGone(x)),
    waitOfGone,
    kinksS: [-6, -4, -2, -1, 0, 1, 2, 4].map((k) => Math.exp(mu + k * sigma)),
  };
}

function deterministic(valueS: number): Patience {
  return {
    survival: (x) => (x < valueS ? 1 : 0),
    gone: (x) => (x < valueS ? 0 : 1),
    waited: (x) => Math.min(x, valueS),
    waitOfGone: (x) => (x < valueS ? 0 : valueS),
    kinksS: [valueS],
  };
}

function uniform(aS: number, bS: number): Patience {
  if (aS >= bS)
    throw badInput("patience.aS", `patience.aS is ${aS}, not below bS (${bS}); give the lower bound first`);
  const width = bS - aS;
  const within = (x: number): number => Math.min(Math.max(x, aS), bS) - aS;
  return {
    survival: (x) => 1 - within(x) / width,
    gone: (x) => within(x) / width,
    waited: (x) => Math.min(x, aS) + within(x) * (1 - within(x) / (2 * width)),
    waitOfGone: (x) => (within(x) * (2 * aS + within(x))) / (2 * width),
    kinksS: aS > 0 ? [aS, bS] : [bS],
  };
}

function hyperexponential(p: readonly number[], meansS: readonly number[]): Patience {
  if (!Array.isArray(p) || p.length === 0)
    throw badInput("patience.p", "patience.p is missing; give the chances as a list that sums to 1");
  if (!Array.isArray(meansS) || meansS.length !== p.length)
    throw badInput(
      "patience.meansS",
      "patience.meansS has not as many entries as patience.p; give one mean a chance",
    );
  const total = p.reduce((sum, chance, i) => sum + shareIn(chance, `patience.p[${i}]`), 0);
  if (Math.abs(total - 1) > 1e-9)
    throw badInput("patience.p", `patience.p sums to ${total}; give chances that sum to 1`);
  const parts = p.map((chance, i) => ({
    chance,
    part: exponential(durationIn(meansS[i], `patience.meansS[${i}]`)),
  }));
  const mixed = (of: (part: Patience) => number): number =>
    parts.reduce((sum, { chance, part }) => sum + chance * of(part), 0);
  return {
    survival: (x) => mixed((part) => part.survival(x)),
    gone: (x) => mixed((part) => part.gone(x)),
    waited: (x) => mixed((part) => part.waited(x)),
    waitOfGone: (x) => mixed((part) => part.waitOfGone(x)),
    kinksS: meansS.flatMap((mean) => [mean, 8 * mean]),
  };
}

interface Piece {
  readonly fromS: number;
  readonly survival: number;
  /** Of the survival, per second; 0 on a step. */
  readonly slope: number;
  /** Integrals up to and with `fromS`. */
  readonly waited: number;
  readonly waitOfGone: number;
}

/** Pieces on which the survival is flat or straight, and an exponential tail. */
function empirical(input: EmpiricalPatience): Patience {
  const { between = "steps", tailMeanS } = input;
  const points = checkedPoints(input.points);
  const last = points[points.length - 1] ?? { atS: 0, survival: 1 };
  if (last.survival > 0 && tailMeanS === undefined)
    throw badInput(
      "patience.tailMeanS",
      `patience.tailMeanS is missing: the curve ends at ${last.survival}, not at 0; give the mean further patience after ${last.atS} s`,
    );
  const tail = tailMeanS === undefined ? undefined : exponential(durationIn(tailMeanS, "patience.tailMeanS"));
  const pieces = piecesOf(points, between);
  const pieceAt = (x: number): Piece => {
    let [low, high] = [0, pieces.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((pieces[middle]?.fromS ?? 0) <= x) low = middle;
      else high = middle;
    }
    return pieces[low] ?? NOUGHT;
  };
  const inTail = (x: number): number => (x > last.atS && tail !== undefined ? x - last.atS : -1);

  const survival = (x: number): number => {
    const y = inTail(x);
    if (y >= 0) return last.survival * (tail?.survival(y) ?? 0);
    const piece = pieceAt(x);
    return piece.survival + piece.slope * (x - piece.fromS);
  };
  return {
    survival,
    gone: (x) => 1 - survival(x),
    waited: (x) => {
      const piece = pieceAt(x);
      const y = inTail(x);
      if (y >= 0) return piece.waited + last.survival * (tail?.waited(y) ?? 0);
      const t = x - piece.fromS;
      return piece.waited + t * (piece.survival + (piece.slope * t) / 2);
    },
    waitOfGone: (x) => {
      const piece = pieceAt(x);
      const y = inTail(x);
      if (y >= 0)
        return (
          piece.waitOfGone + last.survival * (last.atS * (tail?.gone(y) ?? 0) + (tail?.waitOfGone(y) ?? 0))
        );
      const t = x - piece.fromS;
      return piece.waitOfGone - piece.slope * t * (piece.fromS + t / 2);
    },
    kinksS: points.map(({ atS }) => atS).filter((atS) => atS > 0),
  };
}

const NOUGHT: Piece = { fromS: 0, survival: 1, slope: 0, waited: 0, waitOfGone: 0 };

type Point = EmpiricalPatience["points"][number];

function checkedPoints(points: readonly Point[]): readonly Point[] {
  if (!Array.isArray(points) || points.length === 0)
    throw badInput(
      "patience.points",
      "patience.points is empty; give at least one time with the share still waiting",
    );
  let before: Point = { atS: -1, survival: 1 };
  for (const [i, point] of points.entries()) {
    secondsIn(point?.atS, `patience.points[${i}].atS`);
    shareIn(point?.survival, `patience.points[${i}].survival`);
    if (point.atS <= before.atS)
      throw badInput(
        `patience.points[${i}].atS`,
        `patience.points[${i}].atS is ${point.atS}; give rising times`,
      );
    if (point.survival > before.survival)
      throw badInput(
        `patience.points[${i}].survival`,
        `patience.points[${i}].survival rises to ${point.survival}; nobody comes back, give falling shares`,
      );
    before = point;
  }
  return points;
}

function piecesOf(points: readonly Point[], between: "steps" | "lines"): readonly Piece[] {
  const first = points[0];
  const knots = first !== undefined && first.atS > 0 ? [{ atS: 0, survival: 1 }, ...points] : points;
  const pieces: Piece[] = [];
  let [waited, waitOfGone, survivalBefore] = [0, 0, 1];
  for (const [i, { atS, survival }] of knots.entries()) {
    // On steps, the mass between two points leaves at the later one; on lines only a first point at 0 is a jump.
    if (between === "steps" || i === 0) waitOfGone += atS * (survivalBefore - survival);
    const next = knots[i + 1];
    const length = next === undefined ? 0 : next.atS - atS;
    const slope = between === "lines" && next !== undefined ? (next.survival - survival) / length : 0;
    pieces.push({ fromS: atS, survival, slope, waited, waitOfGone });
    waited += length * (survival + (slope * length) / 2);
    waitOfGone -= slope * length * (atS + length / 2);
    survivalBefore = survival;
  }
  return pieces;
}
