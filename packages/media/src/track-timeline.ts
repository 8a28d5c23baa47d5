import { Concealment, concealedSamples, concealmentHistory } from "./concealment.ts";
import { alawToMulaw, linearToMulaw, mulawToLinear } from "./g711.ts";
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
/** So much of the sound behind a hole is blended with what was made. */
const blendSamples = 80;
/** Packets over which drift is judged: five seconds. */
const driftWindow = 250;

/** A hole in a stream, in samples since the start of the recording. */
interface Gap {
  readonly from: number;
  to: number;
}

/**
 * One track of a recording in memory: mu-law bytes laid out by time since the recording's start, with silence where
 * nothing was heard; the beginning of a hole within a stream is concealed. Sound keeps its RTP spacing, so jitter is not heard; its place follows the host's clock, so both
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
  /** Holes that are not yet taken, in order. */
  #gaps: Gap[] = [];
  /** The last samples that were taken. */
  #tail: Uint8Array = new Uint8Array(concealmentHistory).fill(silence);

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
    const begins = fresh || this.#anchor < 0 || late > settleMs * samplesPerMs || late < -maxAheadSamples;
    if (begins) {
      at = Math.max(host, 0);
      // A new source right after an old one goes behind it, so that nothing is overwritten by a few milliseconds.
      if (at < this.#end && this.#end - at < maxDriftSamples) at = this.#end;
      this.#resetWindow();
    } else at += this.#drift(late);
    // The anchor moves along, so that timestamps never wrap away from it.
    this.#anchor = at;
    this.#anchorTimestamp = timestamp;
    const start = Math.max(at, this.#base);
    if (start > this.#end && !begins) this.#gaps.push({ from: this.#end, to: start });
    else if (start < this.#end && this.#gaps.length > 0) this.#fillGap(start, at + to - from);
    this.#reserve(at + to - from);
    if (start < at + to - from) this.#put(start - this.#base, payload, from + start - at, to, codec);
    if (at + to - from > this.#end) this.#end = at + to - from;
  }

  /** Copies `payload[from..to)` to `#bytes[at..)` as mu-law; a plain copy is five times as fast as a loop. */
  #put(at: number, payload: Uint8Array, from: number, to: number, codec: Codec): void {
    const bytes = this.#bytes;
    if (codec === "PCMU") bytes.set(payload.subarray(from, to), at);
    else for (let i = from; i < to; i++) bytes[at + i - from] = alawToMulaw[payload[i] ?? 0] ?? silence;
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
    if (this.#gaps.length > 0) this.#conceal(until);
    const taken = this.#bytes.slice(0, length);
    this.#bytes.copyWithin(0, length);
    this.#bytes.fill(silence, this.#bytes.length - length);
    this.#base = until;
    if (length >= concealmentHistory) this.#tail = taken.subarray(length - concealmentHistory);
    else this.#tail = Uint8Array.from([...this.#tail.subarray(length), ...taken]);
    return taken;
  }

  /** A packet that came out of order: what is left of the hole lies before or behind it. */
  #fillGap(from: number, to: number): void {
    this.#gaps = this.#gaps.flatMap((gap) => {
      if (to <= gap.from || from >= gap.to) return [gap];
      const before = from > gap.from ? [{ from: gap.from, to: from }] : [];
      return to < gap.to ? [...before, { from: to, to: gap.to }] : before;
    });
  }

  /** Makes sound for the holes that begin before `until`; what comes behind them is there by now. */
  #conceal(until: number): void {
    const ready = this.#gaps.filter((gap) => gap.from < until);
    this.#gaps = this.#gaps.filter((gap) => gap.from >= until);
    for (const { from, to } of ready) if (from >= this.#base) this.#concealGap(from, to);
  }

  #concealGap(from: number, to: number): void {
    const concealment = new Concealment();
    concealment.begin(
      Int16Array.from({ length: concealmentHistory }, (_, i) => this.#linear(from - concealmentHistory + i)),
    );
    const made = Math.min(to - from, concealedSamples);
    const heard = to + blendSamples <= this.#end ? blendSamples : 0;
    const sound = new Int16Array(made + heard);
    concealment.fill(sound, 0, made);
    for (let i = 0; i < made; i++) this.#bytes[from + i - this.#base] = linearToMulaw(sound[i] ?? 0);
    for (let i = 0; i < heard; i++) sound[made + i] = this.#linear(to + i);
    concealment.release(sound, made, heard);
    for (let i = 0; i < heard; i++) this.#bytes[to + i - this.#base] = linearToMulaw(sound[made + i] ?? 0);
  }

  #linear(position: number): number {
    const at = position - this.#base;
    const byte = at >= 0 ? this.#bytes[at] : this.#tail[concealmentHistory + at];
    return mulawToLinear[byte ?? silence] ?? 0;
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
