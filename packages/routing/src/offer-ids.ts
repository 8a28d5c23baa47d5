import type { Instant, OfferId } from "@svara/kernel";

const TWO_BYTES = 0x10000;

/**
 * The ids of a router's offers in one epoch. They have the form of a UUIDv7 (RFC 9562, section 5.7), sort by time, and are
 * the same again in a replay: the "random" bits are the epoch, a digest of the router's name and the count. Writing numbers
 * in hexadecimal is dear at a million events a second, so the parts that change seldom are kept.
 */
export class OfferIds {
  readonly #middle: string;
  #time = -1;
  #timeText = "";
  #count = -1;
  #countText = "";

  constructor(routerId: string, epoch: number) {
    this.#middle = `-7${(epoch & 0xfff).toString(16).padStart(3, "0")}-8${digest12(routerId)}-`;
  }

  /** Of the `count`-th offer. */
  at(at: Instant, count: number): OfferId {
    const time = Math.floor(at / TWO_BYTES);
    if (time !== this.#time) {
      this.#time = time;
      this.#timeText = `${time.toString(16).padStart(8, "0")}-`;
    }
    const high = Math.floor(count / TWO_BYTES);
    if (high !== this.#count) {
      this.#count = high;
      this.#countText = this.#middle + high.toString(16).padStart(8, "0");
    }
    return (
      this.#timeText + twoBytes(at - time * TWO_BYTES) + this.#countText + twoBytes(count - high * TWO_BYTES)
    );
  }
}

/** The count in an offer's id, which are its last twelve digits; another text gives a number that means nothing. */
export function countOfOffer(id: string): number {
  let count = 0;
  for (let i = id.length - 12; i < id.length; i++) {
    const code = id.charCodeAt(i);
    count = count * 16 + (code <= 57 ? code - 48 : code - 87);
  }
  return count;
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function twoBytes(value: number): string {
  return (BYTES[value >> 8] as string) + (BYTES[value & 0xff] as string);
}

/** Three hexadecimal digits that tell routers of one centre apart (FNV-1a, folded to 12 bits). */
function digest12(name: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return ((hash ^ (hash >>> 12) ^ (hash >>> 24)) & 0xfff).toString(16).padStart(3, "0");
}
