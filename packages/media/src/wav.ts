import { decodeG711 } from "./g711.ts";
import { MediaError } from "./media-error.ts";

/*
 * RIFF WAVE (Microsoft and IBM, 1991): "RIFF" size "WAVE", then chunks of id, size (little-endian), data.
 * fmt: format tag, channels, rate, bytes a second, block align, bits a sample; 1 PCM, 6 A-law, 7 mu-law, 0xfffe: the tag
 * stands in the extension.
 */

const pcm = 1;
const alaw = 6;
const mulaw = 7;
const extensible = 0xfffe;

/** Audio in memory: mono, 16-bit. */
export interface Sound {
  readonly sampleRate: number;
  readonly samples: Int16Array;
}

/** Where the sound lies in a WAV file. */
export interface WavLayout {
  readonly format: "pcm16" | "pcm8" | "alaw" | "mulaw";
  readonly channels: number;
  readonly sampleRate: number;
  readonly dataAt: number;
  /** As the header says; a cut file may hold less. */
  readonly dataLength: number;
}

/** Reads the chunks before the data; `name` is for the error. Errors: `media.prompt_unreadable`. */
export function readWavLayout(file: Buffer, name: string): WavLayout {
  const refuse = (why: string): never => {
    throw new MediaError("media.prompt_unreadable", `${name}: ${why}`);
  };
  if (file.toString("latin1", 0, 4) !== "RIFF" || file.toString("latin1", 8, 12) !== "WAVE") {
    return refuse("not a WAV file");
  }
  let layout: Omit<WavLayout, "dataAt" | "dataLength"> | null = null;
  let at = 12;
  while (at + 8 <= file.length) {
    const id = file.toString("latin1", at, at + 4);
    const length = file.readUInt32LE(at + 4);
    const body = at + 8;
    if (id === "fmt " && body + 16 <= file.length) {
      const tag = file.readUInt16LE(body);
      const real = tag === extensible && body + 26 <= file.length ? file.readUInt16LE(body + 24) : tag;
      const bits = file.readUInt16LE(body + 14);
      const format = formatOf(real, bits) ?? refuse(`format ${real} with ${bits} bits is not supported`);
      const channels = file.readUInt16LE(body + 2);
      const sampleRate = file.readUInt32LE(body + 4);
      if (channels < 1 || sampleRate < 4000 || sampleRate > 192_000) {
        return refuse(`${channels} channels at ${sampleRate} Hz`);
      }
      layout = { format, channels, sampleRate };
    } else if (id === "data") {
      if (layout === null) return refuse("no fmt chunk before the data");
      return { ...layout, dataAt: body, dataLength: Math.min(length, file.length - body) };
    }
    at = body + length + (length & 1);
  }
  return refuse("no data chunk");
}

/** A whole WAV file as mono. Errors: `media.prompt_unreadable`. */
export function readWav(file: Buffer, name: string): Sound {
  const layout = readWavLayout(file, name);
  const { channels } = layout;
  const all = linear(file.subarray(layout.dataAt, layout.dataAt + layout.dataLength), layout.format);
  if (channels === 1) return { sampleRate: layout.sampleRate, samples: all };
  const samples = new Int16Array(Math.floor(all.length / channels));
  for (let i = 0; i < samples.length; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += all[i * channels + c] ?? 0;
    samples[i] = Math.round(sum / channels);
  }
  return { sampleRate: layout.sampleRate, samples };
}

/** Length of the headers that `wavHeader` writes. */
export function wavHeaderLength(format: "pcm16" | "mulaw"): number {
  return format === "pcm16" ? 44 : 58;
}

/** A header for `dataLength` bytes. Other formats than PCM have a fact chunk with the number of samples. */
export function wavHeader(
  format: "pcm16" | "mulaw",
  channels: number,
  sampleRate: number,
  dataLength: number,
): Buffer {
  const header = Buffer.alloc(wavHeaderLength(format));
  const bytesPerSample = format === "pcm16" ? 2 : 1;
  const fmtLength = format === "pcm16" ? 16 : 18;
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(header.length - 8 + dataLength + (dataLength & 1), 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(fmtLength, 16);
  header.writeUInt16LE(format === "pcm16" ? pcm : mulaw, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * channels * bytesPerSample, 28);
  header.writeUInt16LE(channels * bytesPerSample, 32);
  header.writeUInt16LE(bytesPerSample * 8, 34);
  let at = 20 + fmtLength;
  if (format === "mulaw") {
    header.write("fact", at, "latin1");
    header.writeUInt32LE(4, at + 4);
    header.writeUInt32LE(Math.floor(dataLength / channels), at + 8);
    at += 12;
  }
  header.write("data", at, "latin1");
  header.writeUInt32LE(dataLength, at + 4);
  return header;
}

/** A mono 16-bit PCM WAV file. */
export function writeWav(sound: Sound): Buffer {
  const data = Buffer.alloc(sound.samples.length * 2);
  sound.samples.forEach((sample, i) => {
    data.writeInt16LE(sample, i * 2);
  });
  return Buffer.concat([wavHeader("pcm16", 1, sound.sampleRate, data.length), data]);
}

function formatOf(tag: number, bits: number): WavLayout["format"] | null {
  if (tag === pcm && bits === 16) return "pcm16";
  if (tag === pcm && bits === 8) return "pcm8";
  if (tag === alaw && bits === 8) return "alaw";
  return tag === mulaw && bits === 8 ? "mulaw" : null;
}

/** Interleaved bytes of a WAV as linear samples. */
export function linear(data: Buffer, format: WavLayout["format"]): Int16Array {
  switch (format) {
    case "pcm16": {
      const samples = new Int16Array(data.length >> 1);
      for (let i = 0; i < samples.length; i++) samples[i] = data.readInt16LE(i * 2);
      return samples;
    }
    case "pcm8":
      return Int16Array.from(data, (byte) => (byte - 128) << 8);
    case "alaw":
      return decodeG711(data, "PCMA");
    case "mulaw":
      return decodeG711(data, "PCMU");
  }
}
