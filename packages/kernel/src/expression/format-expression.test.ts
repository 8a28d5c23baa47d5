import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatExpression } from "./format-expression.ts";
import { EXPRESSION_LIMITS } from "./limits.ts";
import { namesUsed } from "./names-used.ts";
import { parseExpression } from "./parse-expression.ts";
import { anyExpression, parsed, withoutColumns } from "./testing.ts";

describe("printing expressions", () => {
  test.each([
    ["  a  ", "a"],
    ["((a))||(b&&c)", "a || b && c"],
    ["(a||b)&&c", "(a || b) && c"],
    ["a-(b-c)-(d)", "a - (b - c) - d"],
    ["!(a)==!(!b)", "!a == !!b"],
    ["-(-(1))", "--1"],
    ["!(-a)", "!(-a)"],
    ["(a?b:c)?(d?e:f):(g?h:i)", "(a ? b : c) ? (d ? e : f) : g ? h : i"],
    ["'it\\'s \"x\"'", '"it\'s \\"x\\""'],
    ['"\\n\\x01\\\\"', '"\\n\\u0001\\\\"'],
    ["[1,2.0,1e21,.5]", "[1, 2.0, 1e+21, 0.5]"],
    ["size(a)>size('b')", 'a.size() > "b".size()'],
    ["(a+b).startsWith((c))", "(a + b).startsWith(c)"],
    ["has( a . b )", "has(a.b)"],
    ["a\n  in [ ]", "a in []"],
  ])("[EX21] %s is printed as %s", (text, canonical) => {
    expect(formatExpression(parsed(text))).toBe(canonical);
  });

  test("[EX21] what is printed parses to the same expression", () => {
    fc.assert(
      fc.property(anyExpression(5), (expression) => {
        const text = formatExpression(expression);
        const result = parseExpression(text);
        if (!result.ok && text.length > EXPRESSION_LIMITS.textLength) return;
        expect(result.ok && withoutColumns(result.expression)).toEqual(withoutColumns(expression));
        expect(result.ok && formatExpression(result.expression)).toBe(text);
      }),
      { numRuns: 3_000, seed: 1 },
    );
  });

  test("[EX21] no parenthesis can be left out", () => {
    fc.assert(
      fc.property(anyExpression(3), (expression) => {
        const text = formatExpression(expression);
        if (/["[]/.test(text) || text.length > 200) return;
        for (const { open, close } of groupsIn(text)) {
          const bare = text.slice(0, open) + text.slice(open + 1, close) + text.slice(close + 1);
          const result = parseExpression(bare);
          expect(result.ok && withoutColumns(result.expression)).not.toEqual(withoutColumns(expression));
        }
      }),
      { numRuns: 600, seed: 1 },
    );
  });

  test("[EX22] the names used are listed once, sorted", () => {
    expect(namesUsed(parsed("b.c > a && has(z.y) || b.c.size() in [q, -r.s] ? t : !u"))).toEqual([
      "a",
      "b.c",
      "q",
      "r.s",
      "t",
      "u",
      "z.y",
    ]);
    expect(namesUsed(parsed("1 + 2"))).toEqual([]);
  });
});

/** The parentheses of a text without literals that hold them, those of calls left out. */
function groupsIn(text: string): { open: number; close: number }[] {
  const opened: number[] = [];
  const groups: { open: number; close: number }[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "(") opened.push(i);
    if (text[i] !== ")") continue;
    const open = opened.pop() ?? 0;
    if (!/\w/.test(text[open - 1] ?? "")) groups.push({ open, close: i });
  }
  return groups;
}
