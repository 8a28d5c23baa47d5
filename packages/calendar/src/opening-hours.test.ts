import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkOpeningHours } from "./check-hours.ts";
import {
  isOpen,
  nextChange,
  type OpeningHours,
  type OpenSpan,
  openMsBetween,
  WEEKDAYS,
} from "./opening-hours.ts";

const at = (text: string): number => Temporal.ZonedDateTime.from(text).epochMilliseconds;
const stockholm = (text: string): number => at(`${text}[Europe/Stockholm]`);
const HOUR = 3_600_000;

const office: OpeningHours = {
  timeZone: "Europe/Stockholm",
  weekly: {
    mon: [
      { from: "13:00", to: "17:00" },
      { from: "09:00", to: "12:00" },
    ],
    fri: [{ from: "22:00", to: "06:00" }],
    sun: [{ from: "00:00", to: "24:00" }],
  },
  holidays: { country: "SE", spans: [] },
  exceptions: [
    { date: "2026-06-05", spans: [{ from: "10:00", to: "11:00" }] },
    { date: "2026-01-06", spans: [{ from: "10:00", to: "11:00" }], name: "Open on Epiphany" },
    { date: "2026-02-02", spans: [] },
  ],
};

/** Whether it is open at each of the instants. */
function opens(hours: OpeningHours, ...instants: number[]): boolean[] {
  return instants.map((instant) => isOpen(hours, instant));
}

