import { describe, expect, test } from "vitest";
import en from "./en.json";
import ru from "./ru.json";
import sv from "./sv.json";
import uk from "./uk.json";

const PLURAL = /_(zero|one|two|few|many|other)$/;
const catalogues = { en, ru, uk, sv } as const;

function flatten(value: object, prefix = ""): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [key, part] of Object.entries(value)) {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    if (typeof part === "string") texts.set(path, part);
    else for (const [inner, text] of flatten(part as object, path)) texts.set(inner, text);
  }
  return texts;
}

const base = (key: string): string => key.replace(PLURAL, "");
const english = flatten(en);

describe.each(Object.entries(catalogues))("the catalogue %s", (language, catalogue) => {
  const texts = flatten(catalogue);

  test("has the keys of English, no more and no fewer", () => {
    expect([...new Set([...texts.keys()].map(base))].sort()).toEqual(
      [...new Set([...english.keys()].map(base))].sort(),
    );
  });

  test("has each plural form that the language needs", () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    // a key with both of English's forms; `share_is_zero` alone is a word of its own
    const plurals = [...english.keys()].filter((key) => key.endsWith("_other")).map(base);
    for (const key of plurals.filter((each) => english.has(`${each}_one`))) {
      for (const form of forms) expect(texts.has(`${key}_${form}`), `${key}_${form}`).toBe(true);
    }
  });

  test("keeps every placeholder and leaves nothing empty", () => {
    const names = (text: string): string[] =>
      [...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1] ?? "").sort();
    for (const [key, text] of texts) {
      expect(text.trim(), key).not.toBe("");
      const model = english.get(key);
      if (model !== undefined && !PLURAL.test(key)) expect(names(text), key).toEqual(names(model));
    }
  });
});
