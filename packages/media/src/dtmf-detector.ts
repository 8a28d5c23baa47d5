import { dtmfColumns, dtmfKey, dtmfRows } from "./dtmf-tones.ts";
import type { DtmfDigit } from "./media-host.ts";
import { meanSquareAt } from "./tone-level.ts";

/** 12.75 ms: the shortest in which two neighbours of Q.23 can be told apart; half of it is the step. */
const windowSamples = 102;
const stepSamples = 51;
/** A key counts after so many windows in a row: 32 ms of clean tone, so that 40 ms suffice wherever they begin (Q.24). */
const onsetWindows = 4;
/** It is over after so many without it: a pause of 40 ms is seen, one of 10 ms is not (Q.24). */
const releaseWindows = 5;
/** Of the window as a whole; a key at -36 dBm0 for each tone is still heard. */
const minMeanSquare = meanSquareAt(-40);
/** The high group may be louder by 4 dB and softer by 8 dB (Q.24); half a dB for noise. */
const minTwist = 10 ** -0.9;
const maxTwist = 10 ** 0.5;
/** The two tones must be nearly all that is heard. Speech has more. */
const minPurity = 0.85;
/** What the other tones of the same group may have of the strongest, and what the octave above it may have. */
const maxNeighbour = 0.25;
const maxHarmonic = 0.1;
/** Q.24: 1.5 % must be taken, 3.5 % must not. */
const maxDeviation = 0.023;
/** At rest windows are looked at one after the other: without so much of the energy in a row, or in a row and a column, there is no key. */
const minRowShare = 0.12;
const minPairShare = 0.4;
/** So long after the last such sign the detector goes to rest. */
const restAfterWindows = 6;
/** A key's tones are steady: neither changes more than this (a factor of power) from window to window. */
const maxChange = 10 ** 0.25;

/** A tone watched through overlapping windows: its spectral line and, by the turn of its phase, its true frequency. */
class Tone {
  readonly hz: number;
  /** The line as measured, and after `clean` without what leaks in from the tone of the other group. */
  real = 0;
  imaginary = 0;
  rawPower = 0;
  /** Relative deviation from the nominal frequency, since the window before. */
  deviation = 0;
  /** Power as if the tone stood at the middle of its filter; and its change since the window before, as a factor of at least 1. */
  power = 0;
  change = Number.POSITIVE_INFINITY;
  readonly #cos = new Float64Array(windowSamples);
  readonly #sin = new Float64Array(windowSamples);
  readonly #stepPhase: number;
  #phase = 0;
  #phaseWindow = -2;

  constructor(hz: number) {
    this.hz = hz;
    const w = (2 * Math.PI * hz) / 8000;
    this.#stepPhase = w * stepSamples;
    for (let i = 0; i < windowSamples; i++) {
      this.#cos[i] = Math.cos(w * i);
      this.#sin[i] = -Math.sin(w * i);
    }
  }

