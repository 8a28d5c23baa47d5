import { rm } from "node:fs/promises";
import { SecureRandom, SystemClock, UuidV7 } from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import { Ledger, openDatabase, silentLog } from "@svara/server/testing";
import { temporaryFolder } from "../server/server-process.ts";
import { type CaseResult, rounded } from "./bench-case.ts";

const batch = 2_000;
const singles = 100;

/** Events into the embedded PostgreSQL until they are on disk: many at once, and one after another. */
export async function ledger(options: { readonly forMs: number }): Promise<CaseResult> {
  const dataDir = await temporaryFolder();
  const clock = new SystemClock();
  const ids = new UuidV7(clock, new SecureRandom());
  const database = await openDatabase({ dataDir, clock, log: silentLog });
  const book = await Ledger.open(database, { clock, ids, log: silentLog });
  const draft = (): LedgerDraft => ({
    type: "queue.entered",
    at: clock.now(),
    contactId: ids.next(),
    queueId: ids.next(),
    payload: { medium: "voice", initiation: "new", priority: 0 },
  });
  try {
    const append = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n++) book.append(draft());
      await book.flush();
    };
    await append(batch);
    const began = performance.now();
    let events = 0;
    for (; performance.now() - began < options.forMs; events += batch) await append(batch);
    const perSecond = (events * 1000) / (performance.now() - began);
    const alone: number[] = [];
    for (let n = 0; n < singles; n++) {
      const from = performance.now();
      await append(1);
      alone.push(performance.now() - from);
    }
    alone.sort((a, b) => a - b);
    return {
      group: {
        title: "Ledger (embedded PostgreSQL, synchronous commit)",
        figures: [
          {
            id: "ledger.appended",
            what: "events appended durably",
            value: Math.round(perSecond),
            unit: "/s",
            better: "higher",
            conditions: `${events} events, flushed every ${batch}; this machine's disk`,
          },
          {
            id: "ledger.one",
            what: "one event, until durable",
            value: rounded(alone[singles >> 1] ?? 0, 2),
            unit: "ms",
            better: "lower",
            conditions: `median of ${singles}, one after another; p99 ${rounded(alone[singles - 2] ?? 0, 2)} ms`,
          },
        ],
      },
      detail: null,
    };
  } finally {
    await book.close();
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
