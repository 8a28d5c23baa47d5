import type { Clock } from "@svara/kernel";
import { type Database, readEvents, WHOLE_CENTRE, withScope } from "../database/index.ts";
import type { CallGate } from "./call-gate.ts";
import type { CentreModel } from "./centre-model.ts";

const DAY_MS = 24 * 3_600_000;

/** The calls out that the ledger knows of the last day: what counts for the client's own today, the gate sees by itself. */
export async function placedToday(deps: {
  readonly clock: Clock;
  readonly database: Database;
  readonly model: CentreModel;
}): Promise<Parameters<CallGate["restore"]>[0]> {
  const { clock, database, model } = deps;
  const events = await withScope(database.db, WHOLE_CENTRE, (tx) =>
    readEvents(tx, { types: ["call.placed"], from: clock.now() - DAY_MS }),
  );
  return events.flatMap((event) => {
    const { clientId, agentId, at } = event;
    if (event.type !== "call.placed" || clientId === undefined || !model.clients.has(clientId)) return [];
    if (event.payload.destination === "emergency") return []; // counted against nobody
    return [
      {
        clientId,
        at,
        trunkId: event.payload.trunkId,
        abroad: event.payload.destination === "international",
        ...(agentId === undefined ? {} : { agentId }),
      },
    ];
  });
}