describe("opening hours", () => {
  test("[CA1] the start belongs to the span and the end does not", () => {
    const first = stockholm("2026-01-12T09:00");
    const end = stockholm("2026-01-12T12:00");
    expect(opens(office, first - 1, first, end - 1, end)).toEqual([false, true, true, false]);
  });

  test("[CA2] a day has several spans, and an unnamed weekday is closed", () => {
    expect(opens(office, stockholm("2026-01-12T12:30"), stockholm("2026-01-12T13:30"))).toEqual([
      false,
      true,
    ]);
    expect(isOpen(office, stockholm("2026-01-13T10:00"))).toBe(false);
  });

  test("[CA3] a span over midnight goes on into the next day", () => {
    const saturday = ["2026-01-17T05:59", "2026-01-17T06:00"].map(stockholm);
    expect(opens(office, stockholm("2026-01-16T21:59"), ...saturday)).toEqual([false, true, false]);
    expect(opens(office, stockholm("2026-01-18T00:00"), stockholm("2026-01-18T23:59"))).toEqual([true, true]);
    expect(isOpen(office, stockholm("2026-01-19T00:00"))).toBe(false);
  });

  test("[CA4] an exception replaces the weekday and the holiday", () => {
    expect(isOpen(office, stockholm("2026-02-02T10:00"))).toBe(false);
    expect(isOpen(office, stockholm("2026-01-06T10:30"))).toBe(true);
    expect(opens(office, stockholm("2026-06-05T10:30"), stockholm("2026-06-05T23:00"))).toEqual([
      true,
      false,
    ]);
  });

  test("[CA5] a public holiday replaces the weekday", () => {
    expect(isOpen(office, stockholm("2026-04-06T10:00"))).toBe(false); // Easter Monday
    expect(
      isOpen(
        { ...office, holidays: { country: "SE", spans: [{ from: "10:00", to: "14:00" }] } },
        stockholm("2026-04-06T10:00"),
      ),
    ).toBe(true);
  });

  test("[CA6] a closed date does not cut the night that began before it", () => {
    const night: OpeningHours = {
      ...office,
      exceptions: [{ date: "2026-01-17", spans: [] }],
    };
    expect(isOpen(night, stockholm("2026-01-17T03:00"))).toBe(true);
  });

  test("[CA7] the next change skips borders at which nothing changes", () => {
    const shifts: OpeningHours = {
      timeZone: "Europe/Stockholm",
      weekly: {
        wed: [
          { from: "06:00", to: "14:00" },
          { from: "14:00", to: "22:00" },
        ],
        thu: [{ from: "00:00", to: "24:00" }],
        fri: [{ from: "00:00", to: "01:00" }],
      },
    };
    const next = (text: string) => nextChange(shifts, stockholm(text));
    expect(next("2026-01-13T12:00")).toEqual({ at: stockholm("2026-01-14T06:00"), open: true });
    expect(next("2026-01-14T07:00")).toEqual({ at: stockholm("2026-01-14T22:00"), open: false });
    expect(next("2026-01-14T22:00")).toEqual({ at: stockholm("2026-01-15T00:00"), open: true });
    expect(next("2026-01-15T05:00")).toEqual({ at: stockholm("2026-01-16T01:00"), open: false });
    expect(next("2026-01-16T00:30")).toEqual({ at: stockholm("2026-01-16T01:00"), open: false });
  });

  test("[CA8] what is always open or always closed has no next change", () => {
    const whole: OpenSpan[] = [{ from: "00:00", to: "24:00" }];
    const always = { timeZone: "UTC", weekly: Object.fromEntries(WEEKDAYS.map((day) => [day, whole])) };
    expect(nextChange(always, 0)).toBeUndefined();
    expect(nextChange({ timeZone: "UTC", weekly: {} }, 0)).toBeUndefined();
  });

  test("[CA9] on days with a clock change the spans keep to the wall", () => {
    const early: OpeningHours = {
      timeZone: "Europe/Stockholm",
      weekly: { sun: [{ from: "02:30", to: "08:00" }] },
    };
    const jump = Date.UTC(2026, 2, 29, 1);
    expect(opens(early, jump - 1, jump, stockholm("2026-03-29T07:59"))).toEqual([false, true, true]);
    expect(openMsBetween(early, jump - HOUR, stockholm("2026-03-29T12:00"))).toBe(5 * HOUR);

    const late: OpeningHours = {
      timeZone: "Europe/Stockholm",
      weekly: { sun: [{ from: "01:00", to: "02:30" }] },
    };
    const secondHalfPastTwo = Date.UTC(2026, 9, 25, 1, 30);
    expect(opens(late, secondHalfPastTwo - 1, secondHalfPastTwo)).toEqual([true, false]);
    expect(nextChange(late, secondHalfPastTwo - HOUR)).toEqual({ at: secondHalfPastTwo, open: false });
  });

  test("[CA10] open time counts exactly", () => {
    const week = openMsBetween(office, stockholm("2026-01-12T00:00"), stockholm("2026-01-19T00:00"));
    expect(week).toBe((3 + 4 + 8 + 24) * HOUR);
    expect(openMsBetween(office, stockholm("2026-01-12T11:30"), stockholm("2026-01-12T13:15"))).toBe(
      45 * 60_000,
    );
  });

  test("[CA11] every problem is found and named by its field", () => {
    const problems = checkOpeningHours({
      timeZone: "Europe/Atlantis",
      weekly: {
        mon: [{ from: "9:00", to: "25:00" }],
        tue: [{ from: "10:00", to: "10:00" }],
        wed: [
          { from: "12:00", to: "13:00" },
          { from: "09:00", to: "12:30" },
        ],
      },
      holidays: { country: "XX" as "SE", spans: [] },
      exceptions: [
        { date: "2026-02-30", spans: [] },
        { date: "2026-02-28", spans: [] },
        { date: "2026-02-28", spans: [{ from: "24:00", to: "12:00" }] },
      ],
    });
    expect(problems.map((p) => `${p.field} ${p.code}`)).toEqual([
      "timeZone unknown_time_zone",
      "weekly.mon.0.from bad_time",
      "weekly.mon.0.to bad_time",
      "weekly.tue.0.to empty_span",
      "weekly.wed.0.from overlap",
      "holidays.country unknown_country",
      "exceptions.0.date bad_date",
      "exceptions.2.date duplicate_date",
      "exceptions.2.spans.0.from bad_time",
    ]);
    expect(checkOpeningHours(office)).toEqual([]);
  });

  test("[CA7] between changes nothing changes, on any hours in any zone", () => {
    const time = fc.integer({ min: 0, max: 95 }).map((q) => {
      const pad = (n: number): string => String(n).padStart(2, "0");
      return `${pad(Math.floor(q / 4))}:${pad((q % 4) * 15)}`;
    });
    const span = fc.record({ from: time, to: time }).filter((s) => s.from !== s.to);
    const hours = fc.record({
      timeZone: fc.constantFrom(
        "Europe/Stockholm",
        "America/New_York",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
      ),
      weekly: fc.record(Object.fromEntries(WEEKDAYS.map((day) => [day, fc.array(span, { maxLength: 2 })]))),
    });
    const start = fc.integer({ min: Date.UTC(2026, 0, 1) / 60_000, max: Date.UTC(2027, 0, 1) / 60_000 });
    fc.assert(
      fc.property(hours, start, (someHours, minute) => {
        let instant = minute * 60_000;
        for (let i = 0; i < 4; i++) {
          const open = isOpen(someHours, instant);
          const change = nextChange(someHours, instant);
          if (change === undefined) return;
          expect(change.open).toBe(!open);
          expect(isOpen(someHours, change.at)).toBe(!open);
          expect(isOpen(someHours, change.at - 1)).toBe(open);
          const between = openMsBetween(someHours, instant, change.at);
          expect(between).toBe(open ? change.at - instant : 0);
          instant = change.at;
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});
