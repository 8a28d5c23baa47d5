import { readdirSync, readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { promptCatalogue } from "./prompt-catalogue.ts";

const FOLDER = new URL("../prompts/", import.meta.url);

interface Sound {
  readonly format: number;
  readonly channels: number;
  readonly rate: number;
  readonly samples: Float64Array;
}

/** G.711 mu-law to -1..1 (ITU-T G.711, table 2). */
function linear(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84;
  return (bits & 0x80 ? -magnitude : magnitude) / 32768;
}

function read(path: string): Sound {
  const bytes = readFileSync(new URL(path, FOLDER));
  let format = 0;
  let channels = 0;
  let rate = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const id = bytes.toString("latin1", at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    if (id === "fmt ") {
      format = bytes.readUInt16LE(at + 8);
      channels = bytes.readUInt16LE(at + 10);
      rate = bytes.readUInt32LE(at + 12);
    }
    if (id === "data") {
      const samples = Float64Array.from(bytes.subarray(at + 8, at + 8 + size), linear);
      return { format, channels, rate, samples };
    }
    at += 8 + size + (size & 1);
  }
  throw new Error(`${path} has no data`);
}

const decibels = (x: number): number => 20 * Math.log10(Math.max(x, 1e-9));
const rmsDb = (samples: Float64Array): number =>
  decibels(Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length));
const peakDb = (samples: Float64Array): number =>
  decibels(samples.reduce((max, x) => Math.max(max, Math.abs(x)), 0));

/** Seconds before the first sample above -45 dBFS. */
function leadSec(samples: Float64Array): number {
  const first = samples.findIndex((x) => Math.abs(x) > 0.0056);
  return (first < 0 ? samples.length : first) / 8000;
}

describe("the shipped sounds", () => {
  it("[FL20] are exactly those of the catalogue, as G.711 mu-law at 8 kHz, below 8 MB", () => {
    const shipped = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((f) =>
      f.endsWith(".wav"),
    );
    expect(shipped.sort()).toEqual([...promptCatalogue].sort());
    const total = shipped.reduce((sum, f) => sum + statSync(new URL(f, FOLDER)).size, 0);
    expect(total).toBeLessThan(8_000_000);
    for (const path of promptCatalogue) {
      const { format, channels, rate } = read(path);
      expect({ path, format, channels, rate }).toEqual({ path, format: 7, channels: 1, rate: 8000 });
    }
  });

  it("[FL21] neither clip nor begin or end with silence, and are as loud as they should be", () => {
    for (const path of promptCatalogue) {
      const { samples } = read(path);
      expect(peakDb(samples), path).toBeLessThan(-0.3);
      expect(leadSec(samples), path).toBeLessThan(0.3);
      expect(leadSec(samples.toReversed()), path).toBeLessThan(0.3);
      const level = rmsDb(samples);
      const [least, most] = path.startsWith("music/") ? [-23, -16] : [-19, -14];
      expect(level, path).toBeGreaterThan(least);
      expect(level, path).toBeLessThan(most);
    }
  });

  it.each(["music/default.wav", "music/comfort.wav"])(
    "[FL21] %s runs over its end without a jump",
    (path) => {
      const { samples } = read(path);
      const steps = samples.map((x, i) => Math.abs(x - (samples.at(i - 1) ?? 0)));
      const seam = steps[0] ?? 1;
      const usual = steps.subarray(1).reduce((max, x) => Math.max(max, x), 0);
      expect(seam).toBeLessThanOrEqual(usual);
      expect(Math.abs(rmsDb(samples.subarray(0, 8000)) - rmsDb(samples.subarray(-8000)))).toBeLessThan(6);
    },
  );
});
