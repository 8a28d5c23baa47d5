import { describe, expect, test } from "vitest";
import { formatClock, formatSpan } from "./duration.ts";
import { formatShare, initials } from "./figures.ts";
import { dayKey, formatFull, formatMoment, formatSecond } from "./moment.ts";
import { dialString, formatPhone } from "./phone-number.ts";

describe("durations", () => {
  test("a running time shows minutes and seconds, and hours only when there are some", () => {
    expect(formatClock(7_900)).toBe("0:07");
    expect(formatClock(725_000)).toBe("12:05");
    expect(formatClock(3_729_000)).toBe("1:02:09");
  });
  test("a server clock that is ahead never shows a negative time", () => {
    expect(formatClock(-1_500)).toBe("0:00");
  });
  test("sums speak the reader's language and drop seconds when they do not matter", () => {
    expect(formatSpan(27_900_000, "en")).toBe("7 hr 45 min");
    expect(formatSpan(200_000, "en")).toBe("3 min 20 sec");
    expect(formatSpan(725_000, "en")).toBe("12 min");
    expect(formatSpan(8_000, "sv")).toBe("8 s");
  });
});

describe("moments", () => {
  const noon = Date.UTC(2026, 10, 22, 12);
  test("today is a time, another day has its date, another year its year", () => {
    expect(formatMoment(noon - 3_600_000, noon, "en-GB", "UTC")).toBe("11:00");
    expect(formatMoment(noon - 86_400_000, noon, "en-GB", "UTC")).toBe("21 Nov, 12:00");
    expect(formatMoment(noon - 400 * 86_400_000, noon, "en-GB", "UTC")).toContain("2025");
  });
  test("English writes the 24-hour clock", () => {
    expect(formatMoment(noon + 3_600_000, noon, "en", "UTC")).toBe("13:00");
    expect(formatSecond(noon + 3_600_000, "en", "UTC")).toBe("13:00:00");
    expect(formatFull(noon + 3_600_000, "en", "UTC")).toBe("22 November 2026 at 13:00:00");
  });
  test("the day is the zone's own", () => {
    expect(dayKey(Date.UTC(2026, 10, 22, 23, 30), "Europe/Stockholm")).toBe("2026-11-23");
  });
});

describe("numbers of telephones", () => {
  test.each([
    ["+447700900292", "+44 7700 900292"],
    ["+442079460958", "+44 20 7946 0958"],
    ["+441214960123", "+44 121 496 0123"],
    ["+46701740692", "+46 70 174 06 92"],
    ["+468123456", "+46 8 12 34 56"],
    ["+46812345678", "+46 8 123 456 78"],
    ["+4690123456", "+46 90 12 34 56"],
    ["+46317001234", "+46 31 700 12 34"],
    ["+380441234567", "+380 44 123 45 67"],
    ["+74951234567", "+7 495 123-45-67"],
    ["+12025550123", "+1 202 555 0123"],
  ])("%s is written as its country writes it", (number, written) => {
    expect(formatPhone(number)).toBe(written);
  });
  test("other countries' numbers stand in threes after the code", () => {
    expect(formatPhone("+4915112345678")).toBe("+49 151 123 456 78");
    expect(formatPhone("+358401234567")).toBe("+358 401 234 567");
    expect(formatPhone("+442012345")).toBe("+44 201 23 45");
  });
  test("extensions and names are left alone", () => {
    expect(formatPhone("100")).toBe("100");
    expect(formatPhone("anonymous")).toBe("anonymous");
  });
  test("typed numbers lose their punctuation", () => {
    expect(dialString(" +46 (70) 123-45 67 ")).toBe("+46701234567");
    expect(dialString("08-123 45")).toBe("0812345");
  });
});

test("a share without a base is a dash, never zero", () => {
  expect(formatShare(null, "en")).toBe("–");
  expect(formatShare(0.827, "en")).toBe("83%");
});

test("initials take the first and the last name", () => {
  expect(initials("Anna Maria Lind")).toBe("AL");
  expect(initials("олена")).toBe("О");
});
