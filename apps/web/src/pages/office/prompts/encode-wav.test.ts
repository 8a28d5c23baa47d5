import { expect, test } from "vitest";
import { encodeWav, trimSilence } from "./encode-wav.ts";

test("a WAV of one channel and 16 bits, clipped at full scale", () => {
  const view = new DataView(encodeWav(Float32Array.of(0, 1, -1, 2), 48_000));
  const word = (at: number) =>
    String.fromCharCode(...[0, 1, 2, 3].map((offset) => view.getUint8(at + offset)));
  expect([word(0), word(8), word(36)]).toEqual(["RIFF", "WAVE", "data"]);
  expect(view.getUint32(4, true)).toBe(44 + 8 - 8);
  expect(view.getUint16(22, true)).toBe(1);
  expect(view.getUint32(24, true)).toBe(48_000);
  expect(view.getUint16(34, true)).toBe(16);
  expect([0, 1, 2, 3].map((index) => view.getInt16(44 + index * 2, true))).toEqual([
    0, 32_767, -32_767, 32_767,
  ]);
});

test("silence around the words is cut, the words are not", () => {
  const samples = new Float32Array(100);
  samples[40] = 0.5;
  samples[60] = -0.5;
  const trimmed = trimSilence(samples, 10, 0.5);
  expect(trimmed.length).toBe(21 + 10);
  expect(trimmed[5]).toBe(0.5);
  expect(trimSilence(new Float32Array(10), 10).length).toBe(10);
});
