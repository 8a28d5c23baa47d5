import type { Sound } from "./wav.ts";

/** Zero crossings of the sinc on each side of its centre, at the lower of both rates: about -80 dB beyond the transition. */
const zeroCrossings = 24;
/** Kaiser window shape: 8 gives a stop band of 80 dB (Kaiser 1974). */
const kaiserBeta = 8;
/** The filter's edge in parts of the lower Nyquist frequency: 3.6 kHz at 8 kHz, the telephone band and a little. */
const passband = 0.9;

/**
 * Changes the rate with a Kaiser-windowed sinc (Smith, Digital Audio Resampling, 2002), as a polyphase filter when the
 * ratio of the rates is simple. What lies above the new Nyquist frequency is removed, not folded down.
 */
export function resample(sound: Sound, sampleRate: number): Sound {
  if (sound.sampleRate === sampleRate) return sound;
  const divisor = gcd(sound.sampleRate, sampleRate);
  const up = sampleRate / divisor;
  const down = sound.sampleRate / divisor;
  const phases = Array.from({ length: up }, (_, phase) => taps(phase / up, up, down));
  const input = sound.samples;
  const out = new Int16Array(Math.floor((input.length * up) / down));
  let position = 0; // whole input sample
  let phase = 0; // in 1/up of an input sample
  for (let i = 0; i < out.length; i++) {
    const filter = phases[phase] as Filter;
    let sum = 0;
    const from = position - filter.before;
    for (let k = 0; k < filter.weights.length; k++) sum += (input[from + k] ?? 0) * (filter.weights[k] ?? 0);
    out[i] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
    phase += down;
    position += Math.floor(phase / up);
    phase %= up;
  }
  return { sampleRate, samples: out };
}

interface Filter {
  readonly before: number;
  readonly weights: Float64Array;
}

function taps(offset: number, up: number, down: number): Filter {
  const cutoff = passband * Math.min(1, up / down); // in parts of the input's Nyquist frequency
  const half = Math.ceil(zeroCrossings / Math.min(1, up / down));
  const weights = new Float64Array(2 * half + 1);
  let sum = 0;
  for (let k = 0; k < weights.length; k++) {
    const x = k - half - offset;
    const weight = sinc(cutoff * x) * kaiser(x / (half + 1));
    weights[k] = weight;
    sum += weight;
  }
  for (let k = 0; k < weights.length; k++) weights[k] = (weights[k] ?? 0) / sum; // unity gain for every phase
  return { before: half, weights };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel(kaiserBeta * Math.sqrt(1 - x * x)) / bessel(kaiserBeta);
}

/** Modified Bessel function of the first kind, order 0. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
