import type { Clock, Disposable } from "@svara/kernel";
import { T1, T2, TIMEOUT_MS } from "../transaction/timing.ts";

/**
 * Repeats a 2xx to INVITE, or a reliable provisional response, until it is acknowledged: after T1, 2 T1, ... at most
 * T2 apart, for 64 T1 (RFC 3261 section 13.3.1.4; RFC 3262 section 3 without the T2 bound), on every transport.
 */
export class AnswerRepeater {
  readonly #clock: Clock;
  readonly #send: () => void;
  readonly #giveUp: () => void;
  readonly #maxIntervalMs: number;
  #timer: Disposable | undefined;
  #intervalMs = T1;
  #elapsedMs = 0;

  constructor(options: { clock: Clock; send: () => void; giveUp: () => void; bounded?: boolean }) {
    this.#clock = options.clock;
    this.#send = options.send;
    this.#giveUp = options.giveUp;
    this.#maxIntervalMs = options.bounded === false ? TIMEOUT_MS : T2;
  }

  start(): void {
    this.#send();
    this.#arm();
  }

  stop(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  #arm(): void {
    const wait = Math.min(this.#intervalMs, TIMEOUT_MS - this.#elapsedMs);
    this.#timer = this.#clock.after(wait, () => this.#tick(wait));
  }

  #tick(waited: number): void {
    this.#elapsedMs += waited;
    if (this.#elapsedMs >= TIMEOUT_MS) return this.#giveUp();
    this.#send();
    this.#intervalMs = Math.min(this.#intervalMs * 2, this.#maxIntervalMs);
    this.#arm();
  }
}
