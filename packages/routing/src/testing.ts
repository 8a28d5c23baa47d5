export { agentConfig, FloorDriver, queueConfig } from "./testing/floor-driver.ts";
export { NaiveRouter, type PlainDecision, withoutExplain } from "./testing/naive-router.ts";
export { type Pick, randomInput, randomStep } from "./testing/random-floor.ts";
