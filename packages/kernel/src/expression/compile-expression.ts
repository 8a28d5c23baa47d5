import type {
  BinaryExpression,
  CallExpression,
  ConditionalExpression,
  Expression,
  Method,
  UnaryExpression,
} from "./expression.ts";
import { EXPRESSION_LIMITS } from "./limits.ts";
import {
  admit,
  areEqual,
  compareTexts,
  containsText,
  type ExpressionScalar,
  type ExpressionValue,
  finite,
  type Maybe,
  sizeOfText,
} from "./value.ts";

/** Facts as nested plain data: `{ customer: { type: "gold" } }` answers to `customer.type`. Unknown ones are left out. */
export interface Facts {
  readonly [name: string]: unknown;
}

/** How a fact is read out of an object of one's own. Asked while an expression is compiled, never while it runs. */
export type ReaderOf<F> = (name: string) => (facts: F) => unknown;

type Evaluate<F> = (facts: F) => Maybe;

/** Where a list of literals is long enough for a set to be quicker than looking through it. */
const SET_FROM_LENGTH = 9;

/**
 * Makes a function of an expression that `parseExpression` gave. It never throws (as long as the readers do not), keeps
 * no state, and its work is bounded by `EXPRESSION_LIMITS`. `undefined` is absent:
 *
 * - a fact that is missing, or no value of the language (NaN, a Date, too long), is absent;
 * - an operator or method with an absent operand, with operands of the wrong kind, or with a result that is no finite
 *   number or too long a text, gives absent. `==` and `!=` know no wrong kind: values of different kinds differ;
 * - `false && x` and `x && false` are false, `true || x` and `x || true` are true, whatever x is;
 * - `c ? a : b` is a only if c is true; `has()` is never absent.
 */
export function compileExpression(expression: Expression): (facts: Facts) => ExpressionValue | undefined;
export function compileExpression<F>(
  expression: Expression,
  readerOf: ReaderOf<F>,
): (facts: F) => ExpressionValue | undefined;
export function compileExpression(
  expression: Expression,
  readerOf: ReaderOf<Facts> = nestedReader,
): (facts: Facts) => ExpressionValue | undefined {
  return compile(expression, readerOf);
}

/** Makes a yes-or-no question of an expression: yes only if it gives true. Absent, and any other value, is no. */
export function compileCondition(expression: Expression): (facts: Facts) => boolean;
export function compileCondition<F>(expression: Expression, readerOf: ReaderOf<F>): (facts: F) => boolean;
export function compileCondition(
  expression: Expression,
  readerOf: ReaderOf<Facts> = nestedReader,
): (facts: Facts) => boolean {
  const evaluate = compile(expression, readerOf);
  return (facts) => evaluate(facts) === true;
}

/** Own properties of objects only: a name reaches neither what objects inherit nor into a list or text. */
function nestedReader(name: string): (facts: Facts) => unknown {
  const path = name.split(".");
  return (facts) => {
    let found: unknown = facts;
    for (const key of path) {
      if (typeof found !== "object" || found === null || Array.isArray(found)) return undefined;
      if (!Object.hasOwn(found, key)) return undefined;
      found = (found as Facts)[key];
    }
    return found;
  };
}

function compile<F>(expression: Expression, readerOf: ReaderOf<F>): Evaluate<F> {
  switch (expression.kind) {
    case "null":
      return () => null;
    case "flag":
    case "number":
    case "text": {
      const { value } = expression;
      return () => value;
    }
    case "list":
      return list(expression.items, readerOf);
    case "name": {
      const read = readerOf(expression.name);
      return (facts) => admit(read(facts));
    }
    case "has": {
      const read = readerOf(expression.name);
      return (facts) => admit(read(facts)) !== undefined;
    }
    case "unary":
      return unary(expression, readerOf);
    case "binary":
      return binary(expression, readerOf);
    case "conditional":
      return conditional(expression, readerOf);
    case "call":
      return call(expression, readerOf);
  }
}

function list<F>(items: readonly Expression[], readerOf: ReaderOf<F>): Evaluate<F> {
  const literals = literalsOf(items);
  if (literals !== undefined) return () => literals;
  const evaluates = items.map((item) => compile(item, readerOf));
  return (facts) => {
    const values: ExpressionScalar[] = [];
    for (const evaluate of evaluates) {
      const value = evaluate(facts);
      if (value === undefined || (typeof value === "object" && value !== null)) return undefined;
      values.push(value);
    }
    return values;
  };
}

/** The values of a list of literals; undefined if one of them is none. */
function literalsOf(items: readonly Expression[]): readonly ExpressionScalar[] | undefined {
  const values = items.map(literalOf);
  return values.every((value) => value !== undefined) ? values : undefined;
}

function literalOf(expression: Expression): ExpressionScalar | undefined {
  if (expression.kind === "null") return null;
  if (expression.kind === "text" || expression.kind === "number" || expression.kind === "flag")
    return expression.value;
  return undefined;
}

function unary<F>(expression: UnaryExpression, readerOf: ReaderOf<F>): Evaluate<F> {
  const operand = compile(expression.operand, readerOf);
  if (expression.operator === "!")
    return (facts) => {
      const value = operand(facts);
      return typeof value === "boolean" ? !value : undefined;
    };
  return (facts) => {
    const value = operand(facts);
    return typeof value === "number" ? finite(-value) : undefined;
  };
}

