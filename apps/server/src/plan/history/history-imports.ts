import { localDate } from "@svara/calendar";
import type { HistoryImportPreview } from "@svara/contracts";
import type { ClientId, Clock, Ids, QueueId } from "@svara/kernel";
import type { Kysely } from "kysely";
import { type DB, type Tx, withScope } from "../../database/index.ts";
import { forbidden, invalid, notFound } from "../../http/http-error.ts";
import type { Audit } from "../../identity/audit.ts";
import type { Caller } from "../../rights/access.ts";
import { type PlanQueue, type PlanQueues, planScope } from "../plan-queues.ts";
import { extentOf, type HistoryColumns, type QueueColumns } from "./history-columns.ts";
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
  readonly audit: Audit;
  readonly queues: PlanQueues;
}

export interface HistoryFile {
  readonly clientId: ClientId;
  readonly fileName: string;
  readonly text: string;
  readonly intervalMinutes: 15 | 30 | 60;
  readonly store: boolean;
}

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
      const replaced = await toldAlready(tx, read.queues);
      const firstOwn = await firstOwnStays(
        tx,
        read.queues.map(({ queueId }) => queueId),
      );
      const mayStore = file.store && read.faultCount === 0 && read.queues.length > 0;
      const importId = mayStore ? ids.next() : null;
      if (importId !== null) {
        const row = rowOf(importId, file, caller, clock.now(), read.queues);
        await storeImport(tx, row, read.queues);
        await this.#note(tx, caller, "history_imported", row);
      }
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
      await this.#note(tx, caller, "history_import_removed", found);
    });
  }

  async #note(
    tx: Tx,
    { userId, address }: Caller,
    action: "history_imported" | "history_import_removed",
    { id, clientId }: Pick<HistoryImportRow, "id" | "clientId">,
  ): Promise<void> {
    await this.#parts.audit.noteIn(tx, { action, userId, address, clientId, subjectId: id });
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
  queues: readonly QueueColumns[],
): HistoryImportRow {
  const { intervals, from, to, contacts } = extentOf(queues);
  if (file.fileName.length > 255)
    throw invalid([{ field: "file", code: "too_long", message: "the file's name is longer than 255 signs" }]);
  return {
    id,
    clientId: file.clientId,
    fileName: file.fileName || "history.csv",
    importedAt: now,
    importedBy: caller.userId,
    intervals,
    contacts,
    firstAt: from,
    lastAt: to,
  };
}

interface Known {
  readonly importId: string | null;
  readonly own: readonly PlanQueue[];
  readonly replaced: ReadonlyMap<QueueId, number>;
  readonly firstOwn: ReadonlyMap<QueueId, number>;
  readonly timeZone: string;
}

function previewOf(read: HistoryColumns, known: Known): HistoryImportPreview {
  const { importId, own, replaced, firstOwn, timeZone } = known;
  const names = new Map(own.map(({ id, name }) => [id, name]));
  const { intervals, contacts: all } = extentOf(read.queues);
  return {
    importId,
    lines: read.lines,
    timeZone,
    intervals,
    contacts: all,
    queues: read.queues.map((columns) => {
      const { queueId } = columns;
      const { from, to, contacts, averageHandleMs } = extentOf([columns]);
      const since = firstOwn.get(queueId);
      return {
        queue: { id: queueId, name: names.get(queueId) ?? queueId },
        intervals: columns.at.length,
        contacts,
        averageHandleMs,
        firstAt: from,
        lastAt: to,
        replaced: replaced.get(queueId) ?? 0,
        shadowed: since === undefined ? 0 : columns.at.filter((at) => at + INTERVAL_MS > since).length,
      };
    }),
    days: daysOf(read.queues, timeZone),
    faults: read.faults.map((fault) => ({ ...fault })),
    faultCount: read.faultCount,
  };
}

function daysOf(queues: readonly QueueColumns[], timeZone: string) {
  const hours = new Map<number, number>();
  for (const columns of queues)
    for (const [i, at] of columns.at.entries()) {
      const hour = Math.floor(at / 3_600_000);
      hours.set(hour, (hours.get(hour) ?? 0) + (columns.offered[i] ?? 0));
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
