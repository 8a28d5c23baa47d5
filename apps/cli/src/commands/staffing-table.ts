import type {
  ModelOutputs,
  ModelSummary,
  QueueDemand,
  QueueFigures,
  StaffingAnswer,
  TradeOffCurve,
  TradeOffPoint,
} from "@svara/workforce/queueing";

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
export const seconds = (s: number): string => `${s.toFixed(s < 10 ? 2 : 1)} s`;
const plain = (value: number): string => String(Number(value.toPrecision(6)));

/** The outputs of a model as they are named, one a line; lists of records as tables below. */
export function outputsTable(title: string, outputs: ModelOutputs): string {
  const lists = Object.entries(outputs).filter(([, value]) => isRecords(value));
  const rows = flat(Object.fromEntries(Object.entries(outputs).filter(([, value]) => !isRecords(value))));
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  const lines = [title, ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)];
  for (const [name, value] of lists) lines.push(name, ...recordLines(value as readonly object[]));
  return `${lines.join("\n")}\n`;
}

const isRecords = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((entry) => typeof entry === "object" && entry !== null);

function recordLines(records: readonly object[]): string[] {
  const head = Object.keys(records[0] ?? {});
  return aligned([head, ...records.map((record) => Object.values(record).map(text))]).map(
    (line) => `  ${line}`,
  );
}

/** Columns flush right. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) => row.map((cell, i) => cell.padStart(widths[i] ?? 0)).join("  "));
}

function flat(value: unknown, path = ""): [name: string, value: string][] {
  if (Array.isArray(value)) return [[path, value.map((entry) => text(entry)).join(", ")]];
  if (typeof value !== "object" || value === null) return [[path, text(value)]];
  return Object.entries(value).flatMap(([name, inner]) =>
    flat(inner, path === "" ? name : `${path}.${name}`),
  );
}

const text = (value: unknown): string => {
  if (typeof value !== "number") return String(value);
  return Number.isInteger(value) ? String(value) : plain(value);
};

export function modelsTable(models: readonly ModelSummary[]): string {
  const lines = models.flatMap(({ name, summary, needs, takes }) => [
    `${name}: ${summary}`,
    `  needs ${needs.join(", ")}`,
    ...(takes.length > 0 ? [`  takes ${takes.join(", ")}`] : []),
  ]);
  return `${lines.join("\n")}\n`;
}

export interface QueueReport {
  readonly demand: QueueDemand;
  readonly figures: QueueFigures;
  readonly answer?: StaffingAnswer;
  readonly shrinkage?: number;
  readonly wait90S?: number;
}

/** The figures of one queue, and how its agents were found. */
export function answerTable(report: QueueReport & { readonly isJson: boolean }): string {
  return report.isJson ? `${JSON.stringify(reportJson(report))}\n` : reportTable(report);
}

function reportJson({ demand, figures, answer, shrinkage, wait90S }: QueueReport): object {
  return {
    model: modelName(demand),
    agents: figures.agents,
    ...(answer === undefined ? {} : { decided_by: DECIDED_BY[answer.decidedBy] }),
    ...(answer === undefined || shrinkage === undefined ? {} : { headcount: answer.headcount }),
    offered_erlang: figures.offeredErlang,
    ...figuresRecord(figures, demand),
    ...(wait90S === undefined ? {} : { wait_quantile_90_s: wait90S }),
  };
}

/** Targets under the names of files. */
export const DECIDED_BY: Readonly<Record<StaffingAnswer["decidedBy"], string>> = {
  serviceLevel: "service_level",
  maxMeanWaitS: "max_asa_s",
  maxPWait: "max_pWait",
  maxAbandon: "max_abandon",
  maxBlocking: "max_blocking",
  maxOccupancy: "max_occupancy",
};

const modelName = ({ patience = null, lines }: QueueDemand): string => {
  if (lines !== undefined) return "mmnk_abandon";
  if (patience === null) return "erlangC";
  return typeof patience === "number" ? "erlangA" : "mmn_plus_G";
};

const TITLES: Readonly<Record<string, string>> = {
  erlangC: "Erlang C (all callers wait)",
  erlangA: "Erlang A (callers hang up)",
  mmn_plus_G: "M/M/n+G (callers hang up, by a curve)",
  mmnk_abandon: "M/M/n/k (so many lines)",
};

/** Figures under the names of files, waits and shares of all. */
function figuresRecord(figures: QueueFigures, demand: QueueDemand): Record<string, number> {
  const base = demand.lines === undefined ? "All" : "Entered";
  return {
    ...(demand.lines === undefined ? {} : { pBlock: figures.pBlock }),
    pWait: figures.pWait,
    pAbandon: figures.pAbandon,
    meanWaitAll_s: figures.meanWaitAllS,
    meanWaitServed_s: figures.meanWaitServedS,
    ...(figures.meanWaitAbandonedS === null ? {} : { meanWaitAbandoned_s: figures.meanWaitAbandonedS }),
    meanWaitGivenWait_s: figures.meanWaitGivenWaitS,
    meanQueue: figures.meanQueue,
    occupancy: figures.occupancy,
    ...Object.fromEntries(
      figures.within.flatMap(({ thresholdS, serviceLevel, pWaitGt }) => [
        [`servedWithin_${thresholdS}s_of${base}`, serviceLevel.all],
        [`servedWithin_${thresholdS}s_ofServed`, serviceLevel.served],
        [`serviceLevel_${thresholdS}s_abandonsOut`, serviceLevel.abandonsOut],
        [`serviceLevel_${thresholdS}s_abandonsIn`, serviceLevel.abandonsIn],
        [`pWaitGt_${thresholdS}s`, pWaitGt],
      ]),
    ),
  };
}

