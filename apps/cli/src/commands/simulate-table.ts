import type {
  AgentFigures,
  Estimate,
  IntervalQueueFigures,
  QueueFigures,
  ReadScenario,
  SimulationResult,
} from "@svara/workforce";

/** A scenario with what its simulation found. */
export interface Shown extends ReadScenario {
  readonly result: SimulationResult;
}

type Figures = IntervalQueueFigures & Partial<Pick<QueueFigures, "wait50Ms" | "wait90Ms">>;

/** The figures of a queue by the words of the what-if result; service level is that of formula SL4. */
function figuresOf(figures: Figures) {
  const { counts: _counts, serviceLevel, ...others } = figures;
  return { ...others, serviceLevel: serviceLevel.SL4 };
}

function agentsOf(groups: ReadonlyMap<string, AgentFigures>) {
  return [...groups].map(([group, { occupancy, meanLoggedIn, times }]) => ({
    group,
    occupancy,
    meanLoggedIn,
    times,
  }));
}

/** Everything, as plain JSON. */
export function simulationRecord({ title, timeZone, result, policies, leftOut }: Shown): object {
  const queues = (all: ReadonlyMap<string, Figures>) =>
    [...all].map(([queueId, figures]) => ({
      queueId,
      thresholdMs: policies[queueId as keyof typeof policies]?.thresholdMs ?? null,
      ...figuresOf(figures),
    }));
  const { seed, replications, confidence, isPrecise, run } = result;
  return {
    title,
    from: result.countedFrom,
    to: result.countedTo,
    timeZone,
    seed,
    replications,
    confidence,
    isPrecise,
    events: run.events,
    leftOut,
    queues: queues(result.queues),
    total: figuresOf(result.total),
    agents: agentsOf(result.agents),
    intervals: (result.intervals ?? []).map((interval) => ({
      from: interval.from,
      to: interval.to,
      queues: queues(interval.queues),
      total: figuresOf(interval.total),
      agents: agentsOf(interval.agents),
    })),
  };
}

const CSV_FIGURES = [
  "offered",
  "retrials",
  "answered",
  "abandoned",
  "flowOut",
  "callback",
  "serviceLevel",
  "abandonRate",
  "delayRate",
  "meanWaitMs",
  "meanWaitAnsweredMs",
  "meanWaitAbandonedMs",
  "meanQueue",
] as const;

/** A line for each interval and queue, and one for all queues together with its agents; each figure beside its half-width. */
export function simulationCsv({ result, timeZone }: Shown): string {
  const head = ["from", "to", "queueId", ...CSV_FIGURES.flatMap(withHalfWidth), "occupancy", "agents"];
  const lines = (result.intervals ?? []).flatMap((interval) => {
    const span = [clock(interval.from, timeZone), clock(interval.to, timeZone)];
    const row = (queueId: string, figures: Figures, more: readonly (number | null)[]): string => {
      const named = figuresOf(figures);
      const numbers = CSV_FIGURES.flatMap((name) => [named[name].value, named[name].halfWidth]);
      return [...span, quoted(queueId), ...[...numbers, ...more].map(shortened)].join(",");
    };
    const { occupancy, agents } = staff(interval.agents);
    return [
      ...[...interval.queues].map(([queueId, figures]) => row(queueId, figures, [null, null])),
      row("", interval.total, [occupancy, agents]),
    ];
  });
  return `${[head.join(","), ...lines].join("\n")}\n`;
}

/** Six digits are more than a simulation knows. */
function shortened(value: number | null): string {
  return value === null ? "" : String(Number(value.toPrecision(6)));
}

function withHalfWidth(name: string): string[] {
  return [name, `${name}HalfWidth`];
}

