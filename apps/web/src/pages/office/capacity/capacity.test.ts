import { createInstance } from "i18next";
import { describe, expect, test } from "vitest";
import en from "../../../i18n/en.json" with { type: "json" };
import ru from "../../../i18n/ru.json" with { type: "json" };
import { blankProfile, type CapacityDraft, withInterrupts, withSlots } from "./capacity-draft.ts";
import { capacitySentence } from "./capacity-words.ts";

async function i18nIn(language: string) {
  const i18n = createInstance();
  await i18n.init({ lng: language, resources: { en: { translation: en }, ru: { translation: ru } } });
  return i18n;
}

const mixed: CapacityDraft = {
  name: "Mixed",
  slots: { voice: 1, chat: 3, email: 5 },
  apart: [["voice", "chat"]],
  interrupts: { voice: ["email"] },
};

describe("a capacity profile as a sentence", () => {
  test("what excludes each other is joined by or, the rest stands beside it", async () => {
    expect(capacitySentence(mixed, await i18nIn("en"))).toBe(
      "At once: one call or 3 chats; 5 e-mails. Set aside for calls: e-mail.",
    );
  });
  test("sets that share a medium are one choice", async () => {
    const draft = { ...mixed, apart: [["voice", "chat"] as const, ["chat", "email"] as const] };
    expect(capacitySentence(structuredClone(draft) as never, await i18nIn("en"))).toMatch(
      /^At once: one call, 5 e-mails, or 3 chats\./,
    );
  });
  test("an empty one says what is missing", async () => {
    expect(capacitySentence({ ...mixed, slots: {} }, await i18nIn("en"))).toMatch(/^Nothing yet/);
  });
  test("Russian counts in its own way", async () => {
    expect(capacitySentence({ name: "", slots: { chat: 3, email: 5 } }, await i18nIn("ru"))).toContain(
      "5 писем; 3 чата",
    );
  });
});

describe("editing a profile", () => {
  test("a medium that is taken out takes along what spoke of it", () => {
    expect(withSlots(mixed, "voice", 0)).toEqual({
      name: "Mixed",
      slots: { chat: 3, email: 5 },
      apart: [],
      interrupts: {},
    });
    expect(withSlots(mixed, "email", 0).interrupts).toEqual({});
  });
  test("a medium that sets nothing aside is not named", () => {
    expect(withInterrupts(mixed, "voice", [])).toMatchObject({ interrupts: {} });
    expect(withInterrupts(blankProfile(), "voice", ["chat"]).interrupts).toEqual({ voice: ["chat"] });
  });
});
