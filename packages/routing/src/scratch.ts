const KEPT = 1_000; // a usual step has a few; one that touched a whole floor gives its room back

/**
 * What piles up in a step and is gone after it. An array that is emptied gives its room back and takes it again at the next
 * step; at a million events a second that alone keeps the garbage collector busy. This one keeps its room.
 */
export class Scratch<T> {
  readonly #places: T[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(value: T): void {
    this.#places[this.#size++] = value;
  }

  /** The value at a place below `size`. */
  at(place: number): T {
    return this.#places[place] as T;
  }

  clear(): void {
    this.#size = 0;
    if (this.#places.length > KEPT) this.#places.length = 0;
  }

  /** The values, in order of adding; nothing is left. */
  take(): T[] {
    const taken = this.#places.slice(0, this.#size);
    this.clear();
    return taken;
  }
}
