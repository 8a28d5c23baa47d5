import { SvaraError } from "@svara/kernel";
import type { CallLog, CallLogDay, LoggedCall } from "./call-log.ts";
import { csvCells } from "./csv-row.ts";

const NEEDED = [
  "date",
  "type",
  "priority",
  "vru_exit_s",
  "q_start_s",
  "q_exit_s",
  "outcome",
  "ser_start_s",
  "ser_exit_s",
  "server",
] as const;

type Column = (typeof NEEDED)[number] | "score";

const DAY_S = 86_400;
const LATEST_S = 2 * DAY_S; // a service that began before midnight ends after it
const DATE = /^\d{4}-\d\d-\d\d$/;

/**
 * Reads a log of calls, line by line: CSV whose first line names its columns, in any order, others left aside. A row is a
 * call: `date` (YYYY-MM-DD), `type`, `priority`, seconds since local midnight `vru_exit_s`, `q_start_s`, `q_exit_s`,
 * `ser_start_s`, `ser_exit_s` (0: did not happen), `outcome` (AGENT served, HANG hung up, PHANTOM no call), `server`, and where a
 * survey was held `score`. Throws `workforce.bad_call_log`, which names line and column.
 */
export class CallLogReader {
  readonly #days = new Map<string, LoggedCall[]>();
  readonly #left = { inMenu: 0, phantom: 0, unnamed: 0 };
  #columns: ReadonlyMap<Column, number> | undefined;
  #width = 0;
  #line = 0;

  /** How many lines were read. */
  get lines(): number {
    return this.#line;
  }

  /** Takes the next line, without its line break. */
  feed(text: string): void {
    this.#line++;
    const line = text.endsWith("\r") ? text.slice(0, -1) : text;
    if (this.#columns === undefined) this.#columns = this.#header(line.replace(/^\uFEFF/, ""));
    else if (line.trim() !== "") this.#row(line);
  }

  /** The log. Nothing may be fed after it. */
  finish(): CallLog {
    if (this.#days.size === 0) {
      throw badLog("the call log holds no call that asked for an agent", "export a span in which calls came");
    }
    const days = [...this.#days].map(
      ([date, calls]): CallLogDay => ({ date, calls: calls.sort((a, b) => a.askedAtMs - b.askedAtMs) }),
    );
    return { days: days.sort((a, b) => (a.date < b.date ? -1 : 1)), left: this.#left };
  }

  #header(line: string): ReadonlyMap<Column, number> {
    const names = csvCells(line)?.map((name) => name.trim()) ?? [];
    const missing = NEEDED.filter((name) => !names.includes(name));
    if (missing.length > 0) {
      throw badLog(
        `line 1: the call log has no column ${missing.join(", ")}`,
        `name the columns in the first line: ${NEEDED.join(",")}`,
        missing[0],
      );
    }
    const twice = names.find((name, i) => names.indexOf(name) !== i && isColumn(name));
    if (twice) throw badLog(`line 1: the column ${twice} stands there twice`, "leave one of them", twice);
    this.#width = names.length;
    return new Map(names.flatMap((name, i) => (isColumn(name) ? [[name, i] as const] : [])));
  }

  #row(line: string): void {
    const cells = csvCells(line);
    if (cells?.length !== this.#width) {
      throw badLog(
        `line ${this.#line}: ${cells ? `${cells.length} cells` : "a quote that is not closed"}, the first line names ${this.#width} columns`,
        "write a cell for each column",
      );
    }
    const date = this.#text(cells, "date");
    if (!isDate(date)) this.#wrong("date", date, "a date as 1999-02-01");
    const outcome = this.#text(cells, "outcome");
    const menuOver = this.#seconds(cells, "vru_exit_s");
    const [queuedAt, leftAt] = [this.#seconds(cells, "q_start_s"), this.#seconds(cells, "q_exit_s")];
    const [from, to] = [this.#seconds(cells, "ser_start_s"), this.#seconds(cells, "ser_exit_s")];
    const queued = queuedAt > 0;
    if (queued && after(queuedAt, leftAt) > DAY_S / 2)
      this.#wrong("q_exit_s", String(leftAt), `not before q_start_s (${queuedAt})`);
    const waitS = queued ? after(queuedAt, leftAt) : 0;
    const common = {
      date,
      type: this.#text(cells, "type"),
      priority: this.#priority(cells),
      score: this.#score(cells),
    };
    switch (outcome) {
      case "PHANTOM":
        this.#left.phantom++;
        return;
      case "HANG":
        if (!queued) this.#left.inMenu++;
        else {
          const wait = { askedAtMs: queuedAt * 1000, waitMs: waitS * 1000 };
          this.#keep({ ...common, ...wait, outcome: "abandoned", service: null });
        }
        return;
      case "AGENT": {
        if (from > 0 && after(from, to) > DAY_S / 2)
          this.#wrong("ser_exit_s", String(to), `not before ser_start_s (${from})`);
        const server = this.#text(cells, "server");
        if (!queued && (from === 0 || server === "")) {
          this.#left.unnamed++;
          return;
        }
        const askedAtS = queued ? queuedAt : Math.max(menuOver, from);
        const fromS = Math.max(from, askedAtS); // clocks of menu and switch differ by a second or two
        const service =
          from > 0 && server !== ""
            ? { server, fromMs: fromS * 1000, toMs: Math.max(fromS, from + after(from, to)) * 1000 }
            : null;
        const wait = { askedAtMs: askedAtS * 1000, waitMs: waitS * 1000 };
        this.#keep({ ...common, ...wait, outcome: "served", service });
        return;
      }
      default:
        this.#wrong("outcome", outcome, "AGENT, HANG or PHANTOM");
    }
  }

  #keep(call: LoggedCall): void {
    const day = this.#days.get(call.date) ?? [];
    this.#days.set(call.date, day);
    day.push(call);
  }

  #text(cells: readonly string[], column: Column): string {
    return cells[this.#columns?.get(column) ?? -1]?.trim() ?? "";
  }

  #seconds(cells: readonly string[], column: Column): number {
    const text = this.#text(cells, column);
    const value = text === "" ? 0 : Number(text);
    if (!Number.isFinite(value) || value < 0 || value > LATEST_S)
      this.#wrong(column, text, `seconds since midnight, from 0 to ${LATEST_S}`);
    return value;
  }

  #priority(cells: readonly string[]): number {
    const text = this.#text(cells, "priority");
    const value = text === "" ? 0 : Number(text);
    if (!Number.isInteger(value) || Math.abs(value) > 1_000)
      this.#wrong("priority", text, "a whole number, greater before smaller");
    return value;
  }

  #score(cells: readonly string[]): number | null {
    const text = this.#text(cells, "score");
    if (text === "") return null;
    const value = Number(text);
    if (!Number.isFinite(value)) this.#wrong("score", text, "a number, or nothing where nobody answered");
    return value;
  }

  #wrong(column: Column, found: string, wanted: string): never {
    throw badLog(`line ${this.#line}, column ${column}: "${found}"`, `write ${wanted}`, column);
  }
}

/** From one instant of the day to a later one, which may lie after midnight. */
function after(from: number, to: number): number {
  return to >= from ? to - from : to + DAY_S - from;
}

function isColumn(name: string): name is Column {
  return name === "score" || (NEEDED as readonly string[]).includes(name);
}

function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

function badLog(message: string, remedy: string, field?: string): SvaraError {
  return new SvaraError(`${message}; ${remedy}`, {
    code: "workforce.bad_call_log",
    httpStatus: 422,
    ...(field ? { field } : {}),
  });
}
