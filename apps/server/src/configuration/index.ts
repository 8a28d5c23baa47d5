export type { ConfigKind, WriteContext } from "./config-kind.ts";
export {
  type ChangeResult,
  Configuration,
  etagOf,
  type Revision,
} from "./configuration.ts";
