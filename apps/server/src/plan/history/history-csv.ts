import { INTERVAL_MS, intervalStart } from "@svara/calendar";
import type { Instant, QueueId } from "@svara/kernel";

/** A quarter of an hour that a file tells. */
export interface ImportedInterval {
  readonly queueId: QueueId;
  readonly at: Instant;
  readonly offered: number;
  readonly handleMs: number | null;
}

/** What is wrong with a file, by line (the head is 1) and column. */
export interface CsvFault {
  readonly line: number;
  readonly column: string | null;
  readonly code: string;
  readonly message: string;
}

export interface HistoryCsvOptions {
  /** Local times without an offset are of these clocks. */
  readonly timeZone: string;
  readonly intervalMinutes: 15 | 30 | 60;
  /** By name in small letters, and by id. */
  readonly queues: ReadonlyMap<string, QueueId>;
  readonly now: Instant;
}

export interface HistoryCsv {
  readonly lines: number;
  readonly intervals: readonly ImportedInterval[];
  readonly faults: readonly CsvFault[];
}

const MOST_LINES = 2_000_000;
const MOST_CONTACTS = 1_000_000;
const MOST_HANDLE_S = 86_400;
const OLDEST = Date.UTC(1990, 0, 1);

/** Column names as other systems write them. */
const COLUMNS = {
  queue: ["queue", "queue_name", "queue name", "skill", "line"],
  at: ["at", "time", "date-time", "datetime", "date_time", "interval", "interval_start", "start"],
  offered: ["offered", "contacts", "calls", "volume", "count"],
  aht: ["aht", "aht_s", "handle_s", "handling_time", "average_handle_time"],
} as const;
type Column = keyof typeof COLUMNS;

/**
 * Reads past figures: a head line, then queue, local time or ISO instant, contacts, mean handling time in seconds (may be
 * empty). Commas, semicolons or tabs; every fault is named by line and column.
 */
export function readHistoryCsv(text: string, options: HistoryCsvOptions): HistoryCsv {
  const body = text.replace(/^\uFEFF/, "");
  const separator = separatorOf(body);
  const faults: CsvFault[] = [];
  const records = recordsOf(body, separator);
  const head = records[0];
  if (!head || head.cells.every((cell) => cell.trim() === ""))
    return { lines: 0, intervals: [], faults: [fault(1, null, "empty", "the file is empty")] };
  const places = columnsOf(head.cells, faults);
  if (faults.length > 0) return { lines: 0, intervals: [], faults };
  const rows = records.slice(1).filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  if (rows.length === 0) faults.push(fault(1, null, "empty", "there is no line below the head"));
  if (rows.length > MOST_LINES)
    faults.push(fault(MOST_LINES + 2, null, "too_many", `more than ${MOST_LINES} lines`));
  const told = new Map<string, number>();
  const intervals: ImportedInterval[] = [];
  for (const { line, cells } of rows.slice(0, MOST_LINES))
    intervals.push(...intervalsOf(line, cells, places, options, told, faults));
  return { lines: rows.length, intervals: faults.length > 0 ? [] : intervals, faults };
}

type Places = Readonly<Record<"queue" | "at" | "offered", number>> & { readonly aht: number | undefined };

function columnsOf(cells: readonly string[], faults: CsvFault[]): Places {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const place = (column: Column): number | undefined => {
    const index = names.findIndex((name) => (COLUMNS[column] as readonly string[]).includes(name));
    return index < 0 ? undefined : index;
  };
  const needed = (column: "queue" | "at" | "offered"): number => {
    const found = place(column);
    if (found === undefined)
      faults.push(
        fault(1, column, "missing_column", `there is no column ${column}; the head is: ${cells.join(", ")}`),
      );
    return found ?? 0;
  };
  return { queue: needed("queue"), at: needed("at"), offered: needed("offered"), aht: place("aht") };
}

