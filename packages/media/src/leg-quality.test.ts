import { describe, expect, it } from "vitest";
import { type LegCounts, qualityOf } from "./leg-quality.ts";

const good: LegCounts = {
  codec: "PCMA",
  packetsReceived: 1000,
  packetsSent: 1000,
  packetsLost: 0,
  lossRuns: 0,
  jitterMs: 1,
  roundTripMs: 20,
  heard: null,
};
const heard = { fractionLost: 0, lost: 0, highestSequence: 1, jitter: 8, lastSr: 0, delaySinceLastSr: 0 };

describe("the quality of a leg", () => {
  it("[ME52] is 4.4 on a good line and falls with loss, bursts, delay and jitter", () => {
    const mos = (change: Partial<LegCounts>): number => qualityOf({ ...good, ...change }).mos;
    expect(mos({})).toBeGreaterThanOrEqual(4.37);
    expect(mos({})).toBeLessThanOrEqual(4.41);
    const lossy = mos({ packetsReceived: 950, packetsLost: 50, lossRuns: 48 });
    expect(lossy).toBeGreaterThan(3.7);
    expect(lossy).toBeLessThan(4);
    expect(mos({ packetsReceived: 950, packetsLost: 50, lossRuns: 10 })).toBeLessThan(lossy);
    expect(mos({ roundTripMs: 600 })).toBeLessThan(3.8);
    expect(mos({ jitterMs: 80 })).toBeLessThan(4.3);
    expect(mos({ codec: "G729" })).toBeLessThan(4.15);
    expect(mos({ packetsReceived: 1, packetsLost: 999, lossRuns: 1 })).toBeLessThan(1.6);
  });

  it("[ME52] tells what it was made of, and the other side's view when there is one", () => {
    expect(
      qualityOf({ ...good, packetsReceived: 990, packetsLost: 10, lossRuns: 10, jitterMs: 1.26 }),
    ).toEqual({
      mos: expect.any(Number),
      codec: "PCMA",
      packetsReceived: 990,
      packetsSent: 1000,
      lossShare: 0.01,
      jitterMs: 1.3,
      roundTripMs: 20,
    });
    const { roundTripMs: _, ...unmeasured } = qualityOf({ ...good, roundTripMs: null });
    expect(unmeasured).not.toHaveProperty("remoteMos");
    const fine = qualityOf({ ...good, heard });
    const poor = qualityOf({ ...good, heard: { ...heard, lost: 100 } });
    expect(fine.remoteMos).toBe(fine.mos);
    expect(poor.remoteMos).toBeLessThan(3.5);
    expect(poor.mos).toBe(fine.mos);
    expect(qualityOf({ ...good, packetsSent: 0, heard: { ...heard, lost: -4 } }).remoteMos).toBeGreaterThan(
      4,
    );
  });
});
