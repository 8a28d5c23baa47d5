import { runWorkerJob } from "@svara/jobs";
import { type HistoryCsv, type HistoryCsvOptions, readHistoryCsv } from "./history-csv.ts";

/** A file that is read in less than 20 ms is read at once. */
const SHORT_FILE = 40_000;
const THREAD = new URL("./history-csv-thread.ts", import.meta.url);

/** What the thread is asked. */
export interface HistoryFileRequest {
  readonly text: string;
  readonly options: HistoryCsvOptions;
}

/** Reads a file of past figures; long ones in a thread of their own, since calls go on beside. */
export function readHistoryFile(text: string, options: HistoryCsvOptions): Promise<HistoryCsv> {
  if (text.length <= SHORT_FILE) return Promise.resolve(readHistoryCsv(text, options));
  return runWorkerJob<HistoryFileRequest, never, HistoryCsv>(THREAD, { text, options });
}