function intervalsOf(
  line: number,
  cells: readonly string[],
  places: Places,
  options: HistoryCsvOptions,
  told: Map<string, number>,
  faults: CsvFault[],
): ImportedInterval[] {
  const cell = (place: number | undefined): string =>
    (place === undefined ? "" : (cells[place] ?? "")).trim();
  const before = faults.length;
  const name = cell(places.queue);
  const queueId = options.queues.get(name.toLowerCase());
  if (queueId === undefined)
    faults.push(fault(line, "queue", "unknown_queue", `there is no queue "${name}" of this client`));
  const at = instantOf(cell(places.at), options);
  if (typeof at === "string") faults.push(fault(line, "at", "wrong_time", at));
  const offered = numberOf(cell(places.offered));
  if (offered === undefined || offered < 0 || offered > MOST_CONTACTS)
    faults.push(
      fault(line, "offered", "wrong_number", `"${cell(places.offered)}" is not a count of contacts`),
    );
  const ahtText = cell(places.aht);
  const ahtS = ahtText === "" ? null : numberOf(ahtText);
  if (ahtS === undefined || (ahtS !== null && (ahtS < 0 || ahtS > MOST_HANDLE_S)))
    faults.push(fault(line, "aht", "wrong_number", `"${ahtText}" is not a handling time in seconds`));
  if (faults.length > before || queueId === undefined || typeof at === "string") return [];
  const key = `${queueId} ${at}`;
  const earlier = told.get(key);
  if (earlier !== undefined) {
    faults.push(fault(line, "at", "told_twice", `line ${earlier} tells this queue and time already`));
    return [];
  }
  told.set(key, line);
  const parts = options.intervalMinutes / 15;
  return Array.from({ length: parts }, (_, index) => ({
    queueId,
    at: at + index * INTERVAL_MS,
    offered: (offered ?? 0) / parts,
    handleMs: ahtS === null || ahtS === undefined ? null : Math.round(ahtS * 1000),
  }));
}

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?$/;
const WITH_ZONE = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/;

/** The start of an interval, or why it is none. */
function instantOf(text: string, { timeZone, intervalMinutes, now }: HistoryCsvOptions): Instant | string {
  const at = WITH_ZONE.test(text) ? Date.parse(text.replace(" ", "T")) : localInstant(text, timeZone);
  if (at === undefined || Number.isNaN(at))
    return `"${text}" is not a time such as 2026-03-02 08:15 or 2026-03-02T07:15:00Z`;
  if (at < OLDEST) return `${text} is before 1990`;
  if (at > now) return `${text} lies in the future`;
  const minute = Number(/:(\d{2})/.exec(text)?.[1] ?? 0);
  if (intervalStart(at) !== at || minute % intervalMinutes !== 0)
    return `${text} is not the start of an interval of ${intervalMinutes} minutes`;
  return at;
}

/** A time that the clocks skip in spring, and one that is no date, is none; of a doubled one the first. */
function localInstant(text: string, timeZone: string): Instant | undefined {
  const match = LOCAL.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  try {
    const wall = Temporal.PlainDateTime.from(
      { year, month, day, hour, minute, second },
      { overflow: "reject" },
    );
    const zoned = wall.toZonedDateTime(timeZone, { disambiguation: "earlier" });
    return zoned.toPlainDateTime().equals(wall) ? zoned.epochMilliseconds : undefined;
  } catch {
    return undefined;
  }
}

/** A number with a point or a comma for its decimals. */
function numberOf(text: string): number | undefined {
  if (!/^-?\d+(?:[.,]\d+)?$/.test(text)) return undefined;
  return Number(text.replace(",", "."));
}

function separatorOf(text: string): string {
  const head = text.slice(0, text.search(/[\r\n]|$/));
  return [";", "\t"].find((one) => head.includes(one)) ?? ",";
}

/** The records of a CSV (RFC 4180) with the line on which each begins. */
function recordsOf(text: string, separator: string): { line: number; cells: string[] }[] {
  const records: { line: number; cells: string[] }[] = [];
  let cells: string[] = [];
  let cell = "";
  let quoted = false;
  let line = 1;
  let begun = 1;
  const endRecord = (): void => {
    cells.push(cell);
    records.push({ line: begun, cells });
    cells = [];
    cell = "";
  };
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (sign === "\n") line += 1;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[i + 1] === '"') {
        cell += '"';
        i += 1;
      } else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === separator) {
      cells.push(cell);
      cell = "";
    } else if (sign === "\n") {
      endRecord();
      begun = line;
    } else if (sign !== "\r") cell += sign;
  }
  if (cell !== "" || cells.length > 0) endRecord();
  return records;
}

function fault(line: number, column: string | null, code: string, message: string): CsvFault {
  return { line, column, code, message };
}
