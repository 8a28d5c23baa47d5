import type { Disposable } from "@svara/kernel";
import { alawToLinear, linearToAlaw, linearToMulaw, mulawToLinear } from "./g711.ts";
import type { Codec } from "./media-host.ts";
import type { Ticker } from "./ticker.ts";

/** The tone by which a recording makes itself known: 1400 Hz, 0.2 s (47 CFR 64.501; ITU-T E.180, supplement 2). */
const beepHz = 1400;
const beepSamples = 1600;
/** About -18 dBm0: heard over a voice, not in its place. */
const amplitude = 3000;
/** Fades in and out over 5 ms. */
const rampSamples = 40;

/** A line that was silent this long is sent packets for the beep. */
const idleLineMs = 40;
/** Who sends less than that hears a shorter beep. */
const longestBeepMs = 400;

const samples = Int16Array.from({ length: beepSamples }, (_, i) => {
  const edge = Math.min(1, (i + 1) / rampSamples, (beepSamples - i) / rampSamples);
  return Math.round(amplitude * edge * Math.sin((2 * Math.PI * beepHz * i) / 8000));
});

/** What a beep needs of its leg. */
export interface BeepLine {
  readonly ticker: Ticker;
  /** When the party was last sent something. */
  sentAt(): number;
  /** Sends the party 20 ms of silence, to which the beep adds itself. */
  sendSilence(source: object, now: number): void;
  /** The beep is over. */
  over(): void;
}

/**
 * One beep on a leg: adds itself to the packets that pass in either direction. A line on which nothing is sent is sent
 * packets of its own; who says nothing is not heard to beep.
 */
export class Beep implements Disposable {
  readonly #ticking: Disposable;
  #inAt = 0;
  #outAt = 0;
  #ticksLeft = longestBeepMs / 20;
  #filledAt = Number.NaN;

  constructor(line: BeepLine) {
    this.#ticking = line.ticker.add((now) => this.#tick(line, now));
  }

  dispose(): void {
    this.#ticking.dispose();
  }

  /** Adds itself to `bytes[from..to)`, which the party said. */
  mixIn(bytes: Uint8Array, from: number, to: number, codec: Codec): void {
    this.#inAt = mix(this.#inAt, bytes, from, to, codec);
  }

  /** Adds itself to `bytes[from..to)`, which the party will hear. */
  mixOut(bytes: Uint8Array, from: number, to: number, codec: Codec): void {
    this.#outAt = mix(this.#outAt, bytes, from, to, codec);
  }

  #tick(line: BeepLine, now: number): void {
    const isOver = this.#inAt >= beepSamples && this.#outAt >= beepSamples;
    if (isOver || --this.#ticksLeft < 0) {
      this.dispose();
      line.over();
      return;
    }
    const isIdle = line.sentAt() === this.#filledAt || now - line.sentAt() >= idleLineMs;
    if (!isIdle || this.#outAt >= beepSamples) return;
    this.#filledAt = now;
    line.sendSilence(this, now);
  }
}

function mix(at: number, bytes: Uint8Array, from: number, to: number, codec: Codec): number {
  const decode = codec === "PCMA" ? alawToLinear : mulawToLinear;
  const encode = codec === "PCMA" ? linearToAlaw : linearToMulaw;
  const count = Math.min(to - from, beepSamples - at);
  for (let i = 0; i < count; i++) {
    const sum = (decode[bytes[from + i] ?? 0] ?? 0) + (samples[at + i] ?? 0);
    bytes[from + i] = encode(Math.max(-32_768, Math.min(32_767, sum)));
  }
  return at + count;
}
