import { encodeG711 } from "./g711.ts";
import type { Codec, DtmfDigit } from "./media-host.ts";
import { amplitudeAt } from "./tone-level.ts";

/** The two groups (ITU-T Q.23). */
export const dtmfRows = [697, 770, 852, 941] as const;
export const dtmfColumns = [1209, 1336, 1477, 1633] as const;
const layout = ["123A", "456B", "789C", "*0#D"] as const;

/** The key of a row and a column, by index. */
export function dtmfKey(row: number, column: number): DtmfDigit {
  return layout[row]?.[column] ?? "";
}

/** The pair of a key, or null. */
export function dtmfPair(digit: DtmfDigit): readonly [number, number] | null {
  for (const [row, keys] of layout.entries()) {
    const column = keys.indexOf(digit.toUpperCase());
    const low = dtmfRows[row];
    const high = dtmfColumns[column];
    if (low !== undefined && high !== undefined && digit.length === 1) return [low, high];
  }
  return null;
}

/** The high group goes out 2 dB louder: lines dampen it more (ETSI ES 201 235-2, section 4.2.2). */
const rowLevelDbm0 = -9;
const columnLevelDbm0 = -7;
/** A key sounds at least so long and rests so long (Q.24 asks 40 ms of either). */
const minToneMs = 60;
const pauseMs = 80;
const commaMs = 1000;
/** Soft edges, so that a key does not click. */
const rampSamples = 16;
const frameSamples = 160;

/** The sound of one key at 8 kHz; empty for what is none. */
export function dtmfSamples(digit: DtmfDigit, durationMs: number): Int16Array {
  const pair = dtmfPair(digit);
  if (pair === null) return new Int16Array(0);
  const samples = new Int16Array(Math.round(durationMs * 8));
  const [low, high] = [amplitudeAt(rowLevelDbm0), amplitudeAt(columnLevelDbm0)];
  for (let i = 0; i < samples.length; i++) {
    const edge = Math.min(1, (i + 1) / rampSamples, (samples.length - i) / rampSamples);
    const phase = (2 * Math.PI * i) / 8000;
    samples[i] = Math.round(edge * (low * Math.sin(pair[0] * phase) + high * Math.sin(pair[1] * phase)));
  }
  return samples;
}

/** Digits on their way out as tones, for a party without telephone-event; 20 ms at a time. */
export class DtmfToneTransmission {
  readonly done: () => void;
  readonly #durationMs: number;
  #pieces: Int16Array[] = [];
  #at = 0;

  /** A comma is a pause of a second, what is no key is left out. `done` is for the owner to call at the end. */
  constructor(digits: string, durationMs: number, done: () => void) {
    this.#durationMs = Math.max(minToneMs, Math.min(Math.ceil(durationMs / 20) * 20, 8000));
    this.done = done;
    this.append(digits);
  }

  append(digits: string): void {
    for (const digit of digits.toUpperCase()) {
      if (digit === ",") this.#pieces.push(new Int16Array(commaMs * 8));
      else if (dtmfPair(digit)) {
        this.#pieces.push(dtmfSamples(digit, this.#durationMs), new Int16Array(pauseMs * 8));
      }
    }
  }

  /** What to send now, or null at the end. */
  next(codec: Codec): Uint8Array | null {
    const [piece] = this.#pieces;
    if (piece === undefined) return null;
    const frame = encodeG711(piece.subarray(this.#at, this.#at + frameSamples), codec);
    this.#at += frameSamples;
    if (this.#at >= piece.length) {
      this.#at = 0;
      this.#pieces.shift();
    }
    return frame;
  }
}
