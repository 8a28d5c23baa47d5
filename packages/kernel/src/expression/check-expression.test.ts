import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkExpression, type ExpressionResult, type ExpressionSchema } from "./check-expression.ts";
import { compileExpression } from "./compile-expression.ts";
import type { Expression } from "./expression.ts";
import type { ExpressionProblem } from "./problem.ts";
import { anyExpression, NAMES, parsed } from "./testing.ts";

const SCHEMA: ExpressionSchema = {
  "customer.type": { oneOf: ["gold", "silver", "standard"] },
  "customer.name": "text",
  "customer.vip": "flag",
  "contacts.last30": "number",
  "item.language": "text",
  "item.skills": { listOf: "text" },
  "item.levels": { listOf: "number" },
  "item.fields.*": "text",
};

const faults = (text: string, result?: ExpressionResult): readonly ExpressionProblem[] =>
  checkExpression(parsed(text), SCHEMA, result);

const told = (text: string, result?: ExpressionResult): readonly string[] =>
  faults(text, result).map(({ code, column }) => `${code}@${column}`);

describe("checking expressions", () => {
  test.each([
    ['customer.type == "gold" && contacts.last30 > 3'],
    ['item.language in ["sv", "fi"] || !customer.vip'],
    ['"sv" in item.skills && 3 in item.levels && item.skills.size() > 1'],
    ['has(item.fields.order) && item.fields.order.startsWith("A-")'],
    ["item.levels == [] || item.levels == [1, 2]"],
    ["customer.name == null || [] == []"],
    ['(customer.vip ? customer.name : "nobody") + "!" != ""'],
    ["customer.name < item.language"],
    ['customer.name in [item.language, "Åsa"]'],
    ["1 in []"],
    ["customer.vip ? true : null"],
  ])("[EX18] %s is good", (text) => {
    expect(faults(text).map(({ message }) => message)).toEqual([]);
  });

  test.each([
    ["customer.tpye == null", "customer.type"],
    ["Customer.Type == null", "customer.type"],
    ["has(customer.typ)", "customer.type"],
    ["last30 > 3", "contacts.last30"],
    ["customer == null", "customer.name"],
    ["item.skils.size() > 1", "item.skills"],
  ])("[EX17] the unknown name in %s is taken for %s", (text, suggestion) => {
    expect(faults(text)).toMatchObject([
      { code: "unknown_name", remedy: "did_you_mean", params: { suggestion } },
    ]);
  });

  test("[EX17] an unknown name like no other is told without a guess; a bare word may have wanted quotes", () => {
    expect(faults("weather.today == 1")).toEqual([
      {
        code: "unknown_name",
        column: 1,
        params: { name: "weather.today" },
        message: 'Nothing is known by the name "weather.today".',
      },
    ]);
    expect(faults("customer.type == premium")).toMatchObject([
      { code: "unknown_name", column: 18, remedy: "use_quotes" },
    ]);
    expect(told("item.fields.a.b == null || item.fields == null")).toEqual([
      "unknown_name@1",
      "unknown_name@28",
    ]);
    expect(told("constructor == null || __proto__.x == null")).toEqual(["unknown_name@1", "unknown_name@24"]);
  });

  test.each([
    ["contacts.last30 && true", ["wrong_type@1"]],
    ["!customer.name", ["wrong_type@2"]],
    ["-customer.vip > 1", ["wrong_type@2"]],
    ['contacts.last30 == "3"', ["cannot_compare@17"]],
    ['contacts.last30 < "3"', ["cannot_compare@17"]],
    ["customer.vip < true", ["cannot_compare@14"]],
    ["item.skills > item.levels", ["cannot_compare@13"]],
    ["item.skills == item.levels", ["cannot_compare@13"]],
    ['"sv" in item.levels', ["cannot_compare@6"]],
    ["item.skills in item.skills", ["cannot_compare@13"]],
    ["1 in customer.name", ["wrong_type@6"]],
    ['contacts.last30 + "1" == 1', ["wrong_type@19"]],
    ['customer.name + 1 == "1"', ["wrong_type@17"]],
    ["customer.vip + 1 == 2", ["wrong_type@1"]],
    ["item.skills + item.skills == []", ["wrong_type@1"]],
    ["customer.name * 2 == 2", ["wrong_type@1"]],
    ["contacts.last30.startsWith(customer.vip)", ["wrong_type@1", "wrong_type@28"]],
    ["contacts.last30.size() == 1", ["wrong_type@1"]],
    ["contacts.last30 ? true : false", ["wrong_type@1"]],
    ['customer.vip ? 1 : "1"', ["branches_differ@14"]],
    ['1 in [1, "a"]', ["mixed_list@10"]],
    ["1 in [[1]]", ["nested_list@7"]],
    ["weather.x + 1 > weather.y && 1 == true", ["unknown_name@1", "unknown_name@17", "cannot_compare@32"]],
  ])("[EX18] %s: %j", (text, expected) => {
    expect(told(text)).toEqual(expected);
    for (const { message } of faults(text)) expect(message).not.toMatch(/undefined|list_of|_or_/);
  });

  test("[EX18] messages speak of kinds in words", () => {
    expect(faults('contacts.last30 == "3"')[0]?.message).toBe("A number and text cannot be compared by ==.");
    expect(faults("item.skills.startsWith(item.language)")[0]?.message).toBe(
      "startsWith needs text, but this is a list of texts.",
    );
  });

  test.each([
    ['customer.type == "golden"', 18, '"gold"'],
    ['"Silver" != customer.type', 1, '"silver"'],
    ['customer.type in ["gold", "standrad"]', 27, '"standard"'],
    ['customer.type == "platinum"', 18, undefined],
  ])("[EX19] %s can never be", (text, column, suggestion) => {
    expect(faults(text)).toMatchObject([{ code: "impossible_value", column }]);
    expect(faults(text)[0]?.params.suggestion).toBe(suggestion);
  });

  test("[EX20] the result must be of the kind that is needed", () => {
    expect(faults("contacts.last30")).toMatchObject([
      { code: "wrong_result", column: 1, remedy: "compare_it" },
    ]);
    expect(told("customer.name", "number")).toEqual(["wrong_result@1"]);
    expect(told("item.skills", "text")).toEqual(["wrong_result@1"]);
    expect(told("contacts.last30 * 2", "number")).toEqual([]);
    expect(told("customer.type", "text")).toEqual([]);
    expect(told("item.skills", "any")).toEqual([]);
  });

  test("[EX4] a tree that was not read here is limited too", () => {
    let tree: Expression = { kind: "flag", column: 1, value: true };
    for (let i = 0; i < 100_000; i++) tree = { kind: "unary", column: 1, operator: "!", operand: tree };
    expect(checkExpression(tree, {})).toMatchObject([{ code: "too_many_parts" }]);
  });

  test("[EX18] what is found good gives its kind over facts of their kinds, or absent by division or size alone", () => {
    const schema: ExpressionSchema = {
      a: "number",
      b: "flag",
      "customer.type": "text",
      "contacts.last30": "number",
      "item.skills": { listOf: "text" },
      size: "number",
      "has.in_": "flag",
      "_x.y1.z": "text",
    };
    const facts: Readonly<Record<string, unknown>> = {
      ...{ a: 3, b: true, "customer.type": "gold", "contacts.last30": 4, "item.skills": ["sv"] },
      ...{ size: 0.5, "has.in_": false, "_x.y1.z": "go" },
    };
    let good = 0;
    fc.assert(
      fc.property(anyExpression(3), (expression) => {
        if (checkExpression(expression, schema).length > 0) return;
        const value = compileExpression(expression, (name) => () => facts[name])(undefined);
        if (value === undefined || value === null) return;
        good += 1;
        expect(typeof value).toBe("boolean");
      }),
      { numRuns: 4_000, seed: 3 },
    );
    expect(Object.keys(facts).sort()).toEqual([...NAMES].sort());
    expect(good).toBeGreaterThan(200);
  });
});
