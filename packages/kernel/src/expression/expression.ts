/** Operators of one operand. */
export type UnaryOperator = "!" | "-";

/** Operators of two operands, with the meaning and the precedence of CEL. */
export type BinaryOperator =
  | "||"
  | "&&"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "in"
  | "+"
  | "-"
  | "*"
  | "/"
  | "%";

/** What can be asked of a text (and `size` also of a list). */
export type Method = "startsWith" | "endsWith" | "contains" | "size";

interface Located {
  /** Where it begins in the text, counted from 1 in UTF-16 units; of an operation, where its operator stands. */
  readonly column: number;
}

export interface NullLiteral extends Located {
  readonly kind: "null";
}
export interface FlagLiteral extends Located {
  readonly kind: "flag";
  readonly value: boolean;
}
export interface NumberLiteral extends Located {
  readonly kind: "number";
  /** Finite and not negative: the minus of `-5` is an operator. */
  readonly value: number;
  /** Written with a point or an exponent. We compute with doubles either way; a full CEL does not. */
  readonly isDecimal: boolean;
}
export interface TextLiteral extends Located {
  readonly kind: "text";
  readonly value: string;
}
export interface ListLiteral extends Located {
  readonly kind: "list";
  readonly items: readonly Expression[];
}
/** A fact, by its dotted name. */
export interface NameExpression extends Located {
  readonly kind: "name";
  readonly name: string;
}
/** Whether there is such a fact. */
export interface HasExpression extends Located {
  readonly kind: "has";
  readonly name: string;
}
export interface UnaryExpression extends Located {
  readonly kind: "unary";
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}
export interface BinaryExpression extends Located {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}
export interface ConditionalExpression extends Located {
  readonly kind: "conditional";
  readonly condition: Expression;
  readonly whenTrue: Expression;
  readonly otherwise: Expression;
}
export interface CallExpression extends Located {
  readonly kind: "call";
  readonly method: Method;
  readonly target: Expression;
  /** None for `size`, one for the others. */
  readonly argument?: Expression;
}

/**
 * An expression as a tree of plain data. The language is a subset of Google's Common Expression Language
 * (https://cel.dev, its `langdef.md`); what differs in meaning stands in docs/adr/0009.
 */
export type Expression =
  | NullLiteral
  | FlagLiteral
  | NumberLiteral
  | TextLiteral
  | ListLiteral
  | NameExpression
  | HasExpression
  | UnaryExpression
  | BinaryExpression
  | ConditionalExpression
  | CallExpression;

export const METHODS: readonly Method[] = ["startsWith", "endsWith", "contains", "size"];

/** Words that CEL keeps for itself and for the languages that embed it; none may stand in a name. */
export const RESERVED_WORDS: ReadonlySet<string> = new Set(
  (
    "true false null in as break const continue else for function if import let loop package namespace return " +
    "var void while"
  ).split(" "),
);

/** How tightly an operator binds; a larger number binds tighter. All two-sided ones lean to the left. */
export const BINARY_PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  "||": 1,
  "&&": 2,
  "==": 3,
  "!=": 3,
  "<": 3,
  "<=": 3,
  ">": 3,
  ">=": 3,
  in: 3,
  "+": 4,
  "-": 4,
  "*": 5,
  "/": 5,
  "%": 5,
};

/** The parts of an expression that are expressions themselves, from left to right. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "list":
      return expression.items;
    case "unary":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "conditional":
      return [expression.condition, expression.whenTrue, expression.otherwise];
    case "call":
      return expression.argument === undefined
        ? [expression.target]
        : [expression.target, expression.argument];
    default:
      return [];
  }
}
