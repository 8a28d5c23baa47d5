import { SeededRandom } from "@svara/kernel";
import { expect, test } from "vitest";
import { OrderedList } from "./ordered-list.ts";

test("an ordered list stays sorted, ranks and removes through thousands of random changes", () => {
  const random = new SeededRandom(11);
  const list = new OrderedList<number>((a, b) => a - b);
  const plain = new Set<number>();
  for (let i = 0; i < 20_000; i++) {
    const value = Math.floor(random.next() * 4000);
    if (plain.has(value)) {
      expect(list.remove(value)).toBe(plain.delete(value));
    } else {
      list.add(value);
      plain.add(value);
    }
    expect(list.size).toBe(plain.size);
  }
  const sorted = [...plain].sort((a, b) => a - b);
  expect([...list]).toEqual(sorted);
  expect(list.first()).toBe(sorted[0]);
  for (const [i, value] of sorted.entries()) expect(list.rank(value)).toBe(i);
  expect(list.rank(1e9)).toBe(sorted.length);
  expect(list.remove(-1)).toBe(false);
  for (const value of sorted) list.remove(value);
  expect(list.first()).toBeUndefined();
  expect([...list]).toEqual([]);
  expect([list.rank(5), list.firstFrom(5), list.remove(5)]).toEqual([0, undefined, false]);
  list.add(7);
  list.add(3);
  expect([list.first(), list.rank(7), ...list]).toEqual([3, 1, 3, 7]);
});
