import type { CaseResult } from "../cases/bench-case.ts";
import { type RosterSize, rosters } from "./roster-bench.ts";
import { type SimulationSize, simulation } from "./simulation.ts";

/** How much the sciences are asked. */
export interface WorkforceSize {
  readonly simulation: SimulationSize;
  readonly rosters: RosterSize;
}

/** The sciences beside their peers: one group of figures each. */
export async function workforce(
  size: WorkforceSize,
  options: { readonly say: (line: string) => void; readonly peer: boolean },
): Promise<CaseResult[]> {
  return [await simulation(size.simulation, options), await rosters(size.rosters, options)];
}
