import type { WhatIfFigure, WhatIfIntervals, WhatIfSpread } from "@svara/contracts";
import { formatSpan } from "../../../format/duration.ts";

/** In which direction a figure is better; 0: neither is. */
const BETTER: Readonly<Record<WhatIfFigure, -1 | 0 | 1>> = {
  offered: 0,
  answered: 1,
  abandoned: -1,
  serviceLevel: 1,
  abandonRate: -1,
  meanWaitMs: -1,
  wait90Ms: -1,
  meanQueue: -1,
  occupancy: 0,
  agents: 0,
  cost: -1,
};

/** The figures that have a value for each quarter of an hour, the telling ones first. */
export const INTERVAL_FIGURES = [
  "serviceLevel",
  "meanWaitMs",
  "abandonRate",
  "meanQueue",
  "offered",
  "abandoned",
  "occupancy",
  "agents",
  "cost",
] as const satisfies readonly WhatIfFigure[];

/** Figures of the whole floor only: agents serve several queues. */
export const FLOOR_FIGURES: readonly WhatIfFigure[] = ["occupancy", "agents", "cost"];

interface How {
  readonly locale: string;
  readonly currency: string;
}

/** A value as people read it. */
export function formatFigure(figure: WhatIfFigure, value: number | null, { locale, currency }: How): string {
  if (value === null) return "–";
  switch (figure) {
    case "serviceLevel":
    case "abandonRate":
    case "occupancy":
      return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(value);
    case "meanWaitMs":
    case "wait90Ms":
      return value < 0 ? `−${formatSpan(-value, locale)}` : formatSpan(value, locale);
    case "cost":
      return new Intl.NumberFormat(locale, {
        style: "currency",
        currency,
        maximumFractionDigits: Math.abs(value) < 100 ? 2 : 0,
      }).format(value);
    default:
      return new Intl.NumberFormat(locale, { maximumFractionDigits: Math.abs(value) < 100 ? 1 : 0 }).format(
        value,
      );
  }
}

/** A difference with its sign. */
export function formatChange(figure: WhatIfFigure, value: number | null, how: How): string {
  if (value === null) return "–";
  const text = formatFigure(figure, value, how);
  const nothing = formatFigure(figure, 0, how);
  if (text === nothing || formatFigure(figure, -value, how) === nothing) return "0";
  return value > 0 ? `+${text}` : text;
}

/** Whether a difference is good, bad, neither, or within what chance alone could do. */
export function verdict(
  figure: WhatIfFigure,
  { value, halfWidth }: WhatIfSpread,
): "better" | "worse" | "plain" | "chance" {
  if (value === null || Math.abs(value) < 1e-9) return "plain";
  if (halfWidth === null || Math.abs(value) <= halfWidth) return "chance";
  const direction = BETTER[figure] * Math.sign(value);
  if (direction === 0) return "plain";
  return direction > 0 ? "better" : "worse";
}

/** The span of intervals in which something happens on any side: the night is not shown. */
export function busySpan({ happened, base, changed }: WhatIfIntervals): {
  readonly first: number;
  readonly end: number;
} {
  const count = base.offered.value.length;
  const isBusy = (i: number): boolean =>
    [base, changed].some(
      (side) => (side?.offered.value[i] ?? 0) > 0 || (side?.agents.value[i] ?? 0) > 0.05,
    ) || (happened?.offered[i] ?? 0) > 0;
  let first = 0;
  let end = count;
  while (first < count && !isBusy(first)) first++;
  while (end > first && !isBusy(end - 1)) end--;
  return first === end ? { first: 0, end: count } : { first, end };
}
