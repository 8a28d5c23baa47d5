const CHUNK = 256; // beyond this a chunk is split: moving half a kilobyte is cheaper than walking a tree

/**
 * Values in the order of `compare`, which must be total (no ties) and must not change for a value while it is inside.
 * Adding, removing and ranking cost a binary search over the chunks and one move within a chunk; at the ends of the list,
 * where lines are joined and served, not even that. `K` is what `compare` looks at, so that a place can be asked for that
 * no value has.
 */
export class OrderedList<T extends K, K = T> {
  readonly #compare: (a: K, b: K) => number;
  /**
   * None is empty, unless the list is. Lines are emptied and filled again all the time: then an only chunk stays, and with it
   * its room, as one place that holds nothing.
   */
  readonly #chunks: (T | undefined)[][] = [[undefined]];
  #size = 0;

  constructor(compare: (a: K, b: K) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#size;
  }

  first(): T | undefined {
    return this.#chunks[0]?.[0];
  }

  add(value: T): void {
    const chunks = this.#chunks;
    if (this.#size++ === 0) {
      (chunks[0] as T[])[0] = value;
      return;
    }
    const last = chunks[chunks.length - 1] as T[];
    if (this.#compare(last[last.length - 1] as T, value) < 0) {
      if (last.length < CHUNK) last.push(value);
      else chunks.push([value]);
      return;
    }
    const c = this.#chunkOf(value);
    const chunk = chunks[c] as T[];
    chunk.splice(this.#indexIn(chunk, value), 0, value);
    if (chunk.length > CHUNK) chunks.splice(c + 1, 0, chunk.splice(chunk.length >> 1));
  }

  /** Whether the value was inside. */
  remove(value: T): boolean {
    if (this.#size === 0) return false;
    const chunks = this.#chunks;
    const c = chunks[0]?.[0] === value ? 0 : this.#chunkOf(value);
    const chunk = chunks[c] as T[] | undefined;
    if (chunk === undefined) return false;
    const i = chunk[0] === value ? 0 : this.#indexIn(chunk, value);
    if (chunk[i] !== value) return false;
    if (--this.#size === 0) {
      (chunk as (T | undefined)[])[0] = undefined;
      return true;
    }
    if (i === 0) chunk.shift();
    else chunk.splice(i, 1);
    if (chunk.length === 0) chunks.splice(c, 1);
    return true;
  }

  /** How many values come before this one, which need not be inside. */
  rank(value: K): number {
    if (this.#size === 0) return 0;
    const c = this.#chunkOf(value);
    let before = 0;
    for (let i = 0; i < c; i++) before += this.#chunks[i]?.length ?? 0;
    const chunk = this.#chunks[c] as T[] | undefined;
    return chunk === undefined ? before : before + this.#indexIn(chunk, value);
  }

  /** The first value that does not come before `place`. */
  firstFrom(place: K): T | undefined {
    if (this.#size === 0) return undefined;
    const chunk = this.#chunks[this.#chunkOf(place)] as T[] | undefined;
    return chunk?.[this.#indexIn(chunk, place)];
  }

  *[Symbol.iterator](): IterableIterator<T> {
    if (this.#size === 0) return;
    for (const chunk of this.#chunks as T[][]) yield* chunk;
  }

  /** The first chunk whose last value is not before `value`; the number of chunks if there is none. */
  #chunkOf(value: K): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      const chunk = this.#chunks[mid] as T[];
      if (this.#compare(chunk[chunk.length - 1] as T, value) < 0) low = mid + 1;
      else high = mid;
    }
    return low;
  }

  #indexIn(chunk: readonly T[], value: K): number {
    let low = 0;
    let high = chunk.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if (this.#compare(chunk[mid] as T, value) < 0) low = mid + 1;
      else high = mid;
    }
    return low;
  }
}
