import { ManualClock } from "@svara/kernel/testing";
import { expect, test } from "vitest";
import { RowBatches } from "./row-batches.ts";

function batches(write: (items: readonly string[]) => Promise<readonly string[]>) {
  const clock = new ManualClock();
  return { clock, rows: new RowBatches<string, string>({ clock, write, isOutage: (e) => e === "away" }) };
}

const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

test("rows that come together are written together, in their order, each with its result", async () => {
  const seen: string[][] = [];
  const { clock, rows } = batches(async (items) => {
    seen.push([...items]);
    return items.map((item) => item.toUpperCase());
  });
  const results = Promise.all(["a", "b", "c"].map((item) => rows.add(item)));
  clock.advance(30);
  expect(await results).toEqual(["A", "B", "C"]);
  expect(seen).toEqual([["a", "b", "c"]]);
});

test("what comes while a batch is written waits for the next", async () => {
  const release: (() => void)[] = [];
  const seen: string[][] = [];
  const { clock, rows } = batches(async (items) => {
    seen.push([...items]);
    await new Promise<void>((resolve) => release.push(resolve));
    return items;
  });
  const first = rows.add("a");
  clock.advance(30);
  const second = rows.add("b");
  clock.advance(1_000);
  expect(seen).toEqual([["a"]]);
  release.shift()?.();
  expect(await first).toBe("a");
  await settle();
  clock.advance(30);
  release.shift()?.();
  expect(await second).toBe("b");
  expect(seen).toEqual([["a"], ["b"]]);
});

test("a row that is refused fails alone; when the database is away nothing is tried singly", async () => {
  let calls = 0;
  const { clock, rows } = batches(async (items) => {
    calls++;
    if (items.includes("bad")) throw new Error("refused");
    if (items.includes("away")) throw "away";
    return items;
  });
  const outcome = Promise.allSettled(["a", "bad", "c"].map((item) => rows.add(item)));
  clock.advance(30);
  expect((await outcome).map((one) => one.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(calls).toBe(4);
  const away = Promise.allSettled(["a", "away"].map((item) => rows.add(item)));
  await settle();
  clock.advance(30);
  expect((await away).map((one) => one.status)).toEqual(["rejected", "rejected"]);
  expect(calls).toBe(5);
});
