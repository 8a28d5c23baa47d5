import { SvaraError } from "@svara/kernel";

/** One record of a table with the line on which it begins; the head is line 1. */
export interface TableRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A table as text had it. */
export interface TextTable {
  /** What the messages call it: a file's name, or standard input. */
  readonly name: string;
  readonly head: readonly string[];
  readonly rows: readonly TableRow[];
}

/** Input that is wrong; says where. */
export function badInput(message: string, field?: string): SvaraError {
  return new SvaraError(message, { code: "cli.bad_input", httpStatus: 422, ...(field ? { field } : {}) });
}

/** Where a cell stands, for a person: `calls.csv line 12, column 2 (count)`. */
export function placeOf(table: TextTable, line: number, column: number): string {
  return `${table.name} line ${line}, column ${column + 1} (${table.head[column] ?? ""})`;
}

/**
 * Reads CSV (RFC 4180) with commas, semicolons or tabs and a head line; empty lines are passed over.
 * @throws {SvaraError} `cli.bad_input` at a quote that does not end and a line with too few or too many cells
 */
export function readTable(text: string, name: string): TextTable {
  const body = text.replace(/^\uFEFF/, "");
  const headLine = body.slice(0, body.search(/[\r\n]|$/));
  const separator = [";", "\t"].find((sign) => headLine.includes(sign)) ?? ",";
  const records = recordsOf(body, separator, name);
  const [head, ...rows] = records;
  if (head === undefined) throw badInput(`${name} is empty: it needs a line with the names of its columns`);
  for (const { line, cells } of rows) {
    if (cells.length !== head.cells.length) {
      throw badInput(
        `${name} line ${line} has ${cells.length} columns, the head has ${head.cells.length}`,
        `line ${line}`,
      );
    }
  }
  if (rows.length === 0) throw badInput(`${name} has a head and no line below it`);
  return { name, head: head.cells.map((cell) => cell.trim()), rows };
}

/** The first column that has one of these names, in any case; -1 when there is none. */
export function columnOf(table: TextTable, names: readonly string[]): number {
  return table.head.findIndex((cell) => names.includes(cell.toLowerCase()));
}

function recordsOf(text: string, separator: string, name: string): TableRow[] {
  const plain = !text.includes('"');
  if (plain) {
    return text
      .split(/\r\n|\n|\r/)
      .flatMap((line, i) =>
        line.trim() === "" ? [] : [{ line: i + 1, cells: line.split(separator).map((cell) => cell.trim()) }],
      );
  }
  const records: TableRow[] = [];
  let cells: string[] = [];
  let cell = "";
  let quotedFrom = 0; // the line of an open quote; 0 outside of quotes
  let line = 1;
  let begun = 1;
  const end = (): void => {
    cells.push(cell.trim());
    if (cells.length > 1 || cells[0] !== "") records.push({ line: begun, cells });
    cells = [];
    cell = "";
  };
  for (let i = 0; i < text.length; i++) {
    const sign = text[i] ?? "";
    if (sign === "\n") line++;
    if (quotedFrom > 0) {
      if (sign !== '"') cell += sign;
      else if (text[i + 1] === '"') {
        cell += sign;
        i++;
      } else quotedFrom = 0;
    } else if (sign === '"') quotedFrom = line;
    else if (sign === separator) {
      cells.push(cell.trim());
      cell = "";
    } else if (sign === "\n") {
      end();
      begun = line;
    } else cell += sign;
  }
  if (quotedFrom > 0)
    throw badInput(`${name} line ${quotedFrom}: a quote is opened and never closed`, `line ${quotedFrom}`);
  if (cell !== "" || cells.length > 0) end();
  return records;
}

const LOCAL = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$/;
const ABSOLUTE = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/;

/** Reads times of a zone, remembering the offsets that it has looked up. */
export function instantReader(timeZone: string): (text: string) => number | undefined {
  const midnights = new Map<string, { at: number; isEven: boolean } | undefined>();
  const midnight = (date: string): { at: number; isEven: boolean } | undefined => {
    if (midnights.has(date)) return midnights.get(date);
    let found: { at: number; isEven: boolean } | undefined;
    try {
      const day = Temporal.PlainDate.from(date, { overflow: "reject" });
      const at = day.toZonedDateTime(timeZone).epochMilliseconds;
      const next = day.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds;
      found = { at, isEven: next - at === 86_400_000 };
    } catch {
      found = undefined;
    }
    midnights.set(date, found);
    return found;
  };
  return (text) => {
    if (ABSOLUTE.test(text)) {
      const at = Date.parse(text.replace(" ", "T"));
      return Number.isNaN(at) ? undefined : at;
    }
    const match = LOCAL.exec(text);
    if (match === null) return undefined;
    const [, date = "", hour = "0", minute = "0", second = "0"] = match;
    const start = midnight(date);
    const [h, m, s] = [Number(hour), Number(minute), Number(second)];
    if (start === undefined || h > 23 || m > 59 || s > 59) return undefined;
    if (start.isEven) return start.at + ((h * 60 + m) * 60 + s) * 1000;
    // a time that is skipped in spring is none; of one that comes twice in autumn the first is meant
    const wall = Temporal.PlainDateTime.from(
      `${date}T${hour.padStart(2, "0")}:${minute}:${second.padStart(2, "0")}`,
    );
    const exact = wall.toZonedDateTime(timeZone, { disambiguation: "earlier" });
    return exact.toPlainDateTime().equals(wall) ? exact.epochMilliseconds : undefined;
  };
}

/** Whether the platform knows a zone of this name. */
export function isZone(name: string): boolean {
  try {
    dateOf(0, name);
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

/** The date on the calendar of a zone. */
export function dateOf(at: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

/**
 * A number as people write it, with a point or a comma before its decimals. What may be thousands (1,234) is none: one who means
 * 1234 would get a thousandth.
 */
export function numberOf(text: string): number | undefined {
  if (/^-?\d{1,3},\d{3}$/.test(text)) return undefined;
  return /^-?\d+(?:[.,]\d+)?$/.test(text) ? Number(text.replace(",", ".")) : undefined;
}
