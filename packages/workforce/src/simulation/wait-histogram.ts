const EXACT_MS = 2048; // below this every millisecond has a place of its own
const PARTS = 1024; // and above, each power of two is cut into so many

/**
 * Waits counted in places whose width is below a thousandth of their value, so that quantiles of millions of waits, added up
 * over runs, take little memory. A quantile read from it is at most 0.1 % too small.
 */
export class WaitHistogram {
  #places = new Float64Array(EXACT_MS);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(waitMs: number): void {
    const place = placeOf(waitMs);
    if (place >= this.#places.length) this.#reach(place);
    (this.#places[place] as number)++;
    this.#count++;
  }

  /** Adds all that the other one counted. */
  merge(other: WaitHistogram): void {
    this.#reach(other.#places.length - 1);
    other.#places.forEach((count, place) => {
      this.#places[place] = (this.#places[place] as number) + count;
    });
    this.#count += other.#count;
  }

  /** The least wait that a share `p` (0..1) of the waits do not exceed; null without waits. */
  quantile(p: number): number | null {
    if (this.#count === 0) return null;
    const rank = Math.max(1, Math.ceil(p * this.#count));
    let passed = 0;
    for (let place = 0; place < this.#places.length; place++) {
      passed += this.#places[place] as number;
      if (passed >= rank) return leastOf(place);
    }
    return null;
  }

  #reach(place: number): void {
    if (place < this.#places.length) return;
    const wider = new Float64Array(Math.max(place + 1, this.#places.length + PARTS));
    wider.set(this.#places);
    this.#places = wider;
  }
}

function placeOf(waitMs: number): number {
  const ms = Math.max(0, Math.round(waitMs));
  if (ms < EXACT_MS) return ms;
  const power = ms < 2 ** 31 ? 21 - Math.clz32(ms) : Math.floor(Math.log2(ms)) - 10;
  return EXACT_MS + (power - 1) * PARTS + (Math.floor(ms / 2 ** power) - PARTS);
}

function leastOf(place: number): number {
  if (place < EXACT_MS) return place;
  const power = Math.floor((place - EXACT_MS) / PARTS) + 1;
  return (((place - EXACT_MS) % PARTS) + PARTS) * 2 ** power;
}
