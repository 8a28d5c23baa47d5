import { type Random, SeededRandom } from "@svara/kernel";
import type { Verdict } from "./call-detector.ts";
import { anySpeaker, joined, phrase, type Speaker, silence, withNoise } from "./synthetic-speech.ts";
import { amplitudeAt, meanSquareAt } from "./tone-level.ts";
import { toneSamples } from "./tones.ts";

/** A call that was answered somehow, made by code. */
export interface AnsweredCall {
  readonly name: string;
  readonly truth: Exclude<Verdict, "beep">;
  /** After `machine` there is one. */
  readonly beep: boolean;
  /** Where cadence alone cannot know, or hardly: counted apart. */
  readonly hard: boolean;
  readonly samples: Int16Array;
}

/** How a kind of call sounds; `say` speaks about so many milliseconds. */
type Scene = (random: Random, say: (ms: number) => Int16Array) => Int16Array[];

interface Kind {
  readonly name: string;
  readonly truth: AnsweredCall["truth"];
  readonly beep?: true;
  readonly hard?: true;
  /** Of the line; default -70 to -44. */
  readonly noiseDbm0?: readonly [number, number];
  readonly scene: Scene;
}

const between = (random: Random, from: number, to: number): number => from + (to - from) * random.next();

function tone(hz: number, ms: number, levelDbm0: number): Int16Array {
  const amplitude = amplitudeAt(levelDbm0);
  return Int16Array.from({ length: Math.round(ms * 8) }, (_, i) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hz * i) / 8000)),
  );
}

function anyBeep(random: Random): Int16Array {
  return tone(between(random, 420, 1950), between(random, 180, 900), between(random, -24, -9));
}

function sentences(
  random: Random,
  say: (ms: number) => Int16Array,
  totalMs: number,
  [shortest, longest]: readonly [number, number] = [220, 800],
): Int16Array[] {
  const parts: Int16Array[] = [];
  for (let ms = 0; ms < totalMs; ) {
    const length = Math.min(between(random, 1400, 3400), Math.max(900, totalMs - ms));
    const pause = between(random, shortest, longest);
    parts.push(say(length), silence(pause));
    ms += length + pause;
  }
  return parts;
}

const kinds: readonly Kind[] = [
  {
    name: "person: hello?",
    truth: "human",
    scene: (r, say) => [silence(between(r, 100, 1500)), say(between(r, 250, 700)), silence(4000)],
  },
  {
    name: "person: a name",
    truth: "human",
    scene: (r, say) => [silence(between(r, 100, 1200)), say(between(r, 600, 1100)), silence(4000)],
  },
  {
    name: "person: hello? ... hello?",
    truth: "human",
    scene: (r, say) => [
      silence(between(r, 100, 1000)),
      say(between(r, 250, 500)),
      silence(between(r, 900, 2000)),
      say(400),
      silence(3000),
    ],
  },
  {
    name: "person: a firm's greeting",
    truth: "human",
    scene: (r, say) => [
      silence(between(r, 100, 800)),
      say(between(r, 900, 1800)),
      silence(between(r, 80, 300)),
      say(between(r, 500, 1500)),
      silence(4000),
    ],
  },
  {
    name: "person: hello? after ring-back",
    truth: "human",
    scene: (r, say) => [
      toneSamples("ringback", r.next() < 0.5 ? "SE" : "US", between(r, 1200, 9000)),
      silence(between(r, 200, 900)),
      say(between(r, 300, 900)),
      silence(4000),
    ],
  },
  {
    name: "person: in a noisy place",
    truth: "human",
    hard: true,
    noiseDbm0: [-38, -30],
    scene: (r, say) => [silence(between(r, 300, 1200)), say(between(r, 400, 1200)), silence(4000)],
  },
  {
    name: "person: speaks for 5 to 7 s",
    truth: "human",
    hard: true,
    scene: (r, say) => [
      silence(300),
      ...sentences(r, say, between(r, 5000, 7000), [150, 500]),
      silence(4000),
    ],
  },
  {
    name: "machine: rests of 0.8 to 1.6 s",
    truth: "machine",
    beep: true,
    hard: true,
    scene: (r, say) => [
      silence(between(r, 200, 1200)),
      ...sentences(r, say, between(r, 5000, 9000), [800, 1600]),
      anyBeep(r),
      silence(2000),
    ],
  },
  {
    name: "machine: long greeting, beep",
    truth: "machine",
    beep: true,
    scene: (r, say) => [
      silence(between(r, 200, 1500)),
      ...sentences(r, say, between(r, 5000, 12_000)),
      silence(between(r, 100, 900)),
      anyBeep(r),
      silence(2000),
    ],
  },
  {
    name: "machine: short greeting, beep",
    truth: "machine",
    beep: true,
    scene: (r, say) => [
      silence(between(r, 200, 1200)),
      say(between(r, 2000, 3600)),
      silence(between(r, 200, 1000)),
      anyBeep(r),
      silence(2000),
    ],
  },
  {
    name: "machine: long greeting, no beep",
    truth: "machine",
    scene: (r, say) => [
      silence(between(r, 200, 1500)),
      ...sentences(r, say, between(r, 6000, 9000)),
      silence(4000),
    ],
  },
  {
    name: "fax: called (CED)",
    truth: "fax",
    scene: (r) => [
      silence(between(r, 300, 2500)),
      tone(2100 + between(r, -12, 12), between(r, 2600, 4000), between(r, -30, -10)),
      silence(1000),
    ],
  },
  {
    name: "fax: calling (CNG)",
    truth: "fax",
    scene: (r) => {
      const hz = 1100 + between(r, -35, 35);
      const level = between(r, -30, -10);
      const burst = (): Int16Array => tone(hz, between(r, 430, 570), level);
      return [silence(between(r, 300, 2500)), burst(), silence(3000), burst(), silence(1500)];
    },
  },
  {
    name: "nobody: ring-back goes on",
    truth: "unknown",
    scene: (r) => {
      const country = (["SE", "US", "UA"] as const)[Math.floor(r.next() * 3)] ?? "SE";
      return [toneSamples("ringback", country, 9000)];
    },
  },
  {
    name: "nobody: busy or congestion",
    truth: "unknown",
    scene: (r) => [toneSamples(r.next() < 0.5 ? "busy" : "congestion", r.next() < 0.5 ? "SE" : "US", 6000)],
  },
  {
    name: "nobody: noise",
    truth: "unknown",
    scene: (r) => [withNoise(silence(9000), Math.sqrt(meanSquareAt(between(r, -50, -28))), r)],
  },
  { name: "nobody: silence", truth: "unknown", scene: () => [silence(9000)] },
];

/** Speech by `say`, or by formant synthesis; `perKind` calls of each kind, the same for the same seed. */
export function answeredCalls(
  perKind: number,
  seed: number,
  say?: (random: Random, speaker: Speaker, ms: number) => Int16Array,
): AnsweredCall[] {
  const random = new SeededRandom(seed);
  return kinds.flatMap(({ name, truth, beep = false, hard = false, noiseDbm0 = [-70, -44], scene }) =>
    Array.from({ length: perKind }, () => {
      const speaker = anySpeaker(random);
      const parts = scene(random, (ms) => (say ?? phrase)(random, speaker, ms));
      const noise = Math.sqrt(meanSquareAt(between(random, ...noiseDbm0)));
      return { name, truth, beep, hard, samples: withNoise(joined(parts), noise, random) };
    }),
  );
}
