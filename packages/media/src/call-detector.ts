import { meanSquareAt } from "./tone-level.ts";

/** What answered. `beep` comes only after `machine`. */
export type Verdict = "fax" | "human" | "machine" | "beep" | "unknown";

export type DetectWhat = "fax" | "answering_machine";

/** One look at the sound. */
const frameSamples = 160;
const frameMs = 20;

/** Bins of 50 Hz from 300 to 2500 Hz: one for each whole number of turns in a frame. */
const firstBin = 6;
const lastBin = 50;
const bins = lastBin - firstBin + 1;
/** Hann window: a steady tone falls into three bins, wherever it stands. */
const hann = Float64Array.from(
  { length: frameSamples },
  (_, i) => 1 - Math.cos((2 * Math.PI * i) / frameSamples),
);
const cosines = Array.from({ length: bins }, (_, b) => turns(b + firstBin, Math.cos));
const sines = Array.from({ length: bins }, (_, b) => turns(b + firstBin, Math.sin));

function turns(bin: number, of: (x: number) => number): Float64Array {
  return Float64Array.from({ length: frameSamples }, (_, i) => of((2 * Math.PI * bin * i) / frameSamples));
}

/** What is silence in any case, and how far above the noise floor a voice stands. */
const silentMeanSquare = meanSquareAt(-46);
const voiceOverFloor = 10 ** 0.9;
/** A noise floor is never believed to be above this: a voice that begins at once is none. */
const maxFloor = meanSquareAt(-33);
/** The share of the sound that lies in the strongest lines when it is one tone, or two (ring-back of North America). */
const toneShare = 0.85;
/** How far a tone may wander from frame to frame. */
const steadyHz = 12;

/** CNG: 1100 Hz +- 38 for 0.5 s +- 15 % (ITU-T T.30, section 4.3.3.1.4); with a frame more or less at each end. */
const cng = { hz: 1100, within: 40, minMs: 380, maxMs: 620, periodMs: 3500 } as const;
/** CED: 2100 Hz +- 15 for 2.6 to 4 s (ITU-T T.30, section 4.3.3.2.1), perhaps with reversals (V.8). */
const ced = { hz: 2100, within: 30, minMs: 600 } as const;
/** The beep of a machine. */
const beep = { minHz: 400, maxHz: 2000, minMs: 120, maxMs: 1500 } as const;

/** Voice shorter than this is a click, a rest shorter than this is a stop within a word. */
const minWordMs = 100;
const minPauseMs = 60;
/** A short greeting ("Hello?") and then so long nothing: a person waits. */
const shortGreetingMs = 1200;
const restAfterShortMs = 700;
/** A firm's greeting is longer, and its speaker may draw breath. */
const restAfterLongMs = 1250;
/** Nobody greets that long without waiting for an answer. */
const longestGreetingMs = 4200;
/** So long may a machine take from its first word to its beep. */
const beepWithinMs = 60_000;

/**
 * Who answered: a fax by its tones, a person by a short greeting and a rest, a machine by a long greeting or its beep. By
 * energy and cadence. Pure: samples at 8 kHz in, verdicts out; the first of them is given once, `beep` may follow `machine`.
 *
 *    listening --CNG or CED--> over (fax)
 *    listening --greeting, then a rest--> over (human)
 *    listening --greeting too long, or a beep after words--> awaiting the beep (machine) --beep--> over
 */
export class CallDetector {
  readonly #what: DetectWhat;
  readonly #report: (verdict: Verdict) => void;
  readonly #frame = new Float64Array(frameSamples);
  #filled = 0;
  #state: "listening" | "awaiting_beep" | "over" = "listening";
  #floor = maxFloor;
  /** Least energy of the half second that runs and of the one before. */
  #least: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  #frames = 0;
  #tone = new ToneRun();
  #fax = new ToneRun();
  #sinceCngMs = Number.POSITIVE_INFINITY;
  #restMs = 0;
  #wordMs = 0;
  #words = 0;
  #greetingMs = 0;
  #machineMs = 0;

