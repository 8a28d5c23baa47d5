export {
  type FloorCensus,
  type IteratedStaffing,
  type IteratedStaffingOptions,
  iteratedStaffing,
} from "./iterated-staffing.ts";
export { type HandlingTime, limitedMeanMs, meanMsOf } from "./limited-mean.ts";
export { type IntervalDemand, OfferedLoad } from "./offered-load.ts";
export { type IntervalRequirement, type RequirementOptions, requirement } from "./requirement.ts";
export { type StaffedFloor, staffedFloor } from "./staffed-floor.ts";
