const HEADER_BYTES = 44;

/*
 *  0 "RIFF" | 4 size of the rest | 8 "WAVE"
 * 12 "fmt " | 16 size 16 | 20 format 1 (PCM) | 22 channels 1 | 24 rate | 28 bytes a second | 32 block | 34 bits 16
 * 36 "data" | 40 bytes | 44 samples, little-endian
 */

/** Samples in [-1, 1] as a WAV file: PCM, 16 bit, one channel. */
export function encodeWav(samples: Float32Array, sampleRateHz: number): ArrayBuffer {
  const bytes = new ArrayBuffer(HEADER_BYTES + samples.length * 2);
  const view = new DataView(bytes);
  const text = (at: number, word: string): void => {
    for (let index = 0; index < word.length; index++) view.setUint8(at + index, word.charCodeAt(index));
  };
  text(0, "RIFF");
  view.setUint32(4, HEADER_BYTES - 8 + samples.length * 2, true);
  text(8, "WAVE");
  text(12, "fmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, samples.length * 2, true);
  for (const [index, sample] of samples.entries()) {
    const clipped = Math.max(-1, Math.min(1, sample));
    view.setInt16(HEADER_BYTES + index * 2, Math.round(clipped * 32_767), true);
  }
  return bytes;
}

/** Without the silence before the first and after the last word, but for `marginS` on both sides. */
export function trimSilence(samples: Float32Array, sampleRateHz: number, marginS = 0.2): Float32Array {
  const threshold = 0.01; // -40 dB of full scale: above a quiet room, below a whisper
  let first = 0;
  while (first < samples.length && Math.abs(samples[first] ?? 0) < threshold) first++;
  if (first === samples.length) return samples;
  let last = samples.length - 1;
  while (last > first && Math.abs(samples[last] ?? 0) < threshold) last--;
  const margin = Math.round(marginS * sampleRateHz);
  return samples.slice(Math.max(0, first - margin), Math.min(samples.length, last + margin + 1));
}