/** All groups together. */
function staff(groups: ReadonlyMap<string, AgentFigures>): { occupancy: number | null; agents: number } {
  let agents = 0;
  let busy = 0;
  let ready = 0;
  for (const { meanLoggedIn, times } of groups.values()) {
    agents += meanLoggedIn.value ?? 0;
    busy += times.talking + times.held + times.consulting + times.conferenced + times.dialing + times.wrap_up;
    ready += times.available;
  }
  return { occupancy: busy + ready === 0 ? null : busy / (busy + ready), agents };
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The day and its intervals, for a person. */
export function simulationTable(shown: Shown): string {
  const { title, result, policies, timeZone } = shown;
  const { seed, replications, confidence, isPrecise } = result;
  const day = [
    ["queue", "offered", "answered", "abandoned", "service level", "mean wait", "90 of 100 wait", "waiting"],
    ...[...result.queues].map(([id, figures]) => {
      const targetS = (policies[id]?.thresholdMs ?? 0) / 1000;
      return [`${id} (${targetS} s)`, ...dayCells(figures)];
    }),
    ...(result.queues.size > 1 ? [["all", ...dayCells(result.total)]] : []),
  ];
  const retrials = result.total.retrials.value ?? 0;
  const callbacks = result.total.callback.value ?? 0;
  const turnedAway = result.total.flowOut.value ?? 0;
  const agents = [
    ["agents", "on duty", "occupancy"],
    ...[...result.agents].map(([group, { meanLoggedIn, occupancy }]) => [
      group,
      pm(meanLoggedIn, 1),
      pm(occupancy, 1, 100, " %"),
    ]),
  ];
  const intervals = [
    ["from", "offered", "abandoned", "service level", "mean wait", "waiting", "on duty", "occupancy"],
    ...(result.intervals ?? []).map((interval) => {
      const { total } = interval;
      const { occupancy, agents: onDuty } = staff(interval.agents);
      return [
        clock(interval.from, timeZone).slice(11, 16),
        pm(total.offered, 1),
        pm(total.abandonRate, 1, 100, " %"),
        pm(total.serviceLevel.SL4, 1, 100, " %"),
        pm(total.meanWaitMs, 1, 0.001, " s"),
        pm(total.meanQueue, 2),
        onDuty.toFixed(1),
        occupancy === null ? "-" : `${(100 * occupancy).toFixed(1)} %`,
      ];
    }),
  ];
  return [
    ...(title === null ? [] : [title]),
    `From ${clock(result.countedFrom, timeZone)} to ${clock(result.countedTo, timeZone)} (${timeZone}), simulated ${replications} times from seed ${seed}.`,
    `± is half of the ${Math.round(100 * confidence)} % interval. Service level: answered within the target, of those who did not hang up before it.`,
    ...(isPrecise === false ? ["The precision asked for was not reached: give more --replications."] : []),
    "",
    ...columns(day),
    ...(retrials > 0
      ? ["", `${retrials.toFixed(1)} of those offered came again after they were not served.`]
      : []),
    ...(callbacks > 0
      ? ["", `${callbacks.toFixed(1)} were promised a call and count as neither answered nor abandoned.`]
      : []),
    ...(turnedAway > 0
      ? ["", `${turnedAway.toFixed(1)} went on to somewhere else, or were turned away.`]
      : []),
    "",
    ...columns(agents),
    "",
    ...columns(intervals),
    "",
  ].join("\n");
}

function dayCells(figures: QueueFigures): string[] {
  return [
    pm(figures.offered, 1),
    pm(figures.answered, 1),
    pm(figures.abandonRate, 1, 100, " %"),
    pm(figures.serviceLevel.SL4, 1, 100, " %"),
    pm(figures.meanWaitMs, 1, 0.001, " s"),
    pm(figures.wait90Ms, 1, 0.001, " s"),
    pm(figures.meanQueue, 2),
  ];
}

/** A figure with its interval. */
export function pm({ value, halfWidth }: Estimate, places: number, scale = 1, unit = ""): string {
  if (value === null) return "-";
  const shown = (scale * value).toFixed(places);
  return `${halfWidth === null ? shown : `${shown} ± ${(scale * halfWidth).toFixed(places)}`}${unit}`;
}

/** Columns as wide as they must be: the first to the left, the others to the right. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const count = Math.max(...rows.map(({ length }) => length));
  const widths = Array.from({ length: count }, (_, i) =>
    Math.max(...rows.map((row) => (row[i] ?? "").length)),
  );
  return rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

/** `2026-03-02T08:15:00+01:00` */
function clock(at: number, timeZone: string): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  return zoned.toString({ timeZoneName: "never", fractionalSecondDigits: 0 });
}
