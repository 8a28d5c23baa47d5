/** A set of small numbers; those of one index are all equally long. Plain loops: a check of a large floor walks millions of words. */
export class Bits {
  readonly #words: Uint32Array;

  /** The words of a set, or for how many numbers an empty one is to be. */
  constructor(words: Uint32Array | number) {
    this.#words = typeof words === "number" ? new Uint32Array((words + 31) >>> 5) : words;
  }

  add(i: number): void {
    this.#words[i >>> 5] = (this.#words[i >>> 5] ?? 0) | (1 << (i & 31));
  }

  has(i: number): boolean {
    return ((this.#words[i >>> 5] ?? 0) & (1 << (i & 31))) !== 0;
  }

  /** Keeps only what is in `other` too. */
  intersect(other: Bits): this {
    const words = this.#words;
    const others = other.#words;
    for (let i = 0; i < words.length; i++) words[i] = (words[i] as number) & (others[i] as number);
    return this;
  }

  /** Takes in what is in `other`. */
  unite(other: Bits): this {
    const words = this.#words;
    const others = other.#words;
    for (let i = 0; i < words.length; i++) words[i] = (words[i] as number) | (others[i] as number);
    return this;
  }

  copy(): Bits {
    return new Bits(this.#words.slice());
  }

  /** Whether all that are here are in `other` too. */
  isWithin(other: Bits): boolean {
    const words = this.#words;
    const others = other.#words;
    for (let i = 0; i < words.length; i++) {
      if (((words[i] as number) & ~(others[i] as number)) !== 0) return false;
    }
    return true;
  }

  get isEmpty(): boolean {
    const words = this.#words;
    for (let i = 0; i < words.length; i++) if (words[i] !== 0) return false;
    return true;
  }

  get size(): number {
    let size = 0;
    for (let word of this.#words) for (; word !== 0; word &= word - 1) size++;
    return size;
  }
}
