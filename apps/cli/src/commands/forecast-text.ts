import type {
  Forecast,
  ForecastMethod,
  HandlingTime,
  IntradayForecast,
  MethodScore,
  Patience,
  SeriesName,
} from "@svara/workforce/forecasting";
import type { PlannedWork } from "./forecast-backlog.ts";

/** Intervals as CSV; the mean is called `offered`, as `svara staffing` reads it. */
export function intervalsCsv(forecasts: readonly Forecast[]): string {
  const lines = ["at,queue,medium,offered,p025,p100,p500,p900,p975"];
  for (const { series, timeZone, intervals } of forecasts) {
    const show = clock(timeZone);
    for (const { at, mean, quantiles: q } of intervals) {
      lines.push([show(at), ...names(series), mean, q.p025, q.p100, q.p500, q.p900, q.p975].join(","));
    }
  }
  return `${lines.join("\n")}\n`;
}

/** Days as CSV. */
export function daysCsv(forecasts: readonly Forecast[]): string {
  const lines = ["date,queue,medium,offered,p025,p100,p500,p900,p975,special"];
  for (const { series, days } of forecasts) {
    for (const { date, mean, quantiles: q, special } of days) {
      const cells = [date, ...names(series), mean, q.p025, q.p100, q.p500, q.p900, q.p975];
      lines.push([...cells, quoted(special.join(" "))].join(","));
    }
  }
  return `${lines.join("\n")}\n`;
}

/** The day that goes on as CSV. */
export function intradayCsv(forecasts: readonly IntradayForecast[]): string {
  const lines = ["at,queue,medium,planned,actual,offered,p025,p100,p500,p900,p975"];
  for (const { series, timeZone, intervals } of forecasts) {
    const show = clock(timeZone);
    for (const { at, planned, actual, mean, quantiles: q } of intervals) {
      const figures = [planned, actual ?? "", mean, q.p025, q.p100, q.p500, q.p900, q.p975];
      lines.push([show(at), ...names(series), ...figures].join(","));
    }
  }
  return `${lines.join("\n")}\n`;
}

/** Work that can wait as CSV. */
export function workCsv(works: readonly PlannedWork[]): string {
  const lines = ["at,queue,medium,items,due,backlog"];
  const tidy = (items: number): number => Math.round(1000 * items) / 1000;
  for (const { series, timeZone, intervals } of works) {
    const show = clock(timeZone);
    for (const { at, items, due, backlog } of intervals) {
      lines.push([show(at), ...names(series), tidy(items), tidy(due), tidy(backlog)].join(","));
    }
  }
  return `${lines.join("\n")}\n`;
}

/** What was used, how far it was off in the past, and what should be known: beside the result, for a person. */
export function forecastWords(forecast: Forecast): string {
  const { series, history, scores, choices, notes } = forecast;
  const lines = [
    `${titleOf(series)}${history.contacts} contacts on ${history.openDays} open days, ${history.firstDay} to ${history.lastDay}`,
  ];
  for (const { upToDaysAhead, method, by } of choices) {
    const score = scores.find((one) => one.method === method && upToDaysAhead >= one.daysAhead) ?? scores[0];
    const own =
      scores.filter((one) => one.method === method).findLast((one) => one.daysAhead <= upToDaysAhead) ??
      score;
    const error = own
      ? `: of ${own.days} past days an interval was off by ${share(own.intervals.wape)}, a day by ${share(own.dayTotals.wape)}`
      : "";
    const why = {
      evaluation: "least error",
      given: "as asked",
      short_history: "too short a history to compare",
    }[by];
    lines.push(`  up to ${upToDaysAhead} open days ahead: ${method} (${why})${error}`);
  }
  for (const { text } of notes) lines.push(`  note: ${text}`);
  return `${lines.join("\n")}\n`;
}

/** Every method's errors, distance by distance. */
export function scoresTable(forecast: Forecast): string {
  const head = [
    "days ahead",
    "method",
    "MAPE",
    "WAPE",
    "RMSE",
    "bias",
    "in 80 %",
    "in 95 %",
    "day WAPE",
    "day in 80 %",
    "day in 95 %",
  ];
  const rows = [...forecast.scores]
    .sort((a, b) => a.daysAhead - b.daysAhead)
    .map((score) => [String(score.daysAhead), mark(score, forecast), ...figures(score)]);
  const days = forecast.scores[0]?.days ?? 0;
  const title = `${titleOf(forecast.series)}${days} days forecast again, each from what was known before (* is chosen)`;
  return `${[title, ...aligned([head, ...rows], 2)].join("\n")}\n`;
}

