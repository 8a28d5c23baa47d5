import { runWorkerJob } from "@svara/jobs";
import { HttpError } from "../../http/http-error.ts";
import { type HistoryColumns, inColumns } from "./history-columns.ts";
import { type HistoryCsvOptions, readHistoryCsv } from "./history-csv.ts";

/** A file that is read in less than 20 ms is read at once. */
const SHORT_FILE = 40_000;
/** Beside the one that is read; each holds up to 10 MB. */
const MOST_WAITING = 4;
const THREAD = new URL("./history-csv-thread.ts", import.meta.url);

/** What the thread is asked. */
export interface HistoryFileRequest {
  readonly text: string;
  readonly options: HistoryCsvOptions;
}

/** Reads files of past figures; long ones one after the other in a thread, since calls go on beside. */
export class HistoryFileReader {
  readonly #inThread: typeof readInThread;
  #unfinished = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(inThread: typeof readInThread = readInThread) {
    this.#inThread = inThread;
  }

  /** @throws HttpError 429 `too_much_planning` */
  async read(text: string, options: HistoryCsvOptions): Promise<HistoryColumns> {
    if (text.length <= SHORT_FILE) return inColumns(readHistoryCsv(text, options));
    if (this.#unfinished > MOST_WAITING)
      throw new HttpError("Other files are being read; try again in a moment", {
        status: 429,
        code: "too_much_planning",
        retryAfterMs: 10_000,
      });
    this.#unfinished += 1;
    const own = this.#last.then(() => this.#inThread({ text, options }));
    this.#last = own.catch(() => undefined);
    try {
      return await own;
    } finally {
      this.#unfinished -= 1;
    }
  }
}

function readInThread(request: HistoryFileRequest): Promise<HistoryColumns> {
  return runWorkerJob<HistoryFileRequest, never, HistoryColumns>(THREAD, request);
}
