import type { AgentStrategyName } from "../model.ts";
import { longestIdle } from "./longest-idle.ts";
import { noPreference } from "./no-preference.ts";
import type { AgentStrategy } from "./strategy.ts";

const agentStrategies: Readonly<Record<AgentStrategyName, AgentStrategy>> = {
  longest_idle: longestIdle,
  none: noPreference,
};

/** The strategy of a queue that names `name`. */
export function agentStrategy(name: AgentStrategyName | undefined): AgentStrategy {
  return agentStrategies[name ?? "longest_idle"];
}
