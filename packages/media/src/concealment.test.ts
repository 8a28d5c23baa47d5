import { SeededRandom } from "@svara/kernel";
import { describe, expect, it } from "vitest";
import { Concealment, concealedSamples, concealmentHistory } from "./concealment.ts";
import { goertzel, sine } from "./testing.ts";

/** A voiced sound: 125 Hz with falling harmonics. */
function voice(count: number, from = 0, pitchHz = 125): Int16Array {
  return Int16Array.from({ length: count }, (_, i) => {
    let sum = 0;
    for (let h = 1; h <= 8; h++) sum += Math.sin((2 * Math.PI * pitchHz * h * (from + i)) / 8000 + h) / h;
    return Math.round(4000 * sum);
  });
}

const largestStep = (samples: Int16Array): number =>
  samples.reduce((most, s, i) => (i === 0 ? 0 : Math.max(most, Math.abs(s - (samples[i - 1] ?? 0)))), 0);
const rms = (samples: Int16Array): number =>
  Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);

/** `whole` with a gap of `lost` samples at `at`, concealed. */
function conceal(whole: Int16Array, at: number, lost: number): Int16Array {
  const out = whole.slice();
  const concealment = new Concealment();
  concealment.begin(whole.subarray(at - concealmentHistory, at));
  concealment.fill(out, at, lost);
  let from = at + lost;
  while (concealment.release(out, from, 16)) from += 16;
  return out;
}

describe("concealment", () => {
  it("[ME47] goes on with the pitch: one lost packet of a voice is hardly seen", () => {
    const whole = voice(4000);
    const mended = conceal(whole, 2000, 160);
    const error = Int16Array.from(mended, (s, i) => s - (whole[i] ?? 0));
    expect(rms(error.subarray(2000, 2160))).toBeLessThan(rms(whole) * 0.15);
    expect(largestStep(mended)).toBeLessThanOrEqual(largestStep(whole) * 1.15);
  });

  it("[ME47] makes no clicks, whatever is lost where and how long", () => {
    for (const pitchHz of [70, 101, 147, 190]) {
      const whole = voice(6000, 0, pitchHz);
      for (const lost of [1, 79, 80, 160, 320, 480, 800]) {
        for (const at of [1000, 1037, 1111]) {
          const mended = conceal(whole, at, lost);
          expect(largestStep(mended), `${pitchHz} Hz, ${lost} at ${at}`).toBeLessThan(
            largestStep(whole) * 1.5,
          );
        }
      }
    }
  });

  it("[ME47] makes no clicks in tones that are no multiple of anything", () => {
    for (const hz of [137, 440, 1004]) {
      const whole = sine(hz, 500, 8000);
      const mended = conceal(whole, 2003, 480);
      expect(largestStep(mended), `${hz} Hz`).toBeLessThan(largestStep(whole) * 1.6 + 300);
    }
  });

  it("[ME47] keeps its strength for 10 ms, then fades to silence in 60 ms", () => {
    const whole = voice(4000);
    const mended = conceal(whole, 2000, 960);
    const strength = Array.from({ length: 12 }, (_, i) => rms(mended.subarray(2000 + i * 80, 2080 + i * 80)));
    expect((strength[0] ?? 0) / rms(whole)).toBeGreaterThan(0.9);
    for (let i = 1; i < 6; i++) expect(strength[i], `${i}0 ms`).toBeLessThan((strength[i - 1] ?? 0) * 1.02);
    expect((strength[5] ?? 0) / rms(whole)).toBeLessThan(0.2);
    expect(strength.slice(6)).toEqual(Array(6).fill(0));
    expect(concealedSamples).toBe(480);
  });

  it("[ME47] lets the tone of a fax sound on in its frequency", () => {
    const mended = conceal(sine(425, 500, 8000), 2000, 160);
    expect(goertzel(mended.subarray(2000, 2160), 425, 8000)).toBeGreaterThan(0.8);
  });

  it("[ME47] makes no click of a voice that just begins", () => {
    // Twice as loud every 10 ms: the last period is far louder than the one before.
    const whole = Int16Array.from(sine(100, 250, 8000, 12_000), (s, i) =>
      Math.round((s / 2) * 2 ** ((Math.min(i, 1000) - 1000) / 80)),
    );
    const natural = largestStep(whole.subarray(900, 1060));
    for (let at = 960; at < 1060; at += 7) {
      const mended = conceal(whole, at, 400);
      expect(Math.abs((mended[at] ?? 0) - (mended[at - 1] ?? 0)), `at ${at}`).toBeLessThan(natural * 1.6);
      expect(largestStep(mended.subarray(at - 1, at + 400)), `at ${at}`).toBeLessThan(natural * 1.6);
    }
  });

  it("[ME47] does not buzz where there was no pitch: the period changes every 10 ms", () => {
    const random = new SeededRandom(2);
    const whole = Int16Array.from({ length: 2000 }, () => Math.round((random.next() - 0.5) * 8000));
    const mended = conceal(whole, 1000, 480).subarray(1000, 1480);
    const likeness = (lag: number): number => {
      let [product, a, b] = [0, 1, 1];
      for (let i = 80 + lag; i < 400; i++) {
        product += (mended[i] ?? 0) * (mended[i - lag] ?? 0);
        a += (mended[i] ?? 0) ** 2;
        b += (mended[i - lag] ?? 0) ** 2;
      }
      return product / Math.sqrt(a * b);
    };
    for (let lag = 40; lag <= 120; lag++) expect(likeness(lag), `${lag}`).toBeLessThan(0.9);
  });

  it("[ME47] makes silence out of silence", () => {
    expect(conceal(new Int16Array(2000), 1000, 480).every((s) => s === 0)).toBe(true);
  });
});
