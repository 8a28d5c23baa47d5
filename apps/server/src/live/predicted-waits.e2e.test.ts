import type { ClientId, ContactId, QueueId } from "@svara/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WHOLE_CENTRE, withScope } from "../database/index.ts";
import { type TestServer, testServer } from "../test-kit/test-server.ts";
import { predictedWaits } from "./predicted-waits.repository.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.close());

const T0 = 1_767_600_000_000;
const predicted = (expectedMs: number) => ({
  position: 1,
  lowMs: expectedMs / 2,
  expectedMs,
  highMs: expectedMs * 2,
  basis: "queue_length" as const,
});

test("an answered wait stands beside the last prediction of its own stay in its own queue", async () => {
  const { ids, ledger, database } = server.core;
  const [q1, q2] = [ids.next() as QueueId, ids.next() as QueueId];
  const clientId = server.clientId as ClientId;

  /** A stay that began at `from` and ended as said. */
  function stay(
    queueId: QueueId,
    from: number,
    waitMs: number,
    outcome: "answered" | "abandoned",
    told?: number,
  ) {
    const about = { clientId, contactId: ids.next() as ContactId, queueId };
    ledger.append({
      ...about,
      type: "queue.entered",
      at: from,
      payload: { medium: "voice", initiation: "new", priority: 0 },
    });
    if (told !== undefined) {
      // of another queue: an overflow foretells anew
      ledger.append({ ...about, queueId: q2, type: "wait.predicted", at: from, payload: predicted(1) });
      ledger.append({ ...about, type: "wait.predicted", at: from, payload: predicted(told) });
    }
    ledger.append({ ...about, type: "queue.left", at: from + waitMs, payload: { outcome, waitMs } });
  }
  stay(q1, T0, 40_000, "answered", 30_000);
  stay(q1, T0, 50_000, "answered");
  stay(q1, T0, 60_000, "abandoned", 30_000);
  stay(q1, T0 + 90_000, 20_000, "answered", 30_000); // ends after the span
  stay(q2, T0, 10_000, "answered", 30_000);
  await ledger.flush();

  const ask = (queueIds: readonly QueueId[]) =>
    withScope(database.db, WHOLE_CENTRE, (tx) =>
      predictedWaits(tx, { queueIds, date: "2026-01-05", from: T0, to: T0 + 100_000 }),
    );
  const waits = (await ask([q1])).toSorted((a, b) => a.waitMs - b.waitMs);
  expect(waits).toMatchObject([
    { queueId: q1, date: "2026-01-05", waitMs: 40_000, predicted: { expectedMs: 30_000 } },
    { waitMs: 50_000, predicted: null },
  ]);
  expect(await ask([])).toEqual([]);
});
