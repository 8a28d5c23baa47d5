import type { Clock, Disposable } from "@svara/kernel";
import { CallDetector, type DetectWhat, type Verdict } from "./call-detector.ts";
import { DtmfDetector } from "./dtmf-detector.ts";
import { alawToLinear, mulawToLinear } from "./g711.ts";
import type { Codec, DtmfDigit } from "./media-host.ts";

/** The same key by two ways within this is one press. */
const sameKeyMs = 700;

/** One press heard twice, as an event and as a tone, is one: each press of one way answers for one of the other. */
export class KeyMerge {
  #digit: DtmfDigit = "";
  #way: "event" | "tone" = "event";
  #at = 0;
  #answered = true;

  /** Whether this is a press of its own. */
  accept(way: "event" | "tone", digit: DtmfDigit, now: number): boolean {
    const echo = !this.#answered && digit === this.#digit && way !== this.#way && now - this.#at < sameKeyMs;
    if (echo) {
      this.#answered = true;
      return false;
    }
    this.#digit = digit;
    this.#way = way;
    this.#at = now;
    this.#answered = false;
    return true;
  }
}

/** What listens to a party's sound itself: for keys as tones, and for who it is. A leg has ears only while somebody wants to know. */
export class LegEars {
  readonly #clock: Clock;
  readonly #onKey: (digit: DtmfDigit) => void;
  #keys: DtmfDetector | null = null;
  #call: CallDetector | null = null;
  #timeOut: Disposable | null = null;

  constructor(clock: Clock, onKey: (digit: DtmfDigit) => void) {
    this.#clock = clock;
    this.#onKey = onKey;
  }

  get areNeeded(): boolean {
    return this.#keys !== null || this.areAsked;
  }

  /** Somebody asked who it is; keys alone are no reason to bring a party back to G.711. */
  get areAsked(): boolean {
    return this.#call !== null && !this.#call.isOver;
  }

  listenForKeys(wanted: boolean): void {
    if (wanted) this.#keys ??= new DtmfDetector();
    else this.#keys = null;
  }

  /** Replaces an earlier question. Exactly one verdict comes within `withinMs`, perhaps followed by `beep`. */
  detect(what: DetectWhat, withinMs: number, verdict: (verdict: Verdict) => void): void {
    this.#timeOut?.dispose();
    const call = new CallDetector(what, verdict);
    this.#call = call;
    this.#timeOut = this.#clock.after(withinMs, () => {
      call.timeOut();
      this.#forget();
    });
  }

  hear(packet: Uint8Array, from: number, to: number, codec: Codec): void {
    const table = codec === "PCMA" ? alawToLinear : mulawToLinear;
    this.#keys?.hear(packet, from, to, table, this.#onKey);
    if (this.#call) {
      this.#call.hear(packet, from, to, table);
      this.#forget();
    }
  }

  close(): void {
    this.#timeOut?.dispose();
    this.#keys = null;
    this.#call = null;
  }

  #forget(): void {
    if (!this.#call?.isOver) return;
    this.#call = null;
    this.#timeOut?.dispose();
  }
}
