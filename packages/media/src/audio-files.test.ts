import { mkdtemp, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock } from "@svara/kernel/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeG711, encodeG711 } from "./g711.ts";
import { PromptCache } from "./prompt-cache.ts";
import { resample } from "./resample.ts";
import { goertzel, sine, toneWav } from "./testing.ts";
import { toneSamples } from "./tones.ts";
import { readWav, wavHeader, writeWav } from "./wav.ts";

/** Level of one frequency against a full-scale sine, in dB. */
function level(samples: Int16Array, hz: number, sampleRate: number): number {
  const power = samples.reduce((sum, s) => sum + s * s, 0) / samples.length;
  return 10 * Math.log10((goertzel(samples, hz, sampleRate) * power) / (32_768 ** 2 / 2) + 1e-12);
}

function power(samples: Int16Array): number {
  return (
    10 * Math.log10(samples.reduce((sum, s) => sum + s * s, 0) / samples.length / (32_768 ** 2 / 2) + 1e-12)
  );
}

const clock = new ManualClock();

describe("resampling", () => {
  it.each([16_000, 44_100, 48_000, 11_025, 6_000])(
    "[ME24] keeps a voice tone of a file at %i Hz",
    (sampleRate) => {
      const out = resample({ sampleRate, samples: sine(1000, 500, sampleRate) }, 8000);
      expect(out.samples.length).toBe(4000);
      const middle = out.samples.subarray(400, 3600);
      expect(goertzel(middle, 1000, 8000)).toBeGreaterThan(0.999);
      expect(Math.abs(level(middle, 1000, 8000) - level(sine(1000, 400, 8000), 1000, 8000))).toBeLessThan(
        0.1,
      );
    },
  );

  it.each([
    [16_000, 7000],
    [44_100, 5000],
    [48_000, 4500],
    [48_000, 15_000],
  ])("[ME24] does not fold down what lies above 4 kHz (%i Hz, tone at %i Hz)", (sampleRate, hz) => {
    const samples = sine(hz, 500, sampleRate, 30_000);
    const out = resample({ sampleRate, samples }, 8000).samples.subarray(400, 3600);
    expect(power(out) - power(samples)).toBeLessThan(-60);
  });
});

describe("a WAV file", () => {
  it("is read as 8 or 16 bits, A-law or mu-law, stereo mixed to mono", () => {
    const tone = sine(500, 100, 8000);
    const head = (tag: number, channels: number, bits: number, data: Buffer): Buffer => {
      const header = wavHeader("pcm16", channels, 8000, data.length);
      header.writeUInt16LE(tag, 20);
      header.writeUInt16LE(bits, 34);
      return Buffer.concat([header, data]);
    };
    const stereo = Buffer.alloc(tone.length * 4);
    tone.forEach((sample, i) => {
      stereo.writeInt16LE(sample, i * 4);
    });
    expect(readWav(writeWav({ sampleRate: 8000, samples: tone }), "x").samples).toEqual(tone);
    expect(readWav(head(1, 2, 16, stereo), "x").samples[4]).toBe(Math.round((tone[4] ?? 0) / 2));
    for (const codec of ["PCMA", "PCMU"] as const) {
      const bytes = Buffer.from(encodeG711(tone, codec));
      const read = readWav(head(codec === "PCMA" ? 6 : 7, 1, 8, bytes), "x").samples;
      expect(read).toEqual(decodeG711(bytes, codec));
    }
    const eight = Buffer.from(Array.from(tone, (s) => (s >> 8) + 128));
    expect(goertzel(readWav(head(1, 1, 8, eight), "x").samples, 500, 8000)).toBeGreaterThan(0.99);
  });

  it("that is none, or of another kind, is refused with its name", () => {
    const good = writeWav({ sampleRate: 8000, samples: sine(500, 20, 8000) });
    const float = Buffer.from(good);
    float.writeUInt16LE(3, 20);
    for (const bytes of [Buffer.from("hello"), good.subarray(0, 30), float, Buffer.alloc(0)]) {
      expect(() => readWav(bytes, "greeting.wav")).toThrow("greeting.wav");
    }
  });
});

