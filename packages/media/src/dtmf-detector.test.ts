import { SeededRandom } from "@svara/kernel";
import { describe, expect, it } from "vitest";
import { DtmfDetector } from "./dtmf-detector.ts";
import { type Press, pressedKeys } from "./dtmf-presses.ts";
import { DtmfToneTransmission, dtmfSamples } from "./dtmf-tones.ts";
import { alawToLinear, encodeG711, mulawToLinear } from "./g711.ts";
import { anySpeaker, joined, phrase, silence } from "./synthetic-speech.ts";
import { meanSquareAt } from "./tone-level.ts";

const digits = "1234567890*#ABCD";

function heard(samples: Int16Array, codec: "PCMA" | "PCMU" = "PCMA"): string {
  const detector = new DtmfDetector();
  const bytes = encodeG711(samples, codec);
  let text = "";
  const table = codec === "PCMA" ? alawToLinear : mulawToLinear;
  for (let at = 0; at < bytes.length; at += 160) {
    detector.hear(bytes, at, Math.min(at + 160, bytes.length), table, (digit) => {
      text += digit;
    });
  }
  return text;
}

describe("keys as tones", () => {
  it.each([
    ["as usual", {}],
    ["40 ms long, 40 ms apart", { toneMs: 40, pauseMs: 40 }],
    ["at 0 dBm0, both together", { levelDbm0: -3 }],
    ["at -36 dBm0", { levelDbm0: -36 }],
    ["with the high tone 4 dB louder", { twistDb: 4 }],
    ["with the high tone 8 dB softer", { twistDb: -8 }],
    ["1.5 % too high", { offset: 0.015 }],
    ["1.5 % too low", { offset: -0.015 }],
    ["15 dB above the noise", { snrDb: 15 }],
  ] satisfies [string, Press][])("[ME80] are heard %s", (_name, press) => {
    const text = digits.repeat(5);
    expect(heard(pressedKeys(text, press))).toBe(text);
    expect(heard(pressedKeys(digits, press, 2), "PCMU")).toBe(digits);
  });

  it.each([
    ["20 ms long", { toneMs: 20 }],
    ["with the high tone 7 dB louder", { twistDb: 7 }],
    ["with the high tone 12 dB softer", { twistDb: -12 }],
    ["3.5 % too high", { offset: 0.035 }],
    ["3.5 % too low", { offset: -0.035 }],
    ["at -55 dBm0", { levelDbm0: -55 }],
  ] satisfies [string, Press][])("[ME80] are not heard %s", (_name, press) => {
    expect(heard(pressedKeys(digits, press))).toBe("");
  });

  it("[ME80] are one press across a drop-out of 10 ms, and two across a pause of 40 ms", () => {
    const tone = (ms: number): Int16Array => dtmfSamples("5", ms);
    expect(heard(joined([tone(60), silence(8), tone(60), silence(60)]))).toBe("5");
    expect(heard(joined([tone(60), silence(40), tone(60), silence(60)]))).toBe("55");
  });

  it("[ME81] are not heard in five minutes of speech", () => {
    const random = new SeededRandom(20);
    let hits = "";
    for (let minute = 0; minute < 5; minute++) {
      const parts: Int16Array[] = [];
      const speaker = anySpeaker(random);
      for (let i = 0; i < 12; i++) parts.push(phrase(random, speaker, 4500), silence(300));
      hits += heard(joined(parts));
    }
    expect(hits).toBe("");
  });

  it("[ME82] leave us at -9 and -7 dBm0 with pauses between them, and are what the detector hears", () => {
    const sending = new DtmfToneTransmission("15x*,D", 100, () => {});
    const frames: Uint8Array[] = [];
    for (let frame = sending.next("PCMU"); frame; frame = sending.next("PCMU")) frames.push(frame);
    expect(frames).toHaveLength(4 * 9 + 50);
    const samples = Int16Array.from(Buffer.concat(frames), (byte) => mulawToLinear[byte] ?? 0);
    expect(heard(samples)).toBe("15*D");
    const [tone] = [dtmfSamples("1", 100).subarray(80, 720)];
    const square = tone.reduce((sum, s) => sum + s * s, 0) / tone.length;
    expect(10 * Math.log10(square / (meanSquareAt(-9) + meanSquareAt(-7)))).toBeCloseTo(0, 0);
  });
});
