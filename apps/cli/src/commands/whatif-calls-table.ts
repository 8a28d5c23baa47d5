import type { BackTestHour, BackTestResult, Bounded, LogFacts, PredictionErrors } from "@svara/workforce";
import { csvCell } from "@svara/workforce";
import { table } from "./text-columns.ts";
import { waitingLines } from "./whatif-waiting.ts";

type Learned = Pick<BackTestResult, "learnedFrom" | "fitted" | "dissatisfaction">;

/** What one log tells, for a person. */
export function learnedTable(learned: Learned): string {
  return [
    ...logLines("Learned from", learned.learnedFrom),
    "",
    ...fittedLines(learned),
    "",
    ...waitingLines(learned.dissatisfaction),
    "",
  ].join("\n");
}

/** How the foretold days compare to what happened, for a person. */
export function backTestTable(result: BackTestResult): string {
  const { replications, seed, errors, coverage, hours } = result;
  const unusual = hours.filter(({ isUnusual }) => isUnusual);
  return [
    ...logLines("Learned from", result.learnedFrom),
    ...logLines("Foretold", result.against),
    `Each day was simulated ${replications} times from seed ${seed}. Intervals of ${Math.round(100 * result.confidence)} % come from resampled days.`,
    "",
    "How far the foretold are from what happened:",
    ...table([
      [
        "",
        "spans",
        "WAPE of mean wait",
        "by calls",
        "bias of wait",
        "correlation",
        "abandoned: error",
        "bias",
      ],
      errorRow("each hour", errors.hours),
      errorRow("each usual hour", errors.usualHours),
      errorRow("each day", errors.days),
      errorRow("hours of the day", errors.profile),
      errorRow("chance alone, each hour", errors.leastPossible),
    ]),
    "",
    `${percent(coverage.wait.value)} of the hours waited as long, and in ${percent(coverage.abandoned.value)} as many gave up, as between the least and the`,
    `most of the runs (or 95 of 100 of them). "Chance alone" is one simulated run foretold by the others.`,
    ...(unusual.length === 0
      ? []
      : [
          `Unusual are ${unusual.length} hours whose services took less than half or more than twice as long as learned:`,
          `  ${unusual.map(({ date, hour }) => `${date} ${hour}:00`).join(", ")}`,
        ]),
    "",
    "By hour of the day, all days together:",
    ...profileRows(hours),
    "",
    ...fittedLines(result),
    "",
    ...waitingLines(result.dissatisfaction),
    "",
    "What was assumed:",
    "- Arrivals are those of the record. Callers who gave up and called again count as they did.",
    "- A server is on duty from the quarter hour of the first service to that of the last, as far as nobody waited whom",
    "  they serve; unavailable while somebody waited is a break from " +
      `${result.breakMs / 1000} s on, else work after the call.`,
    "- Calls of one type wait together; a server takes the types that were one in a hundred of theirs at least.",
    "- Who serves is not known when a call comes: talk is that of the type and hour, at the pace of those on duty.",
    "",
  ].join("\n");
}

const COLUMNS = [
  "date",
  "hour",
  "calls",
  "servers",
  "unusual",
  "mean_wait_s",
  "mean_wait_predicted_s",
  "mean_wait_half_width_s",
  "mean_wait_low_s",
  "mean_wait_high_s",
  "abandoned",
  "abandoned_predicted",
  "abandoned_half_width",
  "abandoned_low",
  "abandoned_high",
];

/** Every hour, for a program. */
export function backTestCsv({ hours }: BackTestResult): string {
  const lines = hours.map(({ date, hour, calls, servers, isUnusual, meanWaitMs: w, abandoned: a }) =>
    [
      date,
      hour,
      calls,
      rounded(servers),
      isUnusual ? 1 : 0,
      ...[w.happened, w.predicted, w.halfWidth, w.low, w.high].map((ms) =>
        ms === null ? null : rounded(ms / 1000),
      ),
      ...[a.happened, a.predicted, a.halfWidth, a.low, a.high].map((n) => (n === null ? null : rounded(n))),
    ]
      .map(csvCell)
      .join(","),
  );
  return `${[COLUMNS.join(","), ...lines].join("\n")}\n`;
}

