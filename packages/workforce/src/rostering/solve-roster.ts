import { type Clock, SeededRandom } from "@svara/kernel";
import { type Board, type BoardAgent, boardOf } from "./board.ts";
import { checkRoster } from "./check-roster.ts";
import {
  type CoverCount,
  type CoverProgram,
  coarseWeekProgram,
  dayProgram,
  weekProgram,
} from "./cover-program.ts";
import { rosterCoverage, weighedShortHours } from "./coverage.ts";
import { bandsOf, daysProgram } from "./days-program.ts";
import { Draft } from "./draft.ts";
import { eachQuarter } from "./grid.ts";
import { pricedProblem } from "./hour-pay.ts";
import { burdens, fillContracts, improveDraft, unmetBy } from "./improve-draft.ts";
import type { IntegerProgram, IntegerSolver, SolverOutcome, SolverProgress } from "./integer-program.ts";
import { type BreakCount, placeBreaks, placeShifts } from "./place-shifts.ts";
import { plainBound } from "./plain-bound.ts";
import { recreateDraft } from "./recreate-draft.ts";
import { paidMinutes, type Roster } from "./roster.ts";
import type { RosterProblem } from "./roster-problem.ts";
import type {
  RosterObjective,
  RosterPhase,
  RosterProgress,
  RosterSolution,
  UnmetWish,
} from "./roster-solution.ts";
import type { ShiftStart } from "./shift-start.ts";

/** What solving takes beside the problem. */
export interface SolveOptions {
  readonly solver: IntegerSolver;
  readonly clock: Pick<Clock, "now">;
  /** For all of it. 60 s if absent. */
  readonly timeLimitMs?: number;
  /** The relative gap that is good enough. 0.01 if absent. */
  readonly gap?: number;
  readonly onProgress?: (progress: RosterProgress) => void;
  /** Asked often; true: hand out the best roster so far soon. */
  readonly shouldStop?: () => boolean;
}

const DEFAULT_TIME_LIMIT_MS = 60_000;
const DEFAULT_GAP = 0.01;
const SEED = 1;
/** Spent on best replies even when the time is over: without them a roster that was stopped early is poor. */
const LAST_TOUCH_MS = 2_000;
/** Shares of the time limit by which each phase has ended at the latest. */
const ENDS = { week: 0.3, cover: 0.6, days: 0.85 } as const;
/** More types of agents than this and the week is planned coarsely. */
const FINE_TYPES = 2;
/** Of the gap that is good enough, what each program may take for itself. */
const PHASE_SHARE = 0.2;

/**
 * Makes a roster: (1) an integer program says how many agents of each contract and skill set work which pattern on which day,
 * and one for each day with which starts and breaks; (2) an integer program gives agents days and bands of starts under all
 * rules; (3) starts and breaks are dealt out; (4) best replies improve what is left. The result breaks no rule, unless locked
 * shifts do or a contract asks for what cannot be; stopped early it is the best there is. It blocks its thread.
 */
export function solveRoster(problem: RosterProblem, options: SolveOptions): RosterSolution {
  return new RosterSolver(problem, options).solve();
}

class RosterSolver {
  readonly #board: Board;
  readonly #options: SolveOptions;
  readonly #startedAt: number;
  readonly #phases: RosterPhase[] = [];
  #bound: number;

  constructor(problem: RosterProblem, options: SolveOptions) {
    this.#startedAt = options.clock.now();
    this.#options = options;
    this.#board = boardOf(pricedProblem(problem));
    this.#bound = plainBound(this.#board);
  }

