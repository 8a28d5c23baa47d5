import type { FigureGroup } from "../report/figure.ts";

/** What one case found. */
export interface CaseResult {
  readonly group: FigureGroup;
  /** All that was read, for who wants to look closer. */
  readonly detail: unknown;
}

export function rounded(value: number, digits = 1): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
