import type { HandledContact, ObservedWait } from "@svara/workforce/forecasting";
import {
  badInput,
  columnOf,
  instantReader,
  numberOf,
  placeOf,
  readTable,
  type TextTable,
} from "./forecast-table.ts";

const WAIT = ["wait_s", "wait", "queue_time_s", "q_time_s", "wait_ms"];
const OUTCOME = ["outcome", "result", "status", "gave_up", "abandoned"];
const HANDLE = ["handle_s", "aht_s", "handling_time_s", "ser_time_s", "talk_s", "duration_s", "handle_ms"];
const AT = ["at", "time", "datetime", "start", "timestamp"];
const START_S = ["ser_start_s", "start_s"];
const GAVE_UP = ["abandoned", "abandon", "gave_up", "hang", "hangup", "hung_up", "1", "true", "yes"];
const SERVED = ["served", "answered", "agent", "0", "false", "no"];

/** Words of the outcome that mean something else than usual. */
export interface OutcomeWords {
  readonly gaveUp: readonly string[];
  readonly served: readonly string[];
  readonly ignored: readonly string[];
}

/**
 * Reads waits from call records: a wait (`wait_s`, `q_time_s`, `wait_ms`) and how it ended (`outcome`).
 * @throws {SvaraError} `cli.bad_input`, naming line and column
 */
export function readWaits(text: string, name: string, words: OutcomeWords): ObservedWait[] {
  const table = readTable(text, name);
  const wait = needed(table, WAIT, "the wait");
  const outcome = needed(table, OUTCOME, "the outcome");
  const unit = unitOf(table, wait);
  return table.rows.flatMap(({ line, cells }): ObservedWait[] => {
    const word = (cells[outcome] ?? "").toLowerCase();
    if (words.ignored.includes(word)) return [];
    const gaveUp = words.gaveUp.includes(word) || (GAVE_UP.includes(word) && !words.served.includes(word));
    if (!gaveUp && !words.served.includes(word) && !SERVED.includes(word)) {
      throw badInput(
        `${placeOf(table, line, outcome)}: "${cells[outcome]}" is neither an abandoned nor an answered contact; say what it is with --gave-up, --served or --ignore`,
        `line ${line}`,
      );
    }
    return [{ waitMs: unit * lengthOf(table, line, wait, cells), gaveUp }];
  });
}

/**
 * Reads handling times from call records: an instant (`at`, or `date` and `ser_start_s`) and a length (`handle_s`,
 * `ser_time_s`, `handle_ms`). Contacts without an agent, whose length is 0 or empty, are passed over, and those with an outcome that is to be ignored.
 * @throws {SvaraError} `cli.bad_input`, naming line and column
 */
export function readHandled(
  text: string,
  name: string,
  timeZone: string,
  ignored: readonly string[],
): HandledContact[] {
  const table = readTable(text, name);
  const handle = needed(table, HANDLE, "the handling time");
  const unit = unitOf(table, handle);
  const at = columnOf(table, AT);
  const date = columnOf(table, ["date"]);
  const startS = columnOf(table, START_S);
  if (at < 0 && (date < 0 || startS < 0)) {
    throw badInput(`${name} has no column for the time: name one "at", or have "date" and "start_s"`, "at");
  }
  const read = instantReader(timeZone);
  const outcome = columnOf(table, OUTCOME);
  return table.rows.flatMap(({ line, cells }): HandledContact[] => {
    if (outcome >= 0 && ignored.includes((cells[outcome] ?? "").toLowerCase())) return [];
    if ((cells[handle] ?? "") === "") return [];
    const handleMs = unit * lengthOf(table, line, handle, cells);
    if (handleMs === 0) return [];
    const column = at < 0 ? date : at;
    const instant = read(cells[column] ?? "");
    if (instant === undefined) {
      throw badInput(
        `${placeOf(table, line, column)}: "${cells[column]}" is not a time such as 2026-03-02 08:15`,
        `line ${line}`,
      );
    }
    const after = at < 0 ? 1000 * lengthOf(table, line, startS, cells) : 0;
    return [{ at: instant + after, handleMs }];
  });
}

function needed(table: TextTable, names: readonly string[], what: string): number {
  const column = columnOf(table, names);
  if (column < 0) {
    throw badInput(
      `${table.name} has no column for ${what}: name one "${names[0]}" (the head is ${table.head.join(", ")})`,
      names[0],
    );
  }
  return column;
}

/** ms for one of the column's units. */
function unitOf(table: TextTable, column: number): number {
  return table.head[column]?.toLowerCase().endsWith("_ms") ? 1 : 1000;
}

function lengthOf(table: TextTable, line: number, column: number, cells: readonly string[]): number {
  const value = numberOf(cells[column] ?? "");
  if (value === undefined || value < 0) {
    throw badInput(
      `${placeOf(table, line, column)}: "${cells[column]}" is not a length of time of 0 or more`,
      `line ${line}`,
    );
  }
  return value;
}
