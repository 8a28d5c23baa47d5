import { type Clock, SvaraError } from "@svara/kernel";
import type { IntegerProgram, IntegerSolver, SolverLimits, SolverOutcome } from "@svara/workforce/rostering";
import highsModule, { type CallbackData, type Highs, type Model } from "highs";

/** The package's types speak of its CommonJS form, whose `default` is the loader; the module's default is the loader itself. */
const loadHighs = highsModule as unknown as typeof highsModule.default;

/**
 * The solver HiGHS (WebAssembly, one thread). Its `solve` blocks the thread that calls it, so it belongs into a job.
 * Throws `solver.failed` when HiGHS refuses a program or ends in a way that no program should cause.
 */
export async function loadHighsSolver(clock: Clock): Promise<IntegerSolver> {
  const highs = await loadHighs();
  return { solve: (program, limits) => solve(highs, clock, program, limits) };
}

function solve(highs: Highs, clock: Clock, program: IntegerProgram, limits: SolverLimits): SolverOutcome {
  const startedAt = clock.now();
  const model = modelOf(highs, program);
  try {
    model.options.set({
      output_flag: false,
      time_limit: Math.max(limits.timeLimitMs, 1) / 1000,
      mip_rel_gap: limits.gap,
    });
    if (limits.start) model.setSolution({ colValue: limits.start });
    const { mipLogging, mipInterrupt, mipImprovingSolution, simplexInterrupt } = highs.constants.callbackType;
    const tell = ({ data }: { readonly data: CallbackData }): undefined => {
      limits.onProgress?.({ ...standing(data), elapsedMs: clock.now() - startedAt });
    };
    const look = (event: { interrupt(): void }): undefined => {
      if (limits.shouldStop?.()) event.interrupt();
    };
    model.run({
      [mipLogging]: tell,
      [mipImprovingSolution]: tell,
      [mipInterrupt]: look,
      [simplexInterrupt]: look,
    });
    return outcome(highs, model, program);
  } finally {
    model.dispose();
  }
}

function modelOf(highs: Highs, program: IntegerProgram): Model {
  const { columns, rows, starts, indices, values } = program;
  return highs.createModel({
    numCols: columns,
    numRows: rows,
    offset: program.offset,
    colCost: program.cost,
    colLower: program.colLower,
    colUpper: program.colUpper,
    rowLower: program.rowLower,
    rowUpper: program.rowUpper,
    matrix: { format: "csr", numRows: rows, numCols: columns, starts, indices, values },
    integrality: Int32Array.from(program.isInteger),
  });
}

/** Objective and bound as HiGHS tells them; its infinities mean that there is none yet. */
function standing(data: CallbackData): { best: number | null; bound: number | null; gap: number | null } {
  const best = finite(data.mip_primal_bound);
  const bound = finite(data.mip_dual_bound);
  const gap = best === null || bound === null ? null : relativeGap(best, bound);
  return { best, bound, gap };
}

function finite(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) || Math.abs(value) > 1e29 ? null : value;
}

function relativeGap(best: number, bound: number): number {
  return Math.abs(best - bound) / Math.max(Math.abs(best), 1e-9);
}

function outcome(highs: Highs, model: Model, program: IntegerProgram): SolverOutcome {
  const status = model.getModelStatus();
  const { modelStatus } = highs.constants;
  switch (status) {
    case modelStatus.infeasible:
    case modelStatus.unboundedOrInfeasible:
      return { kind: "infeasible" };
    case modelStatus.optimal:
    case modelStatus.timeLimit:
    case modelStatus.interrupted:
    case modelStatus.solutionLimit:
    case modelStatus.iterationLimit:
      return found(model, program, status === modelStatus.optimal);
    case modelStatus.empty:
      return {
        kind: "solution",
        proven: true,
        values: new Float64Array(0),
        objective: program.offset,
        bound: program.offset,
      };
    default:
      throw new SvaraError(`the solver ended with status ${status}`, { code: "solver.failed" });
  }
}

function found(model: Model, program: IntegerProgram, proven: boolean): SolverOutcome {
  const objective = model.getObjectiveValue();
  const { colValue } = model.getSolution();
  if (!colValue || finite(objective) === null || !isFeasible(program, colValue)) return { kind: "nothing" };
  const isMip = program.isInteger.includes(1);
  const dual = isMip ? finite(Number(model.info.get("mip_dual_bound"))) : objective;
  return {
    kind: "solution",
    proven,
    values: rounded(program, colValue),
    objective,
    bound: dual ?? Number.NEGATIVE_INFINITY,
  };
}

const TOLERANCE = 1e-5;

/** After a time limit HiGHS may hand out a point that is no solution; only what keeps every row and column is one. */
function isFeasible(program: IntegerProgram, x: Float64Array): boolean {
  const { rows, columns, starts, indices, values } = program;
  const within = (
    value: number,
    low = Number.NEGATIVE_INFINITY,
    high = Number.POSITIVE_INFINITY,
  ): boolean => {
    const slack = TOLERANCE * Math.max(1, Math.abs(value));
    return value >= low - slack && value <= high + slack;
  };
  for (let j = 0; j < columns; j++) {
    const value = x[j] ?? Number.NaN;
    if (!within(value, program.colLower[j], program.colUpper[j])) return false;
    if (program.isInteger[j] === 1 && Math.abs(value - Math.round(value)) > TOLERANCE) return false;
  }
  for (let r = 0; r < rows; r++) {
    let sum = 0;
    for (let k = starts[r] ?? 0; k < (starts[r + 1] ?? 0); k++)
      sum += (values[k] ?? 0) * (x[indices[k] ?? 0] ?? 0);
    if (!within(sum, program.rowLower[r], program.rowUpper[r])) return false;
  }
  return true;
}

function rounded({ isInteger }: IntegerProgram, x: Float64Array): Float64Array {
  return x.map((value, j) => (isInteger[j] === 1 ? Math.round(value) : value));
}
