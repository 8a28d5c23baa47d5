import type { Random } from "@svara/kernel";

/** Formants of vowels in Hz (Peterson and Barney 1952, men), to sound like somebody, not like something. */
const vowels = [
  [270, 2290, 3010],
  [390, 1990, 2550],
  [530, 1840, 2480],
  [660, 1720, 2410],
  [730, 1090, 2440],
  [570, 840, 2410],
  [440, 1020, 2240],
  [300, 870, 2240],
  [640, 1190, 2390],
  [490, 1350, 1690],
] as const;
const bandwidths = [70, 110, 170] as const;

export interface Speaker {
  /** Mean pitch: men about 110, women about 200. */
  readonly pitchHz: number;
  /** 1 for a man's tract, about 1.15 for a woman's. */
  readonly formantScale: number;
  /** Root mean square of the voiced parts, of 32 767. */
  readonly level: number;
}

export function anySpeaker(random: Random): Speaker {
  const woman = random.next() < 0.5;
  return {
    pitchHz: (woman ? 200 : 110) * (0.85 + 0.3 * random.next()),
    formantScale: (woman ? 1.15 : 1) * (0.95 + 0.1 * random.next()),
    level: 1200 + 2600 * random.next(),
  };
}

/** Words of one to four syllables with short rests, about as long as asked: 8 kHz samples like speech, by formant synthesis (Klatt 1980). */
export function phrase(random: Random, speaker: Speaker, durationMs: number): Int16Array {
  const parts: Int16Array[] = [];
  let ms = 0;
  const end = durationMs - 60;
  while (ms < end) {
    const syllables = 1 + Math.floor(random.next() * 4);
    for (let i = 0; i < syllables && ms < end; i++) {
      const part = syllable(random, speaker, ms / durationMs);
      parts.push(part);
      ms += part.length / 8;
    }
    if (ms >= end) break;
    const restMs = 20 + 90 * random.next() ** 2;
    parts.push(new Int16Array(Math.round(restMs * 8)));
    ms += restMs;
  }
  return joined(parts);
}

/** Joins sounds end to end. */
export function joined(parts: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function silence(ms: number): Int16Array {
  return new Int16Array(Math.round(ms * 8));
}

/** Adds white noise of that root mean square. */
export function withNoise(samples: Int16Array, rms: number, random: Random): Int16Array {
  return samples.map((sample) => clip(sample + rms * gaussian(random)));
}

/** A consonant, a vowel that glides to another, and its fall. */
function syllable(random: Random, speaker: Speaker, progress: number): Int16Array {
  const consonantMs = 25 + 70 * random.next();
  const vowelMs = 90 + 150 * random.next();
  const consonant = Math.round(consonantMs * 8);
  const length = consonant + Math.round(vowelMs * 8);
  const kind = random.next();
  const from = vowels[Math.floor(random.next() * vowels.length)] ?? vowels[0];
  const to = random.next() < 0.5 ? from : (vowels[Math.floor(random.next() * vowels.length)] ?? from);
  const excitation = new Float64Array(length);
  // Pitch falls over a phrase and bends within a syllable.
  const base = speaker.pitchHz * (1.12 - 0.25 * progress) * (0.94 + 0.12 * random.next());
  const bend = (random.next() - 0.5) * 0.25;
  let phase = random.next();
  for (let i = 0; i < length; i++) {
    const t = i / length;
    const voiced = i >= consonant || kind > 0.7; // the rest are nasals and liquids
    if (voiced) {
      const pitch = base * (1 + bend * t) * (1 + 0.01 * gaussian(random));
      phase += pitch / 8000;
      if (phase >= 1) {
        phase -= 1;
        excitation[i] = 1;
      }
      const onset = Math.min(1, (i - (kind > 0.7 ? 0 : consonant)) / 160, (length - i) / 320);
      excitation[i] = ((excitation[i] ?? 0) * 30 + 0.03 * gaussian(random)) * Math.max(0, onset);
    } else if (kind < 0.35)
      excitation[i] = 0.5 * gaussian(random); // a fricative
    else excitation[i] = i > consonant - 80 ? gaussian(random) : 0; // a stop and its burst
  }
  let shaped = deemphasized(excitation);
  for (const [n, bandwidth] of bandwidths.entries()) {
    shaped = resonated(shaped, (t) => {
      const [a, b] = [from[n] ?? 500, to[n] ?? 500];
      return { hz: Math.min(3700, (a + (b - a) * t) * speaker.formantScale), bandwidth };
    });
  }
  return levelled(shaped, speaker.level * (0.7 + 0.5 * random.next()));
}

function deemphasized(input: Float64Array): Float64Array {
  const out = new Float64Array(input.length);
  let y = 0;
  for (let i = 0; i < input.length; i++) {
    y = (input[i] ?? 0) + 0.86 * y;
    out[i] = y;
  }
  return out;
}

/** A two-pole resonance that moves through the syllable. */
function resonated(
  input: Float64Array,
  at: (t: number) => { readonly hz: number; readonly bandwidth: number },
): Float64Array {
  const out = new Float64Array(input.length);
  let [y1, y2, b, c] = [0, 0, 0, 0];
  for (let i = 0; i < input.length; i++) {
    if (i % 40 === 0) {
      const { hz, bandwidth } = at(i / input.length);
      const r = Math.exp((-Math.PI * bandwidth) / 8000);
      b = 2 * r * Math.cos((2 * Math.PI * hz) / 8000);
      c = -r * r;
    }
    const y = (1 - b - c) * (input[i] ?? 0) + b * y1 + c * y2;
    y2 = y1;
    y1 = y;
    out[i] = y;
  }
  return out;
}

function levelled(input: Float64Array, rms: number): Int16Array {
  let sum = 0;
  for (const value of input) sum += value * value;
  const gain = sum === 0 ? 0 : rms / Math.sqrt(sum / input.length);
  return Int16Array.from(input, (value) => clip(value * gain));
}

function gaussian(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}

function clip(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}
