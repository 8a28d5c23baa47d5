import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileCondition, compileExpression, type Facts } from "./compile-expression.ts";
import type { BinaryExpression, Expression } from "./expression.ts";
import { formatExpression } from "./format-expression.ts";
import { namesUsed } from "./names-used.ts";
import { parseExpression } from "./parse-expression.ts";
import { anyExpression, NAMES, parsed } from "./testing.ts";
import { areEqual, type Maybe } from "./value.ts";

const FACTS = {
  customer: { type: "gold", name: "Åsa 😀", note: null, age: 40, vip: true },
  contacts: { last30: 4 },
  item: { language: "sv", skills: ["sv", "fi"], levels: [1, 2], empty: [] },
};

const evaluated = (text: string, facts: Facts = FACTS): unknown => compileExpression(parsed(text))(facts);

describe("computing expressions", () => {
  test.each([
    ['customer.type == "gold" && contacts.last30 > 3', true],
    ['item.language in ["sv", "fi"]', true],
    ['"fi" in item.skills', true],
    ['customer.vip && !(item.language == "fi")', true],
    ["contacts.last30 * 10 + (customer.vip ? 100 : 0)", 140],
    ['customer.name.startsWith("Åsa") || customer.name.endsWith("x")', true],
    ["item.skills.size() - size(item.empty)", 2],
    ["item.levels == [1, 2]", true],
    ["item.levels != [2, 1]", true],
    ["customer.note == null", true],
    ['"a" + "b"', "ab"],
    ["item.skills", ["sv", "fi"]],
  ])("[EX5] over present facts %s is %j", (text, value) => {
    expect(evaluated(text)).toEqual(value);
  });

  test.each(
    [
      "x.y",
      ...["==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"].flatMap((o) => [
        `x.y ${o} 1`,
        `1 ${o} x.y`,
      ]),
      ...[
        'x.y == "a"',
        'x.y != "a"',
        "x.y == null",
        "x.y == x.y",
        'x.y in ["a"]',
        "1 in x.y",
        '"a" in [x.y]',
      ],
      ...[
        "!x.y",
        "-x.y",
        "!(x.y == 1)",
        "[x.y]",
        "x.y.size()",
        "customer",
        "customer.type.length",
        "customer.x.y",
      ],
      ...['x.y.startsWith("a")', '"a".endsWith(x.y)', "x.y.contains(x.z)", "x.y && true", "x.y || false"],
      ..."x.y in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]|x.y && x.z|true ? x.y : 1".split("|"),
    ].map((text) => [text]),
  )("[EX5] %s is absent without the fact", (text) => {
    expect(evaluated(text)).toBeUndefined();
  });

  test.each([
    ["false && x.y", false],
    ["x.y && false", false],
    ["true || x.y", true],
    ["x.y || true", true],
    ["1 && false", false],
    ["1 || true", true],
    ["!has(x.y) || x.y > 3", true],
    ["has(x.y) && x.y > 3", false],
    ['x.y == "a" || customer.type == "gold"', true],
  ])("[EX6] %s is %s", (text, value) => {
    expect(evaluated(text)).toBe(value);
  });

  test.each([
    ["x.y ? 1 : 2", 2],
    ['x.y == "sv" ? "svenska" : "english"', "english"],
    ["1 ? 1 : 2", 2],
    ["customer.vip ? 1 : x.y", 1],
  ])("[EX7] %s is %j", (text, value) => {
    expect(evaluated(text)).toBe(value);
  });

  test.each([
    ["has(customer.type)", true],
    ["has(customer.note)", true],
    ["has(item.empty)", true],
    ["has(customer.phone)", false],
    ["has(x.y.z)", false],
    ["has(customer.type.length)", false],
    ["has(customer.constructor)", false],
  ])("[EX8] %s is %s", (text, value) => {
    expect(evaluated(text)).toBe(value);
  });

  test.each([
    ['customer.age == "40"', false],
    ['customer.age != "40"', true],
    ["customer.vip == 1", false],
    ['item.skills == "sv"', false],
    ["[] == false", false],
    ["null == false", false],
    ['customer.age < "50"', undefined],
    ["true < false", undefined],
    ["null < 1", undefined],
    ['"1" + 1', undefined],
    ["[1] + [2]", undefined],
    ["!1", undefined],
    ['-"1"', undefined],
    ["customer.age.size()", undefined],
    ['item.skills.contains("sv")', undefined],
    ['"sv" in "svenska"', undefined],
    ["[[1]]", undefined],
  ])("[EX9] %s is %s", (text, value) => {
    expect(evaluated(text)).toBe(value);
  });

  test.each([
    ["7 / 2", 3.5],
    ["-7 % 3", -1],
    ["7 % -3", 1],
    ["5.5 % 2", 1.5],
    ["0.1 + 0.2 == 0.3", false],
    ["1 == 1.0", true],
    ["-0", 0],
    ["1 / 0", undefined],
    ["0 / 0 == 0 / 0", undefined],
    ["1 % 0", undefined],
    ["1e308 * 10", undefined],
    ["1 / 0 > 3 || true", true],
  ])("[EX10] %s is %s", (text, value) => {
    expect(evaluated(text)).toBe(value);
  });

  test.each([
    ['"a" < "b"', true],
    ['"a" < "ab"', true],
    ['"B" < "a"', true],
    ['"gold" == "Gold"', false],
    ['"\\uffff" < "\\U0001F600"', true],
    ['"\\U0001F601" > "\\U0001F600"', true],
    ["customer.name.size()", 5],
    ['"a😀".size()', 2],
    ['"".size()', 0],
    ['"abc".contains("")', true],
    ['"a" + "" + "b" >= "ab"', true],
  ])("[EX11] %s is %s", (text, value) => {
    expect(evaluated(text)).toBe(value);
  });

  test("[EX11] long texts are searched as short ones are", () => {
    const unit = fc.constantFrom("a", "b", "ab", "å");
    const long = fc.array(unit, { minLength: 700, maxLength: 900 }).map((parts) => parts.join(""));
    const contains = compileCondition(parsed("x.contains(y)"));
    fc.assert(
      fc.property(long, fc.nat(300), fc.integer({ min: 300, max: 500 }), unit, (x, from, length, tail) => {
        const inside = x.slice(from, from + length);
        for (const y of [inside, inside + tail, "a".repeat(length) + tail])
          expect(contains({ x, y })).toBe(x.includes(y));
      }),
      { numRuns: 100, seed: 1 },
    );
    const word = fc.array(fc.constantFrom("a", "b"), { minLength: 2, maxLength: 7 }).map((w) => w.join(""));
    fc.assert(
      fc.property(word, word, fc.nat(400), (often, once, cut) => {
        const y = `${often.repeat(60)}${once}${often.repeat(20)}`;
        expect(contains({ x: y.slice(0, cut) + y.repeat(5), y })).toBe(true);
        expect(contains({ x: (y.slice(0, cut) + y.slice(0, -1)).repeat(5), y: `${y}c` })).toBe(false);
      }),
      { numRuns: 300, seed: 1 },
    );
    const x = "a".repeat(10_000);
    expect(contains({ x, y: `${"a".repeat(2_500)}b${"a".repeat(2_499)}` })).toBe(false);
    expect(contains({ x, y: "a".repeat(10_000) })).toBe(true);
  });

  test.each([
    ["1 in [1, 2]", true],
    ['"1" in [1, 2]', false],
    ["3 in [1, 2]", false],
    ["1 in []", false],
    ["null in [null]", true],
    ["item.skills in [1]", false],
    ["5 in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", true],
    ['"5" in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]', false],
    ["-0 in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]", true],
    ["contacts.last30 in [contacts.last30]", true],
  ])("[EX12] %s is %s", (text, value) => {
    expect(evaluated(text)).toBe(value);
  });

  test("[EX13] facts that are no values, or too large ones, are absent", () => {
    const long = "x".repeat(10_001);
    const admitted = compileExpression(parsed("a"));
    for (const a of [
      Number.NaN,
      Infinity,
      1n,
      {},
      new Date(0),
      () => 1,
      Symbol("a"),
      long,
      [[1]],
      [long],
      [1, {}],
    ])
      expect(admitted({ a })).toBeUndefined();
    expect(admitted({ a: Array(1_001).fill(1) })).toBeUndefined();
    expect(admitted({ a: Array(2) })).toBeUndefined();
    expect(admitted({ a: Array(10).fill("x".repeat(10_000)) })).toHaveLength(10);
    expect(admitted({ a: [...Array(10).fill("x".repeat(10_000)), "x"] })).toBeUndefined();
    expect(admitted({ a: Array(1_000).fill(1) })).toHaveLength(1_000);
    expect(admitted({ a: "x".repeat(10_000) })).toHaveLength(10_000);
    expect(admitted({ a: -0 })).toBe(0);
    expect(evaluated("(a + a).size()", { a: "x".repeat(5_000) })).toBe(10_000);
    expect(evaluated("a + a", { a: "x".repeat(5_001) })).toBeUndefined();
  });

  test("[EX14] a condition is met by true alone", () => {
    const met = (text: string): boolean => compileCondition(parsed(text))(FACTS);
    expect(["true", "customer.vip", 'customer.type == "gold"'].map(met)).toEqual([true, true, true]);
    for (const text of ["false", "x.y", "!x.y", "1", '"true"', "null", "[true]", 'x.y != "gold"'])
      expect(met(text)).toBe(false);
  });

  test("[EX15] names reach own properties only", () => {
    for (const text of [
      "constructor",
      "__proto__",
      "toString",
      "customer.hasOwnProperty",
      "item.skills.length",
    ])
      expect(evaluated(text)).toBeUndefined();
    expect(evaluated("a.b", Object.create({ a: { b: 1 } }))).toBeUndefined();
    expect(evaluated("a.b", { a: Object.assign(Object.create(null), { b: 1 }) })).toBe(1);
  });

  test("[EX15] readers of one's own are asked for while compiling", () => {
    const asked: string[] = [];
    const met = compileCondition<{ level: number }>(parsed("item.level > 2 && item.level < 5"), (name) => {
      asked.push(name);
      return (item) => item.level;
    });
    expect([1, 3, 5].map((level) => met({ level }))).toEqual([false, true, false]);
    expect(new Set(asked)).toEqual(new Set(["item.level"]));
    expect(asked.length).toBeLessThanOrEqual(2);
  });

  test("[EX16] compiled expressions agree with the rules, written down a second time", () => {
    const fact = fc.oneof(
      fc.constantFrom<unknown>("gold", "go", "sv", "", 0, 1, 3, -0, true, false, null, undefined),
      fc.array(fc.constantFrom<unknown>("sv", 1, true, "gold"), { maxLength: 3 }),
      fc.anything(),
    );
    const facts = fc.record(Object.fromEntries(NAMES.map((name) => [name, fact])));
    let present = 0;
    fc.assert(
      fc.property(anyExpression(4), facts, (expression, given) => {
        const readerOf = (name: string) => (from: Readonly<Record<string, unknown>>) => from[name];
        const value = compileExpression(expression, readerOf)(given);
        expect(value).toEqual(reference(expression, given));
        if (value !== undefined) present += 1;
        const again = parseExpression(formatExpression(expression));
        if (again.ok) expect(compileExpression(again.expression, readerOf)(given)).toEqual(value);
      }),
      { numRuns: 3_000, seed: 1 },
    );
    expect(present).toBeGreaterThan(500);
  });

  test("[EX16] whatever the facts, no expression throws", () => {
    fc.assert(
      fc.property(
        anyExpression(5),
        fc.dictionary(fc.constantFrom(...NAMES, "item"), fc.anything()),
        (e, given) => {
          const value = compileExpression(e)(given);
          expect(compileExpression(e)(given)).toEqual(value);
          expect(namesUsed(e).every((name) => NAMES.includes(name))).toBe(true);
          expect(value === undefined || JSON.stringify(value) !== undefined).toBe(true);
        },
      ),
      { numRuns: 1_500, seed: 2 },
    );
  });

  test("[EX16] the largest expressions are computed", () => {
    const most = (text: string): unknown => evaluated(text);
    expect(most(`1${"+1".repeat(249)}`)).toBe(250);
    expect(most(`${"!".repeat(40)}true`)).toBe(true);
    expect(most(`x.y${"||x.y".repeat(249)}`)).toBeUndefined();
  });
});

