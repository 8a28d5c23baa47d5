export type { ConfigKind, WriteContext } from "./config-kind.ts";
export {
  type ChangeRequest,
  type ChangeResult,
  Configuration,
  type ConfigurationChanged,
  etagOf,
  type Revision,
} from "./configuration.ts";
export { ConfigurationError, type ConfigurationErrorCode } from "./configuration-error.ts";
