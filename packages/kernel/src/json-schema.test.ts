import { describe, expect, test } from "vitest";
import { compileSchema, type JsonSchema } from "./json-schema.ts";

const $defs = {
  Tree: {
    type: "object",
    properties: { name: { type: "string" }, children: { type: "array", items: { $ref: "#/$defs/Tree" } } },
    required: ["name"],
  },
  Rule: {
    anyOf: [
      { type: "object", properties: { mode: { const: "off" } }, required: ["mode"] },
      {
        type: "object",
        properties: { mode: { enum: ["timed", "forced"] }, limitMs: { type: "number", minimum: 0 } },
        required: ["mode", "limitMs"],
      },
    ],
  },
  Pair: { type: "array", prefixItems: [{ type: "string" }, { type: "number" }] },
  Some: { type: "array", items: { type: "integer", maximum: 9 }, minItems: 1 },
  Fact: { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] },
  Maybe: { anyOf: [{ $ref: "#/$defs/Rule" }, { type: "null" }] },
  Word: { anyOf: [{ enum: ["a", "b"] }, { type: "null" }] },
  Table: { type: "object", additionalProperties: { type: "boolean" } },
  Closed: {
    type: "object",
    properties: {
      $schema: { type: "string" },
      of: { type: ["string", "integer"], description: "what it is of" },
      kind: { $ref: "#/$defs/Word" },
    },
    required: ["of"],
    additionalProperties: false,
  },
} satisfies Record<string, JsonSchema>;

type Name = keyof typeof $defs;

/** The first problem as a sentence. */
function problem(name: Name, value: unknown): string | undefined {
  const found = compileSchema({ $ref: `#/$defs/${name}`, $defs })(value);
  return found && `${found.field || "it"} ${found.message}`;
}

describe("a value and a schema", () => {
  test.each<[Name, unknown]>([
    ["Tree", { name: "a", children: [{ name: "b", children: [] }], more: 1 }],
    ["Rule", { mode: "off" }],
    ["Rule", { mode: "forced", limitMs: 5 }],
    ["Pair", ["a", 1]],
    ["Some", [1, 9]],
    ["Fact", "x"],
    ["Fact", ["x"]],
    ["Maybe", null],
    ["Word", "b"],
    ["Table", { a: true }],
    ["Closed", { $schema: "x", of: 3, kind: null }],
  ])("%s takes %j", (name, value) => {
    expect(problem(name, value)).toBeUndefined();
  });

  test.each<[Name, unknown, string]>([
    ["Tree", { name: "a", children: [{ name: "b" }, { name: 3 }] }, "children.1.name must be a text, not 3"],
    ["Tree", { children: [] }, "name is missing: give a text"],
    ["Tree", [], "it must be an object, not []"],
    ["Rule", { mode: "timed" }, "limitMs is missing: give a number"],
    ["Rule", { mode: "timed", limitMs: -1 }, "limitMs must be 0 or more, not -1"],
    ["Rule", { mode: "often" }, 'mode must be one of "off", "timed", "forced", not "often"'],
    ["Rule", {}, 'mode is missing: give one of "off", "timed", "forced"'],
    ["Rule", "off", 'it must be an object, not "off"'],
    ["Pair", ["a"], "it needs at least 2 entries, not 1"],
    ["Pair", ["a", "b"], '1 must be a number, not "b"'],
    ["Some", [], "it needs at least 1 entries, not 0"],
    ["Some", [1.5], "0 must be a whole number, not 1.5"],
    ["Some", [10], "0 must be 9 or less, not 10"],
    ["Fact", ["x", 1], "1 must be a text, not 1"],
    ["Fact", 1, "it must be a text or a list, not 1"],
    ["Maybe", { mode: "timed" }, "limitMs is missing: give a number"],
    ["Word", "c", 'it must be one of "a", "b" or null, not "c"'],
    ["Table", { a: true, b: "yes" }, 'b must be true or false, not "yes"'],
    ["Closed", {}, "of is missing: give a text or a whole number (what it is of)"],
    ["Closed", { of: true }, "of must be a text or a whole number, not true"],
    ["Closed", { of: 1, off: 2 }, "off is not known here: use of, kind"],
    [
      "Closed",
      { of: "x".repeat(100), kind: "x".repeat(100) },
      `kind must be one of "a", "b" or null, not "${"x".repeat(56)}...`,
    ],
  ])("%s refuses %j: %s", (name, value, expected) => {
    expect(problem(name, value)).toBe(expected);
  });
});