/** Rules EX5 to EX13 as a plain walk over the tree, without any of the shortcuts of the compiler. */
function reference(e: Expression, facts: Readonly<Record<string, unknown>>): Maybe {
  const value = (part: Expression): Maybe => reference(part, facts);
  switch (e.kind) {
    case "null":
      return null;
    case "flag":
    case "number":
    case "text":
      return e.value;
    case "name":
      return factual(facts[e.name]);
    case "has":
      return factual(facts[e.name]) !== undefined;
    case "list": {
      const items = e.items.map(value);
      return items.every((item) => item !== undefined && !Array.isArray(item)) ? (items as Maybe) : undefined;
    }
    case "unary": {
      const operand = value(e.operand);
      if (e.operator === "!") return typeof operand === "boolean" ? !operand : undefined;
      return typeof operand === "number" ? factual(-operand) : undefined;
    }
    case "conditional":
      return value(e.condition) === true ? value(e.whenTrue) : value(e.otherwise);
    case "call": {
      const target = value(e.target);
      const argument = e.argument && value(e.argument);
      if (e.method === "size") {
        if (typeof target === "string") return [...target].length;
        return Array.isArray(target) ? target.length : undefined;
      }
      if (typeof target !== "string" || typeof argument !== "string") return undefined;
      if (e.method === "contains") return target.indexOf(argument) >= 0;
      if (e.method === "startsWith") return target.slice(0, argument.length) === argument;
      return argument === "" || target.slice(-argument.length) === argument;
    }
    case "binary":
      return referenceBinary(e, value(e.left), value(e.right));
  }
}

