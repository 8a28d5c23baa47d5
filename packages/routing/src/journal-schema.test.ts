import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeSchemas } from "../tools/make-schemas.ts";
import { compileSchema, problemText } from "./journal-schema-check.ts";

const FOLDER = join(import.meta.dirname, "..", "schemas");

describe("the published schemas", () => {
  test.each(Object.entries(makeSchemas()))(
    "[RT46] %s says what the types say (else: node packages/routing/tools/make-schemas.ts)",
    (name, text) => {
      expect(readFileSync(join(FOLDER, name), "utf8")).toBe(text);
    },
  );
});

describe("a check by a schema", () => {
  const defs = {
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
          properties: { mode: { const: "timed" }, limitMs: { type: "number" } },
          required: ["mode", "limitMs"],
        },
      ],
    },
    Pair: { type: "array", prefixItems: [{ type: "string" }, { type: "number" }] },
    Fact: { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] },
    Table: { type: "object", additionalProperties: { type: "boolean" } },
  };
  const problem = (name: keyof typeof defs, value: unknown): string | undefined => {
    const found = compileSchema({ $ref: `#/$defs/${name}` }, defs)(value);
    return found && problemText(found);
  };

  test.each<[keyof typeof defs, unknown, string | undefined]>([
    ["Tree", { name: "a", children: [{ name: "b", children: [] }] }, undefined],
    [
      "Tree",
      { name: "a", children: [{ name: "b" }, { name: 3 }] },
      "children[1].name must be a text, and is 3",
    ],
    ["Tree", [], "it must be an object, and is []"],
    ["Rule", { mode: "timed", limitMs: 5 }, undefined],
    ["Rule", { mode: "timed" }, "limitMs must be a number, and is missing"],
    ["Rule", { mode: "often" }, 'mode must be one of "off", "timed", and is "often"'],
    ["Pair", ["a", 1], undefined],
    ["Pair", ["a"], 'it must be a list of 2, and is ["a"]'],
    ["Pair", ["a", "b"], '[1] must be a number, and is "b"'],
    ["Fact", ["x"], undefined],
    ["Fact", ["x", 1], "[1] must be a text, and is 1"],
    ["Fact", 1, "it must be a text or a list, and is 1"],
    ["Table", { a: true, b: "yes" }, 'b must be true or false, and is "yes"'],
  ])("%s of %j: %s", (name, value, expected) => {
    expect(problem(name, value)).toBe(expected);
  });
});
