import { SeededRandom } from "@svara/kernel";
import { expect, test } from "vitest";
import { Shortlist } from "./shortlist.ts";

test("the best five of many are kept in order, ties by id, and all are counted", () => {
  const random = new SeededRandom(9);
  const all = Array.from({ length: 200 }, (_, n) => ({
    id: `v${n}`,
    rank: [Math.floor(random.next() * 20), n % 3],
  }));
  const best = new Shortlist<{ readonly id: string }>(true);
  const sorted = (list: typeof all) =>
    [...list].sort((a, b) => {
      const [x = 0, y = 0] = a.rank;
      const [u = 0, v = 0] = b.rank;
      return x - u || y - v || (a.id < b.id ? -1 : 1);
    });
  for (const [n, value] of all.entries()) {
    const kept = sorted(all.slice(0, n + 1)).slice(0, 5);
    expect(best.consider(value, value.rank)).toBe(kept.includes(value));
    expect(best.candidates()).toEqual(kept.map(({ id, rank }) => ({ id, rank })));
    expect(best.lastOfAll?.id).toBe(n < 4 ? undefined : kept[4]?.id);
  }
  expect(best.winner?.id).toBe(sorted(all)[0]?.id);
  expect(best.considered).toBe(200);
});

test("without explanations the winner alone is kept", () => {
  const best = new Shortlist<{ readonly id: string }>(false);
  for (const id of ["c", "a", "b"]) best.consider({ id }, [1]);
  expect([best.winner?.id, best.considered, best.candidates().length]).toEqual(["a", 3, 1]);
});
