import { describe, expect, test } from "vitest";
import { type CalendarEntry, calendarFeed } from "./calendar-feed.ts";
import { dayShift, hour } from "./testing/small-problem.ts";

const partNames = { break: "пауза", lunch: "обід", training: "t", meeting: "m", coaching: "c", other: "o" };
const entry = (change: Partial<CalendarEntry> = {}): CalendarEntry => ({
  shift: dayShift("a", 0, 8),
  uid: "shift-1",
  sequence: 2,
  publishedAt: hour(-3, 12),
  summary: "Зміна; денна, 8\\16",
  partNames,
  timeZone: "Europe/Kyiv",
  ...change,
});
const feed = (...entries: CalendarEntry[]): string =>
  calendarFeed({ name: "Svara", domain: "centre.example", entries, now: hour(-2, 9) });
const unfolded = (text: string): string[] => text.replaceAll("\r\n ", "").split("\r\n");

describe("calendar feed", () => {
  test("[WF133] a shift is an event in UTC with a stable UID and its SEQUENCE", () => {
    const lines = unfolded(feed(entry()));
    expect(lines.slice(0, 3)).toEqual(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Svara//Rosters//EN"]);
    for (const line of [
      "UID:shift-1@centre.example",
      "DTSTAMP:20270227T090000Z",
      "SEQUENCE:2",
      "DTSTART:20270301T080000Z",
      "DTEND:20270301T163000Z",
      "STATUS:CONFIRMED",
      "SUMMARY:Зміна\\; денна\\, 8\\\\16",
      "DESCRIPTION:14:00-14:30 обід",
    ])
      expect(lines).toContain(line);
    expect(unfolded(feed(entry({ cancelled: true })))).toContain("STATUS:CANCELLED");
  });

  test("[WF133] lines end in CR LF and hold at most 75 octets, cut between characters", () => {
    const text = feed(entry({ summary: "ж🙂,".repeat(60) }));
    expect(text.endsWith("END:VCALENDAR\r\n")).toBe(true);
    expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    for (const line of text.split("\r\n")) {
      expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
      expect(line).not.toContain("�");
    }
    expect(unfolded(text)).toContain(`SUMMARY:${"ж🙂\\,".repeat(60)}`);
  });

  test("[WF133] a feed without shifts holds a component too, and no METHOD that asks for an ORGANIZER", () => {
    expect(unfolded(feed()).filter((line) => line.startsWith("BEGIN:"))).toEqual([
      "BEGIN:VCALENDAR",
      "BEGIN:VTIMEZONE",
      "BEGIN:STANDARD",
    ]);
    expect(feed()).not.toContain("METHOD");
    expect(feed(entry())).not.toMatch(/METHOD|VTIMEZONE/);
  });

  test("[WF133] a line break in a name opens no property", () => {
    expect(unfolded(feed(entry({ summary: "a\r\nATTENDEE:x" })))).toContain("SUMMARY:a\\nATTENDEE:x");
  });
});
