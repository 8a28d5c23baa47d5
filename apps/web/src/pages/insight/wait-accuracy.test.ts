import i18next, { type i18n } from "i18next";
import { beforeAll, expect, test } from "vitest";
import en from "../../i18n/en.json";
import { daysBefore, readDays } from "./day-range.ts";
import { bandTone, errorWords, signedSpan, totalsOf, type WaitAccuracy } from "./wait-accuracy.ts";

let words: i18n;
beforeAll(async () => {
  words = i18next.createInstance();
  await words.init({ lng: "en", resources: { en: { translation: en } } });
});

const row = (changes: Partial<WaitAccuracy>): WaitAccuracy => ({
  queueId: "q",
  queueName: "Support",
  date: "2026-11-22",
  predicted: 0,
  unpredicted: 0,
  meanErrorMs: null,
  meanAbsoluteErrorMs: null,
  insideBand: null,
  ...changes,
});

test("days and queues weigh as many customers as they predicted; days without predictions weigh nothing", () => {
  const totals = totalsOf([
    row({ predicted: 30, meanErrorMs: 10_000, meanAbsoluteErrorMs: 20_000, insideBand: 0.9 }),
    row({
      predicted: 10,
      meanErrorMs: -30_000,
      meanAbsoluteErrorMs: 40_000,
      insideBand: 0.5,
      unpredicted: 2,
    }),
    row({ unpredicted: 3 }),
  ]);
  expect(totals).toEqual({
    predicted: 40,
    unpredicted: 5,
    meanErrorMs: 0,
    meanAbsoluteErrorMs: 25_000,
    insideBand: 0.8,
  });
  expect(totalsOf([row({})]).insideBand).toBeNull();
});

test("errors are told by their direction", () => {
  expect(errorWords(12_300, words)).toBe("12 sec longer than said");
  expect(errorWords(-61_000, words)).toBe("1 min 1 sec shorter than said");
  expect(errorWords(300, words)).toBe("as said");
  expect(signedSpan(-4_000, "en")).toBe("−4 sec");
  expect(signedSpan(null, "en")).toBe("–");
});

test("the band is judged against eight of ten", () => {
  expect([0.85, 0.71, 0.6, 0.3, null].map(bandTone)).toEqual(["plain", "plain", "warn", "bad", "plain"]);
});

test("days the wrong way round or unreadable are replaced", () => {
  const usual = { from: "2026-11-16", to: "2026-11-22" };
  const read = (text: string) => readDays(new URLSearchParams(text), usual);
  expect(read("from=2026-11-01&to=2026-11-03")).toEqual({ from: "2026-11-01", to: "2026-11-03" });
  expect(read("from=2026-11-03&to=2026-11-01")).toEqual(usual);
  expect(read("from=yesterday")).toEqual(usual);
  expect(daysBefore("2026-03-01", 1)).toBe("2026-02-28");
});
