import { readWav, type Sound } from "@svara/media/testing";

/** The two channels of a stereo WAV. Both a valid header and a whole file are demanded. */
export function stereo(file: Buffer): { readonly left: Sound; readonly right: Sound; readonly ms: number } {
  const at = (id: string): number => file.indexOf(id, 12, "latin1");
  if (file.toString("latin1", 0, 4) !== "RIFF" || at("data") < 0) throw new Error("not a WAV file");
  if (file.readUInt32LE(4) + 8 !== file.length) throw new Error("the length in the header is wrong");
  const channels = file.readUInt16LE(at("fmt ") + 10);
  if (channels !== 2) throw new Error(`${channels} channels where two were expected`);
  const [left, right] = [channel(file, 0), channel(file, 1)];
  return { left, right, ms: Math.round((left.samples.length * 1_000) / left.sampleRate) };
}

/** One channel as a mono sound: the file is written again with the other channel left out. */
function channel(file: Buffer, which: 0 | 1): Sound {
  const fmt = file.indexOf("fmt ", 12, "latin1") + 8;
  const data = file.indexOf("data", 12, "latin1") + 8;
  const bytes = file.readUInt16LE(fmt + 14) / 8;
  const frames = Math.floor((file.length - data) / (2 * bytes));
  const mono = Buffer.alloc(data + frames * bytes);
  file.copy(mono, 0, 0, data);
  for (let i = 0; i < frames; i++) {
    file.copy(mono, data + i * bytes, data + (2 * i + which) * bytes, data + (2 * i + which + 1) * bytes);
  }
  mono.writeUInt16LE(1, fmt + 2);
  mono.writeUInt32LE(frames * bytes, data - 4);
  return readWav(mono, `channel ${which}`);
}
