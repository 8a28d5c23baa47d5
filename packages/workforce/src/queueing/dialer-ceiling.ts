import { erlangB, erlangBLoad } from "./erlang-b.ts";
import { impatientQueue } from "./impatient-queue.ts";
import { agentsIn, durationIn, openShareIn, secondsIn } from "./input.ts";
import { bisect } from "./root.ts";

/** What a dialer reaches that dials blindly, so that live answers come as a Poisson stream: a pacer must beat it. */
export interface DialerCeiling {
  /** Live answers times handling time. */
  readonly answeredErlang: number;
  readonly occupancy: number;
  /** Share of the answered who find no agent at once. */
  readonly pWait: number;
}

/**
 * The greatest occupancy at which at most `maxAbandon` of the live answers are dropped; who finds no agent is dropped
 * after `graceS` (0: at once, Erlang B; else M/M/n+D, such as the 2 s of 16 CFR 310.4(b)(4)).
 */
export function dialerCeiling(input: {
  readonly agents: number;
  readonly maxAbandon: number;
  readonly graceS?: number;
  /** Needed with a grace. */
  readonly ahtS?: number;
}): DialerCeiling {
  const { agents, maxAbandon, graceS = 0, ahtS = 0 } = input;
  agentsIn(agents);
  openShareIn(maxAbandon, "maxAbandon");
  if (secondsIn(graceS, "graceS") === 0) {
    const answeredErlang = erlangBLoad(agents, maxAbandon);
    const pWait = erlangB(agents, answeredErlang);
    return { answeredErlang, occupancy: (answeredErlang * (1 - pWait)) / agents, pWait };
  }
  durationIn(ahtS, "ahtS");
  const figuresAt = (answeredErlang: number) =>
    impatientQueue({
      lambdaPerHour: (3600 * answeredErlang) / ahtS,
      ahtS,
      agents,
      patience: { dist: "deterministic", valueS: graceS },
    });
  const answeredErlang = bisect(
    0,
    (1.000001 * agents) / (1 - maxAbandon),
    (load) => figuresAt(load).pAbandon >= maxAbandon,
  );
  const { occupancy, pWait } = figuresAt(answeredErlang);
  return { answeredErlang, occupancy, pWait };
}
