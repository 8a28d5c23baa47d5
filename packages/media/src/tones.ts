import type { ToneCountry, ToneName } from "./media-host.ts";

/** One turn of a cadence: frequencies sounding together for a time, or silence. */
interface Part {
  readonly hz: readonly number[];
  readonly ms: number;
}

const on = (ms: number, ...hz: number[]): Part => ({ hz, ms });
const off = (ms: number): Part => ({ hz: [], ms });

/** About -16 dBm0 for each frequency. */
const amplitude = 4000;
/** Each part fades in and out over this many samples, so that it does not click. */
const rampSamples = 40;

/** What a country's network plays (ITU-T E.180 Supplement 2, 2010). A turn is a multiple of 20 ms. */
const tones: Record<ToneCountry, Record<Exclude<ToneName, "beep">, readonly Part[]>> = {
  SE: {
    dial: [on(1000, 425)],
    ringback: [on(1000, 425), off(5000)],
    busy: [on(250, 425), off(250)],
    congestion: [on(250, 425), off(750)],
  },
  US: {
    dial: [on(1000, 350, 440)],
    ringback: [on(2000, 440, 480), off(4000)],
    busy: [on(500, 480, 620), off(500)],
    congestion: [on(250, 480, 620), off(250)],
  },
  UA: {
    dial: [on(1000, 425)],
    ringback: [on(1000, 425), off(4000)],
    busy: [on(400, 425), off(400)],
    congestion: [on(200, 425), off(200)],
  },
  RU: {
    dial: [on(1000, 425)],
    ringback: [on(1000, 425), off(4000)],
    busy: [on(350, 425), off(350)],
    congestion: [on(175, 425), off(175), on(175, 425), off(175)],
  },
};

const beep: readonly Part[] = [on(400, 1000)];

/** Samples at 8 kHz of one turn of the tone, or of `durationMs` of it. */
export function toneSamples(tone: ToneName, country: ToneCountry, durationMs?: number): Int16Array {
  const turn = turnSamples(tone === "beep" ? beep : tones[country][tone]);
  if (durationMs === undefined) return turn;
  const samples = new Int16Array(Math.round(durationMs * 8));
  for (let at = 0; at < samples.length; at += turn.length) {
    samples.set(turn.subarray(0, Math.min(turn.length, samples.length - at)), at);
  }
  return samples;
}

function turnSamples(parts: readonly Part[]): Int16Array {
  const samples = new Int16Array(parts.reduce((sum, part) => sum + part.ms * 8, 0));
  // A tone without a pause runs on from turn to turn: a fade would be heard as a tick each second.
  const fade = parts.length > 1 || parts[0]?.ms !== 1000;
  let at = 0;
  for (const part of parts) {
    const length = part.ms * 8;
    for (let i = 0; i < length; i++) {
      const edge = fade ? Math.min(1, (i + 1) / rampSamples, (length - i) / rampSamples) : 1;
      let value = 0;
      for (const hz of part.hz) value += Math.sin((2 * Math.PI * hz * i) / 8000);
      samples[at + i] = Math.round(value * amplitude * edge);
    }
    at += length;
  }
  return samples;
}
