/** Samples of the past that a concealment is made from: three of the longest pitch periods and a quarter (G.711 I.2.1). */
export const concealmentHistory = 390;
/** Pitch periods looked for: 66 to 200 Hz. */
const shortestPitch = 40;
const longestPitch = 120;
/** The span that is compared with itself: 20 ms. */
const matchSamples = 160;
/** Full strength for 10 ms, then a fifth less each 10 ms: silent after 60 ms (G.711, I.2.7). */
const stepSamples = 80;
const fadeSteps = 5;
export const concealedSamples = stepSamples * (fadeSteps + 1);
/** A jump, from what was heard last to what is made or from one loop to the next, is worn off over this many samples. */
const bendSamples = 40;
/** Made sound runs on beneath the real one for 4 ms, and 4 ms more for each 10 ms made, at most 10 ms (G.711, I.2.6). */
const shortestBlend = 32;
const longestBlend = 80;

/**
 * Sound for what was lost, after ITU-T G.711, appendix I (09/1999): the last pitch period goes on, after 10 ms two of
 * them, after 20 ms three, fading to silence in 60 ms. Unlike the appendix it delays nothing: the seam is bent
 * instead of blended. One object serves one gap after the other.
 */
export class Concealment {
  /** The past, with room to blend the ends of its loops. */
  readonly #past = new Int16Array(concealmentHistory);
  readonly #loop = new Float32Array(3 * longestPitch);
  #pitch = 0;
  #periods = 0;
  #at = 0;
  #made = 0;
  #bend = 0;
  #bentAt = 0;
  #blended = 0;
  #blend = 0;

  /** Samples made for the present gap. */
  get made(): number {
    return this.#made;
  }

  /** A gap begins after `past`, the last `concealmentHistory` samples. */
  begin(past: Int16Array): void {
    this.#past.set(past);
    this.#pitch = pitchOf(this.#past);
    this.#made = 0;
    this.#at = 0;
    this.#blended = 0;
    this.#blend = 0;
    this.#lay(1);
    this.#bend =
      (this.#past[concealmentHistory - 1] ?? 0) - (this.#loop[this.#periods * this.#pitch - 1] ?? 0);
    this.#bentAt = 0;
  }

  /** Writes the next `count` made samples to `out` from `from` on. */
  fill(out: Int16Array, from: number, count: number): void {
    for (let i = 0; i < count; i++) out[from + i] = this.#next();
  }

  /** The gap is over: made sound runs out beneath the real samples `out[from..from + count)`. True when it goes on beneath the next. */
  release(out: Int16Array, from: number, count: number): boolean {
    if (this.#blend === 0) {
      const length = shortestBlend + Math.floor(this.#made / stepSamples) * shortestBlend;
      this.#blend = Math.min(longestBlend, length);
    }
    for (let i = 0; i < count && this.#blended < this.#blend; i++) {
      const share = ++this.#blended / (this.#blend + 1);
      out[from + i] = Math.round((out[from + i] ?? 0) * share + this.#next() * (1 - share));
    }
    return this.#blended < this.#blend;
  }

  #next(): number {
    if (this.#made >= concealedSamples) return 0;
    if (this.#made === stepSamples) this.#change(2);
    if (this.#made === 2 * stepSamples) this.#change(3);
    let value = (this.#loop[this.#at] ?? 0) + this.#bendNow();
    if (++this.#at === this.#periods * this.#pitch) this.#at = 0;
    const faded = this.#made - stepSamples;
    if (faded > 0) value *= 1 - faded / (fadeSteps * stepSamples);
    this.#made++;
    return Math.max(-32_768, Math.min(32_767, Math.round(value)));
  }

  #bendNow(): number {
    return this.#bend * Math.max(0, 1 - (this.#made - this.#bentAt) / bendSamples);
  }

  /** Goes on in a longer loop, at the same place of its last period. */
  #change(periods: number): void {
    const due = (this.#loop[this.#at] ?? 0) + this.#bendNow();
    this.#lay(periods);
    this.#at = (this.#at % this.#pitch) + (periods - 1) * this.#pitch;
    this.#bend = due - (this.#loop[this.#at] ?? 0);
    this.#bentAt = this.#made;
  }

  /** Makes a seamless loop of the last `periods` periods: its last quarter period turns into what came before it. */
  #lay(periods: number): void {
    const pitch = this.#pitch;
    const length = periods * pitch;
    const start = concealmentHistory - length;
    const quarter = pitch >> 2;
    for (let i = 0; i < length; i++) {
      const into = i - (length - quarter) + 1;
      const own = this.#past[start + i] ?? 0;
      const before = this.#past[start + i - length] ?? 0;
      this.#loop[i] = into > 0 ? own + ((before - own) * into) / quarter : own;
    }
    this.#periods = periods;
  }
}

/** The period at which the end of `past` is most like what came before, by normalised cross-correlation: coarse, then fine. */
function pitchOf(past: Int16Array): number {
  let best = longestPitch;
  let bestMatch = Number.NEGATIVE_INFINITY;
  const look = (lag: number, step: number): void => {
    const match = likeness(past, lag, step);
    if (match > bestMatch) {
      bestMatch = match;
      best = lag;
    }
  };
  for (let lag = shortestPitch; lag <= longestPitch; lag += 2) look(lag, 2);
  const coarse = best;
  bestMatch = Number.NEGATIVE_INFINITY;
  for (let lag = Math.max(shortestPitch, coarse - 1); lag <= Math.min(longestPitch, coarse + 1); lag++)
    look(lag, 1);
  return best;
}

function likeness(past: Int16Array, lag: number, step: number): number {
  let product = 0;
  let energy = 1;
  for (let i = concealmentHistory - matchSamples; i < concealmentHistory; i += step) {
    const before = past[i - lag] ?? 0;
    product += (past[i] ?? 0) * before;
    energy += before * before;
  }
  return product / Math.sqrt(energy);
}
