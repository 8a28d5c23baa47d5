import { SeededRandom } from "@svara/kernel";
import { describe, expect, it } from "vitest";
import { espeakSpeech, espeakVoices } from "../tools/espeak.ts";
import { answeredCalls } from "./answered-calls.ts";
import { CallDetector, type Verdict } from "./call-detector.ts";
import { DtmfDetector } from "./dtmf-detector.ts";
import { alawToLinear, encodeG711 } from "./g711.ts";

describe("voices of espeak-ng", () => {
  it("[ME81] press no keys in twenty minutes", () => {
    const random = new SeededRandom(8);
    let hits = "";
    for (let seconds = 0; seconds < 1200; ) {
      const [piece = new Int16Array(8000)] = espeakSpeech(random, 1);
      const bytes = encodeG711(piece, "PCMA");
      new DtmfDetector().hear(bytes, 0, bytes.length, alawToLinear, (digit) => {
        hits += digit;
      });
      seconds += piece.length / 8000;
    }
    expect(hits).toBe("");
  });

  it("[ME85] are told apart: people and machines, nine times of ten", () => {
    const { say } = espeakVoices(new SeededRandom(8), 30);
    const calls = answeredCalls(25, 8, say).filter((call) => !call.hard);
    const first = (samples: Int16Array): Verdict | undefined => {
      const heard: Verdict[] = [];
      const detector = new CallDetector("answering_machine", (verdict) => heard.push(verdict));
      const bytes = encodeG711(samples, "PCMA");
      detector.hear(bytes, 0, bytes.length, alawToLinear);
      detector.timeOut();
      return heard[0];
    };
    for (const truth of ["human", "machine"] as const) {
      const of = calls.filter((call) => call.truth === truth);
      const right = of.filter((call) => first(call.samples) === truth);
      expect(right.length / of.length, truth).toBeGreaterThanOrEqual(0.9);
    }
  });
});
