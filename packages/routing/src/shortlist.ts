import type { Candidate } from "./decision.ts";
import { compareIds, compareRanks } from "./rank.ts";

const TOLD_CANDIDATES = 5; // enough to see why the first won; the rest is found by replaying

interface Entry<T> {
  readonly value: T;
  readonly rank: readonly number[];
  next: Entry<T> | null;
}

/** The best few of those considered, in order: the least rank first, ties by the id. */
export class Shortlist<T extends { readonly id: string }> {
  /** How many there were. */
  considered = 0;
  /** How many are kept. */
  readonly size: number;
  #first: Entry<T> | null = null;
  #last: Entry<T> | null = null;
  #kept = 0;

  constructor(tellsAll: boolean) {
    this.size = tellsAll ? TOLD_CANDIDATES : 1;
  }

  get winner(): T | undefined {
    return this.#first?.value;
  }

  /** The last of those kept, when no more are kept than there are now. */
  get lastOfAll(): T | undefined {
    return this.#kept === this.size ? this.#last?.value : undefined;
  }

  /** Whether the value is among the best few so far. */
  consider(value: T, rank: readonly number[]): boolean {
    this.considered++;
    let before: Entry<T> | null = null;
    let place = 0;
    for (let next = this.#first; next !== null && !isBefore(value, rank, next); next = next.next) {
      before = next;
      place++;
    }
    if (place === this.size) return false;
    const entry: Entry<T> = { value, rank, next: before === null ? this.#first : before.next };
    if (before === null) this.#first = entry;
    else before.next = entry;
    if (entry.next === null) this.#last = entry;
    if (this.#kept < this.size) this.#kept++;
    else this.#dropLast();
    return true;
  }

  #dropLast(): void {
    let entry = this.#first;
    for (let n = 1; n < this.size && entry !== null; n++) entry = entry.next;
    if (entry !== null) entry.next = null;
    this.#last = entry;
  }

  candidates(): Candidate[] {
    const candidates = new Array<Candidate>(this.#kept); // push would take room for seventeen
    let n = 0;
    for (let entry = this.#first; entry !== null; entry = entry.next) {
      candidates[n++] = { id: entry.value.id, rank: entry.rank };
    }
    return candidates;
  }
}

function isBefore<T extends { readonly id: string }>(
  value: T,
  rank: readonly number[],
  other: Entry<T>,
): boolean {
  return (compareRanks(rank, other.rank) || compareIds(value.id, other.value.id)) < 0;
}
