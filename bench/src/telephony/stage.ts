import type { LoadGenerator } from "../load/load-generator.ts";
import type { CallSystem } from "./call-system.ts";

/** A running switch and the load on it: what the cases with calls need. */
export interface Stage {
  readonly system: CallSystem;
  readonly load: LoadGenerator;
  /** Tells the person who waits how far it is. */
  readonly say: (line: string) => void;
}
