/**
 * How well keys are heard as tones: `node packages/media/tools/dtmf-table.ts [keys per cell] [minutes of speech]`. Prints the share of keys that
 * were heard exactly once, by level, twist, offset of frequency, length and noise, false presses in noise, and false presses an hour in
 * speech: formant synthesis, and espeak-ng where it is installed.
 */
import { spawnSync } from "node:child_process";
import { SeededRandom } from "@svara/kernel";
import { DtmfDetector } from "../src/dtmf-detector.ts";
import { type Press, pressedKeys } from "../src/dtmf-presses.ts";
import { alawToLinear, encodeG711 } from "../src/g711.ts";
import { anySpeaker, joined, phrase, silence, withNoise } from "../src/synthetic-speech.ts";
import { espeakSpeech } from "./espeak.ts";

const perCell = Number(process.argv[2] ?? 320);
const minutes = Number(process.argv[3] ?? 60);
const digits = "1234567890*#ABCD";

function heard(samples: Int16Array): string {
  const detector = new DtmfDetector();
  const bytes = encodeG711(samples, "PCMA");
  let text = "";
  detector.hear(bytes, 0, bytes.length, alawToLinear, (digit) => {
    text += digit;
  });
  return text;
}

/** Each key alone, so that a miss or a double does not shift the others. */
function rate(press: Press): { right: number; doubled: number } {
  let [right, doubled] = [0, 0];
  for (let n = 0; n < perCell; n++) {
    const digit = digits[n % digits.length] ?? "1";
    const text = heard(pressedKeys(digit, press, n + 1));
    if (text === digit) right++;
    else if (text.length > 1) doubled++;
  }
  return { right: right / perCell, doubled };
}

const cases: readonly (readonly [string, Press])[] = [
  ...[0, -3, -6, -10, -20, -25, -30, -33, -36, -40].map(
    (levelDbm0) => [`level ${levelDbm0} dBm0 a tone`, { levelDbm0 }] as const,
  ),
  ...[5, 4, 2, -2, -4, -6, -8, -9].map((twistDb) => [`twist ${twistDb} dB`, { twistDb }] as const),
  ...[1.5, 1, -1, -1.5, 2, -2, 2.5, 3, 3.5, -3.5].map(
    (percent) => [`frequencies ${percent} % off`, { offset: percent / 100 }] as const,
  ),
  ...[100, 60, 40, 35, 30, 25, 20].map((toneMs) => [`${toneMs} ms long`, { toneMs }] as const),
  ...[25, 20, 15, 12, 10].flatMap((snrDb) =>
    [60, 40].map((toneMs) => [`noise ${snrDb} dB below, ${toneMs} ms`, { snrDb, toneMs }] as const),
  ),
  [
    "worst of all at once: +4 dB, +1.5 %, 40 ms, -30 dBm0, 20 dB",
    { twistDb: 4, offset: 0.015, toneMs: 40, levelDbm0: -30, snrDb: 20 },
  ],
  [
    "worst of all at once: -8 dB, -1.5 %, 40 ms, -25 dBm0, 20 dB",
    { twistDb: -8, offset: -0.015, toneMs: 40, levelDbm0: -25, snrDb: 20 },
  ],
];
for (const [name, press] of cases) {
  const { right, doubled } = rate(press);
  console.log(
    `${name.padEnd(64)}${(100 * right).toFixed(1).padStart(6)} %${doubled > 0 ? `  ${doubled} doubled` : ""}`,
  );
}

const random = new SeededRandom(4);
let [hits, seconds] = ["", 0];
while (seconds < minutes * 60) {
  const speaker = anySpeaker(random);
  const parts = Array.from({ length: 12 }, () => [phrase(random, speaker, 4500), silence(300)]).flat();
  const speech = joined(parts);
  hits += heard(speech);
  seconds += speech.length / 8000;
}
console.log(`\nformant synthesis: ${hits.length} false in ${Math.round(seconds / 60)} minutes of speech`);
let [noiseHits, noiseSeconds] = ["", 0];
for (let n = 0; n < minutes; n++) {
  noiseHits += heard(withNoise(silence(60_000), 500 * (1 + (n % 6)), random));
  noiseSeconds += 60;
}
console.log(`white noise: ${noiseHits.length} false in ${noiseSeconds / 60} minutes`);
if (spawnSync("espeak-ng", ["--version"]).status === 0) {
  let [falsePresses, spoken] = ["", 0];
  while (spoken < minutes * 60) {
    for (const piece of espeakSpeech(random, 40)) {
      falsePresses += heard(piece);
      spoken += piece.length / 8000;
    }
  }
  console.log(
    `espeak-ng: ${falsePresses.length} false (${falsePresses}) in ${Math.round(spoken / 60)} minutes of speech`,
  );
}
