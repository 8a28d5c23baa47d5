import type { BridgedSize } from "./cases/bridged.ts";
import type { ThroughputSize } from "./cases/throughput.ts";
import type { WaitingSize } from "./cases/waiting.ts";

/** How much a run measures. */
export interface Sizes {
  readonly waiting: WaitingSize;
  readonly throughput: ThroughputSize;
  readonly bridged: BridgedSize;
  readonly ledgerMs: number;
}

/** The published figures: under four minutes on two cores. */
export const FULL: Sizes = {
  waiting: { levels: [100, 300, 600, 1000, 1500, 2000, 2500], perSecond: 80, windowMs: 5_000 },
  throughput: { agents: 420, rates: [20, 40, 60, 80, 100, 130, 170, 190], seconds: 4 },
  bridged: { levels: [50, 150, 300], perSecond: 50, windowMs: 5_000 },
  ledgerMs: 3_000,
};

/** Enough to look at a profile. */
export const MEDIUM: Sizes = {
  waiting: { levels: [300, 1000], perSecond: 80, windowMs: 4_000 },
  throughput: { agents: 60, rates: [20], seconds: 10 },
  bridged: { levels: [50], perSecond: 20, windowMs: 5_000 },
  ledgerMs: 1_000,
};

/** Whether everything works; its figures mean little. */
export const QUICK: Sizes = {
  waiting: { levels: [20, 50], perSecond: 25, windowMs: 2_000 },
  throughput: { agents: 20, rates: [4, 8], seconds: 3 },
  bridged: { levels: [5, 15], perSecond: 10, windowMs: 2_000 },
  ledgerMs: 500,
};
