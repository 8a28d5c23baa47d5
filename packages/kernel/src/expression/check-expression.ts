import {
  type BinaryExpression,
  type CallExpression,
  type ConditionalExpression,
  childrenOf,
  type Expression,
  type ListLiteral,
} from "./expression.ts";
import { EXPRESSION_LIMITS } from "./limits.ts";
import { nearest } from "./nearest.ts";
import {
  type ExpressionProblem,
  type ExpressionProblemCode,
  type ExpressionRemedy,
  type ProblemParams,
  problem,
} from "./problem.ts";

/** What a fact is; `oneOf` is a text of which all values are known. */
export type FactType =
  | "text"
  | "number"
  | "flag"
  | { readonly oneOf: readonly string[] }
  | { readonly listOf: "text" | "number" | "flag" };

/** The facts that there are, by dotted name. A last part `*` stands for any one word: `item.fields.*`. */
export type ExpressionSchema = Readonly<Record<string, FactType>>;

/** What an expression is to give. */
export type ExpressionResult = "flag" | "number" | "text" | "any";

/** What is known of a value before there are facts. `list` is the empty list, `any` what was complained of already. */
type Kind =
  | "text"
  | "number"
  | "flag"
  | "null"
  | "any"
  | "list"
  | "list_of_text"
  | "list_of_number"
  | "list_of_flag";

/**
 * What is wrong with an expression for someone who knows these facts: unknown names, kinds that do not go together,
 * values that never occur, a result other than `result`. In order of column; none means that it may be used.
 */
export function checkExpression(
  expression: Expression,
  schema: ExpressionSchema,
  result: ExpressionResult = "flag",
): readonly ExpressionProblem[] {
  const limit = EXPRESSION_LIMITS.nodes;
  if (hasMoreParts(expression, limit))
    return [problem("too_many_parts", expression.column, { limit }, "shorten")];
  return new Checker(schema).check(expression, result);
}

/** Counts without recursion: a tree that did not come from the parser may be of any depth. */
function hasMoreParts(expression: Expression, limit: number): boolean {
  const waiting = [expression];
  for (let count = 0; count <= limit; count++) {
    const part = waiting.pop();
    if (part === undefined) return false;
    waiting.push(...childrenOf(part));
  }
  return true;
}

class Checker {
  readonly #schema: ExpressionSchema;
  readonly #problems: ExpressionProblem[] = [];

  constructor(schema: ExpressionSchema) {
    this.#schema = schema;
  }

  check(expression: Expression, result: ExpressionResult): readonly ExpressionProblem[] {
    const found = this.#kindOf(expression);
    if (result !== "any" && found !== "any" && found !== result) {
      const remedy = result === "flag" ? "compare_it" : undefined;
      this.#add("wrong_result", expression.column, { found, expected: result }, remedy);
    }
    return this.#problems.sort((a, b) => a.column - b.column);
  }

  #kindOf(expression: Expression): Kind {
    switch (expression.kind) {
      case "null":
      case "flag":
      case "number":
      case "text":
        return expression.kind;
      case "list":
        return this.#list(expression);
      case "name":
        return kindOfFact(this.#factType(expression));
      case "has":
        this.#factType(expression);
        return "flag";
      case "unary": {
        const needed = expression.operator === "!" ? "flag" : "number";
        this.#need(expression.operand, needed, expression.operator);
        return needed;
      }
      case "binary":
        return this.#binary(expression);
      case "conditional":
        return this.#conditional(expression);
      case "call":
        return this.#call(expression);
    }
  }

