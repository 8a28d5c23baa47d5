import { SeededRandom } from "@svara/kernel";
import { describe, expect, test } from "vitest";
import { type BacklogPlan, backlogWorkload, workOff } from "./backlog.ts";

const H = 3_600_000;
/** Works from 9 to 13 on two days. */
const plan = (more: Partial<BacklogPlan>): BacklogPlan => ({
  intervalMs: H,
  workingIntervals: [9, 10, 11, 12, 33, 34, 35, 36].map((hour) => hour * H),
  arrivals: [],
  backlog: [],
  responseTargetMs: 24 * H,
  ...more,
});
const items = (more: Partial<BacklogPlan>): number[] =>
  backlogWorkload(plan(more)).intervals.map((one) => Math.round(1000 * one.items) / 1000);

describe("work that can wait", () => {
  test("[WF94] what waits is spread as evenly as its targets allow", () => {
    // 80 items of this morning, a day for them: 9 to 13 today (the next working hour ends after the target)
    expect(items({ backlog: [{ cameAt: 9 * H, count: 80 }] })).toEqual([20, 20, 20, 20, 0, 0, 0, 0]);
    // with two days for them, both days
    expect(items({ backlog: [{ cameAt: 9 * H, count: 80 }], responseTargetMs: 28 * H })).toEqual(
      new Array(8).fill(10),
    );
  });

  test("[WF94] work cannot be done before it comes, and must be done in time: by hand", () => {
    // 60 come at 12, due 4 hours later: by 13, for the day ends; 20 come at 9, due at 13: done before, so that the peak is 60
    expect(
      items({
        arrivals: [
          { at: 9 * H, count: 20 },
          { at: 12 * H, count: 60 },
        ],
        responseTargetMs: 4 * H,
      }).slice(0, 4),
    ).toEqual([20 / 3, 20 / 3, 20 / 3, 60].map((n) => Math.round(1000 * n) / 1000));
  });

  test("[WF94] what comes at night is due when its target says, what is late already first or by when it is told", () => {
    const late = { backlog: [{ cameAt: -48 * H, count: 40 }] };
    expect(items(late)).toEqual([40, 0, 0, 0, 0, 0, 0, 0]);
    expect(items({ ...late, catchUpBy: 13 * H })).toEqual([10, 10, 10, 10, 0, 0, 0, 0]);
    expect(backlogWorkload(plan(late)).lateAnyway).toBe(40);
    const night = backlogWorkload(plan({ arrivals: [{ at: 20 * H, count: 16 }], responseTargetMs: 17 * H }));
    expect(night.intervals.map((one) => one.items)).toEqual([0, 0, 0, 0, 4, 4, 4, 4]);
    const hopeless = backlogWorkload(
      plan({ arrivals: [{ at: 20 * H, count: 16 }], responseTargetMs: 2 * H }),
    );
    expect(hopeless).toMatchObject({ lateAnyway: 16 });
    expect(hopeless.intervals[4]?.items).toBe(16);
    expect(backlogWorkload(plan({ arrivals: [{ at: 36 * H, count: 5 }] })).leftOver).toBe(5);
  });

  test("[WF94] whatever comes: no more is done than has come, no less than is due, and no plan has a smaller peak", () => {
    const random = new SeededRandom(8);
    for (let round = 0; round < 200; round++) {
      const one = plan({
        arrivals: Array.from({ length: 6 }, () => ({
          at: Math.floor(40 * random.next()) * H,
          count: Math.floor(50 * random.next()),
        })),
        backlog: [{ cameAt: -Math.floor(10 * random.next()) * H, count: Math.floor(60 * random.next()) }],
        responseTargetMs: (4 + Math.floor(30 * random.next())) * H,
      });
      const { intervals } = backlogWorkload(one);
      let done = 0;
      let due = 0;
      for (const interval of intervals) {
        expect(interval.items).toBeGreaterThan(-1e-9);
        done += interval.items;
        due += interval.due;
        expect(done).toBeGreaterThan(due - 1e-9);
        expect(interval.backlog).toBeGreaterThan(-1e-9);
      }
      // the densest stretch that must be worked through within itself is a lower bound of any plan's peak
      const come = intervals.map(
        (interval, k) => interval.backlog - (intervals[k - 1]?.backlog ?? 0) + interval.items,
      );
      let bound = 0;
      for (let from = 0; from < intervals.length; from++) {
        for (let to = from; to < intervals.length; to++) {
          const dueBy = intervals.slice(0, to + 1).reduce((sum, interval) => sum + interval.due, 0);
          const cameBefore = come.slice(0, from).reduce((sum, n) => sum + n, 0);
          bound = Math.max(bound, (dueBy - cameBefore) / (to - from + 1));
        }
      }
      expect(Math.max(...intervals.map((interval) => interval.items))).toBeCloseTo(bound, 6);
    }
  });

  test("[WF95] a given throughput works off the oldest first, and tells what is late", () => {
    const outcome = workOff(
      plan({
        arrivals: [{ at: 10 * H, count: 10 }],
        backlog: [{ cameAt: 5 * H, count: 30 }],
        responseTargetMs: 6 * H,
      }),
      [10, 10, 10, 5, 0, 0, 0, 0],
    );
    // 20 of the backlog by 11 in time, 10 by 12 late; of the 10 from 10 o'clock 5 by 13 in time, 5 left and late at the end
    expect(outcome.intervals.slice(0, 4)).toEqual([
      { at: 9 * H, done: 10, late: 0, backlog: 20 },
      { at: 10 * H, done: 10, late: 0, backlog: 20 },
      { at: 11 * H, done: 10, late: 10, backlog: 10 },
      { at: 12 * H, done: 5, late: 0, backlog: 5 },
    ]);
    expect(outcome).toMatchObject({ backlog: 5, lateInBacklog: 5 });
    expect(outcome.inTime).toBeCloseTo(25 / 35, 12);
  });

  test("[WF95] the even plan, worked off, is in time", () => {
    const one = plan({
      arrivals: [
        { at: 9 * H, count: 20 },
        { at: 11 * H, count: 30 },
      ],
      backlog: [{ cameAt: 8 * H, count: 12 }],
      responseTargetMs: 5 * H,
    });
    const { intervals } = backlogWorkload(one);
    expect(
      workOff(
        one,
        intervals.map((interval) => interval.items),
      ).inTime,
    ).toBeCloseTo(1, 9);
  });

  test("[WF94] a plan that cannot be is refused by name", () => {
    const field = (more: Partial<BacklogPlan>): unknown => {
      try {
        backlogWorkload(plan(more));
      } catch (error) {
        return (error as { field?: string }).field;
      }
      return undefined;
    };
    expect(field({ workingIntervals: [] })).toBe("workingIntervals");
    expect(field({ workingIntervals: [0, H / 2] })).toBe("workingIntervals");
    expect(field({ responseTargetMs: 0 })).toBe("responseTargetMs");
    expect(field({ arrivals: [{ at: 0, count: -1 }] })).toBe("arrivals.0.count");
    expect(field({ backlog: [{ cameAt: Number.NaN, count: 1 }] })).toBe("backlog.0.cameAt");
    expect(() => workOff(plan({}), [1])).toThrow(/1 throughputs for 8/);
  });
});
