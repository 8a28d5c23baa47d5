import { describe, expect, test } from "vitest";
import { catalogueViolations, LANGUAGES } from "./catalogues.ts";

type Catalogue = Record<string, unknown>;

/** Catalogues in all languages, those not given being `same`. */
function catalogues(same: Catalogue, own: Partial<Record<string, Catalogue>> = {}) {
  return LANGUAGES.map((language) => ({
    path: `apps/web/src/i18n/${language}.json`,
    text: JSON.stringify(own[language] ?? same),
  }));
}

describe("catalogues of translations", () => {
  test("the same keys in all languages are well", () => {
    expect(catalogueViolations(catalogues({ desk: { answer: "Answer", greet: "Hello {{name}}" } }))).toEqual(
      [],
    );
  });

  test("a key that one language lacks or has alone is named", () => {
    expect(catalogueViolations(catalogues({ a: "A", b: "B" }, { sv: { a: "A" } }))).toEqual([
      'apps/web/src/i18n/sv.json has no "b"',
    ]);
    expect(catalogueViolations(catalogues({ a: "A" }, { sv: { a: "A", c: "C" } }))).toHaveLength(3);
  });

  test("a language that is missing is named", () => {
    expect(catalogueViolations(catalogues({ a: "A" }).slice(0, 3))).toEqual([
      "apps/web/src/i18n/sv.json is missing",
    ]);
  });

  test("each language has the plural forms that it needs", () => {
    const two = { calls_one: "call", calls_other: "calls" };
    const four = { calls_one: "1", calls_few: "2", calls_many: "5", calls_other: "1.5" };
    expect(catalogueViolations(catalogues(two, { ru: four, uk: four }))).toEqual([]);
    expect(catalogueViolations(catalogues(two, { uk: four }))).toEqual([
      'apps/web/src/i18n/ru.json has no "calls_few"',
      'apps/web/src/i18n/ru.json has no "calls_many"',
    ]);
  });

  test("a key that only ends like a plural is a word of its own", () => {
    expect(catalogueViolations(catalogues({ state: { busy_other: "On other work" } }))).toEqual([]);
  });

  test("a lost placeholder and an empty text are found", () => {
    expect(
      catalogueViolations(catalogues({ a: "Hello {{name}}" }, { ru: { a: "Привет" }, uk: { a: " " } })),
    ).toEqual([
      'apps/web/src/i18n/ru.json "a" has the placeholders [], English has [name]',
      'apps/web/src/i18n/uk.json "a" is empty',
    ]);
  });
});
