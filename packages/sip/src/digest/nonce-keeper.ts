import { createHmac } from "node:crypto";
import type { Clock, Random } from "@svara/kernel";

/** How a nonce brought back by a client stands. */
export type NonceStanding = "fresh" | "expired" | "replayed" | "foreign" | "forged";

/** Octets of a nonce: time 12, chance 12, signature 32, signature of the address 8. */
const SIGNED_CHARS = 24;
const SIGNATURE_CHARS = 32;
const PLACE_CHARS = 8;
const CHANCE_CHARS = 12;
/** Networks that double a datagram do it at once, a client that hears nothing repeats it after 0.5, 1.5, 3.5 s. */
const COPY_WINDOW_MS = 8_000;

/**
 * Nonces that carry their own time and signature, so that a challenge costs no memory; only nonces that were used
 * with a right password are remembered, with the highest count seen (RFC 7616 section 3.3, nonce and nc).
 */
export class NonceKeeper {
  readonly #clock: Clock;
  readonly #secret: Uint8Array;
  readonly #lifeMs: number;
  readonly #capacity: number;
  readonly #counts = new Map<string, number>();
  /** So many are remembered when it is next looked for expired ones: not at each login, which are many when it matters. */
  #sweepAt: number;

  constructor(options: { clock: Clock; random: Random; lifeMs: number; capacity: number }) {
    this.#clock = options.clock;
    this.#secret = options.random.bytes(32);
    this.#lifeMs = options.lifeMs;
    this.#capacity = options.capacity;
    this.#sweepAt = options.capacity;
  }

  /**
   * A nonce for whoever asked from `host`. A copy of the request within seconds (`request` tells it from others) gets the
   * same, so that it is answered alike though nothing is remembered.
   */
  issue(host: string, request: string): string {
    const now = this.#clock.now();
    const at = now - (now % COPY_WINDOW_MS);
    const chance = this.#sign(`${at} ${host} ${request}`, CHANCE_CHARS);
    const head = `${at.toString(16).padStart(12, "0")}${chance}`;
    return head + this.#sign(head, SIGNATURE_CHARS) + this.#sign(`${head} ${host}`, PLACE_CHARS);
  }

  /**
   * `nc` is the count the client sent; 1 for a client without qop. A nonce that came from another address than it was
   * given to is "foreign": a phone that moved, or somebody who wants to have a forged address banned.
   */
  standing(nonce: string, nc: number, host: string): NonceStanding {
    const head = nonce.slice(0, SIGNED_CHARS);
    const place = SIGNED_CHARS + SIGNATURE_CHARS;
    if (nonce.length !== place + PLACE_CHARS) return "forged";
    if (this.#sign(head, SIGNATURE_CHARS) !== nonce.slice(SIGNED_CHARS, place)) return "forged";
    if (this.#sign(`${head} ${host}`, PLACE_CHARS) !== nonce.slice(place)) return "foreign";
    const age = this.#clock.now() - Number.parseInt(nonce.slice(0, 12), 16);
    if (age > this.#lifeMs) return "expired";
    return nc > (this.#counts.get(nonce) ?? 0) ? "fresh" : "replayed";
  }

  /** Remembers that `nc` was used; beyond the capacity those that are expired anyway are forgotten. */
  use(nonce: string, nc: number): void {
    this.#counts.delete(nonce);
    this.#counts.set(nonce, nc);
    if (this.#counts.size <= this.#sweepAt) return;
    this.#dropExpired();
    this.#sweepAt = Math.max(this.#capacity, 2 * this.#counts.size);
  }

  get remembered(): number {
    return this.#counts.size;
  }

  #dropExpired(): void {
    const now = this.#clock.now();
    for (const nonce of this.#counts.keys()) {
      const age = now - Number.parseInt(nonce.slice(0, 12), 16);
      if (age > this.#lifeMs) this.#counts.delete(nonce);
    }
  }

  #sign(text: string, chars: number): string {
    return createHmac("sha256", this.#secret).update(text, "latin1").digest("hex").slice(0, chars);
  }
}