  #list(expression: ListLiteral): Kind {
    let common: Kind = "any";
    for (const item of expression.items) {
      const kind = this.#kindOf(item);
      if (isList(kind)) this.#add("nested_list", item.column);
      else if (common === "any") common = kind;
      else if (kind !== "any" && kind !== common)
        this.#add("mixed_list", item.column, { left: common, right: kind });
    }
    return listOf(common);
  }

  /** The type of a named fact; undefined, with a complaint, when there is none. */
  #factType(expression: { readonly name: string; readonly column: number }): FactType | undefined {
    const { name, column } = expression;
    const type = typeIn(this.#schema, name);
    if (type !== undefined) return type;
    const suggestion = this.#suggestion(name);
    if (suggestion !== undefined) this.#add("unknown_name", column, { name, suggestion }, "did_you_mean");
    else this.#add("unknown_name", column, { name }, name.includes(".") ? undefined : "use_quotes");
    return undefined;
  }

  #suggestion(name: string): string | undefined {
    const known = Object.keys(this.#schema).filter((each) => !each.endsWith("*"));
    return (
      nearest(name, known) ??
      known.sort().find((each) => each.endsWith(`.${name}`) || each.startsWith(`${name}.`))
    );
  }

  #binary(expression: BinaryExpression): Kind {
    switch (expression.operator) {
      case "&&":
      case "||":
        this.#need(expression.left, "flag", expression.operator);
        this.#need(expression.right, "flag", expression.operator);
        return "flag";
      case "==":
      case "!=":
        return this.#comparison(expression, areComparable);
      case "<":
      case "<=":
      case ">":
      case ">=":
        return this.#comparison(expression, areOrdered);
      case "in":
        return this.#membership(expression);
      case "+":
        return this.#addition(expression);
      default:
        this.#need(expression.left, "number", expression.operator);
        this.#need(expression.right, "number", expression.operator);
        return "number";
    }
  }

  #comparison(expression: BinaryExpression, fits: (left: Kind, right: Kind) => boolean): Kind {
    const { column, operator } = expression;
    const left = this.#kindOf(expression.left);
    const right = this.#kindOf(expression.right);
    if (!fits(left, right)) this.#add("cannot_compare", column, { left, right, operator });
    else if (operator === "==" || operator === "!=") {
      this.#possible(expression.left, expression.right);
      this.#possible(expression.right, expression.left);
    }
    return "flag";
  }

  #membership(expression: BinaryExpression): Kind {
    const { column, operator } = expression;
    const left = this.#kindOf(expression.left);
    const right = this.#kindOf(expression.right);
    if (right !== "any" && !isList(right))
      this.#add("wrong_type", expression.right.column, { operator, expected: "list", found: right });
    else if (isList(left) || !areComparable(listOf(left), right))
      this.#add("cannot_compare", column, { left, right, operator });
    else if (expression.right.kind === "list")
      for (const item of expression.right.items) this.#possible(expression.left, item);
    return "flag";
  }

  /** Complains of a text that a fact with known values never is. */
  #possible(fact: Expression, value: Expression): void {
    if (fact.kind !== "name" || value.kind !== "text") return;
    const values = knownValues(typeIn(this.#schema, fact.name));
    if (values === undefined || values.includes(value.value)) return;
    const params = { name: fact.name, value: JSON.stringify(value.value) };
    const suggestion = nearest(value.value, values);
    if (suggestion === undefined) this.#add("impossible_value", value.column, params);
    else {
      const quoted = JSON.stringify(suggestion);
      this.#add("impossible_value", value.column, { ...params, suggestion: quoted }, "did_you_mean");
    }
  }

  #addition(expression: BinaryExpression): Kind {
    const left = this.#kindOf(expression.left);
    if (left === "number" || left === "text") {
      this.#need(expression.right, left, "+");
      return left;
    }
    const right = this.#kindOf(expression.right);
    if (left !== "any") {
      const expected = right === "number" || right === "text" ? right : "number_or_text";
      this.#add("wrong_type", expression.left.column, { operator: "+", expected, found: left });
      return "any";
    }
    if (right === "number" || right === "text" || right === "any") return right;
    this.#add("wrong_type", expression.right.column, {
      operator: "+",
      expected: "number_or_text",
      found: right,
    });
    return "any";
  }

  #conditional(expression: ConditionalExpression): Kind {
    this.#need(expression.condition, "flag", "? :");
    const left = this.#kindOf(expression.whenTrue);
    const right = this.#kindOf(expression.otherwise);
    if (!areComparable(left, right)) {
      this.#add("branches_differ", expression.column, { left, right });
      return "any";
    }
    return left === "any" || left === "null" || left === "list" ? right : left;
  }

  #call(expression: CallExpression): Kind {
    const { method, target, argument } = expression;
    if (method === "size") {
      const found = this.#kindOf(target);
      if (found !== "any" && found !== "text" && !isList(found))
        this.#add("wrong_type", target.column, { operator: "size", expected: "text_or_list", found });
      return "number";
    }
    this.#need(target, "text", method);
    if (argument !== undefined) this.#need(argument, "text", method);
    return "flag";
  }

  #need(expression: Expression, expected: "flag" | "number" | "text", operator: string): void {
    const found = this.#kindOf(expression);
    if (found === expected || found === "any") return;
    const remedy = expected === "flag" ? "compare_it" : undefined;
    this.#add("wrong_type", expression.column, { operator, expected, found }, remedy);
  }

  #add(code: ExpressionProblemCode, column: number, params?: ProblemParams, remedy?: ExpressionRemedy): void {
    this.#problems.push(problem(code, column, params, remedy));
  }
}

function typeIn(schema: ExpressionSchema, name: string): FactType | undefined {
  if (Object.hasOwn(schema, name)) return schema[name];
  const any = name.replace(/[^.]*$/, "*");
  return Object.hasOwn(schema, any) ? schema[any] : undefined;
}

const knownValues = (type: FactType | undefined): readonly string[] | undefined =>
  typeof type === "object" && "oneOf" in type ? type.oneOf : undefined;

function kindOfFact(type: FactType | undefined): Kind {
  if (type === undefined) return "any";
  if (typeof type === "string") return type;
  return "oneOf" in type ? "text" : `list_of_${type.listOf}`;
}

const isList = (kind: Kind): boolean => kind.startsWith("list");

const listOf = (kind: Kind): Kind =>
  kind === "text" || kind === "number" || kind === "flag" ? `list_of_${kind}` : "list";

function areComparable(left: Kind, right: Kind): boolean {
  if (left === right || left === "any" || right === "any" || left === "null" || right === "null") return true;
  return (left === "list" && isList(right)) || (right === "list" && isList(left));
}

function areOrdered(left: Kind, right: Kind): boolean {
  const ordered = (kind: Kind): boolean => kind === "number" || kind === "text" || kind === "any";
  return ordered(left) && ordered(right) && areComparable(left, right);
}
