import type { StaffingInputs } from "@svara/contracts";
import type { QueueDemand } from "@svara/workforce/queueing";

/** The measured curve, else an exponential patience, else nobody gives up. */
export function patienceIn({ patienceS, patienceCurve }: StaffingInputs): QueueDemand["patience"] {
  if (patienceS === null || patienceCurve === null) return patienceS;
  return { dist: "empirical", points: patienceCurve, between: "lines", tailMeanS: patienceS };
}
