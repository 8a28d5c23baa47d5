import { describe, expect, it } from "vitest";
import { phraseText } from "../tools/phrases.ts";
import { LANGUAGES, systemPrompts } from "./prompt-catalogue.ts";
import { positionPhrase, speakPosition, speakWait, waitPhrase } from "./spoken.ts";

const plain = (text: string | undefined): string | undefined =>
  text?.normalize("NFD").replaceAll("\u0301", "").normalize("NFC");

describe("the spoken word", () => {
  it("[FL18] every place and wait is one whole sentence, and the extremes say so", () => {
    expect([1, 2, 20, 21, 500].map(positionPhrase)).toEqual([
      "position-next",
      "position-2",
      "position-20",
      "position-many",
      "position-many",
    ]);
    expect([0, 59_999, 60_000, 60_001, 1_800_000, 1_800_001].map(waitPhrase)).toEqual([
      "wait-under-1",
      "wait-under-1",
      "wait-1",
      "wait-2",
      "wait-30",
      "wait-long",
    ]);
    expect(speakPosition("uk", 7)).toEqual(["uk/position-7.wav"]);
    expect(speakWait("ru", 300_000)).toEqual(["ru/wait-5.wav"]);
    for (const language of LANGUAGES)
      for (const name of systemPrompts)
        expect(phraseText(language, name), `${language} ${name}`).toMatch(/\w|[а-яіїє]/);
  });

  it.each([
    ["ru", 1, "одна минута."],
    ["ru", 2, "две минуты."],
    ["ru", 5, "пять минут."],
    ["ru", 11, "одиннадцать минут."],
    ["ru", 14, "четырнадцать минут."],
    ["ru", 21, "двадцать одна минута."],
    ["ru", 22, "двадцать две минуты."],
    ["uk", 1, "одна хвилина."],
    ["uk", 3, "три хвилини."],
    ["uk", 12, "дванадцять хвилин."],
    ["uk", 24, "двадцять чотири хвилини."],
    ["uk", 30, "тридцять хвилин."],
    ["sv", 1, "en minut."],
    ["sv", 21, "tjugoen minuter."],
    ["en", 1, "one minute."],
    ["en", 22, "twenty two minutes."],
  ] as const)("[FL19] %s, %i minutes: %s", (language, minutes, ending) => {
    const text = plain(phraseText(language, `wait-${minutes}`));
    expect(text?.endsWith(` ${ending}`)).toBe(true);
  });
});
