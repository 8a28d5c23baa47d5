import { describe, expect, test } from "vitest";
import { formatClock, formatSpan } from "./duration.ts";
import { formatShare, initials } from "./figures.ts";
import { dayKey, formatMoment } from "./moment.ts";
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
  test("the day is the zone's own", () => {
    expect(dayKey(Date.UTC(2026, 10, 22, 23, 30), "Europe/Stockholm")).toBe("2026-11-23");
  });
});

describe("numbers of telephones", () => {
  test("E.164 is grouped after its country code", () => {
    expect(formatPhone("+46701234567")).toBe("+46 701 234 567");
    expect(formatPhone("+380501234567")).toBe("+380 501 234 567");
    expect(formatPhone("+12125550100")).toBe("+1 212 555 01 00");
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
