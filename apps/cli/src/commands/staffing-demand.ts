import type { IntervalDemand } from "@svara/workforce/staffing";
import {
  badInput,
  columnOf,
  instantReader,
  numberOf,
  placeOf,
  readTable,
  type TableRow,
  type TextTable,
} from "./forecast-table.ts";

/** A stretch as long as this was not closed before: who came then is still there. */
const DAY_MS = 86_400_000;

/** A stretch of open hours of one queue. */
export interface Span {
  readonly series: { readonly queue: string | null; readonly medium: string | null };
  readonly demand: IntervalDemand;
  /** Where the next stretch of the same queue begins: what is left of this one is then part of it. */
  readonly nextFrom: number;
}

export interface DemandReading {
  /** What messages call the text. */
  readonly name: string;
  readonly timeZone: string;
  /** Where there is no column of it. */
  readonly ahtS?: number;
  /** The column of volumes, such as a quantile of a forecast; by its usual names when absent. */
  readonly volume?: string;
}

const AT = ["at", "time", "datetime", "interval", "interval_start", "start", "timestamp"];
const VOLUME = ["offered", "count", "contacts", "calls", "volume", "arrivals"];
const AHT = ["aht_s", "handle_s", "handling_time_s"];
/** Closed for longer than this, a new stretch begins; a shorter gap is a time without contacts. */
const LONGEST_GAP_MS = 4 * 3_600_000;
const DAY_S = 86_400;

interface Entry {
  readonly at: number;
  readonly count: number;
  readonly ahtS: number;
  readonly line: number;
}

/**
 * Reads volumes by interval from CSV (`at`, `offered`, and `aht_s`, `queue`, `medium` where there are), and parts them into
 * stretches of open hours of each queue.
 * @throws {SvaraError} `cli.bad_input`, naming line and column
 */
export function readSpans(text: string, reading: DemandReading): readonly Span[] {
  const table = readTable(text, reading.name);
  const columns = {
    at: needed(table, AT, "the time"),
    volume: reading.volume === undefined ? needed(table, VOLUME, "the volume") : named(table, reading.volume),
    aht: columnOf(table, AHT),
    queue: columnOf(table, ["queue", "queue_id", "skill"]),
    medium: columnOf(table, ["medium", "media", "channel"]),
  };
  if (columns.aht < 0 && reading.ahtS === undefined)
    throw badInput(`${table.name} has no column aht_s; give it, or --aht <seconds>`, "aht_s");
  const read = instantReader(reading.timeZone);
  const bySeries = new Map<string, { series: Span["series"]; entries: Entry[] }>();
  for (const row of table.rows) {
    const series = { queue: wordOf(row, columns.queue), medium: wordOf(row, columns.medium) };
    const key = JSON.stringify(series);
    const own = bySeries.get(key) ?? { series, entries: [] };
    bySeries.set(key, own);
    own.entries.push(entryOf(table, row, { columns, read, ahtS: reading.ahtS }));
  }
  const all = [...bySeries.values()];
  const intervalMs = intervalOf(
    all.map(({ entries }) => entries),
    table,
  );
  return all.flatMap(({ series, entries }) => spansOf(series, entries, intervalMs));
}

function entryOf(
  table: TextTable,
  row: TableRow,
  options: {
    readonly columns: { readonly at: number; readonly volume: number; readonly aht: number };
    readonly read: (text: string) => number | undefined;
    readonly ahtS: number | undefined;
  },
): Entry {
  const { columns, read, ahtS } = options;
  const wrong = (column: number, problem: string) =>
    badInput(`${placeOf(table, row.line, column)}: "${row.cells[column]}" ${problem}`, `line ${row.line}`);
  const at = read(row.cells[columns.at] ?? "");
  if (at === undefined) throw wrong(columns.at, "is no time; write 2026-01-31 09:15, or with an offset");
  const count = numberOf(row.cells[columns.volume] ?? "");
  if (count === undefined || count < 0 || count > 1e7)
    throw wrong(columns.volume, "is no volume; give a number from 0");
  const own = columns.aht < 0 ? ahtS : numberOf(row.cells[columns.aht] ?? "");
  if (own === undefined || own <= 0 || own > DAY_S)
    throw columns.aht < 0
      ? badInput(`--aht is ${own}; give seconds above 0 and up to ${DAY_S}`, "aht")
      : wrong(columns.aht, `is no handling time; give seconds above 0 and up to ${DAY_S}`);
  return { at, count, ahtS: own, line: row.line };
}

/** The shortest distance of two times; every other must be a multiple of it. */
function intervalOf(series: readonly (readonly Entry[])[], table: TextTable): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (const entries of series) {
    for (let i = 1; i < entries.length; i++) {
      const gap = (entries[i]?.at ?? 0) - (entries[i - 1]?.at ?? 0);
      const line = entries[i]?.line ?? 0;
      if (gap <= 0)
        throw badInput(
          `${table.name} line ${line}: the time does not come after the one before; sort the lines`,
          `line ${line}`,
        );
      shortest = Math.min(shortest, gap);
    }
  }
  if (!Number.isFinite(shortest))
    throw badInput(
      `${table.name} has one interval only, so that its length is unknown; give at least two`,
      "at",
    );
  for (const entries of series) {
    const [first] = entries;
    const odd = entries.find(({ at }) => (at - (first?.at ?? 0)) % shortest !== 0);
    if (odd !== undefined)
      throw badInput(
        `${table.name} line ${odd.line}: the time is not on the grid of ${shortest / 60_000} minutes of the others`,
        `line ${odd.line}`,
      );
  }
  return shortest;
}

function spansOf(series: Span["series"], entries: readonly Entry[], intervalMs: number): readonly Span[] {
  const stretches: Entry[][] = [];
  for (const entry of entries) {
    const current = stretches.at(-1);
    const last = current?.at(-1);
    if (current === undefined || last === undefined || entry.at - last.at - intervalMs > LONGEST_GAP_MS) {
      stretches.push([entry]);
      continue;
    }
    for (let at = last.at + intervalMs; at < entry.at; at += intervalMs)
      current.push({ ...last, at, count: 0 });
    current.push(entry);
  }
  return stretches.map((stretch, i) => ({
    series,
    demand: {
      from: stretch[0]?.at ?? 0,
      intervalMs,
      arrivals: stretch.map(({ count }) => count),
      handling: stretch.map(({ ahtS }) => ({ kind: "exponential", meanMs: 1000 * ahtS })),
      before: stretch.length * intervalMs >= DAY_MS ? "steady" : "closed",
    },
    nextFrom: stretches[i + 1]?.[0]?.at ?? Number.POSITIVE_INFINITY,
  }));
}

const wordOf = (row: TableRow, column: number): string | null =>
  column < 0 ? null : (row.cells[column] ?? "") || null;

function needed(table: TextTable, names: readonly string[], what: string): number {
  const column = columnOf(table, names);
  if (column >= 0) return column;
  throw badInput(
    `${table.name} has no column for ${what}; name one ${names.slice(0, 3).join(", ")}`,
    names[0],
  );
}

function named(table: TextTable, name: string): number {
  const column = columnOf(table, [name.toLowerCase()]);
  if (column >= 0) return column;
  throw badInput(`${table.name} has no column ${name}; it has ${table.head.join(", ")}`, "volume");
}
