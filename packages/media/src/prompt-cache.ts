import { readFile, stat } from "node:fs/promises";
import type { Clock } from "@svara/kernel";
import { encodeG711, silenceByte } from "./g711.ts";
import { MediaError } from "./media-error.ts";
import type { Codec, PlayItem, ToneCountry } from "./media-host.ts";
import { resample } from "./resample.ts";
import { comfortNoise, toneSamples } from "./tones.ts";
import { readWav } from "./wav.ts";

/** Bytes of G.711 in one 20 ms frame. */
export const frameLength = 160;
/** The longest prompt read: an hour of 48 kHz stereo would not fit, ten minutes do. */
const maxFileBytes = 128 << 20;

/** Sound ready to send, in 20 ms frames of each codec; shared by all who play it, so nobody writes to it. */
export interface Clip {
  readonly frames: Record<Codec, readonly Uint8Array[]>;
  readonly durationMs: number;
}

interface Entry {
  readonly version: string;
  readonly clip: Promise<Clip>;
  bytes: number;
  /** When the file was last asked for its version. */
  lookedAt: number;
}

export interface PromptCacheOptions {
  readonly clock: Clock;
  readonly maxBytes?: number;
  /** A file that was looked at is not asked about again for so long; a busy queue plays the same music hundreds of times a second. */
  readonly trustMs?: number;
}

const DEFAULT_TRUST_MS = 1_000;

/** Clips by file and tone, made once, dropped least recently used beyond `maxBytes`. A file that changed is read anew. */
export class PromptCache {
  readonly #entries = new Map<string, Entry>();
  readonly #clock: Clock;
  readonly #maxBytes: number;
  readonly #trustMs: number;
  #bytes = 0;

  constructor({ clock, maxBytes = 64 << 20, trustMs = DEFAULT_TRUST_MS }: PromptCacheOptions) {
    this.#clock = clock;
    this.#maxBytes = maxBytes;
    this.#trustMs = trustMs;
  }

  /** Errors: `media.prompt_unreadable`. */
  async load(item: PlayItem, country: ToneCountry): Promise<Clip> {
    if ("silenceMs" in item) return this.#get(`silence:${item.silenceMs}`, "", () => silence(item.silenceMs));
    if ("comfortNoiseMs" in item)
      return this.#get(`noise:${item.comfortNoiseMs}`, "", () => noise(item.comfortNoiseMs));
    if ("tone" in item) {
      const key = `tone:${item.tone}:${item.country ?? country}:${item.durationMs ?? ""}`;
      return this.#get(key, "", () =>
        clipOf(toneSamples(item.tone, item.country ?? country, item.durationMs)),
      );
    }
    const path = item.file;
    const key = `file:${path}`;
    const known = this.#entries.get(key);
    if (known && this.#clock.now() - known.lookedAt < this.#trustMs)
      return this.#get(key, known.version, () => known.clip);
    const info = await stat(path).catch((cause: unknown) => {
      throw new MediaError("media.prompt_unreadable", `${path}: cannot be read`, { cause });
    });
    if (info.size > maxFileBytes) {
      throw new MediaError(
        "media.prompt_unreadable",
        `${path}: ${info.size} bytes are too many for a prompt`,
      );
    }
    return this.#get(key, `${info.mtimeMs}:${info.size}`, async () => {
      const sound = readWav(await readFile(path), path);
      return clipOf(resample(sound, 8000).samples);
    });
  }

  async #get(key: string, version: string, make: () => Clip | Promise<Clip>): Promise<Clip> {
    const found = this.#entries.get(key);
    if (found?.version === version) {
      if (this.#clock.now() - found.lookedAt >= this.#trustMs) found.lookedAt = this.#clock.now();
      this.#entries.delete(key); // to the young end
      this.#entries.set(key, found);
      return found.clip;
    }
    if (found) this.#drop(key, found);
    const entry: Entry = {
      version,
      clip: Promise.resolve().then(make),
      bytes: 0,
      lookedAt: this.#clock.now(),
    };
    this.#entries.set(key, entry);
    try {
      const clip = await entry.clip;
      if (this.#entries.get(key) === entry && entry.bytes === 0) {
        entry.bytes = clip.durationMs * 16;
        this.#bytes += entry.bytes;
        this.#trim();
      }
      return clip;
    } catch (error) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw error;
    }
  }

  #trim(): void {
    for (const [key, entry] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#drop(key, entry);
    }
  }

  #drop(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}

/** 8 kHz samples as a clip; the last frame is filled up with silence. */
function clipOf(samples: Int16Array): Clip {
  const count = Math.ceil(samples.length / frameLength);
  const padded = new Int16Array(count * frameLength);
  padded.set(samples);
  const frames = (codec: Codec): Uint8Array[] => {
    const bytes = encodeG711(padded, codec);
    return Array.from({ length: count }, (_, i) => bytes.subarray(i * frameLength, (i + 1) * frameLength));
  };
  return { frames: { PCMA: frames("PCMA"), PCMU: frames("PCMU") }, durationMs: count * 20 };
}

function silence(durationMs: number): Clip {
  const count = Math.ceil(durationMs / 20);
  const frames = (codec: Codec): Uint8Array[] => {
    const frame = new Uint8Array(frameLength).fill(silenceByte(codec));
    return Array.from({ length: count }, () => frame);
  };
  return { frames: { PCMA: frames("PCMA"), PCMU: frames("PCMU") }, durationMs: count * 20 };
}

/** Any length of it is made of the same second. */
function noise(durationMs: number): Clip {
  const second = clipOf(comfortNoise());
  const count = Math.ceil(durationMs / 20);
  const frames = (codec: Codec): Uint8Array[] =>
    Array.from({ length: count }, (_, i) => second.frames[codec][i % 50] as Uint8Array);
  return { frames: { PCMA: frames("PCMA"), PCMU: frames("PCMU") }, durationMs: count * 20 };
}
