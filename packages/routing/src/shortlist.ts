import type { Candidate } from "./decision.ts";
import { compareIds, compareRanks } from "./rank.ts";

const TOLD_CANDIDATES = 5; // enough to see why the first won; the rest is found by replaying

/** The best few of those considered, in order: the least rank first, ties by the id. */
export class Shortlist<T extends { readonly id: string }> {
  /** How many there were. */
  considered = 0;
  /** How many are kept. */
  readonly size: number;
  readonly #values: T[] = [];
  readonly #ranks: (readonly number[])[] = [];

  constructor(tellsAll: boolean) {
    this.size = tellsAll ? TOLD_CANDIDATES : 1;
  }

  get winner(): T | undefined {
    return this.#values[0];
  }

  /** Whether the value is among the best few so far. */
  consider(value: T, rank: readonly number[]): boolean {
    this.considered++;
    const values = this.#values;
    const ranks = this.#ranks;
    let i = values.length;
    while (i > 0 && isBefore(value, rank, values[i - 1] as T, ranks[i - 1] as readonly number[])) i--;
    if (i === this.size) return false;
    if (values.length < this.size) {
      values.push(value);
      ranks.push(rank);
    }
    for (let k = values.length - 1; k > i; k--) {
      values[k] = values[k - 1] as T;
      ranks[k] = ranks[k - 1] as readonly number[];
    }
    values[i] = value;
    ranks[i] = rank;
    return true;
  }

  candidates(): Candidate[] {
    return this.#values.map(({ id }, i) => ({ id, rank: this.#ranks[i] as readonly number[] }));
  }
}

function isBefore<T extends { readonly id: string }>(
  value: T,
  rank: readonly number[],
  other: T,
  otherRank: readonly number[],
): boolean {
  return (compareRanks(rank, otherRank) || compareIds(value.id, other.id)) < 0;
}
