import { INTERVAL_MS } from "@svara/calendar";
import type { Instant, QueueId } from "@svara/kernel";
import type { CsvFault, HistoryCsv, ImportedInterval } from "./history-csv.ts";

/**
 * The intervals of one queue in columns: hundreds of thousands cross from thread to thread as a few blocks of bytes, not as
 * so many objects.
 */
export interface QueueColumns {
  readonly queueId: QueueId;
  readonly at: Float64Array;
  readonly offered: Float64Array;
  /** NaN: not told. */
  readonly handleMs: Float64Array;
}

/** A file that was read, as it is handed on. */
export interface HistoryColumns {
  readonly lines: number;
  readonly queues: readonly QueueColumns[];
  /** The first ones. */
  readonly faults: readonly CsvFault[];
  readonly faultCount: number;
}

const SHOWN_FAULTS = 50;

export function inColumns({ lines, intervals, faults }: HistoryCsv): HistoryColumns {
  const queues = [...Map.groupBy(intervals, (one) => one.queueId)].map(([queueId, own]) => ({
    queueId,
    at: Float64Array.from(own, ({ at }) => at),
    offered: Float64Array.from(own, ({ offered }) => offered),
    handleMs: Float64Array.from(own, ({ handleMs }) => handleMs ?? Number.NaN),
  }));
  return { lines, queues, faults: faults.slice(0, SHOWN_FAULTS), faultCount: faults.length };
}

/** The intervals again, a part at a time. */
export function* partsOf(
  { queueId, at, offered, handleMs }: QueueColumns,
  most: number,
): Generator<ImportedInterval[]> {
  for (let from = 0; from < at.length; from += most)
    yield Array.from(at.subarray(from, from + most), (start, i) => {
      const handle = handleMs[from + i] ?? Number.NaN;
      return {
        queueId,
        at: start,
        offered: offered[from + i] ?? 0,
        handleMs: Number.isNaN(handle) ? null : handle,
      };
    });
}

/** From the beginning of the first interval to the end of the last, and what came. */
export interface Extent {
  readonly intervals: number;
  readonly from: Instant;
  readonly to: Instant;
  readonly contacts: number;
  readonly averageHandleMs: number | null;
}

export function extentOf(queues: readonly QueueColumns[]): Extent {
  let intervals = 0;
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  let contacts = 0;
  let handled = 0;
  let handleMs = 0;
  for (const queue of queues) {
    intervals += queue.at.length;
    for (const [i, at] of queue.at.entries()) {
      const offered = queue.offered[i] ?? 0;
      const handle = queue.handleMs[i] ?? Number.NaN;
      from = Math.min(from, at);
      to = Math.max(to, at + INTERVAL_MS);
      contacts += offered;
      if (Number.isNaN(handle)) continue;
      handled += offered;
      handleMs += offered * handle;
    }
  }
  return { intervals, from, to, contacts, averageHandleMs: handled > 0 ? handleMs / handled : null };
}
