import { type Random, SeededRandom } from "@svara/kernel";

/** What chance is drawn for; each has a sequence of its own. */
export type Purpose =
  | "arrival"
  | "talk"
  | "wrap_up"
  | "patience"
  | "answer"
  | "cross_sell"
  | "extra_talk"
  | "callback"
  | "retrial";

const PURPOSES: Readonly<Record<Purpose, number>> = {
  arrival: 1,
  talk: 2,
  wrap_up: 3,
  patience: 4,
  answer: 5,
  cross_sell: 6,
  extra_talk: 7,
  callback: 8,
  retrial: 9,
};

/**
 * Chance for one purpose of one arrival stream in one replication. Independent of everything else that is drawn, so that two
 * sets of rules meet the same customers (common random numbers).
 */
export function chanceFor(seed: number, replication: number, stream: number, purpose: Purpose): Random {
  let hash = 0x9e3779b9;
  for (const word of [seed, replication, stream, PURPOSES[purpose]])
    hash = mix(hash ^ mix(word + 0x7f4a7c15));
  return new SeededRandom(hash);
}

/** The chance of what has a name: the same wherever it stands (FNV-1a). */
export function chanceNumber(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A 32-bit finaliser (the constants of splitmix32). */
function mix(word: number): number {
  let z = word | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}
