import { expect, test } from "vitest";
import { codeOf } from "./code-of.ts";

test("names of the four languages become codes", () => {
  expect(codeOf("Fika & kaffe")).toBe("fika_kaffe");
  expect(codeOf("Återuppringning")).toBe("ateruppringning");
  expect(codeOf("Обед")).toBe("obed");
  expect(codeOf("Зворотний дзвінок")).toBe("zvorotniy_dzvinok");
});

test("a code begins with a letter and is never empty", () => {
  expect(codeOf("2nd line")).toBe("nd_line");
  expect(codeOf("—")).toBe("code");
});
