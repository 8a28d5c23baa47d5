const FIRST_CAPACITY = 64;
const KEPT_CAPACITY = 65_536; // half a megabyte; more is given back when it is no longer needed

/**
 * Values by their ids, for what comes and goes a million times a minute. A `Map` would do, but each time it has seen as many
 * removals as it has room it copies itself, and the copies, chained to each other, drag what they hold through the garbage
 * collector: measured with a hundred agents, a fifth of the router's time (`bench -- routing`). Open addressing with linear
 * probing; removal closes the gap, so that nothing piles up. The order of values means nothing.
 */
export class IdTable<T extends { readonly id: string }> {
  /** A power of two, at most half of them taken. */
  #slots: (T | undefined)[] = emptySlots(FIRST_CAPACITY);
  #mask = FIRST_CAPACITY - 1;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(id: string): T | undefined {
    const slots = this.#slots;
    let at = hashOf(id) & this.#mask;
    for (let value = slots[at]; value !== undefined; value = slots[at]) {
      if (value.id === id) return value;
      at = (at + 1) & this.#mask;
    }
    return undefined;
  }

  has(id: string): boolean {
    return this.get(id) !== undefined;
  }

  /** Adds a value, instead of the one with its id if there is one. */
  add(value: T): void {
    if (2 * this.#size >= this.#mask) this.#resize(2 * this.#slots.length);
    if (this.#put(value)) this.#size++;
  }

  delete(id: string): boolean {
    const slots = this.#slots;
    const mask = this.#mask;
    let at = hashOf(id) & mask;
    for (let value = slots[at]; value?.id !== id; value = slots[at]) {
      if (value === undefined) return false;
      at = (at + 1) & mask;
    }
    // whoever stands behind and could stand here moves up (Knuth, The Art of Computer Programming, 6.4, algorithm R)
    let gap = at;
    for (let next = (gap + 1) & mask; ; next = (next + 1) & mask) {
      const value = slots[next];
      if (value === undefined) break;
      const home = hashOf(value.id) & mask;
      if (((next - home) & mask) < ((next - gap) & mask)) continue;
      slots[gap] = value;
      gap = next;
    }
    slots[gap] = undefined;
    this.#size--;
    if (slots.length > KEPT_CAPACITY && 16 * this.#size < slots.length) this.#resize(slots.length / 4);
    return true;
  }

  *values(): IterableIterator<T> {
    for (const value of this.#slots) if (value !== undefined) yield value;
  }

  /** Whether it is new. */
  #put(value: T): boolean {
    const slots = this.#slots;
    let at = hashOf(value.id) & this.#mask;
    for (let other = slots[at]; other !== undefined && other.id !== value.id; other = slots[at]) {
      at = (at + 1) & this.#mask;
    }
    const isNew = slots[at] === undefined;
    slots[at] = value;
    return isNew;
  }

  #resize(capacity: number): void {
    const before = this.#slots;
    this.#slots = emptySlots(capacity);
    this.#mask = this.#slots.length - 1;
    for (const value of before) if (value !== undefined) this.#put(value);
  }
}

function emptySlots<T>(capacity: number): (T | undefined)[] {
  return new Array<T | undefined>(capacity).fill(undefined);
}

/** FNV-1a over every other character, and over those between: two short chains of products are quicker than a long one. */
function hashOf(id: string): number {
  let even = 0x811c9dc5;
  let odd = id.length;
  let i = 1;
  for (; i < id.length; i += 2) {
    even = Math.imul(even ^ id.charCodeAt(i - 1), 0x01000193);
    odd = Math.imul(odd ^ id.charCodeAt(i), 0x01000193);
  }
  if (i === id.length) even = Math.imul(even ^ id.charCodeAt(i - 1), 0x01000193);
  const hash = even ^ Math.imul(odd, 0x85ebca6b);
  return hash ^ (hash >>> 15);
}
