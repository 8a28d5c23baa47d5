import type { LoadGenerator } from "../load/load-generator.ts";
import type { FigureGroup } from "../report/figure.ts";
import type { BenchCentre } from "../server/bench-centre.ts";
import type { ServerProcess } from "../server/server-process.ts";

/** The running system that the cases with calls measure. */
export interface Stage {
  readonly server: ServerProcess;
  readonly centre: BenchCentre;
  readonly load: LoadGenerator;
  /** Tells the person who waits how far it is. */
  readonly say: (line: string) => void;
}

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
