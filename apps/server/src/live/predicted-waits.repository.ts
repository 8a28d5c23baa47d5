import type { Instant, QueueId } from "@svara/kernel";
import { sql } from "kysely";
import type { Tx } from "../database/index.ts";
import type { PredictedWait } from "./wait-accuracy.ts";

/** The answered waits of some queues that ended in a span of time, each with the last prediction before its end. */
export async function predictedWaits(
  tx: Tx,
  question: {
    readonly queueIds: readonly QueueId[];
    readonly date: string;
    readonly from: Instant;
    readonly to: Instant;
  },
): Promise<PredictedWait[]> {
  const { queueIds, date, from, to } = question;
  if (queueIds.length === 0) return [];
  const rows = await tx
    .selectFrom("event as l")
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom("event as p")
          .select("p.payload as predicted")
          .whereRef("p.contactId", "=", "l.contactId")
          .whereRef("p.queueId", "=", "l.queueId")
          .whereRef("p.seq", "<", "l.seq")
          .where("p.type", "=", "wait.predicted")
          .orderBy("p.seq", "desc")
          .limit(1)
          .as("w"),
      (join) => join.onTrue(),
    )
    .select(["l.queueId", "l.payload", "w.predicted"])
    .where("l.type", "=", "queue.left")
    .where("l.queueId", "in", [...queueIds])
    .where("l.at", ">=", from)
    .where("l.at", "<", to)
    .where(sql<boolean>`l.payload->>'outcome' = 'answered'`)
    .orderBy("l.queueId")
    .execute();
  return rows.map(({ queueId, payload, predicted }) => ({
    queueId: queueId as QueueId,
    date,
    waitMs: (payload as { waitMs: number }).waitMs,
    predicted: predicted as PredictedWait["predicted"],
  }));
}
