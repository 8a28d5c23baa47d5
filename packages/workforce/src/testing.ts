export { CHECKS, type Check, missed } from "./queueing/testing/checks.ts";
