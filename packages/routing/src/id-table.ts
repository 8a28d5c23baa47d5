const FIRST_CAPACITY = 64;
const KEPT_CAPACITY = 65_536; // half a megabyte; more is given back when it is no longer needed

/**
 * Values by their ids, for what comes and goes a million times a minute. A `Map` would do, but each time it has seen as many
 * removals as it has room it copies itself, and the copies, chained to each other, drag what they hold through the garbage
 * collector: measured with a hundred agents, a fifth of the router's time (`bench -- routing`). Open addressing with linear
 * probing; removal closes the gap, so that nothing piles up. The order of values means nothing.
 */
export class IdTable<T extends { readonly id: string }> {
  readonly #hashesOf: IdHashes<T>;
  /** A power of two, at most half of them taken. */
  #slots: (T | undefined)[] = emptySlots(FIRST_CAPACITY);
  /** The hash of each value's id, so that none is worked out twice. */
  #hashes = new Int32Array(FIRST_CAPACITY);
  #mask = FIRST_CAPACITY - 1;
  #size = 0;

  /** Hashes are those of the ids' characters, unless the caller knows better. */
  constructor(hashes: IdHashes<T> = BY_CHARACTERS) {
    this.#hashesOf = hashes;
  }

  get size(): number {
    return this.#size;
  }

  get(id: string): T | undefined {
    return this.#slots[this.#find(id, this.#hashesOf.ofId(id))];
  }

  has(id: string): boolean {
    return this.get(id) !== undefined;
  }

  /** Adds a value, instead of the one with its id if there is one. */
  add(value: T): void {
    if (2 * this.#size >= this.#mask) this.#resize(2 * this.#slots.length);
    const slots = this.#slots;
    const hash = this.#hashesOf.ofValue(value);
    let at = hash & this.#mask;
    for (let other = slots[at]; other !== undefined; other = slots[at]) {
      if (this.#hashes[at] === hash && other.id === value.id) break;
      at = (at + 1) & this.#mask;
    }
    if (slots[at] === undefined) this.#size++;
    slots[at] = value;
    this.#hashes[at] = hash;
  }

  delete(id: string): boolean {
    return this.#clear(this.#find(id, this.#hashesOf.ofId(id)));
  }

  /** Takes out this very value. */
  remove(value: T): boolean {
    const slots = this.#slots;
    let at = this.#hashesOf.ofValue(value) & this.#mask;
    for (let other = slots[at]; other !== value; other = slots[at]) {
      if (other === undefined) return false;
      at = (at + 1) & this.#mask;
    }
    return this.#clear(at);
  }

  *values(): IterableIterator<T> {
    for (const value of this.#slots) if (value !== undefined) yield value;
  }

  #clear(place: number): boolean {
    const slots = this.#slots;
    const hashes = this.#hashes;
    const mask = this.#mask;
    let gap = place;
    if (slots[gap] === undefined) return false;
    // whoever stands behind and could stand here moves up (Knuth, The Art of Computer Programming, 6.4, algorithm R)
    for (let next = (gap + 1) & mask; ; next = (next + 1) & mask) {
      const value = slots[next];
      if (value === undefined) break;
      const hash = hashes[next] as number;
      if (((next - hash) & mask) < ((next - gap) & mask)) continue;
      slots[gap] = value;
      hashes[gap] = hash;
      gap = next;
    }
    slots[gap] = undefined;
    this.#size--;
    if (slots.length > KEPT_CAPACITY && 16 * this.#size < slots.length) this.#resize(slots.length / 4);
    return true;
  }

  /** The place of an id, or the free one where it would stand. */
  #find(id: string, hash: number): number {
    const slots = this.#slots;
    const hashes = this.#hashes;
    let at = hash & this.#mask;
    for (let value = slots[at]; value !== undefined; value = slots[at]) {
      if (hashes[at] === hash && value.id === id) break;
      at = (at + 1) & this.#mask;
    }
    return at;
  }

  #resize(capacity: number): void {
    const before = this.#slots;
    const hashes = this.#hashes;
    this.#slots = emptySlots(capacity);
    this.#hashes = new Int32Array(capacity);
    this.#mask = capacity - 1;
    before.forEach((value, place) => {
      if (value === undefined) return;
      const hash = hashes[place] as number;
      let at = hash & this.#mask;
      while (this.#slots[at] !== undefined) at = (at + 1) & this.#mask;
      this.#slots[at] = value;
      this.#hashes[at] = hash;
    });
  }
}

/** The hash of an id, and the same of the value that has it. */
export interface IdHashes<T> {
  ofId(id: string): number;
  ofValue(value: T): number;
}

/** Of values that know the hash of their id. */
export const KNOWN_HASHES: IdHashes<{ readonly id: string; readonly hash: number }> = {
  ofId: hashOf,
  ofValue: ({ hash }) => hash,
};

const BY_CHARACTERS: IdHashes<{ readonly id: string }> = {
  ofId: hashOf,
  ofValue: ({ id }) => hashOf(id),
};

function emptySlots<T>(capacity: number): (T | undefined)[] {
  return new Array<T | undefined>(capacity).fill(undefined);
}

let lastId = "";
let lastHash = 0;

/** The hash of an id by its characters. A step asks for the same one several times in a row. */
export function hashOf(id: string): number {
  if (id === lastId) return lastHash;
  lastHash = hashOfCharacters(id);
  lastId = id;
  return lastHash;
}

/** FNV-1a over every other character, and over those between: two short chains of products are quicker than a long one. */
function hashOfCharacters(id: string): number {
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
