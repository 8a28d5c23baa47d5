import { SvaraError } from "@svara/kernel";
import { JOURNAL_FORMAT, JOURNAL_VERSION, type JournalHeader, type JournalLine } from "./journal-line.ts";
import { lineProblem } from "./journal-schema.ts";

/** CRC-32 of a text in UTF-8, going on from that of what came before it. */
export type Crc32 = (text: string, before: number) => number;

/** Reads a journal file line by line, and says which line is damaged and what was expected there. */
export class JournalReader {
  #line = 0;
  #entries = 0;
  #header: JournalHeader | undefined;
  #ended = false;
  #isIntact = true;
  #checksum = 0;
  readonly #crc32: Crc32 | undefined;

  /** With `crc32` it also finds what changes no meaning. */
  constructor(options: { readonly crc32?: Crc32 } = {}) {
    this.#crc32 = options.crc32;
  }

  /** The file's first line, once it was read. */
  get header(): JournalHeader | undefined {
    return this.#header;
  }

  /** Entries read so far. */
  get entries(): number {
    return this.#entries;
  }

  /** False while the last line that says so has not come: the file may have been cut off. */
  get complete(): boolean {
    return this.#ended;
  }

  /** False when the last line has come and its checksum is not that of the lines before it. */
  get intact(): boolean {
    return this.#isIntact;
  }

  /**
   * The next line; undefined when it is blank.
   * @throws SvaraError `routing.journal_damaged`
   */
  read(text: string): JournalLine | undefined {
    this.#line++;
    if (text.trim() === "") return undefined;
    const line = this.#parse(text);
    if (this.#crc32 && line.type !== "end") this.#checksum = this.#crc32(`${text}\n`, this.#checksum);
    if (this.#header === undefined && line.type !== "header") {
      throw this.#damaged(
        `the first line must be the header, {"type":"header","format":"${JOURNAL_FORMAT}",...}`,
      );
    }
    if (this.#ended) throw this.#damaged("nothing may follow the line of type end");
    switch (line.type) {
      case "header":
        if (this.#header !== undefined)
          throw this.#damaged("there is a header already: one file holds one journal");
        this.#header = line;
        return line;
      case "entry":
        this.#entries++;
        return line;
      case "snapshot":
        return line;
      case "end":
        if (line.entries !== this.#entries) {
          throw this.#damaged(
            `the file says that it holds ${line.entries} entries, and ${this.#entries} were read`,
          );
        }
        this.#ended = true;
        if (this.#crc32 && line.crc32 !== undefined) this.#isIntact = line.crc32 === this.#checksum;
        return line;
    }
  }

  /**
   * To be called after the last line.
   * @throws SvaraError `routing.journal_damaged` when there was none
   */
  finish(): void {
    if (this.#header !== undefined) return;
    this.#line = 1;
    throw this.#damaged("the file is empty; its first line must be the header");
  }

  #parse(text: string): JournalLine {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw this.#damaged(`it must be one JSON object: ${(error as Error).message}`);
    }
    this.#refuseOtherFiles(value);
    const problem = lineProblem(value);
    if (problem !== undefined) throw this.#damaged(problem);
    return value as JournalLine;
  }

  /** A header of something else, or of a later version, deserves better words than a list of fields. */
  #refuseOtherFiles(value: unknown): void {
    if (typeof value !== "object" || value === null || !("format" in value)) return;
    const { format, version } = value as { format: unknown; version?: unknown };
    if (format !== JOURNAL_FORMAT) {
      throw this.#damaged(`this is a file of ${JSON.stringify(format)}, not of "${JOURNAL_FORMAT}"`);
    }
    if (version !== JOURNAL_VERSION) {
      throw this.#damaged(
        `the file has version ${JSON.stringify(version)} of the format, and this program reads version ${JOURNAL_VERSION}`,
      );
    }
  }

  #damaged(expected: string): SvaraError {
    return new SvaraError(`line ${this.#line} of the journal is not as it must be: ${expected}`, {
      code: "routing.journal_damaged",
      field: `line ${this.#line}`,
    });
  }
}
