import type { Codec } from "./media-host.ts";

/**
 * G.711 by table (ITU-T G.711, 11/1988). Linear samples are 16-bit signed; the codecs' 13 and 14 bits stand in the upper
 * ones. Silence is `0xd5` in A-law and `0xff` in mu-law.
 */

/** mu-law byte -> linear sample. */
export const mulawToLinear: Int16Array = Int16Array.from({ length: 256 }, (_, code) => decodeMulaw(code));
/** A-law byte -> linear sample. */
export const alawToLinear: Int16Array = Int16Array.from({ length: 256 }, (_, code) => decodeAlaw(code));

// Indexed by the sample's 16 bits read as unsigned: one load per sample on the hot path.
const linearToMulawTable = Uint8Array.from({ length: 65_536 }, (_, bits) => encodeMulaw((bits << 16) >> 16));
const linearToAlawTable = Uint8Array.from({ length: 65_536 }, (_, bits) => encodeAlaw((bits << 16) >> 16));

/** A-law byte -> nearest mu-law byte. */
export const alawToMulaw: Uint8Array = Uint8Array.from(
  alawToLinear,
  (sample) => linearToMulawTable[sample & 0xffff] ?? 0xff,
);
/** mu-law byte -> nearest A-law byte. */
export const mulawToAlaw: Uint8Array = Uint8Array.from(
  mulawToLinear,
  (sample) => linearToAlawTable[sample & 0xffff] ?? 0xd5,
);

/** One linear sample as a mu-law byte. */
export function linearToMulaw(sample: number): number {
  return linearToMulawTable[sample & 0xffff] ?? 0xff;
}

/** One linear sample as an A-law byte. */
export function linearToAlaw(sample: number): number {
  return linearToAlawTable[sample & 0xffff] ?? 0xd5;
}

/** The byte that is silence in `codec`. */
export function silenceByte(codec: Codec): number {
  return codec === "PCMA" ? 0xd5 : 0xff;
}

/** Linear samples -> bytes of `codec`. */
export function encodeG711(samples: Int16Array, codec: Codec): Uint8Array {
  const table = codec === "PCMA" ? linearToAlawTable : linearToMulawTable;
  const out = new Uint8Array(samples.length);
  for (let i = 0; i < samples.length; i++) out[i] = table[(samples[i] ?? 0) & 0xffff] ?? 0;
  return out;
}

/** Bytes of `codec` -> linear samples. */
export function decodeG711(bytes: Uint8Array, codec: Codec): Int16Array {
  const table = codec === "PCMA" ? alawToLinear : mulawToLinear;
  const out = new Int16Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) out[i] = table[bytes[i] ?? 0] ?? 0;
  return out;
}

/** Rewrites `bytes[from..to)` from one codec to the other, in place. */
export function transcodeInPlace(bytes: Uint8Array, from: number, to: number, source: Codec): void {
  const table = source === "PCMA" ? alawToMulaw : mulawToAlaw;
  for (let i = from; i < to; i++) bytes[i] = table[bytes[i] ?? 0] ?? 0;
}

function decodeMulaw(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
  return bits & 0x80 ? -magnitude : magnitude;
}

function decodeAlaw(code: number): number {
  const bits = code ^ 0x55;
  const segment = (bits >> 4) & 7;
  const mantissa = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? mantissa : (mantissa + 0x100) << (segment - 1);
  return bits & 0x80 ? magnitude : -magnitude;
}

function encodeMulaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), 32_635) + 0x84;
  const segment = Math.max(0, 24 - Math.clz32(magnitude)); // magnitude >= 0x84, so bit 7 is the lowest leading one
  return ~(sign | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f)) & 0xff;
}

function encodeAlaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  // One's complement of negative samples keeps the decision levels symmetric, as in the G.191 reference.
  const magnitude = (sample >= 0 ? sample : ~sample) >> 4;
  if (magnitude < 16) return (sign | magnitude) ^ 0x55;
  const segment = 28 - Math.clz32(magnitude);
  return (sign | (segment << 4) | ((magnitude >> (segment - 1)) & 0x0f)) ^ 0x55;
}
