/**
 * A mixed-integer program: minimise `cost`·x + `offset` with `rowLower` ≤ A·x ≤ `rowUpper` and `colLower` ≤ x ≤ `colUpper`.
 * A is by rows (CSR): row r holds the entries `starts[r]` to `starts[r + 1]`. Infinite bounds are ±Infinity.
 */
export interface IntegerProgram {
  readonly columns: number;
  readonly rows: number;
  readonly cost: Float64Array;
  readonly offset: number;
  readonly colLower: Float64Array;
  readonly colUpper: Float64Array;
  /** 1 where a column is a whole number. */
  readonly isInteger: Uint8Array;
  readonly rowLower: Float64Array;
  readonly rowUpper: Float64Array;
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

/** How far a solver is. */
export interface SolverProgress {
  /** The best objective found; null: none yet. */
  readonly best: number | null;
  /** No solution is better than this; null: nothing is proven yet. */
  readonly bound: number | null;
  /** (best - bound) / |best|; null while one of them is missing. */
  readonly gap: number | null;
  readonly elapsedMs: number;
}

/** When a solver stops. */
export interface SolverLimits {
  readonly timeLimitMs: number;
  /** Relative gap at which it is good enough. */
  readonly gap: number;
  /** A known solution to begin from: one value for each column. */
  readonly start?: Float64Array;
  readonly onProgress?: (progress: SolverProgress) => void;
  /** Asked often; true: stop and hand out the best that is there. */
  readonly shouldStop?: () => boolean;
}

/** What a solver found. */
export type SolverOutcome =
  /** `proven`: within the gap; otherwise time or a person ended it. */
  | {
      readonly kind: "solution";
      readonly proven: boolean;
      readonly values: Float64Array;
      readonly objective: number;
      readonly bound: number;
    }
  | { readonly kind: "infeasible" }
  /** Ended before anything was found. */
  | { readonly kind: "nothing" };

/** What solves integer programs; synchronous, so it belongs into a thread of its own. */
export interface IntegerSolver {
  solve(program: IntegerProgram, limits: SolverLimits): SolverOutcome;
}
