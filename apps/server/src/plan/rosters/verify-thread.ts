import { serveWorkerJob } from "@svara/jobs";
import { type GroupDemand, type RosterVerification, verifyRoster } from "@svara/workforce";
import type { Roster, RosterProblem } from "@svara/workforce/rostering";

/** A roster to be simulated, and what comes to it. */
export interface VerifyRequest {
  readonly problem: RosterProblem;
  readonly roster: Roster;
  readonly demand: readonly GroupDemand[];
  readonly replications: number;
  readonly seed: number;
}

void serveWorkerJob<VerifyRequest, number, RosterVerification>(
  ({ problem, roster, demand, replications, seed }) =>
    verifyRoster(problem, roster, demand, { replications, seed }),
);
