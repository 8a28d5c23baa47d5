import { crc32 } from "node:zlib";
import type { JournalLine } from "@svara/routing";

const LINES_AT_ONCE = 500;

/** The text of a journal file, many lines at a time; its end gets the checksum of all before it. */
export async function* journalTexts(
  lines: AsyncIterable<JournalLine> | Iterable<JournalLine>,
): AsyncGenerator<string> {
  let checksum = 0;
  let batch: string[] = [];
  for await (const line of lines) {
    const whole = line.type === "end" ? { ...line, crc32: checksum } : line;
    const text = `${JSON.stringify(whole)}\n`;
    checksum = crc32(text, checksum);
    batch.push(text);
    if (batch.length < LINES_AT_ONCE) continue;
    yield batch.join("");
    batch = [];
  }
  yield batch.join("");
}
