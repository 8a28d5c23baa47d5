import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeSchemas } from "../tools/make-schemas.ts";

const FOLDER = join(import.meta.dirname, "..", "schemas");

describe("the published schemas", () => {
  test.each(Object.entries(makeSchemas()))(
    "[RT46] %s says what the types say (else: node packages/routing/tools/make-schemas.ts)",
    (name, text) => {
      expect(readFileSync(join(FOLDER, name), "utf8")).toBe(text);
    },
  );
});