function mark(score: MethodScore, { choices }: Forecast): string {
  const chosen = choices.find(({ upToDaysAhead }) => score.daysAhead <= upToDaysAhead) ?? choices.at(-1);
  const method: ForecastMethod = score.method;
  return chosen?.method === method ? `${method} *` : method;
}

function figures({ intervals, dayTotals }: MethodScore): string[] {
  return [
    share(intervals.mape),
    share(intervals.wape),
    intervals.rmse.toFixed(2),
    share(intervals.bias),
    share(intervals.coverage80),
    share(intervals.coverage95),
    share(dayTotals.wape),
    share(dayTotals.coverage80),
    share(dayTotals.coverage95),
  ];
}

/** Patience for a person. */
export function patienceText(patience: Patience): string {
  const at = (ms: number): string => {
    const point = patience.points.find(({ atMs }) => atMs === ms);
    return point
      ? `${share(point.survival)}${point.low95 === null || point.high95 === null ? "" : ` (${share(point.low95)} to ${share(point.high95)})`}`
      : "-";
  };
  const rows = [
    ["waits longer than nothing", String(patience.waits)],
    [
      "of them ended by the customer",
      `${patience.gaveUp} (${share(patience.waits > 0 ? patience.gaveUp / patience.waits : null)})`,
    ],
    ["hung up without a wait", `${patience.balked} (${share(patience.balkShare)} of all)`],
    ["a quarter has hung up after", seconds(patience.firstQuartileMs)],
    ["half has hung up after", seconds(patience.medianMs)],
    ["mean patience, exponential", seconds(patience.exponentialMeanMs)],
    [`mean patience up to ${seconds(patience.restrictedToMs)}`, seconds(patience.restrictedMeanMs)],
    ["mean wait of those who hung up (not their patience)", seconds(patience.meanWaitOfGaveUpMs)],
    ...[10_000, 30_000, 60_000, 120_000, 180_000, 300_000, 600_000].map((ms) => [
      `still there after ${ms / 1000} s`,
      at(ms),
    ]),
  ];
  return `${aligned(rows).join("\n")}\n`;
}

/** Handling times for a person. */
export function handlingText(time: HandlingTime): string {
  const law = time.lognormal;
  const rows = [
    ["contacts", `${time.contacts} (${time.leftOut} left out)`],
    ["mean", seconds(time.meanMs)],
    ["standard deviation", seconds(time.sdMs)],
    ["median", seconds(time.medianMs)],
    ["shorter than 10 s", share(time.shortShare)],
    [
      "lognormal",
      law
        ? `mu ${law.mu.toFixed(4)}, sigma ${law.sigma.toFixed(4)} (of seconds); greatest distance ${law.distance.toFixed(3)}`
        : "-",
    ],
  ];
  const byTime = time.byTime.map(({ from, contacts, seenMs, meanMs }) => [
    from,
    String(contacts),
    seconds(seenMs),
    seconds(meanMs),
  ]);
  return `${[...aligned(rows), "", ...aligned([["from", "contacts", "mean", "to plan with"], ...byTime])].join("\n")}\n`;
}

function titleOf({ queueId, medium }: SeriesName): string {
  const parts = [queueId === null ? "" : `queue ${queueId}`, medium ?? ""].filter((part) => part !== "");
  return parts.length > 0 ? `${parts.join(", ")}: ` : "";
}

function names({ queueId, medium }: SeriesName): string[] {
  return [quoted(queueId ?? ""), quoted(medium ?? "")];
}

function quoted(cell: string): string {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function share(value: number | null): string {
  return value === null ? "-" : `${(100 * value).toFixed(1)} %`;
}

function seconds(ms: number | null): string {
  return ms === null ? "-" : `${(ms / 1000).toFixed(ms % 1000 === 0 ? 0 : 1)} s`;
}

/** An instant on the clocks of a zone, with its offset. */
function clock(timeZone: string): (at: number) => string {
  return (at) =>
    Temporal.Instant.fromEpochMilliseconds(at)
      .toZonedDateTimeISO(timeZone)
      .toString({ timeZoneName: "never", smallestUnit: "second" });
}

/** Columns under each other; the first `words` of them begin at the left, numbers end at the right. */
function aligned(rows: readonly (readonly string[])[], words = 1): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, i) => (i < words ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("   ")
      .trimEnd(),
  );
}
