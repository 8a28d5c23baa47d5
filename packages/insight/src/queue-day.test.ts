import type { LedgerDraft, QueueOutcome } from "@svara/ledger";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { QueueBoard } from "./queue-board.ts";
import { isBalanced, sumCounts } from "./queue-counts.ts";
import { QueueDay } from "./queue-day.ts";
import { inOrder, stay } from "./testing.ts";

const HOUR = 3_600_000;
const today = { from: 24 * HOUR, to: 48 * HOUR };
const policy = { thresholdMs: 20_000, shortAbandonMs: 5_000 };
const outcomes = [
  "answered",
  "abandoned",
  "overflow",
  "timeout",
  "transferred",
  "callback",
  "closed",
  "failed_tech",
] as const;

function dayOf(events: readonly LedgerDraft[], own = policy): QueueDay {
  const day = new QueueDay({ queueId: "q-1", period: today, policy: own });
  for (const event of inOrder(events)) day.apply(event);
  return day;
}

/** Any history of a queue: stays of any length and outcome from the evening before until the night after. */
const histories = fc
  .array(
    fc.record({
      at: fc.integer({ min: 23 * HOUR, max: 49 * HOUR }),
      waitMs: fc.integer({ min: 0, max: 60_000 }),
      outcome: fc.option(fc.constantFrom<QueueOutcome>(...outcomes), { nil: undefined }),
    }),
    { maxLength: 60 },
  )
  .map((stays) =>
    inOrder(
      stays.flatMap(({ outcome, ...rest }, i) =>
        stay({ contactId: `c-${i}`, ...rest, ...(outcome && { outcome }) }),
      ),
    ),
  );

