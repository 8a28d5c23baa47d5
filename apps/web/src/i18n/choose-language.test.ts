import { expect, test } from "vitest";
import { chooseLanguage } from "./choose-language.ts";

test("the first wish that we speak is taken, whatever its region", () => {
  expect(chooseLanguage(["de-DE", "uk-UA", "en"])).toBe("uk");
  expect(chooseLanguage(["sv-SE"])).toBe("sv");
});

test("English for everybody else", () => {
  expect(chooseLanguage(["fi"])).toBe("en");
  expect(chooseLanguage([])).toBe("en");
});