  constructor(what: DetectWhat, report: (verdict: Verdict) => void) {
    this.#what = what;
    this.#report = report;
  }

  get isOver(): boolean {
    return this.#state === "over";
  }

  /** Nothing could be said in time. */
  timeOut(): void {
    if (this.#state === "listening") this.#end("unknown");
  }

  /** Takes samples through `table` (a G.711 code to a sample). */
  hear(bytes: Uint8Array, from: number, to: number, table: Int16Array): void {
    for (let i = from; i < to && this.#state !== "over"; i++) {
      this.#frame[this.#filled++] = table[bytes[i] ?? 0] ?? 0;
      if (this.#filled < frameSamples) continue;
      this.#filled = 0;
      this.#judge();
    }
  }

  #judge(): void {
    let energy = 0;
    for (const sample of this.#frame) energy += sample * sample;
    energy /= frameSamples;
    const line = energy < silentMeanSquare ? silentLine : spectralLine(this.#frame);
    if (this.#state === "listening" && this.#hearsFax(line)) return;
    const isTone = line.share > toneShare;
    if (this.#what === "fax") {
      if (!isTone && this.#isVoice(energy)) this.#countWord();
      else this.#wordMs = 0;
      return;
    }
    const ended = this.#tone.add(isTone && line.single > toneShare ? line.hz : null);
    if (this.#hearsBeep(ended)) return;
    if (this.#state === "awaiting_beep") {
      this.#machineMs += frameMs;
      if (this.#machineMs > beepWithinMs) this.#state = "over";
      return;
    }
    // While a tone sounds nobody speaks and nobody rests: what it is shows when it ends.
    const voice = this.#isVoice(energy);
    if (!isTone) this.#followVoice(voice);
  }

  #hearsFax(line: SpectralLine): boolean {
    const wanted = line.single > 0.7 ? line.hz : null;
    const ended = this.#fax.add(wanted);
    const calling =
      ended !== null &&
      Math.abs(ended.hz - cng.hz) <= cng.within &&
      ended.ms >= cng.minMs &&
      ended.ms <= cng.maxMs;
    this.#sinceCngMs += frameMs;
    // After words it may be a machine's beep: the next one must come where a fax has it.
    const isCalling = calling && (this.#words === 0 || Math.abs(this.#sinceCngMs - cng.periodMs) < 700);
    if (calling) this.#sinceCngMs = 0;
    const { ms, hz } = this.#fax;
    const answering = ms >= ced.minMs && Math.abs(hz - ced.hz) <= ced.within;
    if (isCalling || answering) this.#end("fax");
    return isCalling || answering;
  }

  #hearsBeep(ended: ToneEnd | null): boolean {
    const isBeep =
      ended !== null &&
      ended.hz >= beep.minHz &&
      ended.hz <= beep.maxHz &&
      ended.ms >= beep.minMs &&
      ended.ms <= beep.maxMs;
    if (!isBeep) return false;
    if (this.#state === "listening") {
      // A tone before any word is the network's, or a person's telephone system.
      if (this.#greetingMs < shortGreetingMs) return false;
      this.#state = "awaiting_beep";
      this.#report("machine");
    }
    this.#end("beep");
    return true;
  }

  #isVoice(energy: number): boolean {
    if (this.#frames++ % 25 === 0) this.#least = [Number.POSITIVE_INFINITY, this.#least[0]];
    this.#least[0] = Math.min(this.#least[0], energy);
    this.#floor = Math.min(maxFloor, Math.max(1, Math.min(...this.#least)));
    return energy > silentMeanSquare && energy > this.#floor * voiceOverFloor;
  }

  /** One frame more of voice; true when with it a word has begun. */
  #countWord(): boolean {
    this.#wordMs += frameMs;
    if (this.#wordMs !== minWordMs) return false;
    this.#words++;
    return true;
  }

  #followVoice(voice: boolean): void {
    if (voice) {
      if (this.#countWord()) {
        this.#greetingMs += this.#restMs < restAfterLongMs && this.#words > 1 ? this.#restMs : 0;
        this.#greetingMs += minWordMs - frameMs;
      }
      if (this.#wordMs >= minWordMs) {
        this.#greetingMs += frameMs;
        this.#restMs = 0;
      }
    } else {
      this.#restMs += frameMs;
      if (this.#restMs >= minPauseMs) this.#wordMs = 0;
    }
    if (this.#words === 0) return;
    if (this.#greetingMs >= longestGreetingMs) {
      this.#state = "awaiting_beep";
      this.#report("machine");
    } else if (this.#restMs >= (this.#greetingMs <= shortGreetingMs ? restAfterShortMs : restAfterLongMs)) {
      this.#end("human");
    }
  }

  #end(verdict: Verdict): void {
    this.#state = "over";
    this.#report(verdict);
  }
}

interface ToneEnd {
  readonly hz: number;
  readonly ms: number;
}

/** A steady tone followed from frame to frame. */
class ToneRun {
  hz = 0;
  ms = 0;
  #gap = 0;

  /** The tone of this frame, or null; returns the tone that has ended with it. */
  add(hz: number | null): ToneEnd | null {
    if (hz !== null && this.ms > 0 && Math.abs(hz - this.hz) <= steadyHz) {
      this.ms += frameMs + this.#gap;
      this.#gap = 0;
      this.hz += (hz - this.hz) / 4;
      return null;
    }
    // One bad frame (a lost packet, a reversal of phase) does not end a tone.
    if (this.ms > 0 && this.#gap === 0) {
      this.#gap = frameMs;
      return null;
    }
    const ended = this.ms > 0 ? { hz: this.hz, ms: this.ms } : null;
    this.hz = hz ?? 0;
    this.ms = hz === null ? 0 : frameMs;
    this.#gap = 0;
    return ended;
  }
}

interface SpectralLine {
  readonly hz: number;
  /** Of the energy, in the strongest line; and in the two strongest. */
  readonly single: number;
  readonly share: number;
}

const silentLine: SpectralLine = { hz: 0, single: 0, share: 0 };
const powers = new Float64Array(bins);
const windowed = new Float64Array(frameSamples);

function spectralLine(frame: Float64Array): SpectralLine {
  let energy = 0;
  for (let i = 0; i < frameSamples; i++) {
    const sample = (frame[i] ?? 0) * (hann[i] ?? 0);
    windowed[i] = sample;
    energy += sample * sample;
  }
  for (let b = 0; b < bins; b++) {
    const [cosine, sine] = [cosines[b], sines[b]] as const;
    let real = 0;
    let imaginary = 0;
    for (let i = 0; i < frameSamples; i++) {
      real += (windowed[i] ?? 0) * (cosine?.[i] ?? 0);
      imaginary += (windowed[i] ?? 0) * (sine?.[i] ?? 0);
    }
    powers[b] = (2 * (real * real + imaginary * imaginary)) / frameSamples;
  }
  const first = strongestLine(energy, -9);
  const second = strongestLine(energy, first.bin);
  return { hz: first.hz, single: first.share, share: first.share + second.share };
}

/** The strongest three neighbours away from `except`, with the tone's place between them. */
function strongestLine(energy: number, except: number): { bin: number; hz: number; share: number } {
  let bin = -1;
  for (let b = 1; b < bins - 1; b++) {
    if (Math.abs(b - except) > 2 && (bin < 0 || (powers[b] ?? 0) > (powers[bin] ?? 0))) bin = b;
  }
  const [before = 0, at = 0, after = 0] = [powers[bin - 1], powers[bin], powers[bin + 1]];
  // Hann: a tone d bins off shows amplitudes in the ratio (1 + d) / (2 - d) to its louder neighbour.
  const ratio = Math.sqrt(Math.max(before, after) / Math.max(at, 1e-9));
  const distance = (2 * ratio - 1) / (1 + ratio);
  const hz = (bin + firstBin + (after > before ? distance : -distance)) * 50;
  return { bin, hz, share: energy === 0 ? 0 : (before + at + after) / energy };
}
