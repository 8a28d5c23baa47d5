import type { BrowsersSize } from "./browsers/browsers.ts";
import type { LadderSize } from "./telephony/ladder.ts";
import type { ThroughputSize } from "./telephony/throughput.ts";
import type { WorkforceSize } from "./workforce/workforce.ts";

/** How much a run measures. */
export interface Sizes {
  /** Agents at desk phones: as many calls can be bridged. */
  readonly agents: number;
  readonly waiting: LadderSize;
  readonly sending: LadderSize;
  readonly bridged: LadderSize;
  readonly recorded: LadderSize;
  /** Members of conferences, three in each. */
  readonly rooms: LadderSize;
  readonly throughput: ThroughputSize;
  readonly browsers: BrowsersSize;
  readonly ledgerMs: number;
  readonly workforce: WorkforceSize;
}

const windowMs = 5_000;

/** The published figures: the curve from one call to the limit; about twenty minutes for both systems. */
export const FULL: Sizes = {
  agents: 1_000,
  waiting: {
    levels: [1, 100, 300, 500, 700, 900, 1200, 1500, 2000, 2500, 3000, 3500],
    perSecond: 80,
    windowMs,
  },
  sending: { levels: [1, 100, 300, 450, 600, 750, 900, 1200, 1500, 1800, 2100], perSecond: 80, windowMs },
  bridged: { levels: [1, 50, 150, 300, 450, 600, 800, 1000], perSecond: 50, windowMs },
  recorded: { levels: [1, 50, 150, 300, 450, 600, 800], perSecond: 50, windowMs },
  rooms: { levels: [3, 60, 150, 300, 450, 600, 750, 900], perSecond: 80, windowMs },
  throughput: { rates: [20, 60, 100, 130, 170, 210, 250, 300, 340, 400], seconds: 5 },
  browsers: { levels: [2, 50, 100, 200, 300, 400, 500, 600], windowMs },
  ledgerMs: 3_000,
  workforce: {
    simulation: { calls: 1_000_000, runs: 7, peerRuns: 3, days: 1_000 },
    rosters: { oneSkill: [100, 300], threeLanguages: [300] },
  },
};

/** A few points of each curve: enough to judge a change, or to look at a profile. */
export const MEDIUM: Sizes = {
  agents: 900,
  waiting: { levels: [300, 600, 1200, 2000, 3000], perSecond: 80, windowMs },
  sending: { levels: [300, 600, 1200], perSecond: 80, windowMs },
  bridged: { levels: [150, 300], perSecond: 50, windowMs },
  recorded: { levels: [150, 300], perSecond: 50, windowMs },
  rooms: { levels: [60, 150], perSecond: 80, windowMs },
  throughput: { rates: [100, 170, 250, 340], seconds: 5 },
  browsers: { levels: [100, 200], windowMs },
  ledgerMs: 1_000,
  workforce: {
    simulation: { calls: 300_000, runs: 5, peerRuns: 1, days: 200 },
    rosters: { oneSkill: [300], threeLanguages: [] },
  },
};

/** Whether everything works; its figures mean little. */
export const QUICK: Sizes = {
  agents: 20,
  waiting: { levels: [20, 50], perSecond: 25, windowMs: 2_000 },
  sending: { levels: [20, 50], perSecond: 25, windowMs: 2_000 },
  bridged: { levels: [5, 15], perSecond: 10, windowMs: 2_000 },
  recorded: { levels: [5, 15], perSecond: 10, windowMs: 2_000 },
  rooms: { levels: [3, 15], perSecond: 20, windowMs: 2_000 },
  throughput: { rates: [4, 8], seconds: 3 },
  browsers: { levels: [4, 10], windowMs: 2_000 },
  ledgerMs: 500,
  workforce: {
    simulation: { calls: 50_000, runs: 3, peerRuns: 1, days: 20 },
    rosters: { oneSkill: [40], threeLanguages: [] },
  },
};
