import { SeededRandom } from "@svara/kernel";
import { expect, test } from "vitest";
import { EventHeap } from "./event-heap.ts";

test("events come in order of time, those of one instant in order of planning", () => {
  const random = new SeededRandom(2);
  const heap = new EventHeap<{ at: number; order: number }>();
  const planned: { at: number; order: number }[] = [];
  const came: { at: number; order: number }[] = [];
  let now = 0;
  for (let order = 0; order < 20_000; order++) {
    const event = { at: now + Math.floor(random.next() * 50), order };
    planned.push(event);
    heap.push(event.at, event);
    if (random.next() < 0.4) {
      now = heap.nextAt;
      const next = heap.pop();
      if (next) came.push(next);
    }
  }
  for (let next = heap.pop(); next; next = heap.pop()) came.push(next);
  expect(heap.size).toBe(0);
  expect(heap.nextAt).toBe(Number.POSITIVE_INFINITY);
  expect(came).toEqual([...planned].sort((a, b) => a.at - b.at || a.order - b.order));
});
