import { localDate } from "@svara/calendar";
import type { HistoryImportPreview } from "@svara/contracts";
import type { ClientId, Clock, Ids, QueueId } from "@svara/kernel";
import type { Kysely } from "kysely";
import { type DB, withScope } from "../../database/index.ts";
import { forbidden, invalid, notFound } from "../../http/http-error.ts";
import type { Caller } from "../../rights/access.ts";
import { type PlanQueue, type PlanQueues, planScope } from "../plan-queues.ts";
import type { HistoryCsv, ImportedInterval } from "./history-csv.ts";
import {
  deleteImport,
  findImport,
  type HistoryImportRow,
  listImports,
  storeImport,
  toldAlready,
} from "./history-import.repository.ts";
import { firstOwnStays } from "./queue-stay.repository.ts";
import { HistoryFileReader } from "./read-history-file.ts";

interface Parts {
  readonly db: Kysely<DB>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly queues: PlanQueues;
}

export interface HistoryFile {
  readonly clientId: ClientId;
  readonly fileName: string;
  readonly text: string;
  readonly intervalMinutes: 15 | 30 | 60;
  readonly store: boolean;
}

const SHOWN_FAULTS = 50;
const INTERVAL_MS = 900_000;

/** Figures of another system, taken in file by file: all of a file or nothing, and out again as a whole. */
export class HistoryImports {
  readonly #parts: Parts;
  readonly #files = new HistoryFileReader();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Newest first, of the clients whose planning the caller sees. */
  async list(caller: Caller): Promise<HistoryImportRow[]> {
    const { db } = this.#parts;
    const rows = await withScope(db, planScope(caller, "plan.view"), listImports);
    return rows.filter(({ clientId }) => this.#sees(caller, clientId));
  }

  /** What a file would do, or what it did. @throws HttpError 403, 404 */
  async take(caller: Caller, file: HistoryFile): Promise<HistoryImportPreview> {
    const { db, clock, ids, queues } = this.#parts;
    const own = queues.seen(caller, "plan.edit").filter((queue) => queue.clientId === file.clientId);
    if (!this.#sees(caller, file.clientId)) throw notFound("client");
    if (own.length === 0) throw forbidden("plan.edit");
    const timeZone = queues.timeZoneOf(file.clientId);
    const read = await this.#files.read(file.text, {
      timeZone,
      intervalMinutes: file.intervalMinutes,
      now: clock.now(),
      queues: new Map(
        own.flatMap(({ id, name }) => [
          [name.trim().toLowerCase(), id],
          [id, id],
        ]),
      ),
    });
    return withScope(db, planScope(caller, "plan.edit"), async (tx) => {
      const replaced = await toldAlready(tx, read.intervals);
      const firstOwn = await firstOwnStays(tx, [...new Set(read.intervals.map((one) => one.queueId))]);
      const mayStore = file.store && read.faults.length === 0 && read.intervals.length > 0;
      const importId = mayStore ? ids.next() : null;
      if (importId !== null)
        await storeImport(tx, rowOf(importId, file, caller, clock.now(), read.intervals), read.intervals);
      return previewOf(read, { importId, own, replaced, firstOwn, timeZone });
    });
  }

  /** Takes a file out again. @throws HttpError 403, 404 */
  async remove(caller: Caller, id: string): Promise<void> {
    const { db } = this.#parts;
    await withScope(db, planScope(caller, "plan.edit"), async (tx) => {
      const found = await findImport(tx, id);
      if (!found || !this.#sees(caller, found.clientId)) throw notFound("import");
      if (
        !caller.access.covers("plan.edit", { clientId: found.clientId }) &&
        found.importedBy !== caller.userId
      )
        throw forbidden("plan.edit");
      await deleteImport(tx, id);
    });
  }

  #sees(caller: Caller, clientId: ClientId): boolean {
    return (
      caller.access.covers("plan.view", { clientId }) ||
      this.#parts.queues.seen(caller).some((queue) => queue.clientId === clientId)
    );
  }
}

function rowOf(
  id: string,
  file: HistoryFile,
  caller: Caller,
  now: number,
  intervals: readonly ImportedInterval[],
): HistoryImportRow {
  const { from, to, contacts } = extentOf(intervals);
  if (file.fileName.length > 255)
    throw invalid([{ field: "file", code: "too_long", message: "the file's name is longer than 255 signs" }]);
  return {
    id,
    clientId: file.clientId,
    fileName: file.fileName || "history.csv",
    importedAt: now,
    importedBy: caller.userId,
    intervals: intervals.length,
    contacts,
    firstAt: from,
    lastAt: to,
  };
}

function extentOf(intervals: readonly ImportedInterval[]) {
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  let contacts = 0;
  let handled = 0;
  let handleMs = 0;
  for (const one of intervals) {
    from = Math.min(from, one.at);
    to = Math.max(to, one.at + INTERVAL_MS);
    contacts += one.offered;
    if (one.handleMs === null) continue;
    handled += one.offered;
    handleMs += one.offered * one.handleMs;
  }
  return { from, to, contacts, averageHandleMs: handled > 0 ? handleMs / handled : null };
}

interface Known {
  readonly importId: string | null;
  readonly own: readonly PlanQueue[];
  readonly replaced: ReadonlyMap<QueueId, number>;
  readonly firstOwn: ReadonlyMap<QueueId, number>;
  readonly timeZone: string;
}

function previewOf(read: HistoryCsv, known: Known): HistoryImportPreview {
  const { importId, own, replaced, firstOwn, timeZone } = known;
  const names = new Map(own.map(({ id, name }) => [id, name]));
  const byQueue = Map.groupBy(read.intervals, (one) => one.queueId);
  return {
    importId,
    lines: read.lines,
    timeZone,
    intervals: read.intervals.length,
    contacts: read.intervals.reduce((sum, one) => sum + one.offered, 0),
    queues: [...byQueue].map(([queueId, intervals]) => {
      const { from, to, contacts, averageHandleMs } = extentOf(intervals);
      const since = firstOwn.get(queueId);
      return {
        queue: { id: queueId, name: names.get(queueId) ?? queueId },
        intervals: intervals.length,
        contacts,
        averageHandleMs,
        firstAt: from,
        lastAt: to,
        replaced: replaced.get(queueId) ?? 0,
        shadowed: since === undefined ? 0 : intervals.filter(({ at }) => at + INTERVAL_MS > since).length,
      };
    }),
    days: daysOf(read.intervals, timeZone),
    faults: read.faults.slice(0, SHOWN_FAULTS).map((fault) => ({ ...fault })),
    faultCount: read.faults.length,
  };
}

function daysOf(intervals: readonly ImportedInterval[], timeZone: string) {
  const hours = new Map<number, number>();
  for (const { at, offered } of intervals) {
    const hour = Math.floor(at / 3_600_000);
    hours.set(hour, (hours.get(hour) ?? 0) + offered);
  }
  const days = new Map<string, number>();
  for (const [hour, offered] of hours) {
    const date = localDate(hour * 3_600_000, timeZone);
    days.set(date, (days.get(date) ?? 0) + offered);
  }
  return [...days]
    .map(([date, contacts]) => ({ date, contacts }))
    .toSorted((a, b) => (a.date < b.date ? -1 : 1));
}
