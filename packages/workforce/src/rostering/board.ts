import { type AgentContext, agentContexts, type PlacedShift, placed } from "./agent-context.ts";
import { breakChoices } from "./break-choices.ts";
import { dutyOf, standing } from "./coverage.ts";
import { Demand } from "./demand.ts";
import { eachQuarter, type Grid, gridOf } from "./grid.ts";
import type { RosterShift } from "./roster.ts";
import type { FixedActivity } from "./roster-agent.ts";
import {
  DEFAULT_FAIRNESS,
  DEFAULT_WEIGHTS,
  type RosterProblem,
  type RosterWeights,
} from "./roster-problem.ts";
import { checkPlace, cutsActivity } from "./shift-rules.ts";
import { type ShiftStart, shiftStarts, wallMinutes } from "./shift-start.ts";

/** A problem laid out for solving: what may be chosen, and what already stands. */
export interface Board {
  readonly problem: RosterProblem;
  readonly grid: Grid;
  readonly demand: Demand;
  readonly starts: readonly ShiftStart[];
  readonly agents: readonly BoardAgent[];
  readonly classes: readonly AgentClass[];
  /** Duty by type and quarter that stands whatever is chosen: locked shifts, less appointments. */
  readonly fixedDuty: readonly Float64Array[];
  readonly weights: Required<RosterWeights>;
  /** Minutes after midnight. */
  readonly earlyBefore: number;
  readonly lateFrom: number;
}

/** An agent on the board. */
export interface BoardAgent {
  readonly index: number;
  readonly id: string;
  readonly context: AgentContext;
  /** Of duty; -1: serves none of the groups. */
  readonly type: number;
  readonly classIndex: number;
  /** By day of the grid: the starts that may be given, by index; none where a locked shift stands. */
  readonly options: readonly (readonly number[])[];
  readonly locked: readonly RosterShift[];
  readonly lockedPlaced: readonly PlacedShift[];
  /** By day: an appointment asks for a shift. */
  readonly mustWork: readonly boolean[];
}

/** Agents who differ in nothing but their persons: contract and type. */
export interface AgentClass {
  readonly index: number;
  readonly contractId: string;
  readonly type: number;
  readonly agents: readonly BoardAgent[];
}

/** Lays a checked problem out. */
export function boardOf(problem: RosterProblem): Board {
  const grid = gridOf(problem);
  const demand = new Demand(problem, grid);
  const contexts = agentContexts(problem, grid);
  const starts = shiftStarts(problem, grid);
  const locked = Map.groupBy(
    (problem.shifts ?? []).filter(({ from }) => from >= grid.from && from < grid.to),
    ({ agentId }) => agentId,
  );
  const byDay = grid.days.map((_, day) => starts.filter((start) => start.day === day));
  const keys: string[] = [];
  const agents = problem.agents.flatMap((agent, index): BoardAgent[] => {
    const context = contexts.get(agent.id);
    if (!context) return [];
    const type = demand.typeOf(agent.id);
    const key = `${context.contract.id}\n${type}`;
    if (!keys.includes(key)) keys.push(key);
    const own = locked.get(agent.id) ?? [];
    const lockedPlaced = own.map(placed);
    return [
      {
        index,
        id: agent.id,
        context,
        type,
        classIndex: keys.indexOf(key),
        options: byDay.map((list) => optionsOf(context, list, lockedPlaced, grid)),
        locked: own,
        lockedPlaced,
        mustWork: grid.days.map((day) =>
          duties(context, grid).some(({ from }) => from >= day.from && from < day.to),
        ),
      },
    ];
  });
  return {
    problem,
    grid,
    demand,
    starts,
    agents,
    classes: keys.map((key, index) => {
      const [contractId = "", type = "-1"] = key.split("\n");
      const members = agents.filter(({ classIndex }) => classIndex === index);
      return { index, contractId, type: Number(type), agents: members };
    }),
    fixedDuty: fixedDuty(problem, grid, demand, agents),
    weights: { ...DEFAULT_WEIGHTS, ...problem.weights },
    earlyBefore: wallMinutes(problem.fairness?.earlyBefore ?? DEFAULT_FAIRNESS.earlyBefore),
    lateFrom: wallMinutes(problem.fairness?.lateFrom ?? DEFAULT_FAIRNESS.lateFrom),
  };
}

/** The appointments that a shift must hold: those inside the days planned, while the agent is not on leave. */
function duties({ agent }: AgentContext, grid: Grid): FixedActivity[] {
  return (agent.activities ?? []).filter(
    ({ from, to }) =>
      from >= grid.from &&
      from < grid.to &&
      !(agent.leave ?? []).some((leave) => leave.from < to && leave.to > from),
  );
}

function optionsOf(
  context: AgentContext,
  starts: readonly ShiftStart[],
  locked: readonly PlacedShift[],
  grid: Grid,
): number[] {
  const { contract } = context;
  const day = starts[0] && grid.days[starts[0].day];
  if (!day || locked.some((shift) => shift.day === day.number)) return [];
  const needed = duties(context, grid).filter(({ from }) => from >= day.from && from < day.to);
  return starts
    .filter(({ pattern, from, to }) => {
      if (!contract.patternIds.includes(pattern.id)) return false;
      let allowed = true;
      checkPlace(context, { day: day.number, from, to }, grid.timeZone, () => {
        allowed = false;
      });
      return (
        allowed &&
        !cutsActivity(context, { from, to }) &&
        needed.every((activity) => activity.from >= from && activity.to <= to) &&
        breakChoices({ pattern, from, to }, context).every((choices) => choices.length > 0)
      );
    })
    .map(({ index }) => index);
}

function fixedDuty(
  problem: RosterProblem,
  grid: Grid,
  demand: Demand,
  agents: readonly BoardAgent[],
): Float64Array[] {
  const duty = dutyOf(demand, grid, [...standing(problem, grid), ...agents.flatMap(({ locked }) => locked)]);
  for (const { context, type, lockedPlaced } of agents) {
    const row = duty[type];
    if (!row) continue;
    for (const { from, to } of duties(context, grid)) {
      if (lockedPlaced.some((shift) => shift.from <= from && shift.to >= to)) continue; // a part of the locked shift
      eachQuarter(grid, from, to, (quarter, share) => {
        row[quarter] = (row[quarter] ?? 0) - share;
      });
    }
  }
  return duty;
}
