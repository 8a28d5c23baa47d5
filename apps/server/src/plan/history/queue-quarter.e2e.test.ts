import type { AgentId, ClientId, ContactId, Instant, QueueId } from "@svara/kernel";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WHOLE_CENTRE, withScope } from "../../database/index.ts";
import { type TestDatabase, testDatabase, testIds } from "../../database/testing.ts";
import { PlanHistory } from "./plan-history.ts";
import { ownIntervals } from "./queue-quarter.repository.ts";
import { keepStays } from "./queue-stay-keeper.ts";
import type { PlanStay } from "./queue-stay-of.ts";

const QUARTER = 900_000;
const HOUR = 3_600_000;
const DAY_MS = 86_400_000;
const FROM = Date.UTC(2026, 0, 5); // a Monday
const CLIENT = testIds.next() as ClientId;
const OTHER = testIds.next() as ClientId;
const QUEUES = [testIds.next(), testIds.next()] as QueueId[];
const LIMITS = new Map(QUEUES.map((id, index) => [id, index === 0 ? 20_000 : 45_000]));

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

type Stay = PlanStay & { readonly clientId: ClientId };

const fresh = (queuedAt: Instant, told: Partial<Stay> = {}): Stay => ({
  contactId: testIds.next() as ContactId,
  number: 1,
  clientId: CLIENT,
  queueId: QUEUES[0] as QueueId,
  queuedAt,
  leftAt: null,
  outcome: null,
  agentId: null,
  waitMs: null,
  talkMs: null,
  wrapUpMs: null,
  ...told,
});

/** Stays of every end, spread over two days and two queues. */
function someStays(): Stay[] {
  return Array.from({ length: 600 }, (_, n) => {
    const queuedAt = FROM + ((n * 7919) % 190) * QUARTER + ((n * 331) % QUARTER);
    const queueId = QUEUES[n % 2] as QueueId;
    const waitMs = (n * 997) % 60_000;
    const left = { queueId, waitMs, leftAt: queuedAt + waitMs };
    if (n % 17 === 0) return fresh(queuedAt, { queueId });
    if (n % 11 === 0) return fresh(queuedAt, { ...left, outcome: "failed_tech" });
    if (n % 5 === 0) return fresh(queuedAt, { ...left, outcome: "abandoned" });
    if (n % 7 === 0) return fresh(queuedAt, { ...left, outcome: "answered" }); // still talking
    const wrapUpMs = n % 3 === 0 ? null : (n * 13) % 30_000;
    const agentId = testIds.next() as AgentId;
    return fresh(queuedAt, { ...left, outcome: "answered", agentId, talkMs: 60_000 + n, wrapUpMs });
  });
}

async function keep(stays: readonly Stay[]): Promise<void> {
  await withScope(db.db, WHOLE_CENTRE, (tx) => keepStays(tx, stays));
}

/** The same counts, reckoned from the stays one by one. */
function counted(stays: readonly Stay[], span: { from: Instant; to: Instant }, stepMs: number) {
  const inside = stays.filter(
    ({ queuedAt, outcome }) => queuedAt >= span.from && queuedAt < span.to && outcome !== "failed_tech",
  );
  const groups = Map.groupBy(
    inside,
    ({ queueId, queuedAt }) => `${queueId} ${queuedAt - (queuedAt % stepMs)}`,
  );
  return [...groups]
    .map(([key, group]) => {
      const [queueId = "", at] = key.split(" ");
      const answered = group.filter(({ outcome }) => outcome === "answered");
      const handled = group.filter(({ talkMs }) => talkMs !== null);
      return {
        queueId,
        at: Number(at),
        offered: group.length,
        answered: answered.length,
        answeredInTime: answered.filter(
          ({ waitMs }) => (waitMs ?? 0) <= (LIMITS.get(queueId as QueueId) ?? 0),
        ).length,
        abandoned: group.filter(({ outcome }) => outcome === "abandoned").length,
        answerWaitMs: answered.reduce((sum, { waitMs }) => sum + (waitMs ?? 0), 0),
        handled: handled.length,
        handleMs: handled.reduce((sum, { talkMs, wrapUpMs }) => sum + (talkMs ?? 0) + (wrapUpMs ?? 0), 0),
      };
    })
    .toSorted((a, b) => (a.queueId === b.queueId ? a.at - b.at : a.queueId < b.queueId ? -1 : 1));
}

