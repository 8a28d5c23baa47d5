/**
 * Who answered? `node packages/media/tools/detection-matrix.ts [calls of each kind] [seed]` judges a labelled set made by code and prints
 * the confusion matrix, how each kind fared, and how soon the verdict came. Where espeak-ng is installed its voices are judged, too.
 */
import { spawnSync } from "node:child_process";
import { SeededRandom } from "@svara/kernel";
import { type AnsweredCall, answeredCalls } from "../src/answered-calls.ts";
import { CallDetector, type Verdict } from "../src/call-detector.ts";
import { alawToLinear, encodeG711 } from "../src/g711.ts";
import { espeakVoices } from "./espeak.ts";

const perKind = Number(process.argv[2] ?? 100);
const seed = Number(process.argv[3] ?? 1);
const truths = ["human", "machine", "fax", "unknown"] as const;

interface Judged {
  readonly call: AnsweredCall;
  readonly verdict: Verdict;
  readonly atMs: number;
  readonly beep: boolean;
}

function judge(call: AnsweredCall): Judged {
  const bytes = encodeG711(call.samples, "PCMA");
  let [verdict, atMs, at, beep] = [undefined as Verdict | undefined, 0, 0, false];
  const detector = new CallDetector("answering_machine", (said) => {
    if (said === "beep") beep = true;
    else [verdict, atMs] = [said, at / 8];
  });
  for (; at < bytes.length; at += 160)
    detector.hear(bytes, at, Math.min(at + 160, bytes.length), alawToLinear);
  detector.timeOut();
  return { call, verdict: verdict ?? "unknown", atMs, beep };
}

function print(title: string, judged: readonly Judged[]): void {
  console.log(`\n${title}: ${judged.length} calls\n`);
  console.log(["truth \\ verdict", ...truths, "right"].map((word) => word.padEnd(16)).join(""));
  for (const truth of truths) {
    const of = judged.filter(({ call }) => call.truth === truth);
    if (of.length === 0) continue;
    const counts = truths.map((verdict) => of.filter((j) => j.verdict === verdict).length);
    const right = of.filter((j) => j.verdict === truth).length / Math.max(1, of.length);
    console.log([truth, ...counts, percent(right)].map((cell) => String(cell).padEnd(16)).join(""));
  }
  console.log("");
  for (const [name, of] of Map.groupBy(judged, ({ call }) => call.name)) {
    const right = of.filter(({ call, verdict }) => verdict === call.truth);
    const times = right.map(({ atMs }) => atMs).sort((a, b) => a - b);
    const beeps = of.filter(({ call, beep }) => call.beep && beep).length;
    const heard = of[0]?.call.beep ? `, beep heard ${percent(beeps / of.length)}` : "";
    const median = Math.round(times[times.length >> 1] ?? 0);
    console.log(
      `${name.padEnd(34)}${percent(right.length / of.length).padStart(7)}, verdict after ${median} ms${heard}`,
    );
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

const judged = answeredCalls(perKind, seed).map(judge);
print(
  "formant synthesis",
  judged.filter(({ call }) => !call.hard),
);
print(
  "formant synthesis, hard cases",
  judged.filter(({ call }) => call.hard),
);
if (spawnSync("espeak-ng", ["--version"]).status === 0) {
  const voices = espeakVoices(new SeededRandom(seed), 60);
  const calls = answeredCalls(perKind, seed, voices.say).filter(
    (c) => c.truth === "human" || c.truth === "machine",
  );
  const spoken = calls.map(judge);
  print(
    "espeak-ng",
    spoken.filter(({ call }) => !call.hard),
  );
  print(
    "espeak-ng, hard cases",
    spoken.filter(({ call }) => call.hard),
  );
}
