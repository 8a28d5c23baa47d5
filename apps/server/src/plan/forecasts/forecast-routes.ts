import { api, type ForecastDetail } from "@svara/contracts";
import type { HttpCore } from "../../http/http-core.ts";
import { csvText } from "../plan-csv.ts";
import type { PlanJobs } from "../plan-jobs.ts";
import type { ForecastMaker } from "./forecast-maker.ts";
import type { PlanForecasts } from "./plan-forecasts.ts";

interface Parts {
  readonly http: HttpCore;
  readonly forecasts: PlanForecasts;
  readonly maker: ForecastMaker;
  readonly jobs: PlanJobs;
}

/** Forecasts: making, reading, changing, comparing. */
export function mountForecastRoutes({ http, forecasts, maker, jobs }: Parts): void {
  http.mount(api.planForecasts.list, async ({ caller }) => ({ items: await forecasts.list(caller) }));
  http.mount(api.planForecasts.get, async ({ caller, params, query }) =>
    forecasts.get(caller, params.id, query),
  );
  http.mount(api.planForecasts.make, async ({ caller, body }) => {
    const ready = await maker.prepare(caller, body);
    return jobs.start({
      kind: "forecast",
      caller,
      places: ready.queues.map(({ id, clientId }) => ({ queueId: id, clientId })),
      run: ready.run,
    });
  });
  http.mount(api.planForecasts.adjust, async ({ caller, params, body }) =>
    forecasts.adjust(caller, params.id, body),
  );
  http.mount(api.planForecasts.undo, async ({ caller, params }) => {
    await forecasts.undo(caller, params.id, params.adjustmentId);
    return {};
  });
  http.mount(api.planForecasts.remove, async ({ caller, params }) => {
    await forecasts.remove(caller, params.id);
    return {};
  });
  http.mount(api.planForecasts.accuracy, async ({ caller, params }) => forecasts.accuracy(caller, params.id));
  http.mount(api.planForecasts.file, async ({ caller, params, reply }) => {
    const detail = await forecasts.get(caller, params.id);
    await reply
      .type("text/csv; charset=utf-8")
      .header("content-disposition", `attachment; filename="forecast-${detail.firstDay}.csv"`)
      .header("cache-control", "private, no-store")
      .send(forecastCsv(detail));
    return undefined;
  });
}

const COLUMNS = [
  "queue",
  "at",
  "contacts",
  "low_95",
  "low_80",
  "median",
  "high_80",
  "high_95",
  "before_changes",
  "handle_s",
] as const;

function forecastCsv({ series }: ForecastDetail): string {
  const lines = series.flatMap(({ queue, intervals, handling }) =>
    intervals.map(({ at, mean, quantiles, unadjusted }) => [
      queue.name,
      new Date(at).toISOString(),
      mean,
      quantiles.p025,
      quantiles.p100,
      quantiles.p500,
      quantiles.p900,
      quantiles.p975,
      unadjusted,
      handling.meanMs / 1000,
    ]),
  );
  return csvText(COLUMNS, lines);
}
