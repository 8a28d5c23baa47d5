import { alawToMulaw } from "./g711.ts";
import type { Codec } from "./media-host.ts";

/** Samples in a millisecond. */
const samplesPerMs = 8;
const silence = 0xff;
/**
 * Sound may come this much later than its place: what is older is already written. Longer than a bad stall of the host,
 * after which the packets of that time come all at once.
 */
export const settleMs = 400;
/** A packet further ahead of the host's clock than this has jumped. */
const maxAheadSamples = 300 * samplesPerMs;
/** How far the fastest packets may stray from the host's clock before the track follows: clock drift, not jitter. */
const maxDriftSamples = 60 * samplesPerMs;
/** Packets over which drift is judged: five seconds. */
const driftWindow = 250;

/**
 * One track of a recording in memory: mu-law bytes laid out by time since the recording's start, with silence where
 * nothing was heard. Sound keeps its RTP spacing, so jitter is not heard; its place follows the host's clock, so both
 * tracks stay aligned. Pure; the writer takes what has settled.
 */
export class TrackTimeline {
  #bytes = new Uint8Array(16_384).fill(silence);
  /** Position of `#bytes[0]` in samples since the start. */
  #base = 0;
  /** Furthest written position. */
  #end = 0;
  /** The host position of RTP timestamp `#anchorTimestamp`. */
  #anchor = -1;
  #anchorTimestamp = 0;
  /** Least lateness in the present window, in samples, and the packets counted in it. */
  #leastLate = Number.POSITIVE_INFINITY;
  #counted = 0;

  /** Puts G.711 bytes `payload[from..to)` where they belong. `elapsedMs` since the start of the recording. */
  write(
    elapsedMs: number,
    timestamp: number,
    payload: Uint8Array,
    from: number,
    to: number,
    codec: Codec,
    fresh: boolean,
  ): void {
    const host = elapsedMs * samplesPerMs;
    let at = this.#anchor + ((timestamp - this.#anchorTimestamp) | 0);
    const late = host - at;
    if (fresh || this.#anchor < 0 || late > settleMs * samplesPerMs || late < -maxAheadSamples) {
      at = Math.max(host, 0);
      // A new source right after an old one goes behind it, so that nothing is overwritten by a few milliseconds.
      if (at < this.#end && this.#end - at < maxDriftSamples) at = this.#end;
      this.#resetWindow();
    } else at += this.#drift(late);
    // The anchor moves along, so that timestamps never wrap away from it.
    this.#anchor = at;
    this.#anchorTimestamp = timestamp;
    const start = Math.max(at, this.#base);
    this.#reserve(at + to - from);
    for (let i = start; i < at + to - from; i++) {
      const byte = payload[from + i - at] ?? silence;
      this.#bytes[i - this.#base] = codec === "PCMA" ? (alawToMulaw[byte] ?? silence) : byte;
    }
    if (at + to - from > this.#end) this.#end = at + to - from;
  }

  /** The next source has no relation in time to the last. */
  interrupt(): void {
    this.#anchor = -1;
  }

  /** Takes what is older than `untilMs` since the start, silence included; null when that is nothing. */
  take(untilMs: number): Uint8Array | null {
    const until = Math.floor(untilMs * samplesPerMs);
    const length = until - this.#base;
    if (length <= 0) return null;
    this.#reserve(until);
    const taken = this.#bytes.slice(0, length);
    this.#bytes.copyWithin(0, length);
    this.#bytes.fill(silence, this.#bytes.length - length);
    this.#base = until;
    return taken;
  }

  /** What to move by so that the fastest packets of the last window stand at the host's time again. */
  #drift(late: number): number {
    this.#leastLate = Math.min(this.#leastLate, late);
    if (++this.#counted < driftWindow) return 0;
    const least = this.#leastLate;
    this.#resetWindow();
    return Math.abs(least) > maxDriftSamples ? least : 0;
  }

  #resetWindow(): void {
    this.#leastLate = Number.POSITIVE_INFINITY;
    this.#counted = 0;
  }

  #reserve(position: number): void {
    const needed = position - this.#base;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2)).fill(silence);
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
