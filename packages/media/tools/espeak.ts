import { spawnSync } from "node:child_process";
import type { Random } from "@svara/kernel";
import { resample } from "../src/resample.ts";
import type { Speaker } from "../src/synthetic-speech.ts";
import { readWav } from "../src/wav.ts";

/** What people and machines say when a call is answered, shuffled into any length. */
const lines: readonly (readonly [string, readonly string[]])[] = [
  [
    "en-us",
    [
      "Hello? Who is speaking please?",
      "Good morning, Miller Logistics, this is Anna, how can I help you?",
      "You have reached the voice mail of John Smith, I am not available right now, please leave your name, your number and a short message after the tone and I will call you back as soon as I can",
    ],
  ],
  [
    "en-gb",
    [
      "Hello, Peter here, what can I do for you",
      "Thank you for calling, our office is closed at the moment, our opening hours are Monday to Friday from nine to five, please call again or leave a message",
    ],
  ],
  [
    "sv",
    [
      "Hej, det är Anna, vad kan jag hjälpa till med",
      "Du har kommit till Anders Svensson, jag kan inte svara just nu, lämna ett meddelande efter tonen så ringer jag upp",
    ],
  ],
  [
    "ru",
    [
      "Алло, здравствуйте, слушаю вас",
      "Здравствуйте, вы позвонили в компанию, сейчас никто не может ответить, оставьте сообщение после сигнала",
    ],
  ],
  [
    "uk",
    [
      "Алло, добрий день, слухаю вас уважно",
      "Вітаємо, ви зателефонували до нашої компанії, зараз ніхто не може відповісти, залиште повідомлення після сигналу",
    ],
  ],
];

/** Long pieces of speech at 8 kHz by espeak-ng, in several languages and voices. */
export function espeakSpeech(random: Random, pieces: number): Int16Array[] {
  return Array.from({ length: pieces }, () => {
    const [voice, texts] = lines[Math.floor(random.next() * lines.length)] ?? ["en-us", []];
    const variant =
      random.next() < 0.5
        ? `+f${1 + Math.floor(random.next() * 4)}`
        : `+m${1 + Math.floor(random.next() * 7)}`;
    const speed = String(Math.round(130 + 60 * random.next()));
    const pitch = String(Math.round(35 + 30 * random.next()));
    const text = [...texts, ...texts].join(", ");
    const made = spawnSync("espeak-ng", ["-v", voice + variant, "-s", speed, "-p", pitch, "--stdout", text], {
      maxBuffer: 1 << 26,
    });
    const { samples } = resample(readWav(made.stdout, "espeak-ng"), 8000);
    return samples.map((sample) => Math.round(sample * 0.4));
  });
}

/** A speaker for `answeredCalls`: cuts what espeak-ng says to the length that is wanted. */
export function espeakVoices(
  random: Random,
  pieces: number,
): { readonly say: (random: Random, speaker: Speaker, ms: number) => Int16Array } {
  const all = espeakSpeech(random, pieces);
  return {
    say: (chance, _speaker, ms) => {
      const piece = all[Math.floor(chance.next() * all.length)] ?? new Int16Array(0);
      const length = Math.round(ms * 8);
      const from = Math.floor(chance.next() * Math.max(1, piece.length - length));
      return withoutRests(piece.subarray(from, from + length + 4000), length);
    },
  };
}

/** Cuts longer rests of the reading voice: where rests are is for the scene to say. */
function withoutRests(samples: Int16Array, length: number): Int16Array {
  const kept: number[] = [];
  let quiet = 0;
  for (const sample of samples) {
    quiet = Math.abs(sample) < 150 ? quiet + 1 : 0;
    if (quiet < 1600) kept.push(sample);
  }
  return Int16Array.from(kept.slice(0, length));
}