describe("a queue's day", () => {
  it("[IN1] offered is answered, abandoned, flown out, called back and waiting, at every moment", () => {
    fc.assert(
      fc.property(histories, (events) => {
        const day = new QueueDay({ queueId: "q-1", period: today, policy });
        for (const event of events) {
          day.apply(event);
          expect(isBalanced(day.counts)).toBe(true);
        }
      }),
    );
  });

  it("[IN1] what our own failure ended was not offered", () => {
    const day = dayOf(stay({ contactId: "c-1", at: 25 * HOUR, waitMs: 9, outcome: "failed_tech" }));
    expect(day.counts).toMatchObject({ offered: 0, failed: 1, abandoned: 0 });
  });

  it("[IN2] an entry is booked in the interval in which it came, whenever it is answered", () => {
    const day = dayOf(
      stay({ contactId: "c-1", at: today.from + 899_999, waitMs: 50_000, outcome: "answered" }),
    );
    expect(day.interval(today.from)).toMatchObject({ offered: 1, answered: 1 });
    expect(day.interval(today.from + 900_000)).toMatchObject({ offered: 0, answered: 0 });
  });

  it("[IN2] intervals add up to the day", () => {
    fc.assert(
      fc.property(histories, (events) => {
        const day = dayOf(events);
        const starts = Array.from({ length: 96 }, (_, i) => today.from + i * 900_000);
        expect(sumCounts(starts.map((start) => day.interval(start)))).toEqual(day.counts);
      }),
    );
  });

  it("[IN2] who came yesterday and is answered today is yesterday's", () => {
    const day = dayOf(stay({ contactId: "c-1", at: today.from - 5, waitMs: 10, outcome: "answered" }));
    expect(day.counts.offered).toBe(0);
  });

  it("[IN5] the longest wait includes who left and who still waits; the oldest may have come yesterday", () => {
    const day = dayOf([
      ...stay({ contactId: "c-1", at: 25 * HOUR, waitMs: 90_000, outcome: "abandoned" }),
      ...stay({ contactId: "c-2", at: 26 * HOUR }),
      ...stay({ contactId: "c-0", at: today.from - 1_000 }),
    ]);
    expect(day.figures(26 * HOUR + 7).maxWaitMs).toBe(2 * HOUR + 1_007);
    expect(day.figures(26 * HOUR)).toMatchObject({ waitingNow: 2, oldestEnqueuedAt: today.from - 1_000 });
    day.apply({
      type: "queue.left",
      at: 26 * HOUR,
      contactId: "c-0",
      queueId: "q-1",
      payload: { outcome: "answered", waitMs: 2 * HOUR + 1_000 },
    });
    expect(day.figures(26 * HOUR + 7)).toMatchObject({
      maxWaitMs: 90_000,
      oldestWaitingMs: 7,
      waitingNow: 1,
    });
  });

  it("[IN7] every count lists as many contacts as it says", () => {
    fc.assert(
      fc.property(histories, (events) => {
        const day = dayOf(events);
        const { answerWaitMs: _, abandonWaitMs: __, maxWaitMs: ___, ...counts } = day.counts;
        for (const [name, n] of Object.entries(counts)) {
          expect(day.contactsOf(name as keyof typeof counts)).toHaveLength(n);
        }
      }),
    );
  });

  it("[IN8] another policy counts the past anew, as if it had always been so", () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: 0, max: 60_000 }), (events, thresholdMs) => {
        const other = { thresholdMs, shortAbandonMs: 2_000 };
        const day = dayOf(events);
        day.setPolicy(other);
        expect(day.counts).toEqual(dayOf(events, other).counts);
      }),
    );
  });

  it("[IN10] live and from storage are the same: rolling over midnight gives what a fresh reading gives", () => {
    const yesterday = { from: 0, to: today.from };
    fc.assert(
      fc.property(histories, (all) => {
        const events = all.filter((event) => event.at < today.to);
        const day = new QueueDay({ queueId: "q-1", period: yesterday, policy });
        for (const event of events.filter(({ at }) => at < today.from)) day.apply(event);
        day.rollTo(today);
        for (const event of events.filter(({ at }) => at >= today.from)) day.apply(event);
        expect(day.figures(today.to)).toEqual(dayOf(events).figures(today.to));
      }),
    );
  });

  it("[IN11] a transfer is offered again where it goes, coming back to the same queue too", () => {
    const day = dayOf([
      ...stay({ contactId: "c-1", at: 25 * HOUR, waitMs: 9, outcome: "transferred" }),
      ...stay({ contactId: "c-1", at: 26 * HOUR, waitMs: 9, outcome: "answered", initiation: "transfer" }),
    ]);
    expect(day.counts).toMatchObject({ offered: 2, answered: 1, flowOut: 1 });
    expect(day.contactsOf("offered")).toEqual(["c-1", "c-1"]);
  });

  it("[IN12] what does not fit is noted and not counted", () => {
    const left = stay({ contactId: "c-1", at: 25 * HOUR, waitMs: 9, outcome: "answered" })[1] as LedgerDraft;
    const day = dayOf([
      left,
      ...stay({ contactId: "c-2", at: 26 * HOUR }),
      ...stay({ contactId: "c-2", at: 27 * HOUR }),
    ]);
    expect(day.counts).toMatchObject({ offered: 1, answered: 0 });
    expect(day.problems.map(({ problem }) => problem)).toEqual(["left_without_entry", "entered_twice"]);
  });
});

describe("a board", () => {
  it("[IN4] adds queues by numerators and denominators, each judged by its own policy", () => {
    const board = new QueueBoard(today);
    board.setPolicy("q-2", { thresholdMs: 60_000, shortAbandonMs: 5_000 });
    const answered = (contactId: string, queueId: string, waitMs: number) =>
      stay({ contactId, queueId, at: 25 * HOUR, waitMs, outcome: "answered" });
    const events = [
      ...answered("c-1", "q-1", 30_000),
      ...answered("c-2", "q-2", 30_000),
      ...answered("c-3", "q-2", 30_000),
      ...answered("c-4", "q-2", 30_000),
    ];
    for (const event of inOrder(events)) board.apply(event);
    expect(board.totals(["q-1", "q-2"]).serviceLevel).toMatchObject({
      numerator: 3,
      denominator: 4,
      value: 0.75,
    });
  });
});
