import type { Comparison, Estimates, WhatIfFigure, WhatIfResult } from "@svara/workforce";
import { table } from "./text-columns.ts";
import { waitingLines } from "./whatif-waiting.ts";

type Unit = "count" | "share" | "duration" | "items";

interface Row {
  readonly figure: WhatIfFigure;
  readonly name: string;
  readonly unit: Unit;
}

const ROWS: readonly Row[] = [
  { figure: "offered", name: "offered", unit: "count" },
  { figure: "answered", name: "answered", unit: "count" },
  { figure: "abandoned", name: "abandoned", unit: "count" },
  { figure: "abandonRate", name: "abandon rate", unit: "share" },
  { figure: "serviceLevel", name: "service level", unit: "share" },
  { figure: "meanWaitMs", name: "mean wait", unit: "duration" },
  { figure: "wait90Ms", name: "90 of 100 wait less than", unit: "duration" },
  { figure: "meanQueue", name: "waiting on average", unit: "items" },
  { figure: "occupancy", name: "occupancy of agents", unit: "share" },
];

const INDENT = "  ";

/** What happened beside what was simulated, as a table for a person, and what was assumed, in sentences. */
export function whatIfTable(result: WhatIfResult): string {
  const { queues, total, replications, confidence } = result;
  const isChanged = total.changed !== null;
  const head = ["", "happened", "same rules", ...(isChanged ? ["your change", "difference"] : [])];
  const sections = [
    { title: "all queues", comparison: total },
    ...queues.map((queue) => ({
      title: `queue ${queue.queueId} (to be answered within ${queue.thresholdMs / 1000} s)`,
      comparison: queue,
    })),
  ];
  const rows = sections.flatMap(({ title, comparison }) => [
    [title],
    ...ROWS.filter(({ figure }) => hasFigure(comparison, figure)).map((row) =>
      cells(row, comparison, isChanged),
    ),
  ]);
  return [
    `From ${iso(result.from)} to ${iso(result.to)}, simulated ${replications} times from seed ${result.seed}.`,
    `± is half of the ${Math.round(100 * confidence)} % interval. Service level: answered within the queue's target.`,
    "",
    ...table([head, ...rows]),
    "",
    ...(isChanged ? [] : ["Without --rules or --staff only the recorded rules are simulated.", ""]),
    ...waitingLines(result.dissatisfaction),
    "",
    "What was assumed:",
    ...result.assumptions.map(({ text }) => `- ${text}`),
    "",
  ].join("\n");
}

function hasFigure({ happened, sameRules, changed }: Comparison, figure: WhatIfFigure): boolean {
  return happened[figure] !== null || sameRules[figure].value !== null || changed?.[figure].value != null;
}

function cells({ figure, name, unit }: Row, comparison: Comparison, isChanged: boolean): string[] {
  const { happened, sameRules, changed, difference } = comparison;
  const shown = (estimates: Estimates | null): string => (estimates ? estimate(estimates[figure], unit) : "");
  return [
    INDENT + name,
    amount(happened[figure], unit),
    shown(sameRules),
    ...(isChanged ? [shown(changed), signed(difference?.[figure], unit)] : []),
  ];
}

function estimate({ value, halfWidth }: Estimates[WhatIfFigure], unit: Unit): string {
  if (value === null) return "-";
  return halfWidth === null ? amount(value, unit) : `${amount(value, unit)} ± ${bare(halfWidth, unit)}`;
}

function signed(found: Estimates[WhatIfFigure] | undefined, unit: Unit): string {
  if (!found || found.value === null) return "-";
  return `${found.value > 0 ? "+" : ""}${estimate(found, unit)}`;
}

function amount(value: number | null, unit: Unit): string {
  if (value === null) return "-";
  return unit === "share"
    ? `${bare(value, unit)} %`
    : unit === "duration"
      ? `${bare(value, unit)} s`
      : bare(value, unit);
}

/** The number without its unit, with as many places as it deserves. */
function bare(value: number, unit: Unit): string {
  switch (unit) {
    case "count":
      return value.toLocaleString("en", { maximumFractionDigits: Number.isInteger(value) ? 0 : 1 });
    case "share":
      return (100 * value).toFixed(1);
    case "duration":
      return (value / 1000).toFixed(1);
    case "items":
      return value.toFixed(2);
  }
}

function iso(at: number): string {
  return new Date(at)
    .toISOString()
    .replace(/:\d\d\.\d+Z$/, " UTC")
    .replace("T", " ");
}
