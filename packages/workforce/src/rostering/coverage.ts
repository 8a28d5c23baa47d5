import { Demand } from "./demand.ts";
import { eachQuarter, type Grid, gridOf } from "./grid.ts";
import type { Roster, RosterShift } from "./roster.ts";
import { type RosterProblem, SHORTAGE_STEPS } from "./roster-problem.ts";
import type { RosterCoverage } from "./roster-solution.ts";

const HOURS_A_QUARTER = 0.25;

/** Requirement against the agents who take contacts by a roster, by group and quarter. */
export function rosterCoverage(problem: RosterProblem, roster: Roster): RosterCoverage {
  const grid = gridOf(problem);
  const demand = new Demand(problem, grid);
  const duty = dutyOf(demand, grid, [...standing(problem, grid), ...roster.shifts]);
  return coverageOf(demand, grid, duty);
}

/** Agent-hours short, those beyond the steps of what a shortage costs weighed more (`SHORTAGE_STEPS`). */
export function weighedShortHours(problem: RosterProblem, roster: Roster): number {
  const grid = gridOf(problem);
  const demand = new Demand(problem, grid);
  const duty = dutyOf(demand, grid, [...standing(problem, grid), ...roster.shifts]);
  let short = 0;
  for (let quarter = 0; quarter < grid.quarters; quarter++)
    short += demand.weighedShortage(quarter, (type) => clean(duty[type]?.[quarter] ?? 0));
  return short * HOURS_A_QUARTER;
}

/** Shifts that began before the first day and last into it. */
export function standing(problem: RosterProblem, grid: Grid): RosterShift[] {
  return (problem.shifts ?? []).filter(({ from, to }) => from < grid.from && to > grid.from);
}

/** Agents on duty by type and quarter. */
export function dutyOf(demand: Demand, grid: Grid, shifts: readonly RosterShift[]): Float64Array[] {
  const duty = demand.types.map(() => new Float64Array(grid.quarters));
  for (const shift of shifts) {
    const row = duty[demand.typeOf(shift.agentId)];
    if (!row) continue;
    addDuty(row, grid, shift, 1);
  }
  return duty;
}

/** Adds `times` a shift's time on contacts to a row of duty. */
export function addDuty(
  row: Float64Array,
  grid: Grid,
  { from, to, parts }: Pick<RosterShift, "from" | "to" | "parts">,
  times: number,
): void {
  const add = (quarter: number, share: number): void => {
    row[quarter] = (row[quarter] ?? 0) + times * share;
  };
  eachQuarter(grid, from, to, add);
  for (const part of parts) eachQuarter(grid, part.from, part.to, (quarter, share) => add(quarter, -share));
}

/** Coverage of a duty by type, agents of several groups spread where they are needed. */
export function coverageOf(demand: Demand, grid: Grid, duty: readonly Float64Array[]): RosterCoverage {
  const groups = demand.groups.map(({ group }, index) => ({
    group,
    required: Array.from({ length: grid.quarters }, (_, quarter) => demand.required(index, quarter)),
    scheduled: Array.from({ length: grid.quarters }, () => 0),
  }));
  let short = 0;
  let over = 0;
  let required = 0;
  let scheduled = 0;
  for (let quarter = 0; quarter < grid.quarters; quarter++) {
    const here = duty.map((row) => clean(row[quarter] ?? 0));
    const ofType = (type: number): number => here[type] ?? 0;
    const missing = demand.shortage(quarter, ofType);
    short += missing;
    over += demand.surplus(quarter, ofType, missing);
    required += demand.requiredInAll(quarter);
    scheduled += here.reduce((sum, agents) => sum + agents, 0);
    for (const [group, agents] of spread(demand, quarter, here, missing > 0).entries()) {
      const list = groups[group]?.scheduled;
      if (list) list[quarter] = clean(agents);
    }
  }
  return {
    from: grid.from,
    groups,
    shortHours: short * HOURS_A_QUARTER,
    overHours: over * HOURS_A_QUARTER,
    requiredHours: required * HOURS_A_QUARTER,
    scheduledHours: scheduled * HOURS_A_QUARTER,
  };
}

