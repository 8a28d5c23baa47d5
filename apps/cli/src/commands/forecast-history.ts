import type {
  ContactHistory,
  GapMeaning,
  IntervalCount,
  IntervalMs,
  SpecialDay,
} from "@svara/workforce/forecasting";
import {
  badInput,
  columnOf,
  instantReader,
  numberOf,
  placeOf,
  readTable,
  type TextTable,
} from "./forecast-table.ts";

/** How a history is to be read. */
export interface HistoryReading {
  readonly timeZone: string;
  /** The history's own when absent. */
  readonly intervalMs?: IntervalMs;
  readonly gaps: GapMeaning;
}

/** One count before it is laid into a series; `place` is for messages. */
interface Row {
  readonly at: number;
  readonly count: number;
  readonly queueId: string | null;
  readonly medium: string | null;
  readonly place: string;
}

const AT = [
  "at",
  "time",
  "datetime",
  "date-time",
  "date_time",
  "interval",
  "interval_start",
  "start",
  "timestamp",
];
const COUNT = ["count", "offered", "contacts", "calls", "volume", "arrivals", "items"];
const QUEUE = ["queue", "queueid", "queue_id", "queue_name", "skill"];
const MEDIUM = ["medium", "channel", "media"];
const INTERVALS: readonly IntervalMs[] = [300_000, 900_000, 1_800_000, 3_600_000];

/**
 * Reads past contacts from CSV (`at`, `count`, and `queue`, `medium` where there are; without `count` each line is one
 * contact) or JSON (an array of such rows, or `{"rows": [...]}`), and parts them by queue and medium.
 * @throws {SvaraError} `cli.bad_input`, naming line and column, or the place in the JSON
 */
export function readHistories(text: string, name: string, reading: HistoryReading): ContactHistory[] {
  const isJson = /^\s*[[{]/.test(text);
  const { rows, isCounted } = isJson
    ? rowsOfJson(text, name, reading.timeZone)
    : rowsOfTable(readTable(text, name), reading.timeZone);
  const bySeries = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.queueId, row.medium]);
    const own = bySeries.get(key);
    if (own) own.push(row);
    else bySeries.set(key, [row]);
  }
  const phase = phaseOf(reading.timeZone);
  const intervalMs = intervalOf([...bySeries.values()], isCounted, reading.intervalMs, name, phase);
  return [...bySeries.values()]
    .map((own): ContactHistory => {
      const { queueId = null, medium = null } = own[0] ?? {};
      return {
        series: { queueId, medium },
        timeZone: reading.timeZone,
        intervalMs,
        counts: countsOf(own, intervalMs, isCounted, phase),
        gaps: isCounted ? reading.gaps : "zero",
      };
    })
    .sort((a, b) => compare(a.series.queueId, b.series.queueId) || compare(a.series.medium, b.series.medium));
}

function rowsOfTable(table: TextTable, timeZone: string): { rows: Row[]; isCounted: boolean } {
  const at = columnOf(table, AT);
  const count = columnOf(table, COUNT);
  const queue = columnOf(table, QUEUE);
  const medium = columnOf(table, MEDIUM);
  if (at < 0) {
    throw badInput(
      `${table.name} has no column for the time: name one "at" (the head is ${table.head.join(", ")})`,
      "at",
    );
  }
  const read = instantReader(timeZone);
  const rows = table.rows.map(({ line, cells }): Row => {
    const time = cells[at] ?? "";
    const instant = read(time);
    if (instant === undefined) {
      throw badInput(
        `${placeOf(table, line, at)}: "${time}" is not a time such as 2026-03-02 08:15 or 2026-03-02T07:15:00Z`,
        `line ${line}`,
      );
    }
    const number = count < 0 ? 1 : numberOf(cells[count] ?? "");
    if (number === undefined || number < 0) {
      throw badInput(
        `${placeOf(table, line, count)}: "${cells[count]}" is not a number of contacts`,
        `line ${line}`,
      );
    }
    return {
      at: instant,
      count: number,
      queueId: queue < 0 ? null : (cells[queue] ?? ""),
      medium: medium < 0 ? null : (cells[medium] ?? ""),
      place: `${table.name} line ${line}`,
    };
  });
  return { rows, isCounted: count >= 0 };
}