  measure(samples: Float64Array): void {
    let real = 0;
    let imaginary = 0;
    for (let i = 0; i < windowSamples; i++) {
      const sample = samples[i] ?? 0;
      real += sample * (this.#cos[i] ?? 0);
      imaginary += sample * (this.#sin[i] ?? 0);
    }
    this.real = real;
    this.imaginary = imaginary;
    this.rawPower = real * real + imaginary * imaginary;
  }

  /** The true line, given the other group's strongest as it was measured. */
  clean(other: Tone, leak: Leak, window: number): void {
    const real = this.real - other.real * leak.real + other.imaginary * leak.imaginary;
    const imaginary = this.imaginary - other.real * leak.imaginary - other.imaginary * leak.real;
    const phase = Math.atan2(imaginary, real);
    const turned = phase - this.#phase - this.#stepPhase;
    const error = turned - 2 * Math.PI * Math.round(turned / (2 * Math.PI));
    const follows = window === this.#phaseWindow + 1;
    this.deviation = follows ? (error * 8000) / (2 * Math.PI * stepSamples * this.hz) : 1;
    this.#phase = phase;
    this.#phaseWindow = window;
    const x = (error * windowSamples) / (2 * stepSamples);
    const gain = follows && Math.abs(x) > 1e-9 ? Math.sin(x) / x : 1;
    const power = (real * real + imaginary * imaginary) / (gain * gain);
    this.change = follows ? Math.max(power / this.power, this.power / power) : Number.POSITIVE_INFINITY;
    this.power = power;
  }
}

interface Leak {
  readonly real: number;
  readonly imaginary: number;
}

/** How much of a line at `from` is seen at `to` through our window: sum of e^(j (from - to) n) / N. */
function leakBetween(from: number, to: number): Leak {
  const w = (2 * Math.PI * (from - to)) / 8000;
  let real = 0;
  let imaginary = 0;
  for (let i = 0; i < windowSamples; i++) {
    real += Math.cos(w * i) / windowSamples;
    imaginary += Math.sin(w * i) / windowSamples;
  }
  return { real, imaginary };
}

/** By row and column: what of the column is seen at the row. The other way round it is the conjugate. */
const leaks = dtmfRows.map((row) => dtmfColumns.map((column) => leakBetween(column, row)));

/**
 * Hears keys as tones in the sound (ITU-T Q.23, Q.24) by filters over overlapping windows. Pure: samples in, key presses
 * out. Against speech ("talk-off") a window counts only if its two tones have nearly all the energy, stand where a key's would,
 * are steady, and have no octave above them.
 */
export class DtmfDetector {
  readonly #rows = dtmfRows.map((hz) => new Tone(hz));
  readonly #columns = dtmfColumns.map((hz) => new Tone(hz));
  readonly #window = new Float64Array(windowSamples);
  #filled = 0;
  #windows = 0;
  /** Windows until the rest; 0 at rest. */
  #awake = 0;
  #pending: DtmfDigit = "";
  #run = 0;
  #pressed: DtmfDigit = "";
  #missed = 0;

  /** Takes samples at 8 kHz, through `table` (a G.711 code to a sample); calls back with each key that begins. */
  hear(
    bytes: Uint8Array,
    from: number,
    to: number,
    table: Int16Array,
    pressed: (digit: DtmfDigit) => void,
  ): void {
    for (let i = from; i < to; i++) {
      this.#window[this.#filled++] = table[bytes[i] ?? 0] ?? 0;
      if (this.#filled < windowSamples) continue;
      const mayBeKey = this.#mayBeKey();
      if (mayBeKey) this.#awake = restAfterWindows;
      else if (this.#awake > 0) this.#awake--;
      if (this.#awake === 0) {
        this.#filled = 0;
        this.#windows += 2;
        this.#pressed = "";
        continue;
      }
      this.#windows++;
      const begun = this.#follow(mayBeKey ? this.#judge(this.#window) : "");
      this.#window.copyWithin(0, stepSamples);
      this.#filled = windowSamples - stepSamples;
      if (begun !== "") pressed(begun);
    }
  }

  /** Nearly all sound is told from keys by this alone. */
  #mayBeKey(): boolean {
    let energy = 0;
    for (let i = 0; i < windowSamples; i++) energy += (this.#window[i] ?? 0) ** 2;
    if (energy < minMeanSquare * windowSamples) return false;
    const whole = (energy * windowSamples) / 2;
    let row = 0;
    for (const hz of dtmfRows) row = Math.max(row, powerAt(this.#window, hz));
    if (row < minRowShare * whole) return false;
    return dtmfColumns.some((hz) => row + powerAt(this.#window, hz) > minPairShare * whole);
  }

  /** The key that begins with this window's, or "". */
  #follow(digit: DtmfDigit): DtmfDigit {
    if (this.#pressed !== "") {
      this.#missed = digit === this.#pressed ? 0 : this.#missed + 1;
      if (this.#missed >= releaseWindows) this.#pressed = "";
    }
    this.#run = digit !== "" && digit === this.#pending ? this.#run + 1 : 1;
    this.#pending = digit;
    // The first window of a tone has none before it to compare with.
    if (digit === "" || digit === this.#pressed || this.#run < onsetWindows - 1) return "";
    this.#pressed = digit;
    this.#missed = 0;
    return digit;
  }

  /** The key whose tones fill the window, or "". */
  #judge(samples: Float64Array): DtmfDigit {
    const window = this.#windows;
    let energy = 0;
    for (const sample of samples) energy += sample * sample;
    if (energy < minMeanSquare * windowSamples) return "";
    const row = strongest(this.#rows, samples);
    const column = strongest(this.#columns, samples);
    const low = this.#rows[row];
    const high = this.#columns[column];
    const leak = leaks[row]?.[column];
    if (low === undefined || high === undefined || leak === undefined) return "";
    low.clean(high, leak, window);
    high.clean(low, { real: leak.real, imaginary: -leak.imaginary }, window);
    if (!(Math.abs(low.deviation) < maxDeviation && Math.abs(high.deviation) < maxDeviation)) return "";
    if (low.change > maxChange || high.change > maxChange) return "";
    const twist = high.power / low.power;
    if (twist < minTwist || twist > maxTwist) return "";
    // The line of a sine that fills the window is N/2 times its energy.
    if (2 * (low.power + high.power) < minPurity * energy * windowSamples) return "";
    if (!standsAlone(this.#rows, low, high) || !standsAlone(this.#columns, high, low)) return "";
    // Above 697 with 1336 Hz, and two pairs like it, the column itself stands where the octave would.
    const octaveIsFree = Math.abs(2 * low.hz - high.hz) > 100;
    if (octaveIsFree && powerAt(samples, 2 * low.hz) > maxHarmonic * low.power) return "";
    if (powerAt(samples, 2 * high.hz) > maxHarmonic * high.power) return "";
    return dtmfKey(row, column);
  }
}

function strongest(tones: readonly Tone[], samples: Float64Array): number {
  let best = 0;
  for (const [index, tone] of tones.entries()) {
    tone.measure(samples);
    if (tone.rawPower > (tones[best]?.rawPower ?? 0)) best = index;
  }
  return best;
}

function standsAlone(group: readonly Tone[], tone: Tone, other: Tone): boolean {
  // What the louder group leaks into this one is no neighbour.
  const limit = maxNeighbour * tone.power + 0.02 * other.power;
  return group.every((neighbour) => neighbour === tone || neighbour.rawPower < limit);
}

/** Goertzel's (1958). */
function powerAt(samples: Float64Array, hz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / 8000);
  let s1 = 0;
  let s2 = 0;
  for (let i = 0; i < windowSamples; i++) {
    const s0 = (samples[i] ?? 0) + coefficient * s1 - s2;
    s2 = s1;
    s1 = s0;
  }
  return s1 * s1 + s2 * s2 - coefficient * s1 * s2;
}
