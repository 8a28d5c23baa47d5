import type { Estimate } from "@svara/workforce";
import type { StaffingTargets } from "@svara/workforce/queueing";
import type { IntervalRequirement } from "@svara/workforce/staffing";
import type { Span } from "./staffing-demand.ts";
import { aligned, DECIDED_BY, percent, seconds } from "./staffing-table.ts";

/** What the simulated days showed with the agents found. */
export interface SimulatedShare {
  readonly serviceLevel: Estimate;
  readonly abandonRate: Estimate;
  readonly meanWaitMs: Estimate;
}

export interface ShownInterval extends IntervalRequirement {
  readonly series: Span["series"];
  readonly simulated?: SimulatedShare;
}

export interface IntervalsPage {
  readonly intervals: readonly ShownInterval[];
  readonly targets: StaffingTargets;
  readonly timeZone: string;
}

type Cell = string | number | null;

/** The requirement as plain records; waits in seconds, shares from 0 to 1. */
export function intervalRecords({
  intervals,
  targets,
  timeZone,
}: IntervalsPage): readonly Record<string, Cell>[] {
  const { thresholdS, basis = "all" } = targets.serviceLevel ?? {};
  return intervals.map((interval) => {
    const { at, series, arrivals, ahtMs, loadErlang, agents, headcount, decidedBy, figures, simulated } =
      interval;
    const level = figures?.within.find((within) => within.thresholdS === thresholdS)?.serviceLevel[basis];
    return {
      at: clock(at, timeZone),
      queue: series.queue,
      medium: series.medium,
      offered: arrivals,
      aht_s: ahtMs / 1000,
      load_erlang: loadErlang,
      agents,
      headcount,
      decided_by: decidedBy === null || decidedBy === "atLeast" ? null : DECIDED_BY[decidedBy],
      ...(thresholdS === undefined ? {} : { service_level: level ?? null }),
      pAbandon: figures?.pAbandon ?? null,
      meanWaitAll_s: figures?.meanWaitAllS ?? null,
      occupancy: figures?.occupancy ?? null,
      ...(simulated ? simulatedCells(simulated) : {}),
    };
  });
}

function simulatedCells({ serviceLevel, abandonRate, meanWaitMs }: SimulatedShare): Record<string, Cell> {
  return {
    simulated_service_level: serviceLevel.value,
    simulated_service_level_half_width: serviceLevel.halfWidth,
    simulated_pAbandon: abandonRate.value,
    simulated_meanWaitAll_s: meanWaitMs.value === null ? null : meanWaitMs.value / 1000,
  };
}

/** An instant on the clocks of a zone, with its offset. */
const clock = (at: number, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(timeZone)
    .toString({ timeZoneName: "never", smallestUnit: "second" });

export function intervalsCsv(page: IntervalsPage): string {
  const records = intervalRecords(page);
  const names = Object.keys(records[0] ?? {});
  const lines = records.map((record) => names.map((name) => cell(record[name] ?? "")).join(","));
  return `${[names.join(","), ...lines].join("\n")}\n`;
}

const cell = (value: Cell): string =>
  typeof value === "string" && /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : String(value);

export function intervalsTable(page: IntervalsPage): string {
  const { intervals, targets, timeZone } = page;
  const { thresholdS, basis = "all" } = targets.serviceLevel ?? {};
  const hasQueue = intervals.some(({ series }) => series.queue !== null || series.medium !== null);
  const isSimulated = intervals.some(({ simulated }) => simulated !== undefined);
  const head = [
    "at",
    ...(hasQueue ? ["queue"] : []),
    "offered",
    "erlang",
    "agents",
    "people",
    ...(thresholdS === undefined ? [] : [`within ${thresholdS} s`]),
    "hang up",
    "mean wait",
    "occupancy",
    ...(isSimulated ? ["simulated"] : []),
  ];
  const rows = intervals.map((interval) => {
    const { at, series, arrivals, loadErlang, agents, headcount, figures, simulated } = interval;
    const level = figures?.within.find((within) => within.thresholdS === thresholdS)?.serviceLevel[basis];
    const orNone = (value: number | undefined | null, as: (value: number) => string): string =>
      value === undefined || value === null ? "-" : as(value);
    return [
      clock(at, timeZone).slice(0, 16).replace("T", " "),
      ...(hasQueue ? [[series.queue, series.medium].filter((word) => word !== null).join(" ")] : []),
      arrivals.toFixed(1),
      loadErlang.toFixed(2),
      String(agents),
      String(headcount),
      ...(thresholdS === undefined ? [] : [orNone(level, percent)]),
      orNone(figures?.pAbandon, percent),
      orNone(figures?.meanWaitAllS, seconds),
      orNone(figures?.occupancy, percent),
      ...(isSimulated ? [simulatedCell(simulated)] : []),
    ];
  });
  const hours = (count: (interval: ShownInterval) => number): string => {
    const lengthMs = Math.min(
      ...intervals
        .slice(1)
        .map(({ at }, i) => at - (intervals[i]?.at ?? 0))
        .filter((ms) => ms > 0),
    );
    return ((intervals.reduce((sum, interval) => sum + count(interval), 0) * lengthMs) / 3_600_000).toFixed(
      1,
    );
  };
  return [
    ...aligned([head, ...rows]),
    "",
    `${hours(({ agents }) => agents)} hours of agents, ${hours(({ headcount }) => headcount)} of people. Offered 0 after closing: those who came are served.`,
    "",
  ].join("\n");
}

function simulatedCell(simulated: SimulatedShare | undefined): string {
  const { value, halfWidth } = simulated?.serviceLevel ?? { value: null, halfWidth: null };
  if (value === null) return "-";
  return halfWidth === null ? percent(value) : `${percent(value)} ± ${(100 * halfWidth).toFixed(1)}`;
}
