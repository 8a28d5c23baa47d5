import {
  BINARY_PRECEDENCE,
  type BinaryOperator,
  type CallExpression,
  type Expression,
  METHODS,
  type Method,
  RESERVED_WORDS,
  type UnaryOperator,
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
import { type Token, tokenise } from "./token.ts";

/** A tree, or what stands in the way of one. */
export type ParsedExpression =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly problems: readonly ExpressionProblem[] };

const CLOSING = { "(": ")", "[": "]" } as const;
type Opening = keyof typeof CLOSING;
type Mark = Extract<Token, { kind: "symbol" }>["symbol"];
type Made<T> = T | undefined;

/** What people write who know another language, as a word between two values. */
const FOREIGN_WORDS: ReadonlyMap<string, ExpressionRemedy> = new Map([
  ["and", "use_and"],
  ["or", "use_or"],
  ["not", "use_not"],
  ["is", "use_double_equals"],
  ["equals", "use_double_equals"],
  ["contains", "use_text_functions"],
  ["like", "use_text_functions"],
  ["matches", "use_text_functions"],
  ["startswith", "use_text_functions"],
  ["endswith", "use_text_functions"],
]);

/**
 * Reads one expression. Never throws; the time is linear in the length, which is limited (`EXPRESSION_LIMITS`).
 * The first fault ends the reading, so `problems` has one element.
 */
export function parseExpression(text: string): ParsedExpression {
  const limit = EXPRESSION_LIMITS.textLength;
  if (text.length > limit) {
    const params = { length: text.length, limit };
    return { ok: false, problems: [problem("text_too_long", limit + 1, params, "shorten")] };
  }
  return new Parser(tokenise(text)).parse();
}

