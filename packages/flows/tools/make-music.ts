import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { musicPath } from "../src/prompt-catalogue.ts";

/*
 * Synthesises music on hold, comfort music and the beep: `node packages/flows/tools/make-music.ts`. Written here, so free
 * of anybody's rights. Every voice is laid into a ring, tails running over the end into the beginning: the loop has no seam.
 */

const RATE = 8000;
const OUT = fileURLToPath(new URL("../prompts/", import.meta.url));
/** Partials above this would not pass the telephone. */
const BAND_HZ = 3300;

interface Voice {
  /** Relative strength of the partials 1, 2, 3 ... */
  readonly partials: readonly number[];
  readonly attackSec: number;
  /** Time in which the sound falls to 37 %; the pad holds instead. */
  readonly decaySec: number;
  readonly holds: boolean;
}

const PAD: Voice = { partials: [1, 0.42, 0.2, 0.1, 0.05], attackSec: 0.9, decaySec: 1.1, holds: true };
const KEYS: Voice = { partials: [1, 0.35, 0.12, 0.16, 0.05], attackSec: 0.012, decaySec: 0.9, holds: false };
const BELL: Voice = { partials: [1, 0, 0.18, 0, 0.06], attackSec: 0.008, decaySec: 1.6, holds: false };

/** Frequencies by MIDI number, A4 = 69 = 440 Hz. */
const hertz = (midi: number): number => 440 * 2 ** ((midi - 69) / 12);

class Loop {
  readonly #ring: Float64Array;

  constructor(seconds: number) {
    this.#ring = new Float64Array(Math.round(seconds * RATE));
  }

  note(voice: Voice, midi: number, fromSec: number, lengthSec: number, level: number): void {
    const total = voice.holds ? lengthSec + 4 * voice.decaySec : 6 * voice.decaySec;
    const start = Math.round(fromSec * RATE);
    for (let i = 0; i < total * RATE; i++) {
      const t = i / RATE;
      const at = (start + i) % this.#ring.length;
      this.#ring[at] = (this.#ring[at] ?? 0) + level * envelope(voice, t, lengthSec) * timbre(voice, midi, t);
    }
  }

