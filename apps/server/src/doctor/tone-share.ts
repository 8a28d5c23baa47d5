const AUDIBLE_POWER = 100 ** 2; // of a sample, mean: the softest speech
const MULAW_BIAS = 0x84; // ITU-T G.711, table 2a: added before the logarithm

/** The samples of a mono mu-law WAV as the media host records it; none when it has no data. */
export function mulawSamples(file: Buffer): Float64Array {
  const chunk = file.indexOf("data", 12, "latin1");
  if (chunk === -1) return new Float64Array();
  return Float64Array.from(file.subarray(chunk + 8), expand);
}

function expand(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = (((bits & 0x0f) << 3) + MULAW_BIAS) << ((bits & 0x70) >> 4);
  return bits & 0x80 ? MULAW_BIAS - magnitude : magnitude - MULAW_BIAS;
}

/**
 * The share of all power in `samples` that lies at `hz`, 0..1, by Goertzel's algorithm (1958) over blocks of 20 ms, so that a
 * tone that began late or was interrupted counts for as long as it sounded.
 */
export function toneShare(samples: Float64Array, hz: number, sampleRate: number): number {
  const block = Math.round(sampleRate / 50);
  let atTone = 0;
  let all = 0;
  for (let start = 0; start + block <= samples.length; start += block) {
    const part = samples.subarray(start, start + block);
    atTone += goertzelPower(part, hz / sampleRate);
    for (const sample of part) all += sample * sample;
  }
  return all === 0 ? 0 : atTone / all;
}

/** When the tone at `hz` is first heard, in milliseconds from the beginning, to a block of 20 ms; null when it never is. */
export function toneOnsetMs(samples: Float64Array, hz: number, sampleRate: number): number | null {
  const block = Math.round(sampleRate / 50);
  for (let start = 0; start + block <= samples.length; start += block) {
    const part = samples.subarray(start, start + block);
    const all = part.reduce((sum, sample) => sum + sample * sample, 0);
    if (all / block > AUDIBLE_POWER && goertzelPower(part, hz / sampleRate) > all / 2) {
      return (start * 1000) / sampleRate;
    }
  }
  return null;
}

/** Energy of the sine with `cyclesPerSample`, on the scale of the sum of squared samples. */
function goertzelPower(samples: Float64Array, cyclesPerSample: number): number {
  const k = 2 * Math.cos(2 * Math.PI * cyclesPerSample);
  let [s1, s2] = [0, 0];
  for (const sample of samples) [s1, s2] = [sample + k * s1 - s2, s1];
  return (2 * (s1 * s1 + s2 * s2 - k * s1 * s2)) / samples.length;
}
