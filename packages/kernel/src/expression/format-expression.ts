import { BINARY_PRECEDENCE, type Expression } from "./expression.ts";

const CONDITIONAL = 0;
const UNARY = 6;
const MEMBER = 7;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/**
 * The canonical text: one space around operators, double quotes, no parenthesis that is not needed. It parses to the
 * same tree (columns aside) unless its spaces make it longer than `EXPRESSION_LIMITS.textLength`.
 */
export function formatExpression(expression: Expression): string {
  switch (expression.kind) {
    case "null":
      return "null";
    case "flag":
      return String(expression.value);
    case "number":
      return formatNumber(expression.value, expression.isDecimal);
    case "text":
      return quote(expression.value);
    case "list":
      return `[${expression.items.map(formatExpression).join(", ")}]`;
    case "name":
      return expression.name;
    case "has":
      return `has(${expression.name})`;
    case "unary": {
      const { operator, operand } = expression;
      const repeats = operand.kind === "unary" && operand.operator === operator;
      return operator + bracket(operand, repeats ? UNARY : MEMBER);
    }
    case "binary": {
      const own = BINARY_PRECEDENCE[expression.operator];
      return `${bracket(expression.left, own)} ${expression.operator} ${bracket(expression.right, own + 1)}`;
    }
    case "conditional": {
      const { condition, whenTrue, otherwise } = expression;
      return `${bracket(condition, 1)} ? ${bracket(whenTrue, 1)} : ${bracket(otherwise, CONDITIONAL)}`;
    }
    case "call": {
      const argument = expression.argument === undefined ? "" : formatExpression(expression.argument);
      return `${bracket(expression.target, MEMBER)}.${expression.method}(${argument})`;
    }
  }
}

/** The text of a part, between parentheses if it binds less tightly than its place asks for. */
function bracket(expression: Expression, needed: number): string {
  const text = formatExpression(expression);
  return bindingOf(expression) < needed ? `(${text})` : text;
}

function bindingOf(expression: Expression): number {
  switch (expression.kind) {
    case "conditional":
      return CONDITIONAL;
    case "binary":
      return BINARY_PRECEDENCE[expression.operator];
    case "unary":
      return UNARY;
    default:
      return MEMBER;
  }
}

function formatNumber(value: number, isDecimal: boolean): string {
  const digits = String(value);
  return isDecimal && !/[.e]/.test(digits) ? `${digits}.0` : digits;
}

function quote(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
  const inside = value.replace(/["\\\u0000-\u001f\u007f\u2028\u2029]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, "0");
    return ESCAPES[character] ?? `\\u${code}`;
  });
  return `"${inside}"`;
}
