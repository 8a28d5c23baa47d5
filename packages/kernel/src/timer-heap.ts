import type { Instant } from "./clock.ts";

interface Entry<T> {
  readonly due: Instant;
  readonly seq: number;
  /** Let go when it is cancelled: the entry may stay for a while. */
  value: T | undefined;
  cancelled: boolean;
}

/** What `TimerHeap.add` returns: a handle for `cancel`. */
export type TimerHandle<T> = Entry<T>;

/** Timers of a deterministic machine: a binary heap keyed (due, sequence of adding). Cancelling is lazy. */
export class TimerHeap<T> {
  #heap: Entry<T>[] = [];
  #seq = 0;
  #live = 0;

  get size(): number {
    return this.#live;
  }

  /** A place among timers of one instant, for a timer that is to be armed again and again without losing it. */
  reserve(): number {
    return this.#seq++;
  }

  /** The next place that `reserve` would give; set where a heap is restored. */
  get places(): number {
    return this.#seq;
  }

  set places(next: number) {
    this.#seq = next;
  }

  /** Arms a timer; `place` comes from `reserve`. */
  add(due: Instant, value: T, place = this.#seq++): TimerHandle<T> {
    const entry: Entry<T> = { due, seq: place, value, cancelled: false };
    this.#live++;
    this.#heap.push(entry);
    this.#up(this.#heap.length - 1);
    return entry;
  }

  cancel(handle: TimerHandle<T>): void {
    if (handle.cancelled) return;
    handle.cancelled = true;
    handle.value = undefined;
    this.#live--;
    if (this.#heap.at(-1) === handle) this.#heap.pop(); // a lease that was hardly armed
    if (this.#heap.length > 64 && this.#heap.length > 4 * this.#live) this.#compact();
  }

  /** The instant of the next timer, or undefined. */
  nextDue(): Instant | undefined {
    this.#drop();
    return this.#heap[0]?.due;
  }

  /** Removes and returns the next timer that is due at or before `at`. */
  popDue(at: Instant): { due: Instant; value: T } | undefined {
    this.#drop();
    const top = this.#heap[0];
    if (top === undefined || top.due > at) return undefined;
    this.#pop();
    top.cancelled = true;
    this.#live--;
    return { due: top.due, value: top.value as T };
  }

  /** The live timers in the order in which they will fire. */
  entries(): { due: Instant; place: number; value: T }[] {
    return this.#heap
      .filter((e) => !e.cancelled)
      .sort(before)
      .map((e) => ({ due: e.due, place: e.seq, value: e.value as T }));
  }

  #drop(): void {
    while (this.#heap[0]?.cancelled) this.#pop();
  }

  #compact(): void {
    this.#heap = this.#heap.filter((e) => !e.cancelled).sort(before);
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#down(0);
  }

  /** Moves an entry up to its place: what is later comes down, so that each step writes once. */
  #up(start: number): void {
    const heap = this.#heap;
    const entry = heap[start] as Entry<T>;
    let i = start;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent] as Entry<T>;
      if (before(entry, above) >= 0) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = entry;
  }

  #down(start: number): void {
    const heap = this.#heap;
    const entry = heap[start] as Entry<T>;
    let i = start;
    for (let child = 2 * i + 1; child < heap.length; child = 2 * i + 1) {
      const right = child + 1;
      if (right < heap.length && before(heap[right] as Entry<T>, heap[child] as Entry<T>) < 0) child = right;
      const below = heap[child] as Entry<T>;
      if (before(below, entry) >= 0) break;
      heap[i] = below;
      i = child;
    }
    heap[i] = entry;
  }
}

function before(a: { due: number; seq: number }, b: { due: number; seq: number }): number {
  return a.due - b.due || a.seq - b.seq;
}
