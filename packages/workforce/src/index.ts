export {
  type AgentFigures,
  type QueueFigures,
  SERVICE_LEVELS,
  type ServiceLevelName,
} from "./simulation/figures.ts";
export { type SimulationOptions, type SimulationResult, simulate } from "./simulation/simulate.ts";