function binary<F>(expression: BinaryExpression, readerOf: ReaderOf<F>): Evaluate<F> {
  const left = compile(expression.left, readerOf);
  const right = compile(expression.right, readerOf);
  switch (expression.operator) {
    case "&&":
      return conjunction(left, right);
    case "||":
      return disjunction(left, right);
    case "==":
      return equality(true, left, right, literalOf(expression.right));
    case "!=":
      return equality(false, left, right, literalOf(expression.right));
    case "<":
      return ordering(left, right, (order) => order < 0);
    case "<=":
      return ordering(left, right, (order) => order <= 0);
    case ">":
      return ordering(left, right, (order) => order > 0);
    case ">=":
      return ordering(left, right, (order) => order >= 0);
    case "in":
      return membership(left, right, expression.right);
    case "+":
      return addition(left, right);
    case "-":
      return arithmetic(left, right, (a, b) => a - b);
    case "*":
      return arithmetic(left, right, (a, b) => a * b);
    case "/":
      return arithmetic(left, right, (a, b) => a / b);
    case "%":
      return arithmetic(left, right, (a, b) => a % b);
  }
}

/** False on either side decides; without it both sides must be true. */
function conjunction<F>(left: Evaluate<F>, right: Evaluate<F>): Evaluate<F> {
  return (facts) => {
    const a = left(facts);
    if (a === false) return false;
    const b = right(facts);
    if (b === false) return false;
    return a === true && b === true ? true : undefined;
  };
}

/** True on either side decides; without it both sides must be false. */
function disjunction<F>(left: Evaluate<F>, right: Evaluate<F>): Evaluate<F> {
  return (facts) => {
    const a = left(facts);
    if (a === true) return true;
    const b = right(facts);
    if (b === true) return true;
    return a === false && b === false ? false : undefined;
  };
}

function equality<F>(
  same: boolean,
  left: Evaluate<F>,
  right: Evaluate<F>,
  literal: ExpressionScalar | undefined,
): Evaluate<F> {
  if (literal !== undefined)
    return (facts) => {
      const a = left(facts);
      return a === undefined ? undefined : (a === literal) === same;
    };
  return (facts) => {
    const a = left(facts);
    const b = right(facts);
    return a === undefined || b === undefined ? undefined : areEqual(a, b) === same;
  };
}

function ordering<F>(left: Evaluate<F>, right: Evaluate<F>, holds: (order: number) => boolean): Evaluate<F> {
  return (facts) => {
    const a = left(facts);
    const b = right(facts);
    if (typeof a === "number" && typeof b === "number") return holds(a < b ? -1 : a > b ? 1 : 0);
    if (typeof a === "string" && typeof b === "string") return holds(compareTexts(a, b));
    return undefined;
  };
}

function membership<F>(left: Evaluate<F>, right: Evaluate<F>, written: Expression): Evaluate<F> {
  const literals = written.kind === "list" ? literalsOf(written.items) : undefined;
  if (literals !== undefined && literals.length >= SET_FROM_LENGTH) {
    const set: ReadonlySet<ExpressionValue> = new Set(literals);
    return (facts) => {
      const value = left(facts);
      return value === undefined ? undefined : set.has(value);
    };
  }
  return (facts) => {
    const value = left(facts);
    const elements = right(facts);
    if (value === undefined || typeof elements !== "object" || elements === null) return undefined;
    return (elements as readonly ExpressionValue[]).includes(value);
  };
}

function addition<F>(left: Evaluate<F>, right: Evaluate<F>): Evaluate<F> {
  return (facts) => {
    const a = left(facts);
    const b = right(facts);
    if (typeof a === "number" && typeof b === "number") return finite(a + b);
    if (typeof a !== "string" || typeof b !== "string") return undefined;
    return a.length + b.length <= EXPRESSION_LIMITS.valueLength ? a + b : undefined;
  };
}

function arithmetic<F>(
  left: Evaluate<F>,
  right: Evaluate<F>,
  operate: (a: number, b: number) => number,
): Evaluate<F> {
  return (facts) => {
    const a = left(facts);
    const b = right(facts);
    return typeof a === "number" && typeof b === "number" ? finite(operate(a, b)) : undefined;
  };
}

function conditional<F>(expression: ConditionalExpression, readerOf: ReaderOf<F>): Evaluate<F> {
  const condition = compile(expression.condition, readerOf);
  const whenTrue = compile(expression.whenTrue, readerOf);
  const otherwise = compile(expression.otherwise, readerOf);
  return (facts) => (condition(facts) === true ? whenTrue(facts) : otherwise(facts));
}

const TEXT_METHODS: Readonly<Record<Exclude<Method, "size">, (text: string, part: string) => boolean>> = {
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
  contains: containsText,
};

function call<F>(expression: CallExpression, readerOf: ReaderOf<F>): Evaluate<F> {
  const target = compile(expression.target, readerOf);
  if (expression.method === "size")
    return (facts) => {
      const value = target(facts);
      if (typeof value === "string") return sizeOfText(value);
      return typeof value === "object" && value !== null ? value.length : undefined;
    };
  const ask = TEXT_METHODS[expression.method];
  const argument =
    expression.argument === undefined ? () => undefined : compile(expression.argument, readerOf);
  return (facts) => {
    const text = target(facts);
    const part = argument(facts);
    return typeof text === "string" && typeof part === "string" ? ask(text, part) : undefined;
  };
}
