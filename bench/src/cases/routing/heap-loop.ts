import { SeededRandom } from "@svara/kernel";
import { perSecond } from "../per-second.ts";

const SERVERS = 100;
const BATCH = 2_000;

/**
 * The ceiling that no router reaches: one hundred servers as instants in a binary heap, the next one ends, its place is
 * taken. No agents, no queues, no ids, no decisions; the loop that a simulation textbook begins with. Events a second.
 */
export function bareHeapLoop(): number {
  const random = new SeededRandom(7);
  const heap = new Float64Array(SERVERS);
  for (let i = 0; i < SERVERS; i++) heap[i] = i;
  return perSecond(() => {
    for (let n = 0; n < BATCH; n++) replaceFirst(heap, (heap[0] ?? 0) - 100 * Math.log(1 - random.next()));
    return BATCH;
  });
}

function replaceFirst(heap: Float64Array, value: number): void {
  let hole = 0;
  for (let child = 1; child < heap.length; child = 2 * hole + 1) {
    if (child + 1 < heap.length && at(heap, child + 1) < at(heap, child)) child++;
    if (at(heap, child) >= value) break;
    heap[hole] = at(heap, child);
    hole = child;
  }
  heap[hole] = value;
}

function at(heap: Float64Array, index: number): number {
  return heap[index] ?? 0;
}
