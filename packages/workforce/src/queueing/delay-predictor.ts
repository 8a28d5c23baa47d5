import { agentsIn, durationIn, numberIn } from "./input.ts";

/**
 * The mean further wait in seconds of who has `queueAhead` others before them and all agents busy, if they stay: each
 * hang-up before them shortens it (predictors QL and QLm of Whitt 1999; Ibrahim and Whitt 2009).
 */
export function predictedWaitS(input: {
  readonly agents: number;
  readonly ahtS: number;
  /** null: nobody hangs up. */
  readonly meanPatienceS: number | null;
  readonly queueAhead: number;
}): number {
  const { agents, ahtS, meanPatienceS, queueAhead } = input;
  const capacity = agentsIn(agents) / durationIn(ahtS, "ahtS");
  numberIn(queueAhead, "queueAhead", { min: 0, max: 1e7, isWhole: true });
  if (meanPatienceS === null) return (queueAhead + 1) / capacity;
  const theta = 1 / durationIn(meanPatienceS, "meanPatienceS");
  let wait = 0;
  for (let i = queueAhead; i >= 0; i--) wait += 1 / (capacity + i * theta);
  return wait;
}