  solve(): RosterSolution {
    const board = this.#board;
    const draft = new Draft(board);
    const cover = this.#phase("cover", () => this.#cover());
    if (cover) {
      this.#phase("days", () => this.#assign(draft, cover.counts));
      this.#phase("breaks", () => {
        placeBreaks(board, draft, cover.breaks);
        return null;
      });
    }
    this.#phase("shifts", () => {
      fillContracts(board, draft);
      const effort = { isOver: () => this.#isOver(1) };
      const until = this.#elapsed() + LAST_TOUCH_MS;
      improveDraft(board, draft, { isOver: () => this.#elapsed() >= until && effort.isOver() });
      if (this.#gapOf(draft) > (this.#options.gap ?? DEFAULT_GAP))
        recreateDraft(board, draft, new SeededRandom(SEED), effort);
      return null;
    });
    return this.#solution(draft);
  }

  #phase<T extends { readonly gap: number | null } | null>(phase: RosterPhase["phase"], work: () => T): T {
    const from = this.#elapsed();
    this.#tell(phase, null);
    const result = work();
    this.#phases.push({ phase, elapsedMs: this.#elapsed() - from, gap: result?.gap ?? null });
    return result;
  }

  /** The week's counts, then each day's starts and breaks. Null when nothing was found. */
  #cover(): { counts: CoverCount[]; breaks: BreakCount[]; gap: number | null } | null {
    const board = this.#board;
    const isFine = board.demand.types.length <= FINE_TYPES;
    if (!isFine) this.#poolBound();
    const week = isFine ? weekProgram(board) : coarseWeekProgram(board);
    const found = this.#run(week.program, ENDS.week, "cover");
    if (found.kind !== "solution") return null;
    if (isFine) this.#bound = Math.max(this.#bound, found.bound);
    const wanted = new Map(
      week.counts.map(({ classIndex, day, patternId, column }) => [
        `${classIndex} ${day} ${patternId}`,
        Math.round(found.values[column] ?? 0),
      ]),
    );
    const duty = this.#expectedDuty(week, found.values);
    const counts: CoverCount[] = [];
    const breaks: BreakCount[] = [];
    const days = board.grid.days.length;
    for (let day = 0; day < days; day++) {
      this.#subtractDay(duty.rows, duty.days, day);
      const program = dayProgram(
        board,
        day,
        (classIndex, patternId) => wanted.get(`${classIndex} ${day} ${patternId}`) ?? 0,
        duty.rows,
        counts,
      );
      const share = ENDS.week + ((ENDS.cover - ENDS.week) * (day + 1)) / days;
      const solved = this.#run(program.program, share, "cover");
      const own =
        solved.kind === "solution"
          ? readCover(program, solved.values)
          : { counts: roundedCounts(week, found.values, day), breaks: [] };
      counts.push(...own.counts);
      breaks.push(...own.breaks);
      this.#addDay(duty.rows, own.counts, own.breaks);
    }
    return { counts, breaks, gap: gapOf(found) };
  }

  /** With many types the bound is that of all agents and groups in one pool, which can do at least as much. */
  #poolBound(): void {
    const { problem } = this.#board;
    const length = Math.max(...problem.requirements.map(({ required }) => required.length));
    const required = Array.from({ length }, (_, quarter) =>
      problem.requirements.reduce((sum, group) => sum + (group.required[quarter] ?? 0), 0),
    );
    const pool = boardOf({ ...problem, requirements: [{ group: "all", skills: [], required }] });
    const found = this.#run(weekProgram(pool).program, ENDS.week / 2, "cover");
    if (found.kind === "solution") this.#bound = Math.max(this.#bound, found.bound);
  }

  /** Duty by type with the week's shifts, fractions and all, and how much of it each day's shifts bring. */
  #expectedDuty(week: CoverProgram, values: Float64Array): { rows: Float64Array[]; days: Float64Array[][] } {
    const { grid, fixedDuty, classes } = this.#board;
    const rows = fixedDuty.map((row) => Float64Array.from(row));
    const days = grid.days.map(() => fixedDuty.map(() => new Float64Array(grid.quarters)));
    const add = (type: number, day: number, quarter: number, amount: number): void => {
      for (const row of [rows[type], days[day]?.[type]]) if (row) row[quarter] = (row[quarter] ?? 0) + amount;
    };
    for (const { column, classIndex, start } of week.shifts) {
      const agents = values[column] ?? 0;
      const type = classes[classIndex]?.type ?? -1;
      eachQuarter(grid, start.from, start.to, (quarter, share) =>
        add(type, start.day, quarter, agents * share),
      );
    }
    for (const { column, type, day, pattern, breakIndex, at } of week.breaks) {
      const agents = values[column] ?? 0;
      const to = at + (pattern.breaks[breakIndex]?.minutes ?? 0) * 60_000;
      eachQuarter(grid, at, to, (quarter, share) => add(type, day, quarter, -agents * share));
    }
    return { rows, days };
  }

  #subtractDay(rows: readonly Float64Array[], days: readonly (readonly Float64Array[])[], day: number): void {
    for (const [type, row] of rows.entries()) {
      const own = days[day]?.[type];
      if (own)
        for (let quarter = 0; quarter < row.length; quarter++)
          row[quarter] = (row[quarter] ?? 0) - (own[quarter] ?? 0);
    }
  }

  #addDay(rows: readonly Float64Array[], counts: readonly CoverCount[], breaks: readonly BreakCount[]): void {
    const { grid, classes } = this.#board;
    const add = (type: number, from: number, to: number, agents: number): void => {
      const row = rows[type];
      if (row)
        eachQuarter(grid, from, to, (quarter, share) => {
          row[quarter] = (row[quarter] ?? 0) + agents * share;
        });
    };
    for (const { classIndex, start, agents } of counts)
      add(classes[classIndex]?.type ?? -1, start.from, start.to, agents);
    for (const { type, pattern, breakIndex, at, breaks: times } of breaks)
      add(type, at, at + (pattern.breaks[breakIndex]?.minutes ?? 0) * 60_000, -times);
  }

  #assign(draft: Draft, cover: readonly CoverCount[]): { gap: number | null } {
    const program = daysProgram(this.#board, bandsOf(this.#board, cover));
    const found = this.#run(program.program, ENDS.days, "days");
    if (found.kind === "solution") placeShifts(draft, program, found.values, cover);
    return { gap: gapOf(found) };
  }

  #run(program: IntegerProgram, until: number, phase: RosterProgress["phase"]): SolverOutcome {
    const { solver, shouldStop, gap = DEFAULT_GAP } = this.#options;
    const timeLimitMs = until * this.#timeLimitMs() - this.#elapsed();
    if (timeLimitMs <= 0 || shouldStop?.()) return { kind: "nothing" };
    return solver.solve(program, {
      timeLimitMs,
      gap: gap * PHASE_SHARE,
      onProgress: (progress) => this.#tell(phase, progress),
      ...(shouldStop ? { shouldStop } : {}),
    });
  }

  #tell(phase: RosterProgress["phase"], progress: SolverProgress | null): void {
    const { best = null, bound = null, gap = null } = progress ?? {};
    this.#options.onProgress?.({ phase, best, bound, gap, elapsedMs: this.#elapsed() });
  }

  #gapOf(draft: Draft): number {
    const { total } = objectiveOf(this.#board, draft, draft.roster());
    return total > 0 ? (total - this.#bound) / total : 0;
  }

  #elapsed(): number {
    return this.#options.clock.now() - this.#startedAt;
  }

  #timeLimitMs(): number {
    return this.#options.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS;
  }

  #isOver(share: number): boolean {
    return this.#elapsed() >= share * this.#timeLimitMs() || this.#options.shouldStop?.() === true;
  }

  #solution(draft: Draft): RosterSolution {
    const { problem } = this.#board;
    const roster = draft.roster();
    const objective = objectiveOf(this.#board, draft, roster);
    const gap = objective.total > 0 ? Math.max(0, (objective.total - this.#bound) / objective.total) : 0;
    const { gap: wanted = DEFAULT_GAP, shouldStop } = this.#options;
    return {
      roster,
      coverage: rosterCoverage(problem, roster),
      objective,
      bound: this.#bound,
      gap,
      stopped: shouldStop?.() ? "asked" : gap <= wanted ? "gap" : this.#isOver(1) ? "time" : "settled",
      violations: checkRoster(problem, roster),
      unmetWishes: unmetWishes(problem, this.#board, roster),
      phases: this.#phases,
      elapsedMs: this.#elapsed(),
    };
  }
}

function gapOf(found: SolverOutcome): number | null {
  if (found.kind !== "solution") return null;
  return Math.max(0, found.objective - found.bound) / Math.max(Math.abs(found.objective), 1e-9);
}

function readCover(
  program: CoverProgram,
  values: Float64Array,
): { counts: CoverCount[]; breaks: BreakCount[] } {
  return {
    counts: program.shifts.flatMap(({ column, classIndex, start }) => {
      const agents = Math.round(values[column] ?? 0);
      return agents > 0 ? [{ classIndex, start, agents }] : [];
    }),
    breaks: program.breaks.flatMap(({ column, ...rest }) => {
      const breaks = Math.round(values[column] ?? 0);
      return breaks > 0 ? [{ ...rest, breaks }] : [];
    }),
  };
}

/** A day of the week's program in whole numbers, for a day whose own program found nothing in time: sums over starts, rounded. */
function roundedCounts(week: CoverProgram, values: Float64Array, day: number): CoverCount[] {
  const crews = Map.groupBy(
    week.shifts.filter(({ start }) => start.day === day),
    ({ classIndex, start }) => `${classIndex} ${start.pattern.id}`,
  );
  return [...crews.values()].flatMap((crew) => {
    let sum = 0;
    let given = 0;
    return crew
      .sort((a, b) => a.start.from - b.start.from)
      .flatMap(({ column, classIndex, start }) => {
        sum += values[column] ?? 0;
        const agents = Math.round(sum) - given;
        given += agents;
        return agents > 0 ? [{ classIndex, start, agents }] : [];
      });
  });
}

/** What the finished roster costs, each part by itself. */
function objectiveOf(board: Board, draft: Draft, roster: Roster): RosterObjective {
  const { problem, weights, agents, grid } = board;
  const { overHours } = rosterCoverage(problem, roster);
  const costs = new Map(
    agents.map(({ id, context }): [string, number] => [id, context.contract.costPerHour ?? 1]),
  );
  const locked = new Set(
    agents.flatMap(({ locked: own }) => own.map((shift) => `${shift.agentId} ${shift.from}`)),
  );
  const paid = roster.shifts
    .filter((shift) => !locked.has(`${shift.agentId} ${shift.from}`))
    .reduce((sum, shift) => sum + (paidMinutes(shift) / 60) * (costs.get(shift.agentId) ?? 0), 0);
  const startsOf = (agent: BoardAgent): ShiftStart[] =>
    [...grid.days.keys()].flatMap((day) => draft.at(agent, day)?.start ?? []);
  const fairness = burdens(board, startsOf).reduce(
    (sum, { load, mean }) =>
      sum +
      agents.reduce((all, agent) => {
        const middle = mean.get(agent.context.contract.id) ?? 0;
        return all + Math.max(0, (load.get(agent) ?? 0) - middle);
      }, 0),
    0,
  );
  const weightOf = ({ agentId, date, kind }: UnmetWish): number => {
    const wishes = agents.find(({ id }) => id === agentId)?.context.agent.wishes ?? [];
    return wishes.find((wish) => wish.date === date && wish.kind === kind)?.weight ?? 1;
  };
  const parts = {
    understaffing: weighedShortHours(problem, roster) * weights.understaffingPerHour,
    overstaffing: overHours * weights.overstaffingPerHour,
    paid: paid * weights.paidHour,
    wishes: unmetWishes(problem, board, roster).reduce((sum, wish) => sum + weights.wish * weightOf(wish), 0),
    fairness: fairness * weights.fairness,
  };
  return { total: Object.values(parts).reduce((sum, part) => sum + part, 0), ...parts };
}

function unmetWishes(problem: RosterProblem, board: Board, roster: Roster): UnmetWish[] {
  const byAgent = Map.groupBy(roster.shifts, ({ agentId }) => agentId);
  return problem.agents.flatMap(({ id, wishes = [] }) =>
    wishes.flatMap(({ date, kind }) => {
      const shift = byAgent.get(id)?.find((one) => one.date === date);
      const unmet = shift
        ? unmetBy(board, kind, { wallMinutes: wallMinutesAt(shift.from, problem.timeZone) }) === 1
        : kind === "work";
      return unmet ? [{ agentId: id, date, kind }] : [];
    }),
  );
}

function wallMinutesAt(at: number, timeZone: string): number {
  const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  return hour * 60 + minute;
}
