import { SvaraError } from "@svara/kernel";
import type { PatienceInput } from "../queueing/index.ts";
import type { Distribution } from "../simulation/distribution.ts";

/** The patience of a queueing model as the simulator draws it: ms instead of seconds; null or absent, nobody hangs up. */
export function patienceDistribution(patience: number | PatienceInput | null | undefined): Distribution {
  if (patience === null || patience === undefined) return { kind: "never" };
  if (typeof patience === "number") return { kind: "exponential", meanMs: 1000 * patience };
  switch (patience.dist) {
    case "exponential":
      return { kind: "exponential", meanMs: 1000 * patience.meanS };
    case "erlang":
      return { kind: "erlang", meanMs: 1000 * patience.meanS, shape: patience.shape };
    case "lognormal":
      return { kind: "lognormal", meanMs: 1000 * patience.meanS, scv: patience.scv };
    case "deterministic":
      return { kind: "deterministic", ms: 1000 * patience.valueS };
    case "uniform":
      return { kind: "uniform", fromMs: 1000 * patience.aS, toMs: 1000 * patience.bS };
    case "hyperexponential":
      return {
        kind: "hyperexponential",
        branches: patience.p.map((probability, i) => ({
          probability,
          meanMs: 1000 * (patience.meansS[i] ?? 0),
        })),
      };
    case "empirical":
      if (patience.between === "lines")
        throw new SvaraError(
          "patience.between: a curve of straight lines is not simulated; give steps, which a fitted curve has",
          { code: "workforce.bad_distribution", field: "patience.between", httpStatus: 422 },
        );
      return {
        kind: "survival",
        atMs: patience.points.map(({ atS }) => 1000 * atS),
        survival: patience.points.map(({ survival }) => survival),
        tailMeanMs: patience.tailMeanS === undefined ? null : 1000 * patience.tailMeanS,
      };
  }
}