function referenceBinary(e: BinaryExpression, a: Maybe, b: Maybe): Maybe {
  if (e.operator === "&&" || e.operator === "||") {
    const decisive = e.operator === "||";
    if (a === decisive || b === decisive) return decisive;
    return typeof a === "boolean" && typeof b === "boolean" ? !decisive : undefined;
  }
  if (a === undefined || b === undefined) return undefined;
  if (e.operator === "==") return areEqual(a, b);
  if (e.operator === "!=") return !areEqual(a, b);
  if (e.operator === "in") return Array.isArray(b) ? b.some((element) => areEqual(element, a)) : undefined;
  if (typeof a === "number" && typeof b === "number") return referenceNumbers(e.operator, a, b);
  if (typeof a !== "string" || typeof b !== "string") return undefined;
  const order = codePointOrder(a, b);
  switch (e.operator) {
    case "+":
      return factual(a + b);
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    default:
      return undefined;
  }
}

function referenceNumbers(operator: BinaryExpression["operator"], a: number, b: number): Maybe {
  switch (operator) {
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    case "+":
      return factual(a + b);
    case "-":
      return factual(a - b);
    case "*":
      return factual(a * b);
    case "/":
      return factual(a / b);
    default:
      return factual(a % b);
  }
}

function codePointOrder(a: string, b: string): number {
  const [x, y] = [a, b].map((text) => Array.from(text, (character) => character.codePointAt(0) ?? 0)) as [
    number[],
    number[],
  ];
  const i = x.findIndex((code, index) => code !== y[index]);
  return i < 0 ? x.length - y.length : (x[i] ?? -1) - (y[i] ?? -1);
}

function factual(fact: unknown): Maybe {
  if (typeof fact === "number") return Number.isFinite(fact) ? (fact === 0 ? 0 : fact) : undefined;
  if (typeof fact === "string") return fact.length <= 10_000 ? fact : undefined;
  if (typeof fact === "boolean" || fact === null) return fact;
  if (!Array.isArray(fact)) return undefined;
  const items = Array.from(fact, (item) => (Array.isArray(item) ? undefined : factual(item)));
  return items.includes(undefined) ? undefined : (fact as Maybe);
}
