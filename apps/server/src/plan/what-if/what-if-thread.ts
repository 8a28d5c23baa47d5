import { serveWorkerJob } from "@svara/jobs";
import { SvaraError, SystemClock } from "@svara/kernel";
import type { JournalLine } from "@svara/routing";
import { journalLines, runsWithin, silentLog } from "../../database/index.ts";
import { makeKysely, makePool } from "../../database/pool.ts";
import { simulateWhatIf } from "./simulate-what-if.ts";
import type { WhatIfOutcome, WhatIfProgress, WhatIfRequest } from "./what-if-work.ts";

/** The thread of a simulation: reads the journal over a connection of its own, and simulates. */
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
  } catch (error) {
    throw toldToPeople(error);
  } finally {
    await db.destroy();
  }
}

/** A day whose beginning is no longer kept is no fault of the program. */
function toldToPeople(error: unknown): unknown {
  if (!(error instanceof SvaraError) || error.code !== "journal.no_beginning") return error;
  return new SvaraError(error.message, { code: error.code, httpStatus: 409, cause: error });
}
