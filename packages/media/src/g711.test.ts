import { describe, expect, it } from "vitest";
import {
  alawToLinear,
  alawToMulaw,
  decodeG711,
  encodeG711,
  linearToAlaw,
  linearToMulaw,
  mulawToAlaw,
  mulawToLinear,
  silenceByte,
  transcodeInPlace,
} from "./g711.ts";

const codes = Array.from({ length: 256 }, (_, code) => code);

describe("G.711", () => {
  it("[ME1] decodes the corner values of ITU-T G.711 tables 1 and 2", () => {
    expect([0x80, 0xff, 0x00, 0x7f, 0xf0].map((code) => mulawToLinear[code])).toEqual([
      32124, 0, -32124, 0, 120,
    ]);
    expect([0xd5, 0x55, 0xaa, 0x2a, 0x80].map((code) => alawToLinear[code])).toEqual([
      8, -8, 32256, -32256, 5504,
    ]);
  });

  it("[ME1] encodes the reference values", () => {
    expect([0, 32767, -32768, 1000, -1000].map(linearToMulaw)).toEqual([0xff, 0x80, 0x00, 0xce, 0x4e]);
    expect([0, 32767, -32768, 1000, -1000].map(linearToAlaw)).toEqual([0xd5, 0xaa, 0x2a, 0xfa, 0x7a]);
  });

  it("[ME1] gives every code back", () => {
    const mulaw = codes.map((code) => linearToMulaw(mulawToLinear[code] ?? 0));
    // 0x7f is minus zero: it comes back as plus zero
    expect(mulaw).toEqual(codes.map((code) => (code === 0x7f ? 0xff : code)));
    expect(codes.map((code) => linearToAlaw(alawToLinear[code] ?? 0))).toEqual(codes);
  });

  it("[ME1] never errs by more than half a step", () => {
    for (let sample = -32_000; sample <= 32_000; sample += 7) {
      const step = Math.max(16, Math.abs(sample) / 16);
      expect(Math.abs((mulawToLinear[linearToMulaw(sample)] ?? 0) - sample)).toBeLessThanOrEqual(step);
      expect(Math.abs((alawToLinear[linearToAlaw(sample)] ?? 0) - sample)).toBeLessThanOrEqual(step);
    }
  });

  it("[ME2] transcodes as decoding and encoding would", () => {
    const all = Uint8Array.from(codes);
    const there = Uint8Array.from(all);
    transcodeInPlace(there, 0, there.length, "PCMA");
    expect(there).toEqual(encodeG711(decodeG711(all, "PCMA"), "PCMU"));
    expect(there).toEqual(alawToMulaw);
    expect(mulawToAlaw).toEqual(encodeG711(decodeG711(all, "PCMU"), "PCMA"));
    expect(mulawToAlaw[silenceByte("PCMU")]).toBe(silenceByte("PCMA"));
  });
});
