import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { replay } from "./journal.ts";
import { Router } from "./router.ts";
import { Coverage } from "./testing/coverage.ts";
import { FloorDriver } from "./testing/floor-driver.ts";
import { checkInvariants } from "./testing/invariants.ts";
import { firstDifference, newRouter, playDay, tellDifference } from "./testing/play-day.ts";
import { randomDay } from "./testing/random-day.ts";
import { serveEverybody } from "./testing/serve-everybody.ts";

/** Days are shortened by leaving inputs out (`tellDifference`), not by smaller seeds. */
const seeds = fc.noShrink(fc.nat(0xffffff));
const runs = (numRuns: number, seed: number) => ({ numRuns, seed, endOnFailure: true });

describe("random floors", () => {
  test("[RT5] [RT6] [RT7] [RT8] [RT24] [RT60] [RT80] a naive router that tries every pair decides the same, in everything", () => {
    const coverage = new Coverage();
    fc.assert(
      fc.property(seeds, (seed) => {
        const day = randomDay(seed, 300);
        const difference = firstDifference(day, (decisions) => coverage.add(decisions));
        expect(difference && `seed ${seed}\n${tellDifference(day)}`).toBe(null);
      }),
      runs(40, 20260105),
    );
    expect(coverage.missing()).toEqual([]);
  });

  test("[RT13] [RT14] [RT15] [RT23] [RT33] [RT41] [RT55] nothing is lost or offered twice, no room is exceeded, nobody is stuck, time adds up", () => {
    fc.assert(
      fc.property(seeds, (seed) => checkInvariants(randomDay(seed, 300).inputs)),
      runs(15, 2),
    );
  });

  test("[RT6] nobody starves: once agents answer and nobody new comes, everyone who can be served is", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const floor = new FloorDriver();
        playDay(floor.router, randomDay(seed, 150).inputs, ({ at }) => {
          floor.now = at;
        });
        expect(serveEverybody(floor)).toEqual([]);
      }),
      runs(15, 5),
    );
  });

  test("[RT45] a snapshot restored anywhere goes on the same", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 5, max: 60 }), (seed, every) => {
        let twin: Router | undefined;
        const router = newRouter();
        playDay(router, randomDay(seed, 200).inputs, ({ at, input, decisions }, index) => {
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
      runs(12, 6),
    );
  });

  test("[RT1] [RT46] a replayed journal has no differences, from the start and from a snapshot", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const floor = new FloorDriver();
        let snapshot: ReturnType<Router["snapshot"]> | undefined;
        playDay(floor.routed, randomDay(seed, 200).inputs, ({ at }, index) => {
          floor.now = at;
          if (index === 120) snapshot = floor.router.snapshot();
          if (index % 7 === 0) floor.pass(900);
        });
        const stored = JSON.parse(JSON.stringify(floor.journal)) as typeof floor.journal;
        expect(replay(stored)).toMatchObject({ entries: stored.length, differences: 0 });
        const after = stored.filter((entry) => entry.seq > (snapshot?.seq ?? 0));
        expect(replay(after, snapshot ? { snapshot } : {}).differences).toBe(0);
      }),
      runs(12, 7),
    );
  });
});
