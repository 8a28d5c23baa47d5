import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ActualKind, adherence, type StateSpan } from "./adherence.ts";
import { dayShift, hour } from "./testing/small-problem.ts";

const day = { from: hour(0, 0), to: hour(1, 0) };
const span = (from: number, to: number, kind: ActualKind): StateSpan => ({
  from: hour(0, from),
  to: hour(0, to),
  kind,
});
const MINUTE = 60_000;

describe("adherence and conformance", () => {
  test("[WF129] of 180 scheduled minutes 150 in the scheduled kind of state: 83 %", () => {
    const shift = dayShift("a", 0, 9, { to: hour(0, 12), parts: [] });
    const { total } = adherence([shift], [span(9, 9.5, "off_queue"), span(9.5, 12, "on_queue")], day);
    expect(total.adherence).toBeCloseTo(150 / 180, 12);
    expect(total.inAdherenceMs).toBe(150 * MINUTE);
  });

  test("[WF129] a break taken at another time is against the schedule twice; work outside of shifts counts neither way", () => {
    const shift = dayShift("a", 0, 8); // lunch 12:00 to 12:30
    const actual = [
      span(7, 8, "on_queue"),
      span(8, 13, "on_queue"),
      span(13, 13.5, "rest"),
      span(13.5, 16.5, "on_queue"),
    ];
    const { total, exceptions } = adherence([shift], actual, day);
    expect(total.scheduledMs).toBe(510 * MINUTE);
    expect(total.inAdherenceMs).toBe(450 * MINUTE);
    expect(
      exceptions.map(({ from, scheduled, actual: done }) => [
        (from - hour(0, 0)) / 3_600_000,
        scheduled,
        done,
      ]),
    ).toEqual([
      [12, "rest", "on_queue"],
      [13, "on_queue", "rest"],
    ]);
  });

  test("[WF129] hours of leave inside a shift are not scheduled", () => {
    const away = { kind: "other", from: hour(0, 10), to: hour(0, 11), paid: false } as const;
    const shift = dayShift("a", 0, 9, { to: hour(0, 12), parts: [away] });
    const actual = [span(9, 10, "on_queue"), span(11, 12, "on_queue")];
    expect(adherence([shift], actual, day)).toMatchObject({
      total: { scheduledMs: 120 * MINUTE, adherence: 1 },
      exceptions: [],
    });
  });

  test("[WF130] conformance is time on queue against time scheduled on queue, whenever, and may exceed 100 %", () => {
    const shift = dayShift("a", 0, 9, { to: hour(0, 11), parts: [] });
    const late = adherence([shift], [span(13, 15, "on_queue")], day).total;
    expect(late).toMatchObject({ adherence: 0, conformance: 1 });
    expect(adherence([shift], [span(9, 12, "on_queue")], day).total).toMatchObject({
      adherence: 1,
      conformance: 1.5,
    });
    expect(adherence([], [span(9, 12, "on_queue")], day).total).toMatchObject({
      adherence: null,
      conformance: null,
    });
  });

  test("[WF129] what no span covers is logged out; quarters add up to the whole", () => {
    const kinds: ActualKind[] = ["on_queue", "rest", "activity", "off_queue"];
    const spans = fc.array(
      fc.record({
        from: fc.integer({ min: 0, max: 1440 }),
        minutes: fc.integer({ min: 1, max: 200 }),
        kind: fc.constantFrom(...kinds),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(spans, fc.integer({ min: 0, max: 15 }), (list, start) => {
        const actual = list.map(({ from, minutes, kind }) => ({
          from: day.from + from * MINUTE,
          to: day.from + (from + minutes) * MINUTE,
          kind,
        }));
        const { total, intervals, exceptions } = adherence([dayShift("a", 0, start)], actual, day);
        const sum = (pick: (one: (typeof intervals)[number]) => number): number =>
          intervals.reduce((all, one) => all + pick(one), 0);
        expect(sum(({ inAdherenceMs }) => inAdherenceMs)).toBe(total.inAdherenceMs);
        expect(sum(({ scheduledMs }) => scheduledMs)).toBe(total.scheduledMs);
        const out = exceptions.reduce((all, { from, to }) => all + to - from, 0);
        expect(total.inAdherenceMs + out).toBe(total.scheduledMs);
      }),
      { numRuns: 60 },
    );
  });
});