const read = (from: Instant, to: Instant, everyMs: number) =>
  withScope(db.db, WHOLE_CENTRE, (tx) =>
    ownIntervals(tx, { queueIds: QUEUES, from, to }, { everyMs }, LIMITS),
  );

describe("sums by quarter of an hour", () => {
  const stays = someStays();

  test("are those of the stays, whatever the span and the step", async () => {
    await keep(stays);
    for (const [from, to] of [
      [FROM, FROM + 2 * DAY_MS],
      [FROM + 7 * HOUR + 123_456, FROM + 20 * HOUR + 77_777],
      [FROM + 1_000, FROM + 500_000],
      [FROM + 800_000, FROM + 1_000_000],
    ] as const)
      for (const step of [QUARTER, HOUR])
        expect(await read(from, to, step)).toEqual(counted(stays, { from, to }, step));
    const days = await new PlanHistory(db.db).steps(WHOLE_CENTRE, {
      queueIds: QUEUES,
      from: FROM,
      to: FROM + 2 * DAY_MS,
      by: "day",
      timeZone: "UTC",
      thresholdsMs: LIMITS,
    });
    expect(days).toEqual(
      counted(stays, { from: FROM, to: FROM + 2 * DAY_MS }, DAY_MS).map(
        ({ answerWaitMs, handleMs, ...one }) => ({
          ...one,
          to: one.at + DAY_MS,
          source: "own",
          averageAnswerMs: answerWaitMs / one.answered,
          averageHandleMs: handleMs / one.handled,
        }),
      ),
    );
  });

  test("follow a stay that ends later, in the quarter in which it came, and one that moves", async () => {
    const at = FROM + 5 * DAY_MS;
    const waiting = fresh(at + QUARTER - 1);
    await keep([waiting]);
    expect(await read(at, at + HOUR, QUARTER)).toMatchObject([{ at, offered: 1, answered: 0, handled: 0 }]);
    const done = { leftAt: at + 2 * QUARTER, outcome: "answered", waitMs: QUARTER, talkMs: 5_000 } as const;
    await keep([{ ...waiting, ...done }]);
    const told = { at, offered: 1, answered: 1, answeredInTime: 0, handled: 1, handleMs: 5_000 };
    expect(await read(at, at + HOUR, QUARTER)).toMatchObject([told]);
    await keep([{ ...waiting, ...done, queuedAt: at + QUARTER }]);
    expect(await read(at, at + HOUR, QUARTER)).toMatchObject([{ ...told, at: at + QUARTER }]);
    await keep([{ ...waiting, ...done, queuedAt: at + QUARTER, outcome: "failed_tech" }]);
    expect(await read(at, at + HOUR, QUARTER)).toEqual([]);
  });

  test("show a client nothing of another", async () => {
    const foreign = fresh(FROM + 9 * DAY_MS, { clientId: OTHER });
    await keep([foreign]);
    const seen = await withScope(db.db, { clients: [CLIENT] }, (tx) =>
      tx.selectFrom("queueQuarter").select("clientId").distinct().execute(),
    );
    expect(seen).toEqual([{ clientId: CLIENT }]);
    const apart = await withScope(db.db, WHOLE_CENTRE, (tx) =>
      sql`select queue_id, at, offered, answered, abandoned, handled, handle_ms from queue_quarter
        except
        select queue_id, (queued_at / 900000) * 900000, count(*), count(*) filter (where outcome = 'answered'),
          count(*) filter (where outcome = 'abandoned'), count(talk_ms),
          coalesce(sum(talk_ms + coalesce(wrap_up_ms, 0)), 0)
        from queue_stay where outcome is distinct from 'failed_tech' group by 1, 2`.execute(tx),
    );
    expect(apart.rows).toEqual([]);
  });
});
