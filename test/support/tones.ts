import { goertzel, sine } from "@svara/media/testing";

/** Frequencies that no harmonic of another reaches. */
export const TONES = { customer: 640, agent: 1130, colleague: 1510 } as const;

/** Samples per second of everything on the telephone's side. */
export const TELEPHONE_HZ = 8_000;

/** Beeps of `hz`, 60 ms of silence after each 440 ms: a steady tone would be taken for noise and filtered by a browser. */
export function beeps(hz: number, seconds: number, sampleRate: number): Int16Array {
  const samples = sine(hz, seconds * 1_000, sampleRate);
  for (let i = 0; i < samples.length; i++) {
    if ((i / sampleRate) % 0.5 >= 0.44) samples[i] = 0;
  }
  return samples;
}

/** The greatest share (0..1) of power at `hz` in any `windowMs` of the samples; windows overlap by half. */
export function bestShare(
  samples: Int16Array,
  hz: number,
  sampleRate = TELEPHONE_HZ,
  windowMs = 200,
): number {
  const size = Math.round((windowMs * sampleRate) / 1_000);
  let best = 0;
  for (let at = 0; at + size <= samples.length; at += size / 2) {
    best = Math.max(best, goertzel(samples.subarray(at, at + size), hz, sampleRate));
  }
  return best;
}

/** Milliseconds of the samples in which `hz` holds most of the power, counted in windows of 100 ms. */
export function toneMs(samples: Int16Array, hz: number, sampleRate = TELEPHONE_HZ): number {
  const size = sampleRate / 10;
  let windows = 0;
  for (let at = 0; at + size <= samples.length; at += size) {
    if (goertzel(samples.subarray(at, at + size), hz, sampleRate) > 0.8) windows++;
  }
  return windows * 100;
}

/** A piece of a sound that is loud enough to be recognised. */
const SNIPPET_MS = 300;
/** Beyond this the two are the same but for the telephone's companding. */
const SAME = 0.9;

/** Whether `sound` was heard: a loud piece of it is looked for at every place (normalised cross-correlation). Both at 8 kHz. */
export function contains(heard: Int16Array, sound: Int16Array): boolean {
  const snippet = loudestPiece(sound, (SNIPPET_MS * TELEPHONE_HZ) / 1_000);
  const size = snippet.length;
  const power = sumOfSquares(snippet);
  let heardPower = sumOfSquares(heard.subarray(0, size));
  for (let at = 0; at + size <= heard.length; at++) {
    if (heardPower > power / 4) {
      let product = 0;
      for (let i = 0; i < size; i++) product += (heard[at + i] ?? 0) * (snippet[i] ?? 0);
      if (product > SAME * Math.sqrt(power * heardPower)) return true;
    }
    heardPower += (heard[at + size] ?? 0) ** 2 - (heard[at] ?? 0) ** 2;
  }
  return false;
}

function loudestPiece(sound: Int16Array, size: number): Int16Array {
  let [best, bestAt] = [-1, 0];
  for (let at = 0; at + size <= sound.length; at += size / 4) {
    const power = sumOfSquares(sound.subarray(at, at + size));
    if (power > best) [best, bestAt] = [power, at];
  }
  return sound.subarray(bestAt, bestAt + size);
}

function sumOfSquares(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return sum;
}
