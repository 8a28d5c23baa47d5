import { createHmac } from "node:crypto";
import { type Clock, type Random, randomHex } from "@svara/kernel";

/** How a nonce brought back by a client stands. */
export type NonceStanding = "fresh" | "expired" | "replayed" | "forged";

/**
 * Nonces that carry their own time and signature, so that a challenge costs no memory; only nonces that were used
 * with a right password are remembered, with the highest count seen (RFC 7616 section 3.3, nonce and nc).
 */
export class NonceKeeper {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #secret: Uint8Array;
  readonly #lifeMs: number;
  readonly #capacity: number;
  readonly #counts = new Map<string, number>();

  constructor(options: { clock: Clock; random: Random; lifeMs: number; capacity: number }) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#secret = options.random.bytes(32);
    this.#lifeMs = options.lifeMs;
    this.#capacity = options.capacity;
  }

  issue(): string {
    const head = `${this.#clock.now().toString(16).padStart(12, "0")}${randomHex(this.#random, 6)}`;
    return head + this.#sign(head);
  }

  /** `nc` is the count the client sent; 1 for a client without qop. */
  standing(nonce: string, nc: number): NonceStanding {
    if (nonce.length !== 56 || this.#sign(nonce.slice(0, 24)) !== nonce.slice(24)) return "forged";
    const age = this.#clock.now() - Number.parseInt(nonce.slice(0, 12), 16);
    if (age > this.#lifeMs) return "expired";
    return nc > (this.#counts.get(nonce) ?? 0) ? "fresh" : "replayed";
  }

  /** Remembers that `nc` was used; beyond the capacity those that are expired anyway are forgotten. */
  use(nonce: string, nc: number): void {
    this.#counts.delete(nonce);
    this.#counts.set(nonce, nc);
    if (this.#counts.size <= this.#capacity) return;
    this.#dropExpired();
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

  #sign(head: string): string {
    return createHmac("sha256", this.#secret).update(head, "latin1").digest("hex").slice(0, 32);
  }
}
