import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { crc32, createGunzip } from "node:zlib";
import { SvaraError, SystemClock } from "@svara/kernel";
import { type JournalLine, JournalReader } from "@svara/routing";
import type { CommandOption, Given, Terminal } from "../command.ts";
import { loadServer } from "../server-door.ts";
import { untilStopped } from "../signals.ts";
import { UsageError } from "../usage-error.ts";

/** A journal that a command works on, line by line; to be read once. */
export interface OpenJournal {
  readonly lines: AsyncIterable<JournalLine>;
  /** How far the reading is, 0..1, where that is known. */
  progress(): number | undefined;
  /** False when the file does not end with the line that says that it is whole: it may have been cut off. */
  isComplete(): boolean;
  /** False when the file is not, to the letter, as it was written. */
  isIntact(): boolean;
}

/** Where an installation's journal is looked for, and which part of it. */
export const INSTALLATION_OPTIONS: Readonly<Record<string, CommandOption>> = {
  "data-dir": {
    type: "string",
    value: "folder",
    summary:
      "the installation's data folder, whether its server runs or not (default: SVARA_DATA_DIR, or ./data)",
  },
  "database-url": {
    type: "string",
    value: "url",
    summary: "its PostgreSQL, where that is not the embedded one (default: SVARA_DATABASE_URL)",
  },
  from: {
    type: "string",
    value: "instant",
    summary: "begin here, such as 2026-01-05T08:00 (UTC without a zone)",
  },
  to: { type: "string", value: "instant", summary: "end here" },
};

/** Opens the file that was named, standard input for `-`, or else the installation's own journal, for the time of `work`. */
export function withJournalGiven<T>(
  given: Given,
  terminal: Terminal,
  work: (journal: OpenJournal) => Promise<T>,
): Promise<T> {
  const [file] = given.words;
  if (file === undefined) return withInstallation(given, terminal, work);
  const misplaced = Object.keys(INSTALLATION_OPTIONS).find((name) => given.options[name] !== undefined);
  if (misplaced !== undefined) {
    throw new UsageError(
      `--${misplaced} belongs to an installation's journal, and ${file} is a file, which is read whole`,
      `leave out the file or --${misplaced}; "svara journal export --from ... --to ..." writes a part to a file`,
    );
  }
  return withFile(file, terminal, work);
}

/** Opens the journal of the installation that the options and the environment name. */
export async function withInstallation<T>(
  given: Given,
  terminal: Terminal,
  work: (journal: OpenJournal) => Promise<T>,
): Promise<T> {
  const range = rangeOf(given);
  const { readSettings, withJournal } = await loadServer();
  return withJournal(readSettings(environmentOf(given, terminal)), range, ({ lines, entries }) => {
    const isInterrupted = watchInterrupts();
    let read = 0;
    return work({
      lines: counted(lines, () => {
        if (isInterrupted()) throw new SvaraError("stopped before the end", { code: "cli.interrupted" });
        read++;
      }),
      progress: () => (range.from === undefined && range.to === undefined ? read / entries : undefined),
      isComplete: () => true,
      isIntact: () => true,
    });
  });
}

/** A database that was started for this command is stopped again also when a person loses patience; the second time at once. */
function watchInterrupts(): () => boolean {
  let isInterrupted = false;
  void untilStopped(process, new SystemClock(), () => process.exit(1)).then(() => {
    isInterrupted = true;
  });
  return () => isInterrupted;
}

/** An installation named by its folder is the one in that folder, whatever database the environment names. */
function environmentOf(given: Given, { env, cwd }: Terminal): NodeJS.ProcessEnv {
  const { "data-dir": dataDir, "database-url": databaseUrl } = given.options;
  return {
    ...env,
    ...(typeof dataDir === "string" ? { SVARA_DATA_DIR: resolve(cwd, dataDir), SVARA_DATABASE_URL: "" } : {}),
    ...(typeof databaseUrl === "string" ? { SVARA_DATABASE_URL: databaseUrl } : {}),
  };
}

