import { describe, expect, test } from "vitest";
import { easterSunday, holidaysOf } from "./holiday-rule.ts";
import { holidayTables } from "./holiday-tables.ts";

function dates(country: keyof typeof holidayTables, year: number): string[] {
  return holidaysOf(holidayTables[country], year).map((day) => day.date.slice(5));
}

describe("holidays", () => {
  test("[CA15] Easter falls where the churches keep it", () => {
    const western = [2000, 2008, 2011, 2024, 2025, 2026, 2038].map((y) =>
      easterSunday(y, "western").slice(5),
    );
    expect(western).toEqual(["04-23", "03-23", "04-24", "03-31", "04-20", "04-05", "04-25"]);
    const orthodox = [2000, 2008, 2021, 2024, 2025, 2026].map((y) => easterSunday(y, "orthodox").slice(5));
    expect(orthodox).toEqual(["04-30", "04-27", "05-02", "05-05", "04-20", "04-12"]);
  });

  test("[CA16] Sweden 2026", () => {
    expect(dates("SE", 2026)).toEqual(
      "01-01 01-06 04-03 04-05 04-06 05-01 05-14 05-24 06-06 06-19 06-20 10-31 12-24 12-25 12-26 12-31".split(
        " ",
      ),
    );
  });

  test("[CA16] rules begin and end in a year", () => {
    expect(dates("UA", 2022)).toContain("01-07");
    expect(dates("UA", 2026)).not.toContain("01-07");
    expect(dates("UA", 2026)).toEqual(
      "01-01 03-08 04-12 05-01 05-08 05-31 06-28 07-15 08-24 10-01 12-25".split(" "),
    );
    expect(dates("RU", 2026)).toHaveLength(14);
    expect(dates("SE", 2004)).not.toContain("06-06");
    expect(dates("US", 2020)).not.toContain("06-19");
  });

  test("[CA17] a holiday on a weekend moves where the rule says so, and never onto another", () => {
    // 2021 and 2022 as published by gov.uk, without the one-off holidays of 2022
    expect(dates("GB", 2021)).toEqual("01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28".split(" "));
    expect(dates("GB", 2022)).toEqual("01-03 04-15 04-18 05-02 05-30 08-29 12-26 12-27".split(" "));
    expect(dates("US", 2026)).toEqual(
      "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25".split(" "),
    );
    expect(holidaysOf(holidayTables.US, 2022)[0]?.date).toBe("2021-12-31");
  });
});
