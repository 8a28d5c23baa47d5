import { expect, test } from "vitest";
import { normaliseIdentifier, normaliseNumber } from "./phone-number.ts";

test.each([
  ["08-123 456 78", "SE", "+46812345678"],
  ["+380 44 123 45 67", "SE", "+380441234567"],
  ["+46812345678", "UA", "+46812345678"],
  ["1001", "SE", "1001"],
  ["anonymous", "SE", null],
  ["Anonymous", "XX", null],
  ["sipp", "SE", null],
  ["", "SE", null],
])("%j from %s is kept as %j", (text, country, kept) => {
  expect(normaliseNumber(text, country)).toBe(kept);
});

test("a mail address is kept in small letters, nonsense is not kept", () => {
  expect(normaliseIdentifier({ kind: "email", value: " Anna@Example.COM " }, "SE")).toBe("anna@example.com");
  expect(normaliseIdentifier({ kind: "email", value: "anna" }, "SE")).toBeNull();
});
