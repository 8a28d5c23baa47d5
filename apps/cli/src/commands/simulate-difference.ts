import type { Differences, Estimate, SimulatedFigure, SimulationDifference } from "@svara/workforce";
import { columns, pm, type Shown, simulationRecord } from "./simulate-table.ts";

interface Compared {
  readonly before: Shown;
  readonly after: Shown;
  readonly difference: SimulationDifference;
}

interface Row {
  readonly figure: SimulatedFigure;
  readonly name: string;
  readonly scale: number;
  readonly unit: string;
}

const ROWS: readonly Row[] = [
  { figure: "offered", name: "offered", scale: 1, unit: "" },
  { figure: "answered", name: "answered", scale: 1, unit: "" },
  { figure: "abandonRate", name: "abandoned", scale: 100, unit: " %" },
  { figure: "serviceLevel", name: "service level", scale: 100, unit: " %" },
  { figure: "meanWaitMs", name: "mean wait", scale: 0.001, unit: " s" },
  { figure: "wait90Ms", name: "90 of 100 wait", scale: 0.001, unit: " s" },
  { figure: "occupancy", name: "occupancy", scale: 100, unit: " %" },
];

/** Both scenarios and what the second has more or less, as plain JSON. */
export function differenceRecord({ before, after, difference }: Compared): object {
  return {
    before: simulationRecord(before),
    after: simulationRecord(after),
    difference: {
      queues: [...difference.queues].map(([queueId, figures]) => ({ queueId, ...figures })),
      total: difference.total,
    },
  };
}

/** What the second scenario has more or less than the first, with the same customers. */
export function differenceTable({ before, after, difference }: Compared): string {
  const { replications, seed, confidence } = before.result;
  const sections = [
    { title: "all queues", figures: difference.total },
    ...(difference.queues.size > 1
      ? [...difference.queues].map(([id, figures]) => ({ title: `queue ${id}`, figures }))
      : []),
  ];
  const rows = sections.flatMap(({ title, figures }) => [
    [title],
    ...ROWS.filter(({ figure }) => figures[figure].value !== null && isOf(figure, title)).map((row) =>
      cells(row, figures),
    ),
  ]);
  return [
    `${after.title ?? "the second scenario"} less ${before.title ?? "the first"}: ${replications} days each from seed ${seed}, day by day with the same customers.`,
    `± is half of the ${Math.round(100 * confidence)} % interval: a difference that is smaller says nothing.`,
    "",
    ...columns([["", "difference"], ...rows]),
    "",
  ].join("\n");
}

/** Queues have no agents of their own. */
function isOf(figure: SimulatedFigure, title: string): boolean {
  return figure !== "occupancy" || title === "all queues";
}

function cells({ figure, name, scale, unit }: Row, figures: Differences): string[] {
  return [`  ${name}`, signed(figures[figure], scale, unit)];
}

function signed(found: Estimate, scale: number, unit: string): string {
  return `${(found.value ?? 0) > 0 ? "+" : ""}${pm(found, 1, scale, unit)}`;
}
