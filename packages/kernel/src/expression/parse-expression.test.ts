import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileExpression } from "./compile-expression.ts";
import { formatExpression } from "./format-expression.ts";
import { parseExpression } from "./parse-expression.ts";
import type { ExpressionProblem } from "./problem.ts";
import { parsed } from "./testing.ts";

function fault(text: string): ExpressionProblem {
  const result = parseExpression(text);
  if (result.ok) throw new Error(`${text} was read`);
  const [first] = result.problems;
  if (first === undefined) throw new Error(`${text} was refused without a reason`);
  return first;
}

const computed = (text: string): unknown => compileExpression(parsed(text))({});

/** The same text in JavaScript, where two minus signs in a row would be a decrement. */
const inJavaScript = (text: string): unknown => Function(`return ${text.replace(/-(?=-)/g, "- ")}`)();

describe("reading expressions", () => {
  test("[EX1] what the documentation shows can be written", () => {
    const page = readFileSync(new URL("../../../../docs/expressions.md", import.meta.url), "utf8");
    const blocks = [...page.matchAll(/```cel\n([^`]*)```/g)].flatMap(([, lines = ""]) =>
      lines.trim().split("\n"),
    );
    const cells = [...page.matchAll(/\| `([^`]*)` \|$/gm)].map(([, cell = ""]) =>
      cell.replaceAll("\\|", "|"),
    );
    for (const text of [...blocks, ...cells]) expect(formatExpression(parsed(text))).toBe(text);
    expect([blocks.length, cells.length]).toEqual([9, 12]);
  });

  test.each([
    ["a || b && c", "a || (b && c)"],
    ["a && b == c", "a && (b == c)"],
    ["a == b + c", "a == (b + c)"],
    ["a + b * c", "a + (b * c)"],
    ["-a * b", "(-a) * b"],
    ["!a == b", "(!a) == b"],
    ["!!a", "!(!a)"],
    ["--a", "-(-a)"],
    ["a - b - c", "(a - b) - c"],
    ["a / b % c", "(a / b) % c"],
    ["a == b < c", "(a == b) < c"],
    ["a in b == c", "(a in b) == c"],
    ["a ? b : c ? d : e", "a ? b : (c ? d : e)"],
    ["a || b ? c || d : e", "(a || b) ? (c || d) : e"],
    ["-a.size()", "-(a.size())"],
    ["size(a) + 1", "(a.size()) + 1"],
  ])("[EX1] %s means %s", (plain, explicit) => {
    expect(formatExpression(parsed(explicit))).toBe(formatExpression(parsed(plain)));
  });

  test("[EX1] arithmetic, comparisons and logic have the values that JavaScript gives the same text", () => {
    const join = (parts: readonly string[], operators: readonly string[]): string =>
      parts.map((part, i) => (i === 0 ? part : `${operators[i - 1] ?? "+"} ${part}`)).join(" ");
    const row = (part: fc.Arbitrary<string>, operators: readonly string[]): fc.Arbitrary<string> =>
      fc
        .tuple(
          fc.array(part, { minLength: 1, maxLength: 4 }),
          fc.array(fc.constantFrom(...operators), { minLength: 3, maxLength: 3 }),
        )
        .map(([parts, between]) => join(parts, between));
    const depth = { maxDepth: 2, depthSize: "small" } as const;
    const { sum, logic } = fc.letrec<Record<"term" | "sum" | "claim" | "logic", string>>((tie) => ({
      term: fc.oneof(
        depth,
        fc.constantFrom("0", "1", "2", "3", "7", "0.5", "1e2", ".25", "12"),
        tie("sum").map((inner) => `(${inner})`),
        tie("term").map((inner) => `-${inner}`),
        tie("term").map((inner) => `${inner} / 4`),
        tie("term").map((inner) => `${inner} % 7`),
        tie("logic").map((inner) => `(${inner} ? 2 : 3)`),
      ),
      sum: row(tie("term"), ["+", "-", "*"]),
      claim: fc.oneof(
        depth,
        fc
          .tuple(tie("sum"), fc.constantFrom("==", "!=", "<", "<=", ">", ">="), tie("sum"))
          .map((parts) => parts.join(" ")),
        fc.constantFrom("true", "false", "!true"),
        tie("logic").map((inner) => `!(${inner})`),
      ),
      logic: row(tie("claim"), ["&&", "||"]),
    }));
    let compared = 0;
    fc.assert(
      fc.property(fc.oneof(sum, logic), (text) => {
        const result = parseExpression(text);
        if (!result.ok) {
          expect(["text_too_long", "too_many_parts"]).toContain(result.problems[0]?.code);
          return;
        }
        compared += 1;
        expect(computed(text)).toBe(normal(inJavaScript(text)));
      }),
      { numRuns: 800, seed: 1 },
    );
    expect(compared).toBeGreaterThan(600);
  });

  test.each([
    ["0", 0],
    ["007", 7],
    ["1.5", 1.5],
    [".5", 0.5],
    ["1e3", 1_000],
    ["2.5E-1", 0.25],
    ["9007199254740991", Number.MAX_SAFE_INTEGER],
    ["true", true],
    ["false", false],
    ["null", null],
    ["[]", []],
    ['[1, "a", true, null]', [1, "a", true, null]],
    [`"it's"`, "it's"],
    [`'say "hej"'`, 'say "hej"'],
    [String.raw`"\"\\\'\?\`"`, "\"\\'?`"],
    [String.raw`"\a\b\f\n\r\t\v"`, "\x07\b\f\n\r\t\v"],
    [String.raw`"\x41\u00e5\U0001F600\101"`, "Aå😀A"],
    [String.raw`"\ud83d\ude00"`, "😀"],
    ['"Åäö 😀"', "Åäö 😀"],
  ])("[EX2] %s", (text, value) => {
    expect(computed(text)).toEqual(value);
  });

  test.each([
    ["", "unexpected_end", 1, undefined],
    ["  ", "unexpected_end", 3, undefined],
    ['a = "b"', "unexpected_character", 3, "use_double_equals"],
    ["a === b", "unexpected_character", 5, "use_double_equals"],
    ["a => b", "unexpected_character", 3, "use_relation"],
    ["a & b", "unexpected_character", 3, "use_and"],
    ["a | b", "unexpected_character", 3, "use_or"],
    ["a and b", "unexpected_token", 3, "use_and"],
    ["a OR b", "unexpected_token", 3, "use_or"],
    ["not a", "unexpected_token", 5, "use_not"],
    ["not(a)", "unknown_function", 1, "use_not"],
    ["a <> b", "unexpected_token", 4, "use_not_equals"],
    ["“gold”", "unexpected_character", 1, "use_straight_quotes"],
    ['a "b"', "unexpected_token", 3, "join_with_operator"],
    ['a contains "b"', "unexpected_token", 3, "use_text_functions"],
    ['"abc', "unterminated_text", 1, "close_quote"],
    ['a == "b\nc"', "unterminated_text", 6, "close_quote"],
    [String.raw`"\d"`, "bad_escape", 2, "double_the_backslash"],
    [String.raw`"\U00110000"`, "bad_escape", 2, "double_the_backslash"],
    [String.raw`"\ud83d"`, "bad_text", 1, undefined],
    ["(a", "unexpected_end", 3, "close_bracket"],
    ["[1, 2", "unexpected_end", 6, "close_bracket"],
    ["[1 2]", "unexpected_token", 4, "join_with_operator"],
    ["[1,]", "unexpected_token", 4, "remove"],
    ["a)", "unexpected_token", 2, "remove"],
    ["a ? b", "unexpected_end", 6, undefined],
    ["a ? b ? c : d : e", "unexpected_token", 7, undefined],
    ["-!a", "unexpected_token", 2, "use_parentheses"],
    ["1 +", "unexpected_end", 4, undefined],
    ["a.", "unexpected_end", 3, undefined],
    ["a.if", "reserved_word", 3, "choose_another_name"],
    ["in", "unexpected_token", 1, undefined],
    ["9007199254740992", "number_too_large", 1, "use_smaller_number"],
    ["1e999", "number_too_large", 1, "use_smaller_number"],
    ["0x1F", "not_supported", 1, "use_plain_number"],
    ["a[0]", "not_supported", 2, "use_in_list"],
    ["{}", "not_supported", 1, "remove"],
    ["(a).b", "not_supported", 5, undefined],
    ["a.startWith(b)", "unknown_function", 3, "did_you_mean"],
    ["a.matches(b)", "unknown_function", 3, "use_text_functions"],
    ["constructor(a)", "unknown_function", 1, "use_text_functions"],
    ["a.size(b)", "wrong_argument_count", 3, undefined],
    ["size()", "wrong_argument_count", 1, undefined],
    ["has(a.b, c)", "wrong_argument_count", 1, undefined],
    ["a.contains()", "wrong_argument_count", 3, undefined],
    ["has(a)", "not_a_fact_path", 5, undefined],
    ["has(1 + 2)", "not_a_fact_path", 7, undefined],
    ["a ¤ b", "unexpected_character", 3, "remove"],
    ["a \u0000", "unexpected_character", 3, "remove"],
  ])("[EX3] %j is refused: %s in column %i", (text, code, column, remedy) => {
    const problem = fault(text);
    expect([problem.code, problem.column, problem.remedy]).toEqual([code, column, remedy]);
    expect(problem.message).not.toMatch(/undefined|\[object/);
  });

  test("[EX3] a message says what was found, what was expected and what to do", () => {
    expect(fault('customer.type = "gold"').message).toBe(
      'The character = has no meaning here. Write == to compare, as in item.language == "sv".',
    );
    expect(fault("(a.b + 1").message).toBe(
      "The expression ends where an operator or the closing bracket was expected. Add ) for the one opened in column 1.",
    );
    expect(fault("a.startWith(b)").params).toEqual({ name: "startWith", suggestion: "startsWith" });
  });

  test("[EX3] whatever the text, it is read or refused with a place inside of it", () => {
    const pieces = fc.constantFrom(
      ...'|| && == != < <= > >= in + - * / % ? : ( ) [ ] , . ! a b.c has( size( .size() "x" \'y\' " \\ 1 2.5 true null and'.split(
        " ",
      ),
    );
    const soup = fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join(" "));
    const sample =
      'customer.type == "gold" && !(contacts.last30 > 3) || size(a.b) in [1, 2] ? -1 : x.contains("å")';
    const mutated = fc
      .array(fc.tuple(fc.nat(sample.length), fc.nat(4), fc.string({ unit: "binary", maxLength: 3 })), {
        maxLength: 4,
      })
      .map((edits) =>
        edits.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), sample),
      );
    const bytes = fc.uint8Array({ maxLength: 80 }).map((b) => String.fromCharCode(...b));
    const units = fc.array(fc.nat(0xffff), { maxLength: 40 }).map((u) => String.fromCharCode(...u));
    fc.assert(
      fc.property(fc.oneof(soup, mutated, bytes, units), (text) => {
        const result = parseExpression(text);
        if (result.ok) return;
        expect(result.problems).toHaveLength(1);
        expect(fault(text).column).toBeGreaterThanOrEqual(1);
        expect(fault(text).column).toBeLessThanOrEqual(text.length + 1);
      }),
      { numRuns: 3_000, seed: 1 },
    );
  });

  test("[EX4] length, parts and levels are limited, whichever way they are used up", () => {
    expect(fault("a".repeat(2_001))).toMatchObject({ code: "text_too_long", column: 2_001 });
    expect(parseExpression("a".repeat(2_000)).ok).toBe(true);
    expect(fault(`1${"+1".repeat(250)}`).code).toBe("too_many_parts");
    expect(parseExpression(`1${"+1".repeat(249)}`).ok).toBe(true);
    for (const opening of ["(", "[", "!", "-", "size(", "a.contains(", "a?b:", "has("])
      expect(fault(opening.repeat(100)).code).toBe("too_deep");
    for (const text of ["(".repeat(40), "[".repeat(1_999), '"'.repeat(1_999), "a.".repeat(1_000)])
      expect(parseExpression(text).ok).toBe(false);
  });

  test("[EX4] what CEL asks every implementation to read is read", () => {
    const row = (join: string, part: string): string => Array.from({ length: 32 }, () => part).join(join);
    for (const text of [row(" || ", "a.b > 1"), row(" && ", "a"), row(" < ", "a"), row(" + ", "a")])
      expect(parseExpression(text).ok).toBe(true);
    expect(parseExpression(row(".", "a")).ok).toBe(true);
    expect(parseExpression(`[${row(", ", "1")}]`).ok).toBe(true);
    expect(parseExpression(`${"(".repeat(32)}a${")".repeat(32)}`).ok).toBe(true);
  });
});

/** Ours knows no negative zero, and what is no finite number is absent. */
function normal(value: unknown): unknown {
  if (typeof value !== "number") return value;
  return Number.isFinite(value) ? value + 0 : undefined;
}
