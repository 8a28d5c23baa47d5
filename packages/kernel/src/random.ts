/** Chance as a unit is given it. */
export interface Random {
  /** A uniform number in [0, 1). */
  next(): number;
  /** `length` bytes. */
  bytes(length: number): Uint8Array;
}

/** A call of the platform costs as much for 4 KB as for 8 bytes, and a busy switch wants some dozen a call. */
const POOL_BYTES = 4_096;

/** Unpredictable randomness from the platform; fit for tags, nonces and tokens. */
export class SecureRandom implements Random {
  readonly #pool = new Uint8Array(POOL_BYTES);
  #used = POOL_BYTES;

  next(): number {
    const at = this.#take(7);
    const pool = this.#pool;
    let value = (pool[at] ?? 0) & 0x1f; // 53 bits: 5 and six times 8
    for (let i = 1; i < 7; i++) value = value * 256 + (pool[at + i] ?? 0);
    pool.fill(0, at, at + 7);
    return value / 2 ** 53;
  }

  bytes(length: number): Uint8Array {
    if (length > POOL_BYTES / 16) return crypto.getRandomValues(new Uint8Array(length));
    const at = this.#take(length);
    const bytes = this.#pool.slice(at, at + length);
    this.#pool.fill(0, at, at + length); // what was given out is known to its owner alone
    return bytes;
  }

  /** Where `length` unused bytes begin. */
  #take(length: number): number {
    if (this.#used + length > POOL_BYTES) {
      crypto.getRandomValues(this.#pool);
      this.#used = 0;
    }
    const at = this.#used;
    this.#used += length;
    return at;
  }
}

/** Repeatable randomness for simulations and tests: the same seed gives the same sequence (xoshiro128**, Blackman and Vigna 2018). */
export class SeededRandom implements Random {
  readonly #s: Uint32Array;

  constructor(seed: number) {
    this.#s = new Uint32Array(4);
    let z = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      // splitmix32 spreads a small seed over the whole state
      z = (z + 0x9e3779b9) >>> 0;
      let t = z ^ (z >>> 16);
      t = Math.imul(t, 0x21f0aaad);
      t ^= t >>> 15;
      t = Math.imul(t, 0x735a2d97);
      this.#s[i] = t ^ (t >>> 15);
    }
  }

  next(): number {
    return (this.#word() * 2 ** 21 + (this.#word() >>> 11)) / 2 ** 53;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#word() >>> 24);
  }

  #word(): number {
    const s = this.#s;
    const s0 = s[0] as number; // by index: the iterator of a destructuring costs more than the rest
    const s1 = s[1] as number;
    const s2 = s[2] as number;
    const s3 = s[3] as number;
    const r = Math.imul(s1, 5);
    const result = Math.imul((r << 7) | (r >>> 25), 9) >>> 0;
    const n2 = s2 ^ s0;
    const n3 = s3 ^ s1;
    s[1] = s1 ^ n2;
    s[0] = s0 ^ n3;
    s[2] = n2 ^ (s1 << 9);
    s[3] = (n3 << 11) | (n3 >>> 21);
    return result;
  }
}

/** `length` random bytes as lower-case hexadecimal, two characters a byte. */
export function randomHex(random: Random, length: number): string {
  return hexOf(random.bytes(length));
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Bytes as lower-case hexadecimal. */
export function hexOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}
