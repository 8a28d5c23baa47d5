import type { Instant } from "@svara/kernel";
import type { GroupDemand } from "@svara/workforce";
import type { StoredGroup } from "./requirement.ts";

/** What is assumed where no forecast tells it. */
export interface DemandAssumptions {
  /** From the answer until the agent is free again. */
  readonly handlingS: number;
  readonly patienceS: number;
  readonly thresholdMs: number;
}

/** What a queue's newest requirement expects of a quarter of an hour. */
export interface ExpectedQuarter {
  readonly at: Instant;
  readonly contacts: number;
  /** Mean offered load, in agents. */
  readonly load: number;
}

/** Agents who are required are taken to be so busy: what typed numbers stand for. */
const BUSY = 0.8;
const QUARTER_S = 900;
const QUARTER_MS = QUARTER_S * 1000;

/**
 * The contacts that a group's requirement stands for: those of the forecast where it comes from one, otherwise so many that
 * the agents asked for are busy four fifths of the time.
 */
export function groupDemand(
  group: StoredGroup,
  from: Instant,
  expected: readonly ExpectedQuarter[] | undefined,
  { handlingS, patienceS, thresholdMs }: DemandAssumptions,
): GroupDemand {
  const foretold = group.source.kind === "forecast" && expected && expected.length > 0 ? expected : undefined;
  const meanS = (foretold && handlingOf(foretold)) ?? handlingS;
  const byQuarter = new Map(foretold?.map(({ at, contacts }) => [at, contacts]));
  return {
    group: group.id,
    contacts: group.required.map((agents, index) =>
      foretold ? (byQuarter.get(from + index * QUARTER_MS) ?? 0) : (agents * BUSY * QUARTER_S) / meanS,
    ),
    handling: { kind: "lognormal", meanMs: meanS * 1000, scv: 1 },
    patience: { kind: "exponential", meanMs: patienceS * 1000 },
    thresholdMs,
  };
}

/** Load is contacts times handling time: the mean of the days. */
function handlingOf(expected: readonly ExpectedQuarter[]): number | undefined {
  const contacts = expected.reduce((sum, quarter) => sum + quarter.contacts, 0);
  const load = expected.reduce((sum, quarter) => sum + quarter.load, 0);
  return contacts > 0 && load > 0 ? (load * QUARTER_S) / contacts : undefined;
}
