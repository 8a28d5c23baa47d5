import type { AgentStrategyName, WorkStrategyName } from "../model.ts";
import { anyWork } from "./any-work.ts";
import { balanced } from "./balanced.ts";
import { fixedQueueRatio } from "./fixed-queue-ratio.ts";
import { generalisedCMu } from "./generalised-c-mu.ts";
import { highestProficiency } from "./highest-proficiency.ts";
import { leastOccupied } from "./least-occupied.ts";
import { longestIdle } from "./longest-idle.ts";
import { noPreference } from "./no-preference.ts";
import { priorityThenOldest } from "./priority-then-oldest.ts";
import { roundRobin } from "./round-robin.ts";
import { serviceLevelRace } from "./service-level-race.ts";
import type { AgentStrategy, WorkStrategy } from "./strategy.ts";

const agentStrategies: Readonly<Record<AgentStrategyName, AgentStrategy>> = {
  longest_idle: longestIdle,
  least_occupied: leastOccupied,
  highest_proficiency: highestProficiency,
  round_robin: roundRobin,
  balanced,
  none: noPreference,
};

const workStrategies: Readonly<Record<WorkStrategyName, WorkStrategy>> = {
  priority_then_oldest: priorityThenOldest,
  gcmu: generalisedCMu,
  fqr: fixedQueueRatio,
  service_level_race: serviceLevelRace,
  none: anyWork,
};

/** The strategy of a queue that names `name`. */
export function agentStrategy(name: AgentStrategyName | undefined): AgentStrategy {
  return agentStrategies[name ?? "longest_idle"];
}

/** The strategy of the centre that names `name`. */
export function workStrategy(name: WorkStrategyName): WorkStrategy {
  return workStrategies[name];
}
