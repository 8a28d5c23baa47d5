import { linearToAlaw, linearToMulaw } from "./g711.ts";
import type { Codec } from "./media-host.ts";
import { frameLength } from "./prompt-cache.ts";

/** Up to here a sum is left alone; what is above is pressed together, so that it never reaches the end of the scale. */
const kneeSample = 24_576;
const fullScale = 32_767;
const nothing = new Int16Array(frameLength);

/** Adds a frame to a sum. */
export function addFrame(sum: Int32Array, frame: Int16Array): void {
  for (let i = 0; i < frameLength; i++) sum[i] = (sum[i] as number) + (frame[i] as number);
}

/** Lets a frame begin (`in`) or end (`out`) without a click. */
export function fadeFrame(frame: Int16Array, direction: "in" | "out"): void {
  for (let i = 0; i < frameLength; i++) {
    const share = (i + 1) / (frameLength + 1);
    frame[i] = Math.round((frame[i] ?? 0) * (direction === "in" ? share : 1 - share));
  }
}

/**
 * A sum, without `own` if given, as bytes of `codec`: one pass, for this is most of a conference's work. The limiter is soft:
 * its slope is 1 at the knee and falls beyond it.
 */
export function encodeMix(sum: Int32Array, own: Int16Array | null, codec: Codec): Uint8Array {
  const out = new Uint8Array(frameLength);
  const minus = own ?? nothing;
  const encode = codec === "PCMA" ? linearToAlaw : linearToMulaw;
  for (let i = 0; i < frameLength; i++) {
    const value = (sum[i] as number) - (minus[i] as number);
    out[i] = encode(value <= kneeSample && value >= -kneeSample ? value : pressed(value));
  }
  return out;
}

function pressed(value: number): number {
  const room = fullScale - kneeSample;
  const over = Math.abs(value) - kneeSample;
  const magnitude = Math.round(kneeSample + room * (1 - Math.exp(-over / room)));
  return value < 0 ? -magnitude : magnitude;
}

/** Mean magnitude of a frame. */
export function frameLevel(frame: Int16Array): number {
  let sum = 0;
  for (let i = 0; i < frameLength; i++) sum += Math.abs(frame[i] as number);
  return sum / frameLength;
}