describe("tones", () => {
  it("[ME26] are those of the country", () => {
    const parts = (["SE", "US", "UA", "RU"] as const).map((country) => {
      const ring = toneSamples("ringback", country);
      const sounding = ring.findLastIndex((s) => Math.abs(s) > 100) / 8;
      return [
        ring.length / 8,
        Math.round(sounding / 10) * 10,
        goertzel(ring.subarray(0, 8000), 425, 8000) > 0.9,
      ];
    });
    expect(parts).toEqual([
      [6000, 1000, true],
      [6000, 2000, false],
      [5000, 1000, true],
      [5000, 1000, true],
    ]);
    const american = toneSamples("dial", "US");
    expect([350, 440].map((hz) => Math.round(goertzel(american, hz, 8000) * 100))).toEqual([50, 50]);
    expect(toneSamples("busy", "SE").length).toBe(4000);
    expect(goertzel(toneSamples("beep", "SE"), 1000, 8000)).toBeGreaterThan(0.9);
  });

  it("[ME26] have their cadence, and most of Europe's where the country is not known", () => {
    /** Milliseconds of sound and silence in turn, in steps of 5 ms. */
    const cadence = (tone: "ringback" | "busy" | "congestion", country: string): number[] => {
      const samples = toneSamples(tone, country);
      const spans: number[] = [];
      let sounding: boolean | null = null;
      for (let at = 0; at < samples.length; at += 40) {
        const now = samples.subarray(at, at + 40).some((s) => Math.abs(s) > 300);
        if (now === sounding) spans[spans.length - 1] = (spans.at(-1) ?? 0) + 5;
        else spans.push(5);
        sounding = now;
      }
      return spans;
    };
    expect(cadence("ringback", "GB")).toEqual([400, 200, 400, 2000]);
    expect(cadence("congestion", "GB")).toEqual([400, 350, 225, 525]);
    expect(cadence("ringback", "FR")).toEqual([1500, 3500]);
    expect(cadence("congestion", "ES")).toEqual([200, 200, 200, 200, 200, 600]);
    expect(cadence("busy", "DE")).toEqual([480, 480]);
    expect(cadence("ringback", "LV")).toEqual([1000, 4000]);
    for (const tone of ["ringback", "busy", "congestion"] as const) {
      expect(cadence(tone, "XX")).toEqual(cadence(tone, "NO"));
      expect(toneSamples(tone, "constructor")).toEqual(toneSamples(tone, "NO"));
    }
    expect(toneSamples("busy", "se")).toEqual(toneSamples("busy", "SE"));
    expect(goertzel(toneSamples("dial", "FR"), 440, 8000)).toBeGreaterThan(0.99);
    expect(goertzel(toneSamples("busy", "GB").subarray(0, 3000), 400, 8000)).toBeGreaterThan(0.9);
  });

  it("[ME26] of a single sound run on without a break, and last as long as asked", () => {
    const dial = toneSamples("dial", "SE", 2500);
    expect(dial.length).toBe(20_000);
    expect(goertzel(dial, 425, 8000)).toBeGreaterThan(0.999);
  });

  it("[ME26] turn in whole packets", () => {
    const countries = "AT CH DE DK EE ES FI FR GB IT LT LV NL NO PL RU SE UA US none".split(" ");
    for (const country of countries) {
      for (const tone of ["ringback", "busy", "congestion", "dial", "beep"] as const) {
        expect(toneSamples(tone, country).length % 160, `${country} ${tone}`).toBe(0);
      }
    }
  });
});

describe("the prompt cache", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "svara-media-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("[ME27] makes a clip once for all, and anew when the file changes", async () => {
    const cache = new PromptCache({ clock, trustMs: 0 });
    const file = join(folder, "a.wav");
    await toneWav(file, 1000, 1, 16_000);
    const [first, second] = await Promise.all([cache.load({ file }, "SE"), cache.load({ file }, "SE")]);
    expect(second).toBe(first);
    expect(first.durationMs).toBe(1000);
    expect(await cache.load({ tone: "busy" }, "SE")).toBe(
      await cache.load({ tone: "busy", country: "SE" }, "SE"),
    );
    await toneWav(file, 500, 2, 16_000);
    const later = new Date((await stat(file)).mtimeMs + 5000);
    await utimes(file, later, later);
    expect((await cache.load({ file }, "SE")).durationMs).toBe(2000);
  });

  it("[ME27] asks a busy file no more than once a second whether it changed", async () => {
    const cache = new PromptCache({ clock });
    const file = join(folder, "a.wav");
    await toneWav(file, 1000, 1, 16_000);
    const first = await cache.load({ file }, "SE");
    await toneWav(file, 500, 2, 16_000);
    expect(await cache.load({ file }, "SE")).toBe(first);
    clock.advance(1_000);
    expect((await cache.load({ file }, "SE")).durationMs).toBe(2000);
  });

  it("[ME27] forgets what was least used beyond its size", async () => {
    const cache = new PromptCache({ clock, trustMs: 0, maxBytes: 3 * 16_000 });
    const load = async (name: string): Promise<unknown> => {
      const file = join(folder, name);
      await stat(file).catch(() => toneWav(file, 500, 1));
      return cache.load({ file }, "SE");
    };
    const a = await load("a");
    const b = await load("b");
    await load("a");
    await load("c");
    await load("d");
    expect(await load("a")).toBe(a);
    expect(await load("b")).not.toBe(b);
  });

  it("[ME27] reads a file again that could not be read", async () => {
    const cache = new PromptCache({ clock, trustMs: 0 });
    const file = join(folder, "a.wav");
    await writeFile(file, "no wav");
    await expect(cache.load({ file }, "SE")).rejects.toMatchObject({ code: "media.prompt_unreadable" });
    await toneWav(file, 1000, 1);
    expect((await cache.load({ file }, "SE")).durationMs).toBe(1000);
  });
});
