import type { EndpointId, LegId, TrunkId } from "@svara/kernel";
import type { SoftCall, SoftCallOptions } from "../soft-phone/soft-call.ts";
import type { Switch } from "../switch.ts";

/** A party at the far end of a leg, as the contract sees it. */
export interface TestParty {
  /** Its number or user part. */
  readonly user: string;
  readonly endpointId: EndpointId;
  register(): Promise<void>;
  unregister(): Promise<void>;
  /** Calls a number at the switch. */
  call(number: string, options?: SoftCallOptions): Promise<SoftCall>;
  /** The next call that reaches it. */
  nextCall(): Promise<SoftCall>;
  close(): Promise<void>;
}

/** A trunk of its own with a party behind it. */
export interface TestCarrier {
  readonly trunkId: TrunkId;
  readonly party: TestParty;
  /** From now on nothing that is sent to it arrives. */
  deafen(): void;
}

/** Ways for a media host to die. */
export type MediaFault = "throws" | "eats_memory" | "terminated";

/** The switch under test; drivers that can, let the test shorten their media time-out. */
export interface ContractSwitch {
  readonly switch: Switch;
  /** A trunk by which `TestParty.call` without registration comes in, and numbers can be called. */
  readonly trunkId: TrunkId;
  readonly mediaTimeoutMs: number;
}

/** What a driver gives the contract to run on: real sockets, real media. */
export interface SwitchHarness {
  readonly name: string;
  start(): Promise<ContractSwitch>;
  /** A phone with an account of its own; `twin` is a second device of the same account. */
  phone(twin?: TestParty): Promise<TestParty>;
  /** A party behind the trunk; it can call in, and is reached by calling its `user` over the trunk. */
  outside(): Promise<TestParty>;
  /** Another trunk, asked often whether it lives. */
  carrier(): Promise<TestCarrier>;
  /** A phone at an address of its own that knows no right password; its `register` rejects. */
  intruder(): Promise<TestParty>;
  /** Has a party speak a tone into its call until it ends. */
  speak(call: SoftCall, hz: number): Promise<void>;
  /** Has a party sound as a calling fax machine does (ITU-T T.30: 1100 Hz, 0.5 s of each 3.5 s). */
  sendFax(call: SoftCall): Promise<void>;
  /** Listens at a party for `ms`, and returns the share of `hz` in what it heard, 0..1. */
  hear(call: SoftCall, hz: number, ms?: number): Promise<number>;
  /** The share of `hz` in a WAV file, and its length. */
  measure(path: string, hz: number): Promise<{ share: number; durationMs: number }>;
  /** Stops all sending from a party, as if its cable were cut. */
  cut(call: SoftCall): Promise<void>;
  /** Brings the media host of a leg to its end. */
  breakMedia(legId: LegId, fault: MediaFault): Promise<void>;
  /** Which media host carries a leg. */
  hostOf(legId: LegId): Promise<number>;
  /** An empty folder for recordings. */
  folder(): Promise<string>;
  stop(): Promise<void>;
}
