import { ROUTING_FACTS } from "@svara/contracts";
import { createInstance } from "i18next";
import { describe, expect, test } from "vitest";
import en from "../../../i18n/en.json" with { type: "json" };
import ru from "../../../i18n/ru.json" with { type: "json" };
import { conditionProblems, markColumn } from "./check-condition.ts";
import { expressionProblemText } from "./expression-words.ts";
import { insertCondition, snippetFor } from "./insert-fact.ts";

async function i18nIn(language: string) {
  const i18n = createInstance();
  await i18n.init({
    lng: language,
    resources: { en: { translation: en }, ru: { translation: ru } },
    interpolation: { escapeValue: false },
  });
  return i18n;
}

describe("facts put in by a click", () => {
  test("an empty condition gets it as it is, with the cursor where the value goes", () => {
    const next = insertCondition("", 0, snippetFor("customer.value", "text"));
    expect(next).toEqual({ text: 'customer.value == ""', cursor: 19 });
  });
  test("behind something else it is joined by and", () => {
    const text = "customer.known";
    expect(insertCondition(text, text.length, "caller.withheld«»").text).toBe(
      "customer.known && caller.withheld",
    );
  });
  test("behind an operator or an open bracket it is not joined", () => {
    expect(insertCondition("!(", 2, "caller.withheld«»").text).toBe("!(caller.withheld");
    expect(insertCondition("a || ", 5, "b«»").text).toBe("a || b");
  });
  test("before something else it is joined too", () => {
    expect(insertCondition("customer.known", 0, "caller.withheld«»").text).toBe(
      "caller.withheld && customer.known",
    );
  });
  test("every fact gives a condition that is understood", () => {
    for (const [name, { type }] of Object.entries(ROUTING_FACTS)) {
      expect(conditionProblems(insertCondition("", 0, snippetFor(name, type)).text)).toEqual([]);
    }
  });
  test("every fact has its meaning on the screen", () => {
    for (const name of Object.keys(ROUTING_FACTS)) expect(en.fact).toHaveProperty(name.replace(".", "_"));
  });
});

describe("faults", () => {
  test("an empty condition is not scolded", () => {
    expect(conditionProblems("  ")).toEqual([]);
  });
  test("the line of the fault is shown with a caret below the column", () => {
    expect(markColumn("a &&\nb = 1", 8)).toEqual({ line: "b = 1", caret: "  ^" });
    expect(markColumn("a", 9)).toEqual({ line: "a", caret: " ^" });
  });
  test("are told in the reader's language with what to do", async () => {
    const [problem] = conditionProblems('customer.valu == "gold"');
    if (!problem) throw new Error("a fault was expected");
    expect(expressionProblemText(problem, await i18nIn("en"))).toBe(
      'Nothing is known by the name "customer.valu". Did you mean customer.value?',
    );
    expect(expressionProblemText(problem, await i18nIn("ru"))).toContain("customer.valu");
  });
});
