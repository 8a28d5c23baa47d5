import { serveWorkerJob } from "@svara/jobs";
import { SystemClock } from "@svara/kernel";
import type { JournalLine } from "@svara/routing";
import { journalLines, runsWithin, silentLog } from "../../database/index.ts";
import { makeKysely, makePool } from "../../database/pool.ts";
import { simulateWhatIf } from "./simulate-what-if.ts";
import type { WhatIfOutcome, WhatIfProgress, WhatIfRequest } from "./what-if-work.ts";
import { yieldToCalls } from "./yield-to-calls.ts";

/** The thread of a simulation: reads the journal over a connection of its own, and simulates. */
yieldToCalls();
await serveWorkerJob<WhatIfRequest, WhatIfProgress, WhatIfOutcome>((request, { progress }) =>
  simulateWhatIf(request, { clock: new SystemClock(), journal: () => journalOf(request), progress }),
);

async function* journalOf({ source }: WhatIfRequest): AsyncGenerator<JournalLine> {
  if (source.kind !== "journal") return;
  const { connection, routerId, from, to } = source;
  const db = makeKysely(makePool({ ...connection, max: 1 }, silentLog));
  try {
    const runs = await runsWithin(db, routerId, { from, to });
    yield* journalLines(db, runs, { from, to });
  } finally {
    await db.destroy();
  }
}
