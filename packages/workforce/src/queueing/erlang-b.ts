import { badInput, erlangIn, LIMITS, numberIn, openShareIn, unreachableTarget } from "./input.ts";
import { bisect, leastWhole } from "./root.ts";

const NEGLIGIBLE = 1e-18; // of the sum: less than a double shows

/**
 * The share of calls that find all `agents` lines busy and are lost (Erlang 1917); `agents` may be any real number from 0
 * (Jagerman 1974), `offeredErlang` any from 0. Below the smallest double it is 0.
 */
export function erlangB(agents: number, offeredErlang: number): number {
  numberIn(agents, "agents", { min: 0, max: LIMITS.agents });
  erlangIn(offeredErlang);
  return 1 / inverseErlangB(agents, offeredErlang);
}

/**
 * 1 / B(n, a), for real n > -1. Sums 1 + n/a + n(n-1)/a^2 + ... downwards from n, which ends after some thousand terms at
 * 100,000 agents; what is left below 1 comes from the incomplete gamma function. Infinity where B is below every double.
 */
export function inverseErlangB(n: number, a: number): number {
  if (a === 0) return n === 0 ? 1 : n < 0 ? 0 : Number.POSITIVE_INFINITY;
  let sum = 0;
  let term = 1;
  let k = n;
  for (; k >= 1; k--) {
    sum += term;
    term *= k / a;
    if (k < a && term < NEGLIGIBLE * sum * (1 - k / a)) return sum;
    if (term === Number.POSITIVE_INFINITY) return term;
  }
  return sum + term * (k === 0 ? 1 : inverseBelowOne(k, a));
}

/** 1 / B(x, a) = e^a a^-x Gamma(x + 1, a) for -1 < x < 1. */
function inverseBelowOne(x: number, a: number): number {
  const s = x + 1;
  return a < 2 ? Math.exp(a) * a ** -x * gamma(s) - a * lowerSeries(s, a) : a * upperFraction(s, a);
}

/** e^a a^-s times the lower incomplete gamma function. */
function lowerSeries(s: number, a: number): number {
  let term = 1 / s;
  let sum = term;
  for (let k = 1; term > NEGLIGIBLE * sum; k++) {
    term *= a / (s + k);
    sum += term;
  }
  return sum;
}

/** e^a a^-s times the upper incomplete gamma function, by Lentz's continued fraction. */
function upperFraction(s: number, a: number): number {
  let b = a + 1 - s;
  let c = Number.MAX_VALUE;
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; i < 10_000; i++) {
    const an = -i * (i - s);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    const step = c * d;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  return fraction;
}

/** Lanczos's approximation with g = 7 and nine terms, for s > 0. */
function gamma(s: number): number {
  const x = s - 1;
  let sum = LANCZOS[0] ?? 0;
  for (let i = 1; i < LANCZOS.length; i++) sum += (LANCZOS[i] ?? 0) / (x + i);
  const t = x + 7.5;
  return Math.sqrt(2 * Math.PI) * t ** (x + 0.5) * Math.exp(-t) * sum;
}

const LANCZOS = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406,
  12.507343278686905, -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/** The load in erlang that `agents` lines carry at the given blocking. */
export function erlangBLoad(agents: number, blocking: number): number {
  numberIn(agents, "agents", { min: 0, max: LIMITS.agents, isAbove: true });
  openShareIn(blocking, "blocking");
  // All of the load beyond `agents` is lost at the least, so a <= agents / (1 - blocking).
  return bisect(0, agents / (1 - blocking), (a) => 1 / inverseErlangB(agents, a) >= blocking);
}

/** The fewest lines that lose at most `maxBlocking` of the load. */
export function erlangBLines(offeredErlang: number, maxBlocking: number): number {
  erlangIn(offeredErlang);
  if (maxBlocking === 0)
    throw badInput(
      "maxBlocking",
      "maxBlocking is 0, which no finite group reaches; give a share such as 0.01",
    );
  openShareIn(maxBlocking, "maxBlocking");
  const lines = leastWhole(
    0,
    LIMITS.agents,
    (n) => 1 / inverseErlangB(n, offeredErlang) <= maxBlocking,
    offeredErlang,
  );
  if (lines === undefined)
    throw unreachableTarget("maxBlocking", `no group up to ${LIMITS.agents} lines reaches ${maxBlocking}`);
  return lines;
}
