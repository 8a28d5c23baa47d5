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

/** The tones of one network; each turn is a multiple of 20 ms. */
type Network = Readonly<Record<Exclude<ToneName, "beep">, readonly Part[]>>;

/** Sound and silence of `hz`, in turn. */
const cadence = (hz: number, ...ms: number[]): Part[] => ms.map((n, i) => (i % 2 ? off(n) : on(n, hz)));
/** Most of Europe differs in nothing but the cadences. */
const european = (
  ringback: readonly [number, number],
  busy: readonly number[],
  congestion: readonly number[],
  hz = 425,
): Network => ({
  dial: [on(1000, hz)],
  ringback: cadence(hz, ...ringback),
  busy: cadence(hz, ...busy),
  congestion: cadence(hz, ...congestion),
});

/** For a country that is not in the table (CEPT T/CS 20-15). */
const europe = european([1000, 4000], [500, 500], [200, 200]);

/** What a country's network plays (ITU-T E.180, supplement 2). */
const networks = new Map<string, Network>(
  Object.entries({
    AT: european([1000, 5000], [400, 400], [200, 200], 420),
    CH: european([1000, 4000], [500, 500], [200, 200]),
    DE: european([1000, 4000], [480, 480], [240, 240]),
    DK: european([1000, 4000], [500, 500], [200, 200]),
    EE: european([1000, 4000], [300, 300], [200, 200]),
    ES: european([1500, 3000], [200, 200], [200, 200, 200, 200, 200, 600]),
    FI: european([1000, 4000], [300, 300], [200, 200]),
    FR: european([1500, 3500], [500, 500], [250, 250], 440),
    GB: {
      dial: [on(1000, 350, 440)],
      ringback: [on(400, 400, 450), off(200), on(400, 400, 450), off(2000)],
      busy: cadence(400, 375, 375, 375, 375),
      congestion: cadence(400, 400, 350, 225, 525),
    },
    IT: {
      ...european([1000, 4000], [500, 500], [200, 200]),
      dial: cadence(425, 200, 200, 600, 1000),
    },
    LT: european([1000, 4000], [350, 350], [200, 200]),
    LV: european([1000, 4000], [300, 300], [200, 200]),
    NL: european([1000, 4000], [500, 500], [250, 250]),
    NO: european([1000, 4000], [500, 500], [200, 200]),
    PL: european([1000, 4000], [500, 500], [500, 500]),
    RU: european([1000, 4000], [350, 350], [175, 175, 175, 175, 175, 175, 175, 175]),
    SE: european([1000, 5000], [250, 250], [250, 750]),
    UA: european([1000, 4000], [400, 400], [200, 200]),
    US: {
      dial: [on(1000, 350, 440)],
      ringback: [on(2000, 440, 480), off(4000)],
      busy: [on(500, 480, 620), off(500)],
      congestion: [on(250, 480, 620), off(250)],
    },
  }),
);

const beep: readonly Part[] = [on(400, 1000)];

/** Strength of the noise that stands for a line in use: -60 dBm0 (0 dBm0 is a mean of 16 141). */
const comfortRms = 16;

/** Soft noise of a second, always the same. */
export function comfortNoise(): Int16Array {
  let seed = 0x2545_f491;
  return Int16Array.from({ length: 8000 }, () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0;
    return Math.round((seed / 2 ** 31) * comfortRms * Math.sqrt(3));
  });
}

/** Samples at 8 kHz of one turn of the tone, or of `durationMs` of it. */
export function toneSamples(tone: ToneName, country: ToneCountry, durationMs?: number): Int16Array {
  const turn = turnSamples(tone === "beep" ? beep : (networks.get(country.toUpperCase()) ?? europe)[tone]);
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
