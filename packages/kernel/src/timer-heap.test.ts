import { expect, test } from "vitest";
import { SeededRandom } from "./random.ts";
import { TimerHeap } from "./timer-heap.ts";

function drain<T>(heap: TimerHeap<T>, at = Number.POSITIVE_INFINITY): T[] {
  const fired: T[] = [];
  for (let timer = heap.popDue(at); timer; timer = heap.popDue(at)) fired.push(timer.value);
  return fired;
}

test("timers fire by due instant, those of one instant in order of arming, and not before", () => {
  const heap = new TimerHeap<string>();
  heap.add(20, "c");
  heap.add(10, "a");
  heap.add(20, "d");
  heap.add(10, "b");
  expect(heap.nextDue()).toBe(10);
  expect(drain(heap, 19)).toEqual(["a", "b"]);
  expect(drain(heap)).toEqual(["c", "d"]);
  expect([heap.size, heap.nextDue()]).toEqual([0, undefined]);
});

test("a reserved place is kept through cancelling and arming again", () => {
  const heap = new TimerHeap<string>();
  const place = heap.reserve();
  const first = heap.add(10, "reserved", place);
  heap.add(20, "later");
  heap.cancel(first);
  heap.cancel(first);
  heap.add(20, "reserved", place);
  expect(heap.entries().map(({ value }) => value)).toEqual(["reserved", "later"]);
  const restored = new TimerHeap<string>();
  for (const { due, place: at, value } of heap.entries()) restored.add(due, value, at);
  restored.places = heap.places;
  restored.add(20, "last");
  expect(drain(restored)).toEqual(["reserved", "later", "last"]);
});

test("thousands of random timers, half of them cancelled, fire in order", () => {
  const random = new SeededRandom(3);
  const heap = new TimerHeap<number>();
  const due = new Map<number, number>();
  for (let n = 0; n < 5_000; n++) {
    const at = Math.floor(random.next() * 500);
    const handle = heap.add(at, n);
    if (random.next() < 0.5) heap.cancel(handle);
    else due.set(n, at);
  }
  const expected = [...due].sort(([a, x], [b, y]) => x - y || a - b).map(([n]) => n);
  expect(heap.size).toBe(expected.length);
  expect(drain(heap)).toEqual(expected);
});