function logLines(title: string, facts: LogFacts): string[] {
  const { from, to, days, calls, abandoned, meanWaitMs, left } = facts;
  return [
    `${title} ${days} days from ${from} to ${to}: ${number(calls)} calls, ${percent(abandoned / calls)} gave up, mean wait ${seconds(meanWaitMs)}.`,
    `  Left out: ${number(left.inMenu)} that ended in the menu, ${number(left.phantom)} phantoms, ${number(left.unnamed)} without a named server.`,
  ];
}

function errorRow(name: string, errors: PredictionErrors): string[] {
  const { waitWape, waitWapeByCalls, waitBiasMs, waitCorrelation } = errors;
  return [
    name,
    number(errors.spans),
    bounded(waitWape, (x) => (100 * x).toFixed(1), " %"),
    bounded(waitWapeByCalls, (x) => (100 * x).toFixed(1), " %"),
    bounded(waitBiasMs, (x) => (x / 1000).toFixed(1), " s"),
    bounded(waitCorrelation, (x) => x.toFixed(2)),
    bounded(errors.abandonErrorPoints, (x) => x.toFixed(1), " points"),
    bounded(errors.abandonBiasPoints, (x) => x.toFixed(1), " points"),
  ];
}

function bounded({ value, low, high }: Bounded, shown: (value: number) => string, unit = ""): string {
  if (value === null) return "-";
  return low === null || high === null
    ? `${shown(value)}${unit}`
    : `${shown(value)} [${shown(low)}, ${shown(high)}]${unit}`;
}

function profileRows(hours: readonly BackTestHour[]): string[] {
  const rows = [...Map.groupBy(hours, ({ hour }) => hour)].sort(([a], [b]) => a - b);
  return table([
    ["hour", "calls", "servers", "mean wait", "foretold", "gave up", "foretold"],
    ...rows.map(([hour, group]) => {
      const calls = group.reduce((sum, each) => sum + each.calls, 0);
      const mean = (of: (hour: BackTestHour) => number): number =>
        group.reduce((sum, each) => sum + of(each), 0);
      return [
        `${hour}:00`,
        number(calls),
        (mean(({ servers }) => servers) / group.length).toFixed(1),
        seconds(mean((each) => each.calls * each.meanWaitMs.happened) / calls),
        seconds(mean((each) => each.calls * each.meanWaitMs.predicted) / calls),
        percent(mean(({ abandoned }) => abandoned.happened) / calls),
        percent(mean(({ abandoned }) => abandoned.predicted) / calls),
      ];
    }),
  ]);
}

function fittedLines({ fitted }: Learned): string[] {
  const { handling, afterWorkMeanMs, patience, balking } = fitted;
  return [
    `What was learned (after a call ${seconds(afterWorkMeanMs)} on average before the next, ${percent(balking)} of those who would wait hang up at once):`,
    ...table([
      ["type", "services", "mean talk"],
      ...handling.map(({ type, services, meanMs }) => [type, number(services), seconds(meanMs)]),
    ]),
    ...table([
      ["type", "priority", "gave up", "mean patience"],
      ...patience.map(({ type, priority, gaveUp, meanMs, isShared }) => [
        type,
        String(priority),
        number(gaveUp),
        `${meanMs === null ? "never" : seconds(meanMs)}${isShared ? ", shared" : ""}`,
      ]),
    ]),
  ];
}

function percent(share: number | null): string {
  return share === null ? "-" : `${(100 * share).toFixed(1)} %`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function number(n: number): string {
  return n.toLocaleString("en");
}

function rounded(value: number): number {
  return Math.round(1000 * value) / 1000;
}
