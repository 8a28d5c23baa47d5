import { SeededRandom } from "@svara/kernel";
import { describe, expect, test } from "vitest";
import { estimateWait, type WaitFacts } from "./estimate.ts";

const FIFTY: WaitFacts = {
  position: 5,
  ringing: false,
  openNow: false,
  ahead: 4,
  servers: 50,
  meanHandleMs: 180_000,
  meanPatienceMs: null,
  waitedMs: 0,
  history: null,
};

function fifty(over: Partial<WaitFacts>): ReturnType<typeof estimateWait> {
  return estimateWait({ ...FIFTY, ...over });
}

describe("expected wait", () => {
  test("[RT42] fifty agents of three minutes and four ahead: 18 s, 17 s when those ahead lose patience after two minutes", () => {
    expect(fifty({})).toMatchObject({ position: 5, expectedMs: 18_000, basis: "queue_length" });
    expect(fifty({ meanPatienceMs: 120_000 })?.expectedMs).toBe(17_008); // 17.008 410 s
  });

  test("[RT42] nothing while it rings or when somebody is open, unknown when nobody is at work", () => {
    const nothing = { lowMs: 0, expectedMs: 0, highMs: 0 };
    expect(fifty({ ringing: true, position: 1, servers: 0 })).toEqual({
      position: 1,
      ...nothing,
      basis: "ringing",
    });
    expect(fifty({ openNow: true })).toEqual({ position: 5, ...nothing, basis: "queue_length" });
    expect(fifty({ servers: 0 })).toBeNull();
  });

  test("[RT85] on a shared floor the last served one says more, and the head of line when it has waited longer", () => {
    const shared = (lastServedMs: number | null, headOfLineMs: number | null, waitedMs = 0) =>
      fifty({ history: { lastServedMs, headOfLineMs }, waitedMs });
    expect(shared(90_000, 60_000)).toEqual({
      position: 5,
      lowMs: 45_000,
      expectedMs: 90_000,
      highMs: 180_000,
      basis: "last_served",
    });
    expect(shared(90_000, 100_000)).toMatchObject({ expectedMs: 100_000, basis: "head_of_line" });
    expect(shared(90_000, null, 30_000)).toMatchObject({ expectedMs: 60_000, basis: "last_served" });
  });

  test("[RT85] the line still to be served is never told away by a history", () => {
    const past = { lastServedMs: 10_000, headOfLineMs: 5000 };
    expect(fifty({ history: past })).toMatchObject({ expectedMs: 18_000, basis: "queue_length" });
    const overdue = { lastServedMs: 90_000, headOfLineMs: 95_000 };
    expect(fifty({ history: overdue, waitedMs: 95_000 })).toMatchObject({ expectedMs: 18_000 });
    expect(fifty({ history: { lastServedMs: null, headOfLineMs: 900_000 } })?.basis).toBe("queue_length");
  });

  test("[RT86] the band is a gamma distribution's", () => {
    // five times of 3.6 s each: the tenth and ninetieth hundredth of gamma(5) are 2.4326 and 7.9936 times that
    const told = fifty({});
    expect((told?.lowMs ?? 0) / 8757).toBeCloseTo(1, 2);
    expect((told?.highMs ?? 0) / 28_777).toBeCloseTo(1, 2);
    expect(fifty({ ahead: 0 })).toMatchObject({ lowMs: 379, expectedMs: 3600, highMs: 8289 });
  });

  // a queue of twenty agents that is offered more than they can do, whose customers give up after two minutes in the mean;
  // now and then one comes who never gives up, is told a wait, and waits
  test("[RT42] [RT86] in a simulated queue the mean told is the mean waited, and the band holds four of five", () => {
    const told = waitsOf({ servers: 20, handleMs: 180_000, patienceMs: 120_000, betweenMs: 7500, seed: 7 });
    const errors = told.map(({ expectedMs, actualMs }) => actualMs - expectedMs);
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / (errors.length - 1);
    const actual = told.reduce((sum, { actualMs }) => sum + actualMs, 0) / told.length;
    expect(told.length).toBeGreaterThan(5000);
    expect(actual).toBeGreaterThan(20_000);
    expect(Math.abs(mean)).toBeLessThan(1.96 * Math.sqrt(variance / errors.length));
    const held = told.filter(({ lowMs, highMs, actualMs }) => lowMs <= actualMs && actualMs <= highMs).length;
    expect(Math.abs(held / told.length - 0.8)).toBeLessThan(0.015);
  });
});

interface Told {
  readonly lowMs: number;
  readonly expectedMs: number;
  readonly highMs: number;
  readonly actualMs: number;
}

/** Simulates M/M/n+M from scratch, first come first served. */
function waitsOf(of: {
  readonly servers: number;
  readonly handleMs: number;
  readonly patienceMs: number;
  readonly betweenMs: number;
  readonly seed: number;
}): Told[] {
  const random = new SeededRandom(of.seed);
  const drawn = (mean: number): number => -mean * Math.log(1 - random.next());
  const told: Told[] = [];
  const busyUntil: number[] = [];
  let line: { at: number; gone: number; told?: Omit<Told, "actualMs"> }[] = [];
  let now = 0;
  for (let arrivals = 0; arrivals < 150_000; arrivals++) {
    now += drawn(of.betweenMs);
    // every server that comes free before the arrival takes the first one who is still there
    for (
      let free = Math.min(...busyUntil);
      busyUntil.length > 0 && free <= now;
      free = Math.min(...busyUntil)
    ) {
      busyUntil.splice(busyUntil.indexOf(free), 1);
      line = line.filter((waiting) => waiting.gone > free);
      const next = line.shift();
      if (next === undefined) continue;
      busyUntil.push(free + drawn(of.handleMs));
      if (next.told) told.push({ ...next.told, actualMs: free - next.at });
    }
    line = line.filter((waiting) => waiting.gone > now);
    if (busyUntil.length < of.servers) {
      busyUntil.push(now + drawn(of.handleMs));
      continue;
    }
    const estimate = estimateWait({
      ...FIFTY,
      ahead: line.length,
      servers: of.servers,
      meanHandleMs: of.handleMs,
      meanPatienceMs: of.patienceMs,
    });
    const asks = estimate !== null && !line.some((waiting) => waiting.told);
    line.push(
      asks
        ? { at: now, gone: Number.POSITIVE_INFINITY, told: estimate }
        : { at: now, gone: now + drawn(of.patienceMs) },
    );
  }
  return told;
}