/** Recursive descent after the grammar of CEL's langdef. A method that returns undefined has set `#problem`. */
class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;
  #depth = 0;
  #nodes = 0;
  #problem: ExpressionProblem | undefined;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): ParsedExpression {
    const expression = this.#conditional();
    if (expression !== undefined && this.#token.kind !== "end") this.#unexpected("operator");
    if (this.#problem !== undefined || expression === undefined)
      return { ok: false, problems: this.#problem === undefined ? [] : [this.#problem] };
    return { ok: true, expression };
  }

  /** Expr = ConditionalOr ["?" ConditionalOr ":" Expr] */
  #conditional(): Made<Expression> {
    const condition = this.#binary(1);
    const { column } = this.#token;
    if (condition === undefined || !this.#accept("?")) return condition;
    const whenTrue = this.#binary(1);
    if (whenTrue === undefined || !this.#expect(":")) return undefined;
    const otherwise = this.#nested(() => this.#conditional());
    if (otherwise === undefined) return undefined;
    return this.#made({ kind: "conditional", column, condition, whenTrue, otherwise });
  }

  /** ConditionalOr, ConditionalAnd, Relation, Addition and Multiplication: each leans to the left. */
  #binary(precedence: number): Made<Expression> {
    if (precedence > BINARY_PRECEDENCE["*"]) return this.#unary();
    let left = this.#binary(precedence + 1);
    while (left !== undefined) {
      const operator = this.#binaryOperator(precedence);
      if (operator === undefined) return left;
      const { column } = this.#advance();
      const right = this.#binary(precedence + 1);
      left = right && this.#made({ kind: "binary", column, operator, left, right });
    }
    return undefined;
  }

  #binaryOperator(precedence: number): BinaryOperator | undefined {
    const token = this.#token;
    const written =
      token.kind === "symbol" ? token.symbol : token.kind === "word" && token.word === "in" ? "in" : "";
    if (!isBinaryOperator(written)) return undefined;
    return BINARY_PRECEDENCE[written] === precedence ? written : undefined;
  }

  /** Unary = Member | "!" {"!"} Member | "-" {"-"} Member; the two do not mix without parentheses. */
  #unary(): Made<Expression> {
    const token = this.#token;
    if (token.kind !== "symbol" || (token.symbol !== "!" && token.symbol !== "-")) return this.#member();
    const operator: UnaryOperator = token.symbol;
    this.#advance();
    const next = this.#token;
    if (next.kind === "symbol" && (next.symbol === "!" || next.symbol === "-") && next.symbol !== operator)
      return this.#fail("unexpected_token", next.column, words(next, "value"), "use_parentheses");
    const operand = this.#nested(() => this.#unary());
    return operand && this.#made({ kind: "unary", column: token.column, operator, operand });
  }

  /** Member = Primary | Member "." IDENT "(" [ExprList] ")" */
  #member(): Made<Expression> {
    let target = this.#primary();
    while (target !== undefined) {
      if (this.#isSymbol("["))
        return this.#fail("not_supported", this.#token.column, { found: "[ ]" }, "use_in_list");
      if (!this.#accept(".")) return target;
      const word = this.#word();
      if (word === undefined) return undefined;
      if (!this.#isSymbol("(")) return this.#fail("not_supported", word.column, { found: `.${word.word}` });
      target = this.#methodCall(target, word);
    }
    return undefined;
  }

  #methodCall(target: Expression, word: Word): Made<Expression> {
    const method = METHODS.find((each) => each === word.word);
    if (method === undefined) return this.#unknownFunction(word, METHODS);
    const args = this.#arguments();
    return args && this.#call(method, target, args, word.column, 0);
  }

  /** A call once its arguments are read; the target of `size(x)` is an argument itself (`given` is 1 then). */
  #call(
    method: Method,
    target: Expression,
    args: readonly Expression[],
    column: number,
    given: number,
  ): Made<Expression> {
    const expected = method === "size" ? 0 : 1;
    if (args.length !== expected) {
      const params = { name: method, expected: expected + given, found: args.length + given };
      return this.#fail("wrong_argument_count", column, params);
    }
    const [argument] = args;
    const call: CallExpression = { kind: "call", column, method, target };
    return this.#made(argument === undefined ? call : { ...call, argument });
  }

  #primary(): Made<Expression> {
    const token = this.#token;
    if (token.kind === "number" || token.kind === "text") {
      this.#advance();
      return this.#made(token);
    }
    if (token.kind === "word") return this.#wordPrimary(token);
    if (this.#isSymbol("(")) return this.#parenthesised();
    if (this.#isSymbol("[")) {
      const items = this.#list("[");
      return items && this.#made({ kind: "list", column: token.column, items });
    }
    return this.#unexpected("value");
  }

  #parenthesised(): Made<Expression> {
    const { column } = this.#advance();
    const inner = this.#nested(() => this.#conditional());
    if (inner === undefined) return undefined;
    if (this.#accept(")")) return inner;
    return this.#unexpected("operator_or_close", { bracket: ")", opened: column });
  }

  #wordPrimary(token: Word): Made<Expression> {
    const { column, word } = token;
    if (word === "true" || word === "false" || word === "null") {
      this.#advance();
      return this.#made(
        word === "null" ? { kind: "null", column } : { kind: "flag", column, value: word === "true" },
      );
    }
    if (word === "in") return this.#unexpected("value");
    const first = this.#word();
    if (first === undefined) return undefined;
    if (this.#isSymbol("(")) return this.#functionCall(first);
    let name = first.word;
    while (this.#isSymbol(".") && !this.#isMethodCallAhead()) {
      this.#advance();
      const next = this.#word();
      if (next === undefined) return undefined;
      name += `.${next.word}`;
    }
    return this.#made({ kind: "name", column, name });
  }

  #isMethodCallAhead(): boolean {
    const paren = this.#tokens[this.#position + 2];
    return paren?.kind === "symbol" && paren.symbol === "(";
  }

  #functionCall(word: Word): Made<Expression> {
    const { column } = word;
    if (word.word !== "has" && word.word !== "size") return this.#unknownFunction(word, ["has", "size"]);
    const args = this.#arguments();
    if (args === undefined) return undefined;
    const [target, ...rest] = args;
    if (target === undefined || (word.word === "has" && rest.length > 0)) {
      const params = { name: word.word, expected: 1, found: args.length };
      return this.#fail("wrong_argument_count", column, params);
    }
    if (word.word === "size") return this.#call("size", target, rest, column, 1);
    if (target.kind !== "name" || !target.name.includes("."))
      return this.#fail("not_a_fact_path", target.column);
    return this.#made({ kind: "has", column, name: target.name });
  }

  #unknownFunction(word: Word, known: readonly string[]): undefined {
    const name = word.word;
    if (FOREIGN_WORDS.get(name.toLowerCase()) === "use_not")
      return this.#fail("unknown_function", word.column, { name }, "use_not");
    const suggestion = nearest(name, [...known, ...METHODS]);
    if (suggestion === undefined)
      return this.#fail("unknown_function", word.column, { name }, "use_text_functions");
    return this.#fail("unknown_function", word.column, { name, suggestion }, "did_you_mean");
  }

  #arguments(): Made<readonly Expression[]> {
    return this.#list("(");
  }

  /** The expressions between brackets, of which the opening one is the present token. */
  #list(opening: Opening): Made<readonly Expression[]> {
    const closing = CLOSING[opening];
    const { column } = this.#advance();
    const items: Expression[] = [];
    if (this.#accept(closing)) return items;
    for (;;) {
      const item = this.#nested(() => this.#conditional());
      if (item === undefined) return undefined;
      items.push(item);
      if (this.#accept(closing)) return items;
      if (!this.#accept(",")) return this.#unexpected("comma_or_close", { bracket: closing, opened: column });
    }
  }

  #word(): Word | undefined {
    const token = this.#token;
    if (token.kind !== "word") return this.#unexpected("name");
    if (RESERVED_WORDS.has(token.word))
      return this.#fail("reserved_word", token.column, { found: token.word }, "choose_another_name");
    this.#advance();
    return token;
  }

  #nested<T>(body: () => Made<T>): Made<T> {
    const limit = EXPRESSION_LIMITS.depth;
    if (this.#depth >= limit) return this.#fail("too_deep", this.#token.column, { limit }, "shorten");
    this.#depth += 1;
    const result = body();
    this.#depth -= 1;
    return result;
  }

  #made(expression: Expression): Made<Expression> {
    const limit = EXPRESSION_LIMITS.nodes;
    this.#nodes += 1;
    if (this.#nodes > limit) return this.#fail("too_many_parts", expression.column, { limit }, "shorten");
    return expression;
  }

  get #token(): Token {
    return this.#tokens[this.#position] ?? { kind: "end", column: 1 };
  }

  #advance(): Token {
    const token = this.#token;
    if (this.#position < this.#tokens.length - 1) this.#position += 1;
    return token;
  }

  #isSymbol(symbol: Mark): boolean {
    const token = this.#token;
    return token.kind === "symbol" && token.symbol === symbol;
  }

  #accept(symbol: Mark): boolean {
    if (!this.#isSymbol(symbol)) return false;
    this.#advance();
    return true;
  }

  #expect(symbol: Mark): boolean {
    if (this.#accept(symbol)) return true;
    this.#unexpected(symbol);
    return false;
  }

  #unexpected(expected: string, open?: { bracket: string; opened: number }): undefined {
    const token = this.#token;
    if (token.kind === "bad") this.#problem ??= token.problem;
    else if (token.kind === "end") {
      const remedy = open && "close_bracket";
      this.#fail("unexpected_end", token.column, { expected, ...open }, remedy);
    } else this.#fail("unexpected_token", token.column, words(token, expected), this.#remedyAt(token));
    return undefined;
  }

  #remedyAt(token: Token): ExpressionRemedy | undefined {
    const before = this.#tokens[this.#position - 1];
    const foreign = before?.kind === "word" ? FOREIGN_WORDS.get(before.word.toLowerCase()) : undefined;
    if (foreign !== undefined && token.kind !== "symbol") return foreign;
    if (token.kind === "word" && token.word === "in") return undefined;
    if (token.kind === "word") return FOREIGN_WORDS.get(token.word.toLowerCase()) ?? "join_with_operator";
    if (token.kind === "number" || token.kind === "text") return "join_with_operator";
    if (token.kind !== "symbol") return undefined;
    if (token.symbol === ">" && before?.kind === "symbol" && before.symbol === "<") return "use_not_equals";
    return token.symbol === ")" || token.symbol === "]" || token.symbol === "," ? "remove" : undefined;
  }

  #fail(
    code: ExpressionProblemCode,
    column: number,
    params: ProblemParams = {},
    remedy?: ExpressionRemedy,
  ): undefined {
    this.#problem ??= problem(code, column, params, remedy);
  }
}

type Word = Extract<Token, { kind: "word" }>;

const isBinaryOperator = (written: string): written is BinaryOperator =>
  Object.hasOwn(BINARY_PRECEDENCE, written);

/** What a token is called in a message. */
function words(token: Token, expected: string): ProblemParams {
  switch (token.kind) {
    case "word":
      return { found: `"${token.word}"`, expected };
    case "symbol":
      return { found: token.symbol, expected };
    case "number":
      return { found: String(token.value), expected };
    default:
      return { found: token.kind, expected };
  }
}