function rowsOfJson(text: string, name: string, timeZone: string): { rows: Row[]; isCounted: boolean } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badInput(`${name} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const list = Array.isArray(value) ? value : isObject(value) ? (value.rows ?? value.counts) : undefined;
  if (!Array.isArray(list))
    throw badInput(`${name} is neither an array of rows nor an object with "rows"`, "rows");
  if (list.length === 0) throw badInput(`${name} has no rows`, "rows");
  const read = instantReader(timeZone);
  const isCounted = list.some((row) => isObject(row) && row.count !== undefined);
  const rows = list.map((row, i): Row => {
    const place = `${name} rows[${i}]`;
    if (!isObject(row)) throw badInput(`${place} is not an object`, `rows[${i}]`);
    const at = typeof row.at === "number" ? row.at : read(String(row.at));
    if (at === undefined || !Number.isFinite(at)) {
      throw badInput(`${place}.at: ${JSON.stringify(row.at)} is not an instant`, `rows[${i}].at`);
    }
    const count = isCounted ? row.count : 1;
    if (typeof count !== "number" || !(Number.isFinite(count) && count >= 0)) {
      throw badInput(
        `${place}.count: ${JSON.stringify(count)} is not a number of contacts`,
        `rows[${i}].count`,
      );
    }
    const word = (field: "queueId" | "queue" | "medium"): string | null => {
      const given = row[field];
      return given === undefined || given === null ? null : String(given);
    };
    return { at, count, queueId: word("queueId") ?? word("queue"), medium: word("medium"), place };
  });
  return { rows, isCounted };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The interval asked for, or the longest one that all rows lie on. */
function intervalOf(
  series: readonly (readonly Row[])[],
  isCounted: boolean,
  asked: IntervalMs | undefined,
  name: string,
  phase: (at: number) => number,
): IntervalMs {
  if (!isCounted) return asked ?? 900_000;
  const own = INTERVALS.findLast((interval) =>
    series.every((rows) => rows.every(({ at }) => (at + phase(at)) % interval === 0)),
  );
  if (own === undefined) {
    const odd = series.flat().find(({ at }) => (at + phase(at)) % 300_000 !== 0);
    throw badInput(`${odd?.place ?? name}: no interval of 5, 15, 30 or 60 minutes begins then`);
  }
  if (asked !== undefined && asked < own) {
    throw badInput(
      `--interval ${asked / 60_000}: ${name} counts by ${own / 60_000} minutes, which cannot be split`,
    );
  }
  return asked ?? own;
}

/** Rows joined into intervals; a counted interval that is told twice is a mistake. */
function countsOf(
  rows: readonly Row[],
  intervalMs: IntervalMs,
  isCounted: boolean,
  phase: (at: number) => number,
): IntervalCount[] {
  const counts = new Map<number, number>();
  const told = new Map<number, string>();
  for (const { at, count, place } of rows) {
    if (isCounted) {
      const before = told.get(at);
      if (before !== undefined)
        throw badInput(`${place} tells ${new Date(at).toISOString()} again (first: ${before})`);
      told.set(at, place);
    }
    const shift = phase(at);
    const start = Math.floor((at + shift) / intervalMs) * intervalMs - shift;
    counts.set(start, (counts.get(start) ?? 0) + count);
  }
  return [...counts].map(([at, count]) => ({ at, count })).sort((a, b) => a.at - b.at);
}

/** How far the zone's own full hour is from UTC's, which matters where it is not a whole hour (Asia/Kolkata). */
function phaseOf(timeZone: string): (at: number) => number {
  const known = new Map<number, number>();
  return (at) => {
    const day = Math.floor(at / 86_400_000);
    let phase = known.get(day);
    if (phase === undefined) {
      const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
      phase = (((zoned.offsetNanoseconds / 1e6) % 3_600_000) + 3_600_000) % 3_600_000;
      known.set(day, phase);
    }
    return phase;
  };
}

/**
 * Reads special days from CSV (`date`, `name`, and `effect`, `from`, `to` where there are) or a JSON array of them.
 * @throws {SvaraError} `cli.bad_input`, naming line and column
 */
export function readSpecialDays(text: string, name: string): SpecialDay[] {
  if (/^\s*\[/.test(text)) {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw badInput(`${name} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
    }
    return (Array.isArray(value) ? value : []).map((row: unknown, i): SpecialDay => {
      if (!isObject(row)) throw badInput(`${name}[${i}] is not an object`, `[${i}]`);
      return specialDay(
        (field) => (row[field] === undefined || row[field] === null ? "" : String(row[field])),
        `${name}[${i}]`,
      );
    });
  }
  const table = readTable(text, name);
  for (const needed of ["date", "name"]) {
    if (columnOf(table, [needed]) < 0)
      throw badInput(`${name} has no column "${needed}" (the head is ${table.head.join(", ")})`, needed);
  }
  return table.rows.map(({ line, cells }) =>
    specialDay((field) => cells[columnOf(table, [field])] ?? "", `${name} line ${line}`),
  );
}

function specialDay(cell: (field: string) => string, place: string): SpecialDay {
  const effectText = cell("effect");
  const effect = effectText === "" ? undefined : numberOf(effectText);
  if (effectText !== "" && effect === undefined) {
    throw badInput(
      `${place}: the effect "${effectText}" is not a number such as 1.3, or 0 for closed`,
      "effect",
    );
  }
  const from = cell("from");
  const to = cell("to");
  return {
    date: cell("date"),
    name: cell("name"),
    ...(effect === undefined ? {} : { effect }),
    ...(from === "" ? {} : { from }),
    ...(to === "" ? {} : { to }),
  };
}

function compare(a: string | null, b: string | null): number {
  const [x, y] = [a ?? "", b ?? ""];
  return x < y ? -1 : x > y ? 1 : 0;
}
