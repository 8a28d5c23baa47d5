import { type ExpressionProblem, problem } from "./problem.ts";

/** Operators and brackets, longest first where one begins like another. */
const SYMBOLS = [
  ...["||", "&&", "==", "!=", "<=", ">="],
  ...["<", ">", "!", "+", "-", "*", "/", "%", "?", ":", "(", ")", "[", "]", ",", "."],
] as const;

/** One lexical element. `bad` is the last one of a source that cannot be read further. */
export type Token =
  | { readonly kind: "number"; readonly column: number; readonly value: number; readonly isDecimal: boolean }
  | { readonly kind: "text"; readonly column: number; readonly value: string }
  | { readonly kind: "word"; readonly column: number; readonly word: string }
  | { readonly kind: "symbol"; readonly column: number; readonly symbol: (typeof SYMBOLS)[number] }
  | { readonly kind: "end"; readonly column: number }
  | { readonly kind: "bad"; readonly column: number; readonly problem: ExpressionProblem };

// Sticky patterns without nested repetition: linear in the text.
const WHITESPACE = /[\t\n\f\r ]*/y;
const WORD = /[_a-zA-Z][_a-zA-Z0-9]*/y;
const NUMBER = /\d*\.\d+(?:[eE][+-]?\d+)?|\d+(?:[eE][+-]?\d+)?/y;
const PLAIN_TEXT = /[^"'\\\r\n]+/y;
const ESCAPE = /\\(?:[\\?"'`abfnrtv]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})/y;

const ESCAPED: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** The elements of `text`; the last one is `end` or `bad`. */
export function tokenise(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let offset = skipSpace(text, 0);
  while (offset < text.length) {
    const { token, next } = readToken(text, offset);
    tokens.push(token);
    if (token.kind === "bad") return tokens;
    offset = skipSpace(text, next);
  }
  tokens.push({ kind: "end", column: text.length + 1 });
  return tokens;
}

interface Read {
  readonly token: Token;
  readonly next: number;
}

function readToken(text: string, offset: number): Read {
  const column = offset + 1;
  const word = match(WORD, text, offset);
  if (word !== "") return { token: { kind: "word", column, word }, next: offset + word.length };
  const number = match(NUMBER, text, offset);
  if (number !== "") return readNumber(text, offset, number);
  const first = text.charAt(offset);
  if (first === '"' || first === "'") return readText(text, offset, first);
  const symbol = SYMBOLS.find((each) => text.startsWith(each, offset));
  if (symbol !== undefined)
    return { token: { kind: "symbol", column, symbol }, next: offset + symbol.length };
  return bad(unknownCharacter(text, offset));
}

function readNumber(text: string, offset: number, digits: string): Read {
  const column = offset + 1;
  const tail = match(WORD, text, offset + digits.length);
  // 0x1F and 5u are CEL; 3px is nothing
  if (tail !== "") return bad(problem("not_supported", column, { found: digits + tail }, "use_plain_number"));
  const value = Number(digits);
  const isDecimal = /[.eE]/.test(digits);
  if (!(isDecimal ? Number.isFinite(value) : Number.isSafeInteger(value)))
    return bad(problem("number_too_large", column, { found: digits }, "use_smaller_number"));
  return { token: { kind: "number", column, value, isDecimal }, next: offset + digits.length };
}

function readText(text: string, offset: number, quote: string): Read {
  const column = offset + 1;
  let value = "";
  let at = offset + 1;
  while (at < text.length) {
    const plain = match(PLAIN_TEXT, text, at);
    value += plain;
    at += plain.length;
    const next = text.charAt(at);
    if (next === quote) {
      if (!value.isWellFormed()) return bad(problem("bad_text", column));
      return { token: { kind: "text", column, value }, next: at + 1 };
    }
    if (next === '"' || next === "'") {
      value += next;
      at += 1;
    } else if (next === "\\") {
      const sequence = match(ESCAPE, text, at);
      const meant = meaningOf(sequence);
      if (meant === undefined)
        return bad(problem("bad_escape", at + 1, { found: text.slice(at, at + 2) }, "double_the_backslash"));
      value += meant;
      at += sequence.length;
    } else break; // a line ends, or the source
  }
  return bad(problem("unterminated_text", column, { quote }, "close_quote"));
}

function meaningOf(sequence: string): string | undefined {
  const code = sequence.charAt(1);
  if (code === "") return undefined;
  if (/[xXuU]/.test(code)) return codePoint(Number.parseInt(sequence.slice(2), 16));
  if (/\d/.test(code)) return codePoint(Number.parseInt(sequence.slice(1), 8));
  return ESCAPED[code] ?? code;
}

const codePoint = (code: number): string | undefined =>
  code <= 0x10ffff ? String.fromCodePoint(code) : undefined;

function unknownCharacter(text: string, offset: number): ExpressionProblem {
  const found = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  const column = offset + 1;
  const next = text.charAt(offset + 1);
  if (found === "=" && (next === "<" || next === ">"))
    return problem("unexpected_character", column, { found, suggestion: `${next}=` }, "use_relation");
  if (found === "=") return problem("unexpected_character", column, { found }, "use_double_equals");
  if (found === "&") return problem("unexpected_character", column, { found }, "use_and");
  if (found === "|") return problem("unexpected_character", column, { found }, "use_or");
  if (/[\u2018-\u201f\u00ab\u00bb`]/.test(found))
    return problem("unexpected_character", column, { found }, "use_straight_quotes");
  if (found === "{" || found === "}") return problem("not_supported", column, { found }, "remove");
  return problem("unexpected_character", column, { found: visible(found) }, "remove");
}

/** A character that shows itself, or its number. */
function visible(character: string): string {
  if (/[\p{L}\p{N}\p{P}\p{S}]/u.test(character)) return character;
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

const bad = (fault: ExpressionProblem): Read => ({
  token: { kind: "bad", column: fault.column, problem: fault },
  next: 0,
});

const skipSpace = (text: string, offset: number): number => offset + match(WHITESPACE, text, offset).length;

function match(pattern: RegExp, text: string, offset: number): string {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0] ?? "";
}
