import { serveWorkerJob } from "@svara/jobs";
import { type HistoryColumns, inColumns } from "./history-columns.ts";
import { readHistoryCsv } from "./history-csv.ts";
import type { HistoryFileRequest } from "./read-history-file.ts";

void serveWorkerJob<HistoryFileRequest, never, HistoryColumns>(({ text, options }) =>
  inColumns(readHistoryCsv(text, options)),
);
