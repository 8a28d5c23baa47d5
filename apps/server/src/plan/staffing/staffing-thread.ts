import type { RequirementInterval, StaffingInputs } from "@svara/contracts";
import { serveWorkerJob } from "@svara/jobs";
import { type ExpectedInterval, reckonRequirement } from "./reckon-requirement.ts";

/** One queue's part of the work. */
export interface StaffingRequest {
  readonly expected: readonly ExpectedInterval[];
  readonly inputs: StaffingInputs;
}

void serveWorkerJob<readonly StaffingRequest[], number, RequirementInterval[][]>((requests, { progress }) =>
  requests.map(({ expected, inputs }, index) => {
    progress(index / requests.length);
    return reckonRequirement(expected, inputs);
  }),
);
