import { createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { SystemClock } from "@svara/kernel";
import type { JournalLine } from "@svara/routing";
import type { Command, Terminal } from "../command.ts";
import { Progress } from "../progress.ts";
import { UsageError } from "../usage-error.ts";
import { INSTALLATION_OPTIONS, type OpenJournal, withInstallation } from "./journal-source.ts";
import { journalTexts } from "./journal-text.ts";

const LOOK_EVERY = 2_000; // lines between two looks at the clock

export const journal: Command = {
  name: "journal",
  summary: "write the router's journal to a file, to replay it elsewhere",
  usage: "export [file] [options]",
  details: [
    "Every input of the router beside what it decided, one JSON object a line; compressed when the file's name ends in .gz;",
    "without a file on standard output. It holds ids only: no name, number or text of anybody. The server may run meanwhile.",
  ].join("\n"),
  options: INSTALLATION_OPTIONS,
  words: { min: 1, max: 2 },
  async run(given, terminal) {
    const [action, file] = given.words;
    if (action !== "export") {
      throw new UsageError(`"svara journal" cannot "${action}"`, "write: svara journal export [file]");
    }
    if (file === undefined && given.json) {
      throw new UsageError(
        "--json says what was written, and without a file the journal itself goes to standard output",
        "name a file, or leave out --json",
      );
    }
    return withInstallation(given, terminal, async (source) => {
      if (file === undefined) {
        for await (const text of journalTexts(watched(source, terminal))) terminal.out(text);
        return 0;
      }
      const path = resolve(terminal.cwd, file);
      await write(path, journalTexts(watched(source, terminal)));
      const { size: bytes } = await stat(path);
      terminal.out(
        given.json
          ? `${JSON.stringify({ path, bytes })}\n`
          : `saved in ${path} (${(bytes / 1e6).toFixed(1)} MB)\n`,
      );
      return 0;
    });
  },
};

/** The file appears whole or not at all. */
async function write(path: string, texts: AsyncIterable<string>): Promise<void> {
  const half = `${path}.part`;
  try {
    const source = Readable.from(texts);
    const target = createWriteStream(half);
    if (path.endsWith(".gz")) await pipeline(source, createGzip(), target);
    else await pipeline(source, target);
    await rename(half, path);
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  }
}

async function* watched({ lines }: OpenJournal, terminal: Terminal): AsyncGenerator<JournalLine> {
  const progress = new Progress(terminal, new SystemClock());
  let count = 0;
  for await (const line of lines) {
    yield line;
    if (++count % LOOK_EVERY === 0) progress.show(() => `${count.toLocaleString("en")} lines written`);
  }
  progress.end();
}