function reportTable({ demand, figures, answer, shrinkage, wait90S }: QueueReport): string {
  const hangUp = demand.patience !== null && demand.patience !== undefined;
  const rows: [string, string][] = [
    ["agents", plain(figures.agents)],
    ...(answer ? ([["decided by", DECIDED[answer.decidedBy]]] as [string, string][]) : []),
    ...(answer && shrinkage !== undefined
      ? ([[`people at ${percent(shrinkage)} shrinkage`, plain(answer.headcount)]] as [string, string][])
      : []),
    ["occupancy", percent(figures.occupancy)],
    ...(demand.lines === undefined
      ? []
      : ([["hear the busy tone", percent(figures.pBlock)]] as [string, string][])),
    ["wait at all", percent(figures.pWait)],
    ...(hangUp ? ([["hang up", percent(figures.pAbandon)]] as [string, string][]) : []),
    ["mean wait, all", seconds(figures.meanWaitAllS)],
    ...(hangUp
      ? ([
          ["mean wait, served", seconds(figures.meanWaitServedS)],
          ["mean wait, hung up", seconds(figures.meanWaitAbandonedS ?? 0)],
        ] as [string, string][])
      : []),
    ["mean wait of who waits", seconds(figures.meanWaitGivenWaitS)],
    ...(wait90S === undefined ? [] : ([["90 of 100 wait at most", seconds(wait90S)]] as [string, string][])),
    ["waiting on average", plain(figures.meanQueue)],
    ...figures.within.flatMap(({ thresholdS, serviceLevel, pWaitGt }): [string, string][] => [
      [`served within ${thresholdS} s, of all`, percent(serviceLevel.all)],
      ...(hangUp
        ? ([
            [`served within ${thresholdS} s, of served`, percent(serviceLevel.served)],
            ["  early hang-ups left out", percent(serviceLevel.abandonsOut)],
            ["  early hang-ups counted in", percent(serviceLevel.abandonsIn)],
          ] as [string, string][])
        : []),
      [`wait longer than ${thresholdS} s`, percent(pWaitGt)],
    ]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const head = `${TITLES[modelName(demand)]}: ${plain(demand.lambdaPerHour)} calls an hour of ${plain(demand.ahtS)} s = ${plain(figures.offeredErlang)} erlang`;
  return `${[head, ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value.padStart(9)}`)].join("\n")}\n`;
}

const DECIDED: Readonly<Record<StaffingAnswer["decidedBy"], string>> = {
  serviceLevel: "service level",
  maxMeanWaitS: "mean wait",
  maxPWait: "share that waits",
  maxAbandon: "hang-ups",
  maxBlocking: "busy tone",
  maxOccupancy: "occupancy",
};

/** The curve as plain records under the names of files. */
export function curveRecords({ offeredErlang, points, cheapest }: TradeOffCurve): object {
  return {
    offered_erlang: offeredErlang,
    points: points.map(pointRecord),
    ...(cheapest ? { cheapest_agents: cheapest.agents } : {}),
  };
}

function pointRecord({ agents, headcount, beta, figures, cost }: TradeOffPoint): Record<string, number> {
  return {
    agents,
    headcount,
    beta,
    ...figuresRecord(figures, { lambdaPerHour: 0, ahtS: 1, ...(figures.pBlock > 0 ? { lines: 1 } : {}) }),
    ...(cost
      ? {
          cost_staff: cost.staff,
          cost_waiting: cost.waiting,
          cost_abandoned: cost.abandoned,
          cost_total: cost.total,
        }
      : {}),
  };
}

export function curveCsv({ points }: TradeOffCurve): string {
  const records = points.map(pointRecord);
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const lines = records.map((record) => names.map((name) => record[name] ?? "").join(","));
  return `${[names.join(","), ...lines].join("\n")}\n`;
}

export function curveTable({ offeredErlang, points, cheapest }: TradeOffCurve): string {
  const within = points[0]?.figures.within ?? [];
  const head = [
    "agents",
    "beta",
    "occupancy",
    "wait at all",
    "hang up",
    "mean wait",
    ...within.map(({ thresholdS }) => `within ${thresholdS} s`),
    ...(cheapest ? ["cost an hour"] : []),
  ];
  const rows = points.map(({ agents, beta, figures, cost }) => [
    `${agents}${agents === cheapest?.agents ? " *" : ""}`,
    beta.toFixed(2),
    percent(figures.occupancy),
    percent(figures.pWait),
    percent(figures.pAbandon),
    seconds(figures.meanWaitAllS),
    ...figures.within.map(({ serviceLevel }) => percent(serviceLevel.all)),
    ...(cost ? [cost.total.toFixed(2)] : []),
  ]);
  return [
    `Load ${plain(offeredErlang)} erlang. beta: agents above the load, in roots of it. Within: served, of all.`,
    ...(cheapest ? ["* the cheapest"] : []),
    ...aligned([head, ...rows]),
    "",
  ].join("\n");
}
