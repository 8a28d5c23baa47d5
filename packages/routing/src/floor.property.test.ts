import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DirectRouter } from "./direct-router.ts";
import { replay } from "./journal.ts";
import { tellDecisions } from "./listener.ts";
import { Router } from "./router.ts";
import { Coverage } from "./testing/coverage.ts";
import { FloorDriver } from "./testing/floor-driver.ts";
import { checkInvariants } from "./testing/invariants.ts";
import { drive, Ear } from "./testing/listening.ts";
import { firstDifference, newRouter, playDay, tellDifference } from "./testing/play-day.ts";
import { type Day, randomDay } from "./testing/random-day.ts";
import { serveEverybody } from "./testing/serve-everybody.ts";

/** Days are shortened by leaving inputs out (`tellDifference`), not by smaller seeds; each test begins with the same days. */
const seeds = fc.noShrink(fc.nat(0xffffff));
const runs = (numRuns: number) => ({ numRuns, seed: 20260105, endOnFailure: true });

const days = new Map<number, Day>();
function dayOf(seed: number): Day {
  const day = days.get(seed) ?? randomDay(seed, 300);
  days.set(seed, day);
  return day;
}

describe("random floors", () => {
  test("[RT5] [RT6] [RT7] [RT8] [RT24] [RT60] [RT80] a naive router that tries every pair decides the same, in everything", () => {
    const coverage = new Coverage();
    fc.assert(
      fc.property(seeds, (seed) => {
        const day = dayOf(seed);
        const difference = firstDifference(day, (decisions) => coverage.add(decisions));
        expect(difference && `seed ${seed}\n${tellDifference(day)}`).toBe(null);
      }),
      runs(36),
    );
    expect(coverage.missing()).toEqual([]);
  });

  test("[RT13] [RT14] [RT15] [RT23] [RT33] [RT41] [RT55] nothing is lost or offered twice, no room is exceeded, nobody is stuck, time adds up", () => {
    fc.assert(
      fc.property(seeds, (seed) => checkInvariants(dayOf(seed).inputs)),
      runs(12),
    );
  });

  test("[RT1] who drives the router directly hears what the router decides", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const ear = new Ear();
        const told = new Ear();
        const direct = new DirectRouter({ routerId: "test", epoch: 1, listener: ear });
        playDay(newRouter(), dayOf(seed).inputs, ({ at, input, decisions }) => {
          drive(direct, ear, input, at);
          tellDecisions(told, decisions, (id) => ({ id, tag: null }));
          expect(ear.take()).toEqual(told.take());
        });
      }),
      runs(20),
    );
  });

  test("[RT6] nobody starves: once agents answer and nobody new comes, everyone who can be served is", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const floor = new FloorDriver();
        playDay(floor.router, dayOf(seed).inputs.slice(0, 150), ({ at }) => {
          floor.now = at;
        });
        expect(serveEverybody(floor)).toEqual([]);
      }),
      runs(12),
    );
  });

  test("[RT45] a snapshot restored anywhere goes on the same", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const every = 20 + (seed % 50);
        let twin: Router | undefined;
        const router = newRouter();
        playDay(router, dayOf(seed).inputs, ({ at, input, decisions }, index) => {
          if (twin) expect(twin.handle(input, at)).toEqual(decisions);
          if (index % every === 0) {
            const text = JSON.stringify(router.snapshot());
            twin = Router.restore(JSON.parse(text));
            expect(JSON.stringify(twin.snapshot())).toBe(text);
          }
          if (!twin || index % 5 > 0) return;
          expect(twin.agents()).toEqual(router.agents());
          for (const id of router.queueIds()) expect(twin.queueStats(id)).toEqual(router.queueStats(id));
        });
      }),
      runs(8),
    );
  });

  test("[RT1] [RT46] a replayed journal has no differences, from the start and from a snapshot", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const floor = new FloorDriver();
        let snapshot: ReturnType<Router["snapshot"]> | undefined;
        playDay(floor.routed, dayOf(seed).inputs, ({ at }, index) => {
          floor.now = at;
          if (index === 120) snapshot = floor.router.snapshot();
          if (index % 7 === 0) floor.pass(900);
        });
        const stored = JSON.parse(JSON.stringify(floor.journal)) as typeof floor.journal;
        expect(replay(stored)).toMatchObject({ entries: stored.length, differences: 0 });
        const after = stored.filter((entry) => entry.seq > (snapshot?.seq ?? 0));
        expect(replay(after, snapshot ? { snapshot } : {}).differences).toBe(0);
      }),
      runs(8),
    );
  });
});
