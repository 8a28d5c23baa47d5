import type { PhoneAccount } from "../load/desk-phones.ts";
import type { Cost } from "../server/process-cost.ts";

/** What a caller meets: everybody waits for ever; agents answer; the same recorded; a room where all hear all. */
export type LineKind = "waiting" | "served" | "recorded" | "room";

/** A running switch that is measured: ours or the peer's, in a process of its own on this machine. */
export interface CallSystem {
  readonly name: string;
  /** Prepares the line and says which number to call; null when it has none of this kind. */
  line(kind: LineKind): Promise<string | null>;
  /** Accounts that the desk phones must register before `open`; none where the switch knows their address. */
  readonly phones: readonly PhoneAccount[];
  /** All agents are free to take calls. */
  open(): Promise<void>;
  /** The switch's own process, all threads. */
  cost(): Cost;
  /** Processes that work for it: the database. */
  helpersCost(): Cost;
  /** The thread that does the signalling; null when several share it. */
  signallingCost(): Cost | null;
  readonly residentMb: number;
  stop(): Promise<void>;
}

/** What a switch needs to know of its surroundings before it starts. */
export interface Surroundings {
  readonly sip: { readonly host: string; readonly port: number };
  /** Where all desk phones are reached. */
  readonly phonesPort: number;
  readonly agents: number;
}
