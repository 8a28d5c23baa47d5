import { EXPRESSION_LIMITS } from "./limits.ts";

export type ExpressionScalar = string | number | boolean | null;

/** What an expression gives. Numbers are finite doubles; `undefined` beside it means absent. */
export type ExpressionValue = ExpressionScalar | readonly ExpressionScalar[];

/** A value, or the absence of one. */
export type Maybe = ExpressionValue | undefined;

/** A fact as the language sees it; what is no value of the language or too large for it is absent. */
export function admit(fact: unknown): Maybe {
  const scalar = admitScalar(fact);
  if (scalar !== undefined || !Array.isArray(fact)) return scalar;
  if (fact.length > EXPRESSION_LIMITS.listLength) return undefined;
  let room: number = EXPRESSION_LIMITS.listTextLength;
  for (let i = 0; i < fact.length; i++) {
    const element = admitScalar(fact[i]);
    if (element === undefined) return undefined;
    if (typeof element === "string") room -= element.length;
  }
  return room < 0 ? undefined : (fact as readonly ExpressionScalar[]);
}

function admitScalar(fact: unknown): ExpressionScalar | undefined {
  if (typeof fact === "string") return fact.length <= EXPRESSION_LIMITS.valueLength ? fact : undefined;
  if (typeof fact === "number") return finite(fact);
  return typeof fact === "boolean" || fact === null ? fact : undefined;
}

/** A result of arithmetic: absent when it is no number (division by zero, overflow), and never -0, which JSON would lose. */
export const finite = (value: number): number | undefined => (Number.isFinite(value) ? value + 0 : undefined);

/** Whether two values are the same; values of different kinds are not. Lists are compared element by element. */
export function areEqual(a: ExpressionValue, b: ExpressionValue): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  return a.length === b.length && a.every((element, index) => element === b[index]);
}

/** Negative, zero or positive, by code points as CEL orders texts (UTF-16 units would put emoji before U+E000). */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rankOfUnit(x) - rankOfUnit(y);
  }
  return a.length - b.length;
}

/** Steps up to which the platform's search is good enough, however badly the two texts go together. */
const SHORT_SEARCH = 100_000;

/** Whether `part` occurs in `text`; linear in both, also for texts made to be slow to search. */
export function containsText(text: string, part: string): boolean {
  if (text.length * part.length <= SHORT_SEARCH) return text.includes(part);
  // Knuth, Morris and Pratt 1977: after `matched` units of `part`, border[matched - 1] of them still match
  const border = new Uint16Array(part.length);
  for (let i = 1, matched = 0; i < part.length; i++) {
    while (matched > 0 && part.charCodeAt(i) !== part.charCodeAt(matched)) matched = border[matched - 1] ?? 0;
    if (part.charCodeAt(i) === part.charCodeAt(matched)) matched += 1;
    border[i] = matched;
  }
  for (let i = 0, matched = 0; i < text.length; i++) {
    while (matched > 0 && text.charCodeAt(i) !== part.charCodeAt(matched)) matched = border[matched - 1] ?? 0;
    if (text.charCodeAt(i) === part.charCodeAt(matched)) matched += 1;
    if (matched === part.length) return true;
  }
  return false;
}

/** Surrogates stand for code points above all that a single unit can say. */
const rankOfUnit = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

/** The number of code points. */
export function sizeOfText(text: string): number {
  let size = text.length;
  for (let i = 1; i < text.length; i++) {
    if (isBetween(text.charCodeAt(i), 0xdc00, 0xdfff) && isBetween(text.charCodeAt(i - 1), 0xd800, 0xdbff))
      size -= 1;
  }
  return size;
}

const isBetween = (unit: number, low: number, high: number): boolean => unit >= low && unit <= high;