function rangeOf(given: Given): { from?: number; to?: number } {
  const from = instant(given, "from");
  const to = instant(given, "to");
  if (from !== undefined && to !== undefined && to < from) {
    throw new UsageError("--to lies before --from", "give the earlier instant as --from");
  }
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** An instant given as an option's value: a date with or without a time of day; UTC where it names no zone. */
function instant(given: Given, name: string): number | undefined {
  const text = given.options[name];
  if (typeof text !== "string") return undefined;
  const form =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  const at = form ? Date.parse(`${form[1]}T${form[2] ?? "00:00"}${form[3] ?? "Z"}`) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new UsageError(
      `--${name} is "${text}", which is no instant`,
      "write it as 2026-01-05T08:00, with a zone such as Z or +01:00 where it is not UTC",
    );
  }
  return at;
}

async function withFile<T>(
  file: string,
  terminal: Terminal,
  work: (journal: OpenJournal) => Promise<T>,
): Promise<T> {
  const path = resolve(terminal.cwd, file);
  const size = file === "-" ? undefined : await sizeOf(path, file);
  const source =
    file === "-" ? Readable.from(terminal.stdin) : createReadStream(path, { highWaterMark: 1 << 20 });
  let bytes = 0;
  const chunks = counted(source as AsyncIterable<Buffer>, (chunk) => {
    bytes += chunk.length;
  });
  const reader = new JournalReader({ crc32 });
  try {
    return await work({
      lines: journalLines(textLines(chunks), reader),
      progress: () => (size ? bytes / size : undefined),
      isComplete: () => reader.complete,
      isIntact: () => reader.intact,
    });
  } catch (error) {
    throw cannotRead(error, file);
  } finally {
    source.destroy();
  }
}

async function sizeOf(path: string, named: string): Promise<number> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => cause);
  if (found instanceof Error) {
    throw found.code === "ENOENT"
      ? new UsageError(`there is no file ${named}`, `"svara journal export ${named}" would make it`)
      : cannotRead(found, named);
  }
  if (found.isDirectory()) {
    throw new UsageError(
      `${named} is a folder`,
      `write --data-dir ${named} if it is an installation's data folder`,
    );
  }
  return found.size;
}

/** What the system says about a file is the caller's to mend; everything else stays as it is. */
function cannotRead(error: unknown, file: string): unknown {
  if (error instanceof SvaraError) {
    return error.code === "routing.journal_damaged"
      ? new SvaraError(`${file}: ${error.message}`, { code: error.code, cause: error, ...fieldOf(error) })
      : error;
  }
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  return new SvaraError(`${file} cannot be read: ${(error as Error).message}`, {
    code: "journal.unreadable",
    cause: error,
  });
}

function fieldOf({ field }: SvaraError): { field?: string } {
  return field === undefined ? {} : { field };
}

async function* journalLines(
  texts: AsyncIterable<readonly string[]>,
  reader: JournalReader,
): AsyncGenerator<JournalLine> {
  for await (const batch of texts) {
    for (const text of batch) {
      const line = reader.read(text);
      if (line) yield line;
    }
  }
  reader.finish();
}

/** The lines of a text, many at a time; a gzip stream is known by its first bytes. */
async function* textLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of unpacked(chunks)) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    yield parts;
  }
  rest += decoder.decode();
  if (rest !== "") yield [rest];
}

async function* unpacked(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) return;
  const all = prepended(first.value, iterator);
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) yield* all;
  else yield* Readable.from(all).compose(createGunzip()) as AsyncIterable<Buffer>;
}

async function* prepended<T>(first: T, rest: AsyncIterator<T>): AsyncGenerator<T> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* counted<T>(items: AsyncIterable<T>, count: (item: T) => void): AsyncGenerator<T> {
  for await (const item of items) {
    count(item);
    yield item;
  }
}
