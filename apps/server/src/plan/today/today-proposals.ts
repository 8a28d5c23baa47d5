import type { TodayAgent, TodayProposal, TodayQueue } from "@svara/contracts";
import type { Catalogue } from "../../office/catalogue.ts";
import type { CentreToday } from "./plan-today.ts";

/** What a planner could do now for the rest of the day, the best first. */
export function todayProposals(_of: {
  readonly centre: CentreToday;
  readonly queues: readonly TodayQueue[];
  readonly agents: readonly TodayAgent[];
  readonly catalogue: Catalogue;
}): TodayProposal[] {
  return [];
}
