import { serveWorkerJob } from "@svara/jobs";
import {
  type ContactHistory,
  estimatePatience,
  type Forecast,
  type ForecastOptions,
  forecastContacts,
  type ObservedWait,
  type Patience,
} from "@svara/workforce/forecasting";

/** One queue's work. */
export interface SeriesRequest {
  /** Null: nothing is learnt from it (a flat guess). */
  readonly history: ContactHistory | null;
  readonly options: ForecastOptions;
  readonly waits: readonly ObservedWait[];
}

export interface SeriesAnswer {
  readonly forecast: Forecast | null;
  /** Null where nobody waited. */
  readonly patience: Patience | null;
}

/** Patience is drawn up to ten minutes, in steps of ten seconds. */
const PATIENCE = { restrictToMs: 600_000, stepMs: 10_000 } as const;

void serveWorkerJob<SeriesRequest, never, SeriesAnswer>(({ history, options, waits }) => ({
  forecast: history && forecastContacts(history, options),
  patience: waits.some(({ waitMs }) => waitMs > 0) ? estimatePatience(waits, PATIENCE) : null,
}));
