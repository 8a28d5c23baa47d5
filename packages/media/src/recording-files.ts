import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { MediaError } from "./media-error.ts";
import { linear, readWavLayout, type WavLayout, wavHeader } from "./wav.ts";

/** Samples read at a time: two seconds of each track. */
const chunkSamples = 16_384;
/** Enough for every header that we write and for those of common editors. */
const headBytes = 4096;

interface OpenTrack {
  readonly file: FileHandle;
  readonly layout: WavLayout;
  /** What is really there: the header of a cut file may lie in both directions. */
  readonly samples: number;
}

/**
 * Makes one stereo WAV (8 kHz, 16 bits) of two tracks, `left` usually the customer and `right` the agent; a shorter track ends in
 * silence. Reads and writes piece by piece. The file appears whole or not at all.
 * Errors: `media.prompt_unreadable` for a track that is no 8 kHz mono WAV.
 */
export async function composeStereo(
  tracks: { readonly left: string; readonly right: string },
  outPath: string,
): Promise<{ readonly durationMs: number; readonly bytes: number }> {
  const temporary = `${outPath}.part`;
  const left = await openTrack(tracks.left);
  try {
    const right = await openTrack(tracks.right);
    try {
      const bytes = await writeStereo(left, right, temporary);
      await rename(temporary, outPath);
      return { durationMs: Math.round(Math.max(left.samples, right.samples) / 8), bytes };
    } finally {
      await right.file.close();
    }
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await left.file.close();
  }
}

/** The loudest sample of each of `buckets` equal spans, 0..1, for drawing a waveform; one row per channel. */
export async function waveformPeaks(
  path: string,
  buckets: number,
): Promise<{ readonly durationMs: number; readonly channels: readonly (readonly number[])[] }> {
  const track = await openWav(path);
  try {
    const { channels, sampleRate } = track.layout;
    const peaks = Array.from({ length: channels }, () => new Float64Array(buckets));
    for (let at = 0; at < track.samples; at += chunkSamples) {
      const samples = await readSamples(track, at, chunkSamples);
      for (let i = 0; i < samples.length; i++) {
        const frame = at + Math.floor(i / channels);
        const bucket = Math.min(buckets - 1, Math.floor((frame * buckets) / track.samples));
        const row = peaks[i % channels] as Float64Array;
        row[bucket] = Math.max(row[bucket] ?? 0, Math.abs(samples[i] ?? 0) / 32_768);
      }
    }
    return {
      durationMs: Math.round((track.samples * 1000) / sampleRate),
      channels: peaks.map((row) => Array.from(row, (peak) => Math.round(peak * 1000) / 1000)),
    };
  } finally {
    await track.file.close();
  }
}

/**
 * Makes the header of a track that a crash cut off agree with its length. Says whether anything had to be done.
 * Errors: `media.prompt_unreadable` when it is not a track of ours.
 */
export async function repairRecording(
  path: string,
): Promise<{ readonly repaired: boolean; readonly durationMs: number }> {
  const file = await open(path, "r+");
  try {
    const { size } = await file.stat();
    const head = await readHead(file);
    const layout = readWavLayout(head, path);
    const dataLength = Math.max(0, size - layout.dataAt);
    const durationMs = Math.round((dataLength * 1000) / layout.sampleRate);
    const right = wavHeader("mulaw", 1, layout.sampleRate, dataLength);
    if (layout.format !== "mulaw" || layout.channels !== 1 || layout.dataAt !== right.length) {
      throw new MediaError("media.prompt_unreadable", `${path}: not a track of a recording`);
    }
    if (head.subarray(0, right.length).equals(right)) return { repaired: false, durationMs };
    await file.write(right, 0, right.length, 0);
    return { repaired: true, durationMs };
  } finally {
    await file.close();
  }
}

async function writeStereo(left: OpenTrack, right: OpenTrack, path: string): Promise<number> {
  const total = Math.max(left.samples, right.samples);
  const header = wavHeader("pcm16", 2, 8000, total * 4);
  const out = await open(path, "w", 0o600);
  try {
    await out.write(header);
    for (let at = 0; at < total; at += chunkSamples) {
      const [l, r] = await Promise.all([
        readSamples(left, at, chunkSamples),
        readSamples(right, at, chunkSamples),
      ]);
      const count = Math.min(chunkSamples, total - at);
      const frames = Buffer.alloc(count * 4);
      for (let i = 0; i < count; i++) {
        frames.writeInt16LE(l[i] ?? 0, i * 4);
        frames.writeInt16LE(r[i] ?? 0, i * 4 + 2);
      }
      await out.write(frames);
    }
  } finally {
    await out.close();
  }
  return header.length + total * 4;
}

async function openTrack(path: string): Promise<OpenTrack> {
  const track = await openWav(path);
  if (track.layout.channels === 1 && track.layout.sampleRate === 8000) return track;
  await track.file.close();
  throw new MediaError("media.prompt_unreadable", `${path}: not 8 kHz mono`);
}

async function openWav(path: string): Promise<OpenTrack> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const head = await readHead(file);
    const layout = readWavLayout(head, path);
    // The head holds only the beginning: the true length is that of the file, or what a later chunk leaves of it.
    const stated = head.readUInt32LE(layout.dataAt - 4);
    const bytes = Math.min(stated, size - layout.dataAt);
    const perFrame = layout.channels * (layout.format === "pcm16" ? 2 : 1);
    return { file, layout, samples: Math.floor(bytes / perFrame) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readHead(file: FileHandle): Promise<Buffer> {
  const buffer = Buffer.alloc(headBytes);
  const { bytesRead } = await file.read(buffer, 0, headBytes, 0);
  return buffer.subarray(0, bytesRead);
}

async function readSamples(track: OpenTrack, at: number, count: number): Promise<Int16Array> {
  const { layout } = track;
  const perFrame = layout.channels * (layout.format === "pcm16" ? 2 : 1);
  const frames = Math.min(count, track.samples - at);
  if (frames <= 0) return new Int16Array(0);
  const buffer = Buffer.alloc(frames * perFrame);
  const { bytesRead } = await track.file.read(buffer, 0, buffer.length, layout.dataAt + at * perFrame);
  return linear(buffer.subarray(0, bytesRead), layout.format);
}
