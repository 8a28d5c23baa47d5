import fc, { type Arbitrary } from "fast-check";
import { BINARY_PRECEDENCE, type BinaryOperator, type Expression, METHODS } from "./expression.ts";
import { parseExpression } from "./parse-expression.ts";

/** The tree of a text that is one; fails otherwise. */
export function parsed(text: string): Expression {
  const result = parseExpression(text);
  if (!result.ok) throw new Error(`${text}: ${result.problems[0]?.message}`);
  return result.expression;
}

/** A tree without its columns, for comparing. */
export function withoutColumns(expression: Expression): unknown {
  return JSON.parse(JSON.stringify(expression, (key, value) => (key === "column" ? undefined : value)));
}

const OPERATORS = Object.keys(BINARY_PRECEDENCE) as BinaryOperator[];

/** Names of the random expressions; what facts they are given is the test's affair. */
export const NAMES = [
  "a",
  "b",
  "customer.type",
  "contacts.last30",
  "item.skills",
  "size",
  "has.in_",
  "_x.y1.z",
];

const column = fc.constant(1);
const number = fc.oneof(
  fc.record({
    kind: fc.constant("number" as const),
    column,
    value: fc.oneof(fc.nat(5), fc.nat(Number.MAX_SAFE_INTEGER)),
    isDecimal: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("number" as const),
    column,
    value: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map(Math.abs),
    isDecimal: fc.constant(true),
  }),
);
const text = fc.record({
  kind: fc.constant("text" as const),
  column,
  value: fc.oneof(fc.constantFrom("", "gold", "go", "sv"), fc.string({ unit: "binary", maxLength: 6 })),
});
const name = fc.constantFrom(...NAMES);

const leaf: Arbitrary<Expression> = fc.oneof(
  fc.record({ kind: fc.constant("name" as const), column, name }),
  fc.record({ kind: fc.constant("flag" as const), column, value: fc.boolean() }),
  number,
  text,
  fc.constant({ kind: "null" as const, column: 1 }),
  fc.record({
    kind: fc.constant("has" as const),
    column,
    name: name.filter((each) => each.includes(".")),
  }),
);

/** Any expression, of all kinds of nodes and without regard to types; `size` bounds its depth. */
export function anyExpression(depth: number): Arbitrary<Expression> {
  const { tree } = fc.letrec<{ tree: Expression }>((tie) => {
    const part = tie("tree");
    return {
      tree: fc.oneof(
        { maxDepth: depth, depthSize: "small", withCrossShrink: true },
        leaf,
        fc.record({
          kind: fc.constant("binary" as const),
          column,
          operator: fc.constantFrom(...OPERATORS),
          left: part,
          right: part,
        }),
        fc.record({
          kind: fc.constant("unary" as const),
          column,
          operator: fc.constantFrom("!" as const, "-" as const),
          operand: part,
        }),
        fc.record({
          kind: fc.constant("conditional" as const),
          column,
          condition: part,
          whenTrue: part,
          otherwise: part,
        }),
        fc.record({ kind: fc.constant("list" as const), column, items: fc.array(part, { maxLength: 3 }) }),
        fc.record({ kind: fc.constant("list" as const), column, items: fc.array(leaf, { maxLength: 12 }) }),
        fc.tuple(fc.constantFrom(...METHODS), part, part).map(([method, target, argument]): Expression => {
          const call = { kind: "call" as const, column: 1, method, target };
          return method === "size" ? call : { ...call, argument };
        }),
      ),
    };
  });
  return tree;
}
