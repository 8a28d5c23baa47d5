import { SeededRandom } from "@svara/kernel";
import { describe, expect, it } from "vitest";
import { type AnsweredCall, answeredCalls } from "./answered-calls.ts";
import { CallDetector, type DetectWhat, type Verdict } from "./call-detector.ts";
import { alawToLinear, encodeG711 } from "./g711.ts";
import { anySpeaker, joined, phrase, silence } from "./synthetic-speech.ts";
import { sine } from "./testing.ts";

function verdicts(samples: Int16Array, what: DetectWhat = "answering_machine"): Verdict[] {
  const heard: Verdict[] = [];
  const detector = new CallDetector(what, (verdict) => heard.push(verdict));
  const bytes = encodeG711(samples, "PCMA");
  detector.hear(bytes, 0, bytes.length, alawToLinear);
  detector.timeOut();
  return heard;
}

describe("who answered", () => {
  const calls = answeredCalls(20, 5).filter((call) => !call.hard);
  const judged = calls.map((call) => ({ call, heard: verdicts(call.samples) }));
  const share = (of: (call: AnsweredCall) => boolean, right: (heard: Verdict[]) => boolean): number => {
    const asked = judged.filter(({ call }) => of(call));
    return asked.filter(({ heard }) => right(heard)).length / asked.length;
  };

  it.each(["human", "machine", "fax", "unknown"] as const)(
    "[ME85] is told: %s, nine times of ten",
    (truth) => {
      expect(
        share(
          (call) => call.truth === truth,
          ([first]) => first === truth,
        ),
      ).toBeGreaterThanOrEqual(0.9);
    },
  );

  it("[ME85] is hardly ever said to be a machine when it is a person", () => {
    expect(
      share(
        (call) => call.truth === "human",
        ([first]) => first === "machine",
      ),
    ).toBeLessThanOrEqual(0.03);
  });

  it("[ME86] the beep of a machine is told, once and after the machine", () => {
    expect(
      share(
        (call) => call.beep,
        (heard) => heard.join() === "machine,beep",
      ),
    ).toBeGreaterThanOrEqual(0.9);
    expect(
      share(
        (call) => !call.beep,
        (heard) => heard.includes("beep"),
      ),
    ).toBeLessThanOrEqual(0.02);
  });

  it("[ME84] a fax is known by 1100 Hz for half a second, or by 2100 Hz, also when only a fax is asked for", () => {
    const cng = joined([silence(500), sine(1100, 500, 8000), silence(500)]);
    expect(verdicts(cng, "fax")).toEqual(["fax"]);
    expect(verdicts(joined([silence(500), sine(2100, 3000, 8000)]), "fax")).toEqual(["fax"]);
    expect(verdicts(joined([silence(500), sine(1100, 2000, 8000), silence(500)]), "fax")).toEqual([
      "unknown",
    ]);
    expect(verdicts(joined([silence(500), sine(1000, 500, 8000), silence(500)]), "fax")).toEqual(["unknown"]);
    expect(
      share(
        () => true,
        (heard) => heard.filter((verdict) => verdict !== "beep").length === 1,
      ),
    ).toBe(1);
  });

  it("[ME84] one tone of 1100 Hz after words may be a machine's beep, two in a fax's time are a fax's", () => {
    const call = joined([
      phrase(new SeededRandom(1), anySpeaker(new SeededRandom(2)), 1000),
      silence(300),
      ...[1, 2].flatMap(() => [sine(1100, 500, 8000), silence(3000)]),
    ]);
    expect(verdicts(call.subarray(0, 8 * 2500), "fax")).toEqual(["unknown"]);
    expect(verdicts(call, "fax")).toEqual(["fax"]);
  });

  it("[ME84] no fax is heard in voices", () => {
    const voices = calls.filter((call) => call.truth === "human" || call.truth === "machine");
    expect(voices.filter((call) => verdicts(call.samples, "fax")[0] === "fax")).toEqual([]);
  });
});
