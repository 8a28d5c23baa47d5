import type { QueueId } from "@svara/kernel";
import { type Estimate, meanEstimate } from "../confidence.ts";
import { agentFigures, type QueueFigures, queueFigures, totalFigures } from "../figures.ts";
import { ALL_AGENTS, type FloorTally } from "../floor-tally.ts";

/** The figures that are compared, as words of the result. Counts are of the whole record; times are in ms. */
export const WHAT_IF_FIGURES = [
  "offered",
  "answered",
  "abandoned",
  "flowOut",
  "callback",
  "serviceLevel",
  "abandonRate",
  "meanWaitMs",
  "meanWaitAnsweredMs",
  "meanWaitAbandonedMs",
  "wait90Ms",
  "maxWaitMs",
  "meanQueue",
  "occupancy",
] as const;

export type WhatIfFigure = (typeof WHAT_IF_FIGURES)[number];

/** A number for each figure; null where there is none (no contact, or occupancy of a queue, which has no agents of its own). */
export type Numbers = Readonly<Record<WhatIfFigure, number | null>>;

/** The same with intervals. */
export type Estimates = Readonly<Record<WhatIfFigure, Estimate>>;

/** What one run, or the record, counted. */
export interface FloorNumbers {
  readonly queues: ReadonlyMap<QueueId, Numbers>;
  readonly total: Numbers;
}

/** The figures of one tally over a span of `lengthMs`. */
export function numbersOf(tally: FloorTally, lengthMs: number): FloorNumbers {
  const scale = { lengthMs, confidence: 0.95 };
  const occupancy = occupancyOf(tally, scale);
  const queues = [...queueFigures([tally], scale)].map(
    ([id, figures]) => [id, numbers(figures, null)] as const,
  );
  return { queues: new Map(queues), total: numbers(totalFigures([tally], scale), occupancy) };
}

function occupancyOf(tally: FloorTally, scale: { lengthMs: number; confidence: number }): number | null {
  return agentFigures([tally], scale).get(ALL_AGENTS)?.occupancy.value ?? null;
}

function numbers(figures: QueueFigures, occupancy: number | null): Numbers {
  const { counts } = figures;
  return {
    offered: counts.offered,
    answered: counts.answered,
    abandoned: counts.abandoned,
    flowOut: counts.flowOut,
    callback: counts.callback,
    serviceLevel: figures.serviceLevel.SL4.value,
    abandonRate: figures.abandonRate.value,
    meanWaitMs: figures.meanWaitMs.value,
    meanWaitAnsweredMs: figures.meanWaitAnsweredMs.value,
    meanWaitAbandonedMs: figures.meanWaitAbandonedMs.value,
    wait90Ms: figures.wait90Ms.value,
    maxWaitMs: counts.maxWaitMs,
    meanQueue: figures.meanQueue.value,
    occupancy,
  };
}

/** Means over runs with their intervals; a run without the figure is left out. */
export function estimatesOf(runs: readonly Numbers[]): Estimates {
  return byFigure((figure) => meanEstimate(runs.flatMap((run) => run[figure] ?? [])));
}

/** Of runs that met the same customers, pair by pair. */
export function differencesOf(runs: readonly Numbers[], others: readonly Numbers[]): Estimates {
  return byFigure((figure) =>
    meanEstimate(
      runs.flatMap((run, i) => {
        const value = run[figure];
        const other = others[i]?.[figure];
        return value === null || other === null || other === undefined ? [] : [value - other];
      }),
    ),
  );
}

/** Means over runs less what happened. */
export function errorsOf(runs: readonly Numbers[], happened: Numbers): Estimates {
  return differencesOf(
    runs,
    runs.map(() => happened),
  );
}

function byFigure(of: (figure: WhatIfFigure) => Estimate): Estimates {
  return Object.fromEntries(WHAT_IF_FIGURES.map((figure) => [figure, of(figure)])) as Record<
    WhatIfFigure,
    Estimate
  >;
}
