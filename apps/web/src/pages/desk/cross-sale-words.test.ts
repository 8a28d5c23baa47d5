import i18next, { type i18n } from "i18next";
import { beforeAll, expect, test } from "vitest";
import en from "../../i18n/en.json";
import { crossSaleSentences } from "./cross-sale-words.ts";

let words: i18n;
beforeAll(async () => {
  words = i18next.createInstance();
  await words.init({ lng: "en", resources: { en: { translation: en } } });
});

const load = { inSystem: 12, waiting: 3, openAgents: 1 };

test.each([
  ["in_system", "12 contacts"],
  ["waiting", "3 customers"],
  ["open_agents", "1"],
] as const)("a refusal by %s says its figure and what to do", (because, figure) => {
  const said = crossSaleSentences({ allowed: false, because, ...load }, words).join(" ");
  expect(said).toContain(figure);
  expect(said).toContain("free the line");
  expect(said).toContain("again");
});

test("what the load does not change is not to be asked again", () => {
  for (const because of ["no_rule", "criterion"] as const) {
    expect(crossSaleSentences({ allowed: false, because, ...load }, words).join(" ")).not.toContain("again");
  }
  expect(crossSaleSentences({ allowed: true, because: null, ...load }, words)).toHaveLength(1);
});
