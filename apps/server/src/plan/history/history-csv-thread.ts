import { serveWorkerJob } from "@svara/jobs";
import { type HistoryCsv, readHistoryCsv } from "./history-csv.ts";
import type { HistoryFileRequest } from "./read-history-file.ts";

void serveWorkerJob<HistoryFileRequest, never, HistoryCsv>(({ text, options }) =>
  readHistoryCsv(text, options),
);