/** The shares of a requirement in the order in which they are filled. */
const SHARES = [...SHORTAGE_STEPS.map(({ share }) => share), 1].sort((a, b) => a - b);

/**
 * The agents that each group gets: first what is required, by augmenting paths; then who is left, in parts by requirement. Where
 * some are missing the first shares of all groups come before the next ones, as the cost has it.
 */
function spread(demand: Demand, quarter: number, duty: readonly number[], isShort: boolean): number[] {
  const groups = demand.groups.length;
  const flow = demand.types.map(() => new Array<number>(groups).fill(0));
  const left = [...duty];
  const missing = new Array<number>(groups).fill(0);
  let asked = 0;
  for (const share of isShort ? SHARES : [1]) {
    for (let group = 0; group < groups; group++)
      addTo(missing, group, (share - asked) * demand.required(group, quarter));
    asked = share;
    for (
      let path = augmentingPath(demand, left, missing, flow);
      path;
      path = augmentingPath(demand, left, missing, flow)
    ) {
      push(path, left, missing, flow);
    }
  }
  for (const [type, mask] of demand.types.entries()) {
    const rest = left[type] ?? 0;
    if (rest <= EPSILON) continue;
    const serves = Array.from({ length: groups }, (_, group) => group).filter((group) => (mask >> group) & 1);
    const wanted = serves.reduce((sum, group) => sum + demand.required(group, quarter), 0);
    for (const group of serves) {
      const share = wanted > 0 ? demand.required(group, quarter) / wanted : 1 / serves.length;
      addTo(flow[type], group, rest * share);
    }
  }
  return Array.from({ length: groups }, (_, group) => flow.reduce((sum, row) => sum + (row[group] ?? 0), 0));
}

/** Alternately types and groups: a type with agents left, a group, a type that gives up agents there, ..., a group in need. */
type Path = readonly { readonly type: number; readonly group: number }[];

/** The shortest path from a type with agents left to a group in need, breadth first. */
function augmentingPath(
  demand: Demand,
  left: readonly number[],
  missing: readonly number[],
  flow: readonly (readonly number[])[],
): Path | undefined {
  const queue: { readonly type: number; readonly path: Path }[] = [];
  const seen = new Set<number>();
  for (const [type, agents] of left.entries()) {
    if (agents <= EPSILON) continue;
    seen.add(type);
    queue.push({ type, path: [] });
  }
  for (const { type, path } of queue) {
    for (let group = 0; group < missing.length; group++) {
      if ((((demand.types[type] ?? 0) >> group) & 1) === 0) continue;
      const next = [...path, { type, group }];
      if ((missing[group] ?? 0) > EPSILON) return next;
      for (const [other, row] of flow.entries()) {
        if (seen.has(other) || (row[group] ?? 0) <= EPSILON) continue;
        seen.add(other);
        queue.push({ type: other, path: next });
      }
    }
  }
  return undefined;
}

function push(path: Path, left: number[], missing: number[], flow: number[][]): void {
  const first = path[0];
  const last = path.at(-1);
  if (!first || !last) return;
  let amount = Math.min(left[first.type] ?? 0, missing[last.group] ?? 0);
  for (const [index, { group }] of path.entries()) {
    const giver = path[index + 1];
    if (giver) amount = Math.min(amount, flow[giver.type]?.[group] ?? 0);
  }
  addTo(left, first.type, -amount);
  addTo(missing, last.group, -amount);
  for (const [index, { type, group }] of path.entries()) {
    addTo(flow[type], group, amount);
    const giver = path[index + 1];
    if (giver) addTo(flow[giver.type], group, -amount);
  }
}

const EPSILON = 1e-9;

function addTo(list: number[] | undefined, index: number, amount: number): void {
  if (list) list[index] = (list[index] ?? 0) + amount;
}

/** Sums of thirds of quarters without their last digits. */
function clean(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}
