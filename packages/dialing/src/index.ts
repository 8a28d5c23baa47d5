export {
  type Destination,
  type DestinationKind,
  formatNumber,
  type NumberFormat,
  type NumberPlan,
  readDestination,
} from "./destination.ts";
export {
  DEFAULT_BLOCKED,
  DEFAULT_DIAL_RULES,
  type DialAlert,
  type DialAlertLimits,
  type DialAttempt,
  DialGuard,
  type DialLimits,
  type DialRefusal,
  type DialRights,
  type DialRules,
} from "./dial-guard.ts";
export { isEmergency } from "./emergency.ts";
export { type Caller, type CallerIdPolicy, type Line, type Way, waysOut } from "./lines.ts";
