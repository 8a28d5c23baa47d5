import type { StaffingTarget } from "@svara/contracts";
import type { StaffingTargets } from "@svara/workforce/queueing";

/** The targets that are on, in the words of the queueing models; with none the field's habit. */
export function targetsIn({
  serviceLevel,
  maxMeanWaitS,
  maxAbandon,
  maxOccupancy,
}: StaffingTarget): StaffingTargets {
  const none = !serviceLevel && maxMeanWaitS === null && maxAbandon === null && maxOccupancy === null;
  if (none) return { serviceLevel: { share: 0.8, thresholdS: 20 } };
  return {
    ...(serviceLevel && { serviceLevel }),
    ...(maxMeanWaitS !== null && { maxMeanWaitS }),
    ...(maxAbandon !== null && { maxAbandon }),
    ...(maxOccupancy !== null && { maxOccupancy }),
  };
}
