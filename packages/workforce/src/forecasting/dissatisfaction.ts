import { SvaraError } from "@svara/kernel";
import { normalQuantile } from "../simulation/normal-quantile.ts";
import { type ObservedWait, productLimit, type SurvivalStep, whoWaited } from "./product-limit.ts";

/** A wait, how it ended, and what the customer said of the contact afterwards. */
export interface JudgedWait extends ObservedWait {
  /** Of the survey after the contact; null or absent where nobody asked or answered. */
  readonly score?: number | null;
}

/** How dissatisfaction is read from waits. */
export interface DissatisfactionOptions {
  /** A score up to here is low; 2 when absent (of five). */
  readonly lowAtMost?: number;
  /** Of the bands; 0.95 when absent. */
  readonly confidence?: number;
}

/** A share with its confidence band. */
export interface ShareBand {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** Giving up as a function of waiting: the steps of the product-limit curve. */
export interface GivingUp {
  /** Waits longer than nothing. */
  readonly waits: number;
  readonly gaveUp: number;
  readonly steps: readonly SurvivalStep[];
  /** Beyond the longest wait the data say nothing; null where nobody waited. */
  readonly knownToMs: number | null;
}

/**
 * Low scores of those who were served as a function of their wait. `logistic`: log odds = `intercept` + `perMinute` * minutes,
 * by maximum likelihood. `constant`: too few answers of one kind to tell an effect of waiting, one share for all. `unknown`:
 * nobody answered.
 */
export type LowScores =
  | {
      readonly kind: "logistic";
      readonly answers: number;
      readonly low: number;
      readonly intercept: number;
      readonly perMinute: number;
      /** Of `perMinute`. */
      readonly perMinuteLow: number;
      readonly perMinuteHigh: number;
      /** Variances of intercept and slope, and their covariance. */
      readonly covariance: readonly [number, number, number];
    }
  | { readonly kind: "constant"; readonly answers: number; readonly low: number }
  | { readonly kind: "unknown"; readonly answers: 0; readonly low: 0 };

/** What waiting does to customers, from the client's own contacts. Plain JSON. */
export interface Dissatisfaction {
  readonly confidence: number;
  readonly lowAtMost: number;
  readonly givingUp: GivingUp;
  readonly lowScores: LowScores;
}

/** What is expected of a customer who would have to wait so long. */
export interface ExpectedDissatisfaction {
  readonly waitMs: number;
  /** Gives up before; null beyond what the data know. */
  readonly gaveUp: ShareBand | null;
  /** Of those who are served after such a wait and answer the survey: a low score; null where nobody answered. */
  readonly lowScore: ShareBand | null;
}

const NEEDED = 10; // answers of either kind: below it the slope is mostly chance (Peduzzi et al. 1996, ten events a parameter)
const MOST_STEPS = 40;
const STEEPEST = 60; // log odds at which the two kinds are told apart by the wait alone

/**
 * Fits giving up (Kaplan and Meier 1958, Greenwood 1926) and low scores (logistic regression) to waits and how they ended.
 * @throws {SvaraError} `forecasting.bad_waits` (the field names the wait), `forecasting.bad_options`
 */
export function fitDissatisfaction(
  waits: readonly JudgedWait[],
  options: DissatisfactionOptions = {},
): Dissatisfaction {
  const { lowAtMost = 2, confidence = 0.95 } = options;
  if (!(confidence > 0 && confidence < 1)) throw badOption("confidence", confidence, "between 0 and 1");
  if (!Number.isFinite(lowAtMost)) throw badOption("lowAtMost", lowAtMost, "a number");
  for (const [i, { waitMs, score }] of waits.entries()) {
    if (!Number.isFinite(waitMs) || waitMs < 0)
      throw badWait(`waits.${i}.waitMs`, `a wait of ${waitMs} ms is none: give 0 or more`);
    if (score != null && !Number.isFinite(score))
      throw badWait(`waits.${i}.score`, `a score of ${score} is none`);
  }
  const waited = whoWaited(waits);
  const answers = waits.flatMap(({ waitMs, gaveUp, score }) =>
    gaveUp || score == null ? [] : [{ minutes: waitMs / 60_000, isLow: score <= lowAtMost }],
  );
  return {
    confidence,
    lowAtMost,
    givingUp: {
      waits: waited.length,
      gaveUp: waited.filter(({ gaveUp }) => gaveUp).length,
      steps: productLimit(waited),
      knownToMs: waited.length > 0 ? waited.reduce((most, { waitMs }) => Math.max(most, waitMs), 0) : null,
    },
    lowScores: fitLowScores(answers, confidence),
  };
}

/** What a wait does, with its uncertainty. */
export function dissatisfactionAt(fit: Dissatisfaction, waitMs: number): ExpectedDissatisfaction {
  const z = normalQuantile((1 + fit.confidence) / 2);
  return {
    waitMs,
    gaveUp: gaveUpBy(fit.givingUp, waitMs, z),
    lowScore: lowScoreAt(fit.lowScores, waitMs, z),
  };
}

/** Expected giving up and low scores at whole steps of waiting, for drawing and reading. */
export function dissatisfactionCurve(
  fit: Dissatisfaction,
  { toMs, stepMs }: { readonly toMs: number; readonly stepMs: number },
): ExpectedDissatisfaction[] {
  const count = Math.floor(toMs / Math.max(stepMs, toMs / 1_000));
  return Array.from({ length: count + 1 }, (_, i) => dissatisfactionAt(fit, (i * toMs) / Math.max(1, count)));
}

function gaveUpBy({ steps, knownToMs }: GivingUp, waitMs: number, z: number): ShareBand | null {
  if (knownToMs === null || waitMs > knownToMs) return null;
  const step = steps.findLast(({ atMs }) => atMs <= waitMs);
  if (step === undefined) {
    // nobody gave up so early: the rule of three, by as many as were there
    const atRisk = steps[0]?.atRisk ?? 0;
    return { share: 0, low: 0, high: atRisk > 0 ? wilson(0, atRisk, z).high : 1 };
  }
  const { survival, standardError } = step;
  if (survival <= 0) return { share: 1, low: 0, high: 1 };
  const width = Math.exp((z * standardError) / (survival * Math.abs(Math.log(survival))));
  return { share: 1 - survival, low: 1 - survival ** (1 / width), high: 1 - survival ** width };
}

function lowScoreAt(fit: LowScores, waitMs: number, z: number): ShareBand | null {
  if (fit.kind === "unknown") return null;
  if (fit.kind === "constant") return wilson(fit.low, fit.answers, z);
  const minutes = waitMs / 60_000;
  const [v00, v11, v01] = fit.covariance;
  const logOdds = fit.intercept + fit.perMinute * minutes;
  const error = Math.sqrt(Math.max(0, v00 + 2 * minutes * v01 + minutes * minutes * v11));
  return {
    share: logistic(logOdds),
    low: logistic(logOdds - z * error),
    high: logistic(logOdds + z * error),
  };
}

interface Answer {
  readonly minutes: number;
  readonly isLow: boolean;
}

function fitLowScores(answers: readonly Answer[], confidence: number): LowScores {
  const low = answers.filter(({ isLow }) => isLow).length;
  if (answers.length === 0) return { kind: "unknown", answers: 0, low: 0 };
  const constant = { kind: "constant", answers: answers.length, low } as const;
  if (low < NEEDED || answers.length - low < NEEDED) return constant;
  const found = newton(answers, Math.log(low / (answers.length - low)));
  if (found === undefined) return constant;
  const z = normalQuantile((1 + confidence) / 2);
  const error = Math.sqrt(found.covariance[1]);
  return {
    ...found,
    kind: "logistic",
    answers: answers.length,
    low,
    perMinuteLow: found.perMinute - z * error,
    perMinuteHigh: found.perMinute + z * error,
  };
}

/** Newton's steps on the likelihood; undefined where all waits are alike, or the wait alone tells the two kinds apart. */
function newton(
  answers: readonly Answer[],
  start: number,
): Pick<Extract<LowScores, { kind: "logistic" }>, "intercept" | "perMinute" | "covariance"> | undefined {
  let intercept = start;
  let perMinute = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
    for (const { minutes, isLow } of answers) {
      const p = logistic(intercept + perMinute * minutes);
      const weight = p * (1 - p);
      const rest = (isLow ? 1 : 0) - p;
      g0 += rest;
      g1 += rest * minutes;
      h00 += weight;
      h01 += weight * minutes;
      h11 += weight * minutes * minutes;
    }
    const determinant = h00 * h11 - h01 * h01;
    if (!(determinant > 1e-9 * h00 * h11)) return undefined;
    const move0 = (h11 * g0 - h01 * g1) / determinant;
    const move1 = (h00 * g1 - h01 * g0) / determinant;
    intercept += move0;
    perMinute += move1;
    if (!Number.isFinite(perMinute) || Math.abs(intercept) > STEEPEST || Math.abs(perMinute) > STEEPEST)
      return undefined;
    if (Math.abs(move0) + Math.abs(move1) < 1e-10) {
      return {
        intercept,
        perMinute,
        covariance: [h11 / determinant, h00 / determinant, -h01 / determinant],
      };
    }
  }
  return undefined;
}

function logistic(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

/** The score interval of a share (Wilson 1927). */
function wilson(count: number, of: number, z: number): ShareBand {
  const share = count / of;
  const middle = (share + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  return { share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

function badWait(field: string, message: string): SvaraError {
  return new SvaraError(message, { code: "forecasting.bad_waits", httpStatus: 422, field });
}

function badOption(field: string, value: number, wanted: string): SvaraError {
  return new SvaraError(`${field} is ${value}: give ${wanted}`, {
    code: "forecasting.bad_options",
    httpStatus: 422,
    field,
  });
}