  /** Sixteen-bit samples at this loudness. */
  samples(rmsDb: number): Int16Array {
    const power = this.#ring.reduce((sum, x) => sum + x * x, 0) / this.#ring.length;
    const scale = (10 ** (rmsDb / 20) / Math.sqrt(power)) * 32767;
    return Int16Array.from(this.#ring, (x) => Math.max(-32000, Math.min(32000, Math.round(x * scale))));
  }
}

function envelope(voice: Voice, t: number, lengthSec: number): number {
  const rise = t < voice.attackSec ? 0.5 - 0.5 * Math.cos((Math.PI * t) / voice.attackSec) : 1;
  const fallen = voice.holds ? Math.max(0, t - lengthSec) : t;
  return rise * Math.exp(-fallen / voice.decaySec);
}

function timbre(voice: Voice, midi: number, t: number): number {
  let sum = 0;
  voice.partials.forEach((strength, i) => {
    const f = hertz(midi) * (i + 1);
    // two strings, a hair apart: a slow beat instead of an organ
    if (f < BAND_HZ)
      sum += strength * (Math.sin(2 * Math.PI * f * t) + Math.sin(2 * Math.PI * f * 1.0015 * t));
  });
  return sum / 2;
}

/** Chords of four bars each, close voicings above the telephone's lower edge (C4 = 60). */
const CHORDS = {
  C: [60, 64, 67, 71],
  Am: [60, 64, 67, 69],
  F: [60, 65, 69, 76],
  G: [62, 67, 71, 74],
  Dm: [62, 65, 69, 72],
  Em: [59, 64, 67, 74],
} as const;

const BARS: readonly (keyof typeof CHORDS)[] = [
  ...(["C", "Am", "F", "G", "C", "Em", "F", "G"] as const),
  ...(["Am", "Em", "F", "C", "Dm", "G", "C", "G"] as const),
  ...(["C", "Am", "Dm", "G", "F", "G", "Am", "G"] as const),
];
const BAR_SEC = 3;

/** A tune over the bars: MIDI number and beat (quarters of a bar) of each note; null bars rest. */
const TUNE: readonly (readonly (readonly [number, number])[] | null)[] = [
  [
    [76, 0],
    [79, 1.5],
  ],
  [
    [76, 0],
    [72, 2],
  ],
  [
    [77, 0],
    [76, 1],
    [72, 2],
  ],
  [[74, 0]],
  [
    [76, 0],
    [79, 1.5],
  ],
  [
    [83, 0],
    [79, 2],
  ],
  [
    [81, 0],
    [77, 1.5],
    [76, 2.5],
  ],
  [
    [74, 0],
    [71, 2],
  ],
  null,
  [
    [79, 1],
    [76, 2],
  ],
  [
    [77, 0],
    [72, 2],
  ],
  [[76, 0]],
  null,
  [
    [74, 1],
    [79, 2],
  ],
  [
    [76, 0],
    [72, 1.5],
  ],
  [[74, 0]],
  [
    [79, 0],
    [76, 1.5],
    [72, 2.5],
  ],
  [
    [72, 0],
    [76, 2],
  ],
  [
    [77, 0],
    [81, 1.5],
  ],
  [
    [79, 0],
    [74, 2],
  ],
  [
    [81, 0],
    [77, 1.5],
    [72, 2.5],
  ],
  [
    [74, 0],
    [79, 2],
  ],
  [
    [76, 0],
    [72, 2],
  ],
  [[74, 0]],
];

function onHold(): Int16Array {
  const loop = new Loop(BARS.length * BAR_SEC);
  BARS.forEach((name, bar) => {
    const start = bar * BAR_SEC;
    const chord = CHORDS[name];
    for (const midi of chord) loop.note(PAD, midi, start, BAR_SEC - 0.6, 0.16);
    // broken chord in eighths, up and down
    const figure = [0, 1, 2, 3, 2, 1, 2, 1];
    figure.forEach((degree, i) => {
      const accent = i % 4 === 0 ? 0.2 : 0.13;
      loop.note(KEYS, chord[degree] ?? chord[0], start + (i * BAR_SEC) / 8, 0, accent);
    });
    for (const [midi, beat] of TUNE[bar] ?? []) loop.note(BELL, midi, start + (beat * BAR_SEC) / 4, 0, 0.34);
  });
  return loop.samples(-20);
}

/** Plainly not the queue's music: slow chords and a bell, "somebody is still here". */
function comfort(): Int16Array {
  const bars = ["F", "C", "Dm", "Am", "F", "C", "G", "C"] as const;
  const loop = new Loop(bars.length * 4);
  bars.forEach((name, bar) => {
    const chord = CHORDS[name];
    for (const midi of chord) loop.note(PAD, midi, bar * 4, 3.2, 0.2);
    loop.note(BELL, (chord[bar % 4] ?? 60) + 12, bar * 4 + 1, 0, 0.2);
    loop.note(BELL, (chord[(bar + 2) % 4] ?? 60) + 12, bar * 4 + 2.5, 0, 0.14);
  });
  return loop.samples(-22);
}

/** 250 ms of 1 kHz with soft edges. */
function beep(): Int16Array {
  const length = RATE / 4;
  const edge = RATE / 100;
  return Int16Array.from({ length }, (_, i) => {
    const fade = Math.min(1, i / edge, (length - 1 - i) / edge);
    return Math.round(6500 * fade * Math.sin((2 * Math.PI * 1000 * i) / RATE));
  });
}

function write(samples: Int16Array, path: string): void {
  const raw = ["-t", "raw", "-r", String(RATE), "-e", "signed", "-b", "16", "-c", "1", "-"];
  execFileSync("sox", ["-D", ...raw, "-e", "mu-law", "-b", "8", join(OUT, path)], {
    input: new Uint8Array(samples.buffer),
  });
}

mkdirSync(join(OUT, "music"), { recursive: true });
write(onHold(), musicPath("default"));
write(comfort(), musicPath("comfort"));
write(beep(), musicPath("beep"));
