export { agentConfig, FloorDriver, queueConfig } from "./testing/floor-driver.ts";
