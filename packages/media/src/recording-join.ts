import { open, rm } from "node:fs/promises";
import { readWavLayout, wavHeader, wavHeaderLength } from "./wav.ts";

const chunkBytes = 65_536;
const muLawSilence = 0xff;

/**
 * Puts the second track of a recording behind the first, `gapMs` of silence between them, and removes the second: what two
 * hosts recorded of one leg becomes one file. Both are mu-law tracks of ours at 8 kHz.
 * Errors: the system's; `media.prompt_unreadable` for a file that is no WAV.
 */
export async function joinTracks(
  first: string,
  second: string,
  gapMs: number,
): Promise<{ readonly bytes: number; readonly durationMs: number }> {
  const into = await open(first, "r+");
  try {
    const from = await open(second, "r");
    try {
      const dataAt = wavHeaderLength("mulaw");
      const { size } = await into.stat();
      let at = size;
      const gap = Buffer.alloc(Math.max(0, Math.round(gapMs * 8)), muLawSilence);
      if (gap.length > 0) at += (await into.write(gap, 0, gap.length, at)).bytesWritten;
      const head = Buffer.alloc(dataAt);
      await from.read(head, 0, dataAt, 0);
      const buffer = Buffer.alloc(chunkBytes);
      for (let read = readWavLayout(head, second).dataAt; ; ) {
        const { bytesRead } = await from.read(buffer, 0, chunkBytes, read);
        if (bytesRead === 0) break;
        await into.write(buffer, 0, bytesRead, at);
        read += bytesRead;
        at += bytesRead;
      }
      const data = at - dataAt;
      const header = wavHeader("mulaw", 1, 8000, data);
      await into.write(header, 0, header.length, 0);
      await rm(second);
      return { bytes: at, durationMs: Math.round(data / 8) };
    } finally {
      await from.close();
    }
  } finally {
    await into.close();
  }
}
