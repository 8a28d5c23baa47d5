import { frameLength } from "./prompt-cache.ts";

/** Up to here a sum is left alone; what is above is pressed together, so that it never reaches the end of the scale. */
const kneeSample = 24_576;
const fullScale = 32_767;

/** Adds a frame to a sum. */
export function addFrame(sum: Int32Array, frame: Int16Array): void {
  for (let i = 0; i < frameLength; i++) sum[i] = (sum[i] ?? 0) + (frame[i] ?? 0);
}

/** Takes a frame out of a sum again. */
export function subtractFrame(sum: Int32Array, frame: Int16Array): void {
  for (let i = 0; i < frameLength; i++) sum[i] = (sum[i] ?? 0) - (frame[i] ?? 0);
}

/** Lets a frame begin (`in`) or end (`out`) without a click. */
export function fadeFrame(frame: Int16Array, direction: "in" | "out"): void {
  for (let i = 0; i < frameLength; i++) {
    const share = (i + 1) / (frameLength + 1);
    frame[i] = Math.round((frame[i] ?? 0) * (direction === "in" ? share : 1 - share));
  }
}

/** A sum as samples: a soft limiter, whose slope is 1 at the knee and falls beyond it. */
export function limited(sum: Int32Array, out: Int16Array): Int16Array {
  for (let i = 0; i < frameLength; i++) {
    const value = sum[i] ?? 0;
    out[i] = value <= kneeSample && value >= -kneeSample ? value : pressed(value);
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
  for (let i = 0; i < frameLength; i++) sum += Math.abs(frame[i] ?? 0);
  return sum / frameLength;
}
