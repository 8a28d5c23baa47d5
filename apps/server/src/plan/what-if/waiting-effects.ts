import type { WhatIfDissatisfaction } from "@svara/contracts";
import type { Clock } from "@svara/kernel";
import { dissatisfactionCurve, fitDissatisfaction } from "@svara/workforce/forecasting";
import type { Caller } from "../../rights/access.ts";
import type { PlanHistory } from "../history/plan-history.ts";
import { type PlanQueues, planScope } from "../plan-queues.ts";

const LEARNT_MS = 56 * 86_400_000; // eight weeks: customers and announcements change
const MOST_WAITS = 5_000; // fitted in a few milliseconds
const CURVE = { toMs: 600_000, stepMs: 15_000 } as const;

/**
 * What waiting does to a queue's customers: giving up from their own waits. Low scores need a survey; until contacts have
 * scores there are none. @throws HttpError 404
 */
export async function waitingEffects(
  {
    queues,
    history,
    clock,
  }: { readonly queues: PlanQueues; readonly history: PlanHistory; readonly clock: Clock },
  caller: Caller,
  queueId: string,
): Promise<WhatIfDissatisfaction> {
  const queue = queues.one(caller, queueId);
  const to = clock.now();
  const from = to - LEARNT_MS;
  const stays = await history.samples(
    planScope(caller, "plan.view"),
    { queueIds: [queue.id], from, to },
    MOST_WAITS,
  );
  const fit = fitDissatisfaction(
    stays.flatMap(({ waitMs, outcome }) =>
      waitMs === null ? [] : [{ waitMs, gaveUp: outcome === "abandoned" }],
    ),
  );
  const { givingUp, lowScores } = fit;
  return {
    from,
    to,
    waits: givingUp.waits,
    gaveUp: givingUp.gaveUp,
    scores: { kind: lowScores.kind, answers: lowScores.answers, low: lowScores.low },
    points: dissatisfactionCurve(fit, CURVE).map(({ waitMs, gaveUp, lowScore }) => ({
      waitMs,
      gaveUp,
      lowScore,
    })),
  };
}
