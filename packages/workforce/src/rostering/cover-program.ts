import { INTERVAL_MS } from "@svara/calendar";
import type { Board, BoardAgent } from "./board.ts";
import type { Demand } from "./demand.ts";
import { eachQuarter, mondayOf, weekNumber } from "./grid.ts";
import type { IntegerProgram } from "./integer-program.ts";
import { ProgramBuilder } from "./program-builder.ts";
import type { BreakRule, ShiftPattern } from "./shift-pattern.ts";
import type { ShiftStart } from "./shift-start.ts";

const MINUTE_MS = 60_000;
const QUARTERS_AN_HOUR = 4;

/** A program of shift cover, and where its columns are. */
export interface CoverProgram {
  readonly program: IntegerProgram;
  /** How many agents of a class get a start. */
  readonly shifts: readonly ShiftColumn[];
  /** How many agents of a type, at a shift of a pattern, begin a break at an instant. */
  readonly breaks: readonly BreakColumn[];
  /** How many agents of a class work a pattern on a day. */
  readonly counts: readonly CountColumn[];
}

/** A column of shifts. */
export interface ShiftColumn {
  readonly column: number;
  readonly classIndex: number;
  readonly start: ShiftStart;
}

/** A column of breaks. */
export interface BreakColumn {
  readonly column: number;
  readonly type: number;
  readonly day: number;
  readonly pattern: ShiftPattern;
  readonly breakIndex: number;
  readonly at: number;
}

/** A column of agents at work. */
export interface CountColumn {
  readonly column: number;
  readonly classIndex: number;
  readonly day: number;
  readonly patternId: string;
}

/**
 * How many agents of each class work which pattern on which day: whole numbers; their starts and breaks may be fractions. A
 * relaxation of the whole problem, so its bound is a bound of the roster.
 *
 * Breaks are implicit: counts by instant instead of a column for each way to lay a shift out, tied to the shifts by forward
 * and backward constraints for each pattern and break (Bechtold and Jacobs 1990), which are exact because the windows of one
 * break of one pattern never lie inside each other.
 */
export function weekProgram(board: Board): CoverProgram {
  const builder = new ProgramBuilder();
  const days = [...board.grid.days.keys()];
  const shifts = shiftColumns(board, builder, days, false);
  const breaks = breakColumns(board, builder, shifts, false);
  const counts = countColumns(builder, shifts);
  requirementRows(board, builder, { shifts, breaks, duty: board.fixedDuty, quarters: allQuarters(board) });
  agentRows(board, builder, shifts);
  return { program: builder.build(), shifts, breaks, counts };
}

/**
 * As `weekProgram`, but coarse: quarters are summed up to hours and breaks lie evenly in their windows. With agents of many
 * types the fine program takes minutes; this one gives counts that are good, and no bound.
 */
export function coarseWeekProgram(board: Board): CoverProgram {
  const builder = new ProgramBuilder();
  const shifts = shiftColumns(board, builder, [...board.grid.days.keys()], false);
  const counts = countColumns(builder, shifts);
  coarseRows(board, builder, shifts);
  agentRows(board, builder, shifts);
  return { program: builder.build(), shifts, breaks: [], counts };
}

function coarseRows(board: Board, builder: ProgramBuilder, shifts: readonly ShiftColumn[]): void {
  const { demand, grid, classes, fixedDuty } = board;
  const hours = Math.ceil(grid.quarters / QUARTERS_AN_HOUR);
  const entries = demand.types.map(() => Array.from({ length: hours }, (): [number, number][] => []));
  for (const { column, classIndex, start } of shifts) {
    const rows = entries[classes[classIndex]?.type ?? -1];
    const add = (quarter: number, share: number): void =>
      void rows?.[Math.floor(quarter / QUARTERS_AN_HOUR)]?.push([column, share]);
    eachQuarter(grid, start.from, start.to, add);
    for (const rule of start.pattern.breaks) {
      const from = start.from + rule.earliestAfterMinutes * MINUTE_MS;
      const to = start.from + (rule.latestAfterMinutes + rule.minutes) * MINUTE_MS;
      const density = (rule.minutes * MINUTE_MS) / (to - from);
      eachQuarter(grid, from, to, (quarter, share) => add(quarter, -share * density));
    }
  }
  const sumOver = (hour: number, of: (quarter: number) => number): number => {
    let sum = 0;
    for (let quarter = hour * QUARTERS_AN_HOUR; quarter < (hour + 1) * QUARTERS_AN_HOUR; quarter++)
      sum += of(quarter);
    return sum;
  };
  for (let hour = 0; hour < hours; hour++) {
    const needed = demand.groups.flatMap((_, group) => {
      const need = sumOver(hour, (quarter) => demand.required(group, quarter));
      return need > 0 ? [{ group, need, short: shortColumns(builder, demand, need) }] : [];
    });
    const given = needed.map(({ short }) => [...short]);
    for (const [type, mask] of demand.types.entries()) {
      const flows = needed.flatMap(({ group, need }, index): [number, number][] => {
        if (((mask >> group) & 1) === 0) return [];
        const flow = builder.column({ upper: need });
        given[index]?.push([flow, 1]);
        return [[flow, -1]];
      });
      const standing = sumOver(hour, (quarter) => fixedDuty[type]?.[quarter] ?? 0);
      if (flows.length > 0)
        builder.row([...(entries[type]?.[hour] ?? []), ...flows], -standing, Number.POSITIVE_INFINITY);
    }
    for (const [index, { need }] of needed.entries()) builder.row(given[index] ?? [], need, need);
  }
}

/**
 * Which starts, and which breaks, those who work on a day have: whole numbers, for given counts of agents by class and
 * pattern, beside the duty by type of everybody else.
 */
export function dayProgram(
  board: Board,
  day: number,
  count: (classIndex: number, patternId: string) => number,
  duty: readonly Float64Array[],
  before: readonly CoverCount[],
): CoverProgram {
  const builder = new ProgramBuilder();
  const shifts = shiftColumns(board, builder, [day], true);
  const breaks = breakColumns(board, builder, shifts, true);
  const { grid } = board;
  const own = grid.days[day];
  const touched = new Set<number>();
  if (own) eachQuarter(grid, own.from, own.to, (quarter) => touched.add(quarter));
  for (const { start } of shifts) eachQuarter(grid, start.from, start.to, (quarter) => touched.add(quarter));
  requirementRows(board, builder, { shifts, breaks, duty, quarters: [...touched].sort((a, b) => a - b) });
  for (const crew of crewsOf(shifts)) {
    const [{ classIndex, start }] = crew;
    const agents = count(classIndex, start.pattern.id);
    builder.row(
      crew.map(({ column }): [number, number] => [column, 1]),
      agents,
      agents,
    );
  }
  for (const { index, agents } of board.classes) {
    const today = shifts.filter(({ classIndex }) => classIndex === index);
    const yesterday = before.filter(({ classIndex, start }) => classIndex === index && start.day === day - 1);
    restRows(builder, agents, yesterday, today, day);
  }
  return { program: builder.build(), shifts, breaks, counts: [] };
}

function allQuarters({ grid }: Board): number[] {
  return Array.from({ length: grid.quarters }, (_, quarter) => quarter);
}

function shiftColumns(
  board: Board,
  builder: ProgramBuilder,
  days: readonly number[],
  integer: boolean,
): ShiftColumn[] {
  const { classes, starts, grid, demand, weights, problem } = board;
  const costs = new Map(
    problem.contracts.map(({ id, costPerHour = 1 }) => [id, costPerHour * weights.paidHour]),
  );
  return classes.flatMap(({ index, agents, type, contractId }) => {
    const able = new Map<number, number>();
    for (const { options } of agents)
      for (const day of days)
        for (const start of options[day] ?? []) able.set(start, (able.get(start) ?? 0) + 1);
    return [...able.entries()]
      .sort(([a], [b]) => a - b)
      .flatMap(([number, upper]) => {
        const start = starts[number];
        if (!start) return [];
        let quarters = 0;
        if (type >= 0)
          eachQuarter(grid, start.from, start.to, (_, share) => {
            quarters += share;
          });
        const paid = (start.pattern.paidMinutes / 60) * (costs.get(contractId) ?? 0);
        const cost = paid + quarters * demand.overPerQuarter;
        return [{ column: builder.column({ cost, upper, integer }), classIndex: index, start }];
      });
  });
}

type Crew = readonly [ShiftColumn, ...ShiftColumn[]];

/** The columns of each class, day and pattern. */
function crewsOf(shifts: readonly ShiftColumn[]): Crew[] {
  const crews = Map.groupBy(
    shifts,
    ({ classIndex, start }) => `${classIndex}\n${start.day}\n${start.pattern.id}`,
  );
  return [...crews.values()] as unknown as Crew[]; // a group has a member
}

function countColumns(builder: ProgramBuilder, shifts: readonly ShiftColumn[]): CountColumn[] {
  return crewsOf(shifts).map((crew) => {
    const [{ classIndex, start }] = crew;
    const column = builder.column({ integer: true });
    builder.row([...crew.map((own): [number, number] => [own.column, 1]), [column, -1]], 0, 0);
    return { column, classIndex, day: start.day, patternId: start.pattern.id };
  });
}

/** One column for each type, day, pattern, break and instant; their sum over instants is the number of such shifts. */
function breakColumns(
  board: Board,
  builder: ProgramBuilder,
  shifts: readonly ShiftColumn[],
  integer: boolean,
): BreakColumn[] {
  const { classes, grid, demand } = board;
  const columns: BreakColumn[] = [];
  const crews = Map.groupBy(
    shifts.filter(({ classIndex }) => (classes[classIndex]?.type ?? -1) >= 0),
    ({ classIndex, start }) => `${classes[classIndex]?.type} ${start.day} ${start.pattern.id}`,
  );
  for (const crew of crews.values()) {
    const [first] = crew;
    if (!first) continue;
    const { pattern, day } = first.start;
    const type = classes[first.classIndex]?.type ?? -1;
    for (const [breakIndex, rule] of pattern.breaks.entries()) {
      const windows = crew.map(({ column, start }) => ({ column, ...windowOf(start, rule) }));
      const instants = new Set<number>();
      for (const { from, to } of windows) for (let at = from; at <= to; at += INTERVAL_MS) instants.add(at);
      const own = [...instants]
        .sort((a, b) => a - b)
        .map((at) => {
          let quarters = 0;
          eachQuarter(grid, at, at + rule.minutes * MINUTE_MS, (_, share) => {
            quarters += share;
          });
          const column = builder.column({ cost: -quarters * demand.overPerQuarter, integer });
          return { column, type, day, pattern, breakIndex, at };
        });
      columns.push(...own);
      tie(builder, windows, own);
    }
  }
  return columns;
}

interface Window {
  readonly column: number;
  readonly from: number;
  readonly to: number;
}

function windowOf(
  { from }: ShiftStart,
  { earliestAfterMinutes, latestAfterMinutes }: BreakRule,
): Omit<Window, "column"> {
  return { from: from + earliestAfterMinutes * MINUTE_MS, to: from + latestAfterMinutes * MINUTE_MS };
}

/** All breaks are taken; by each instant those whose window is over; from each instant on those whose window has not begun. */
function tie(builder: ProgramBuilder, windows: readonly Window[], breaks: readonly BreakColumn[]): void {
  const row = (
    taken: readonly BreakColumn[],
    needed: readonly Window[],
    upper = Number.POSITIVE_INFINITY,
  ): void =>
    builder.row(
      [
        ...taken.map(({ column }): [number, number] => [column, 1]),
        ...needed.map(({ column }): [number, number] => [column, -1]),
      ],
      0,
      upper,
    );
  row(breaks, windows, 0);
  for (const end of new Set(windows.map(({ to }) => to)))
    row(
      breaks.filter(({ at }) => at <= end),
      windows.filter(({ to }) => to <= end),
    );
  for (const begin of new Set(windows.map(({ from }) => from)))
    row(
      breaks.filter(({ at }) => at >= begin),
      windows.filter(({ from }) => from >= begin),
    );
}

interface Requirement {
  readonly shifts: readonly ShiftColumn[];
  readonly breaks: readonly BreakColumn[];
  readonly duty: readonly Float64Array[];
  readonly quarters: readonly number[];
}

/**
 * Who is on duty goes to the groups that they can serve; what is missing is paid for. What is too much is reckoned with the
 * shifts: it is all duty, less what is required, plus what is missing.
 */
function requirementRows(
  { demand, grid, classes }: Board,
  builder: ProgramBuilder,
  { shifts, breaks, duty: others, quarters }: Requirement,
): void {
  const entries = demand.types.map(() => Array.from({ length: grid.quarters }, (): [number, number][] => []));
  for (const { column, classIndex, start } of shifts) {
    const rows = entries[classes[classIndex]?.type ?? -1];
    eachQuarter(grid, start.from, start.to, (quarter, share) => rows?.[quarter]?.push([column, share]));
  }
  for (const { column, type, pattern, breakIndex, at } of breaks) {
    const rows = entries[type];
    eachQuarter(grid, at, at + breakMs(pattern, breakIndex), (quarter, share) =>
      rows?.[quarter]?.push([column, -share]),
    );
  }
  const all = (1 << demand.groups.length) - 1;
  const isOnePool = demand.types.every((mask) => mask === all);
  for (const quarter of quarters) {
    const required = demand.requiredInAll(quarter);
    const fixed = others.reduce((sum, row) => sum + (row[quarter] ?? 0), 0);
    builder.constant((fixed - required) * demand.overPerQuarter);
    const duty = entries.map((rows) => rows[quarter] ?? []);
    const needed = demand.groups.flatMap((_, group) => {
      const need = demand.required(group, quarter);
      return need > 0 ? [{ group, need, short: shortColumns(builder, demand, need) }] : [];
    });
    if (isOnePool) {
      if (needed.length === 0) continue;
      const missing = needed.flatMap(({ short }) => short);
      builder.row([...duty.flat(), ...missing], required - fixed, Number.POSITIVE_INFINITY);
      continue;
    }
    const given = needed.map(({ short }) => [...short]);
    for (const [type, mask] of demand.types.entries()) {
      const flows = needed.flatMap(({ group, need }, index): [number, number][] => {
        if (((mask >> group) & 1) === 0) return [];
        const flow = builder.column({ upper: need });
        given[index]?.push([flow, 1]);
        return [[flow, -1]];
      });
      const standing = others[type]?.[quarter] ?? 0;
      if (flows.length > 0)
        builder.row([...(duty[type] ?? []), ...flows], -standing, Number.POSITIVE_INFINITY);
    }
    for (const [index, { need }] of needed.entries()) builder.row(given[index] ?? [], need, need);
  }
}

/** Those who may be missing from a requirement, a column for each step of what they cost. */
function shortColumns(builder: ProgramBuilder, demand: Demand, need: number): [number, number][] {
  return demand.shortagePieces(need).map(({ agents, cost }) => [builder.column({ cost, upper: agents }), 1]);
}

/** What the agents of a class can and must work together: by day, and by week in days and in minutes. */
function agentRows(board: Board, builder: ProgramBuilder, shifts: readonly ShiftColumn[]): void {
  const { classes, grid } = board;
  for (const { index, agents } of classes) {
    const own = shifts.filter(({ classIndex }) => classIndex === index);
    for (const day of grid.days.keys()) {
      const columns = own.filter(({ start }) => start.day === day);
      if (columns.length === 0) continue;
      const able = agents.filter(({ options }) => (options[day]?.length ?? 0) > 0);
      const must = able.filter(({ mustWork }) => mustWork[day]).length;
      builder.row(
        columns.map(({ column }): [number, number] => [column, 1]),
        must,
        able.length,
      );
    }
    for (const day of grid.days.keys())
      restRows(
        builder,
        agents,
        own.filter(({ start }) => start.day === day - 1),
        own.filter(({ start }) => start.day === day),
        day,
      );
    for (const { week, isWhole } of agents[0]?.context.weeks ?? []) {
      const columns = own.filter(({ start }) => weekNumber(grid.days[start.day]?.number ?? 0) === week);
      if (columns.length === 0) continue;
      const bounds = agents.map((agent) => weekRoom(board, agent, week));
      const sum = (pick: (room: WeekRoom) => number): number =>
        bounds.reduce((all, room) => all + pick(room), 0);
      builder.row(
        columns.map(({ column }): [number, number] => [column, 1]),
        isWhole ? sum(({ days }) => days.min) : 0,
        sum(({ days }) => days.max),
      );
      builder.row(
        columns.map(({ column, start }): [number, number] => [column, start.pattern.paidMinutes / 60]),
        isWhole ? sum(({ minutes }) => minutes.min) / 60 : 0,
        sum(({ minutes }) => minutes.max) / 60,
      );
    }
  }
}

/** How many agents of a class are to have a start. */
export interface CoverCount {
  readonly classIndex: number;
  readonly start: ShiftStart;
  readonly agents: number;
}

/**
 * Nobody who works late one day begins early the next: for each begin of the later day, those who end too late for it and
 * those who begin then or earlier are different agents, so together no more than there are.
 */
function restRows(
  builder: ProgramBuilder,
  agents: readonly BoardAgent[],
  before: readonly (ShiftColumn | CoverCount)[],
  after: readonly ShiftColumn[],
  day: number,
): void {
  const restMs = ({ from, to }: ShiftStart): number =>
    Math.min(
      ...agents.map(({ context: { rules } }) =>
        Math.max((rules.minRestMinutes ?? 0) * MINUTE_MS, (rules.minRestTimesShift ?? 0) * (to - from)),
      ),
    );
  const able = agents.filter(
    ({ options }) => (options[day]?.length ?? 0) > 0 || (options[day - 1]?.length ?? 0) > 0,
  ).length;
  const free = before.map((shift) => ({ shift, from: shift.start.to + restMs(shift.start) }));
  let rows = 0;
  for (const begin of [...new Set(after.map(({ start }) => start.from))].sort((a, b) => b - a)) {
    const late = free.filter(({ from }) => from > begin).map(({ shift }) => shift);
    if (late.length === rows) continue; // a later begin has said as much
    rows = late.length;
    const entries: [number, number][] = after
      .filter(({ start }) => start.from <= begin)
      .map(({ column }) => [column, 1]);
    let known = 0;
    for (const shift of late) {
      if ("column" in shift) entries.push([shift.column, 1]);
      else known += shift.agents;
    }
    builder.row(entries, Number.NEGATIVE_INFINITY, Math.max(0, able - known));
  }
}

/** What is left for an agent to be given in a week. */
export interface WeekRoom {
  readonly days: { readonly min: number; readonly max: number };
  readonly minutes: { readonly min: number; readonly max: number };
}

/** A contract's bounds less locked shifts, no more than the days on which the agent has anything to choose. */
export function weekRoom({ grid, starts }: Board, agent: BoardAgent, week: number): WeekRoom {
  const { context, options, lockedPlaced } = agent;
  const bounds = context.bounds.get(week) ?? { days: { min: 0, max: 7 }, minutes: { min: 0, max: 10_080 } };
  const monday = mondayOf(week);
  const taken = [...context.outside, ...lockedPlaced].filter(
    ({ day, isOvertime }) => day >= monday && day <= monday + 6 && !isOvertime,
  );
  const takenMinutes = taken.reduce((sum, shift) => sum + shift.paidMinutes, 0);
  const open = grid.days.flatMap(({ number }, day) =>
    weekNumber(number) === week && (options[day]?.length ?? 0) > 0 ? [options[day] ?? []] : [],
  );
  const longest = open
    .map((day) => Math.max(...day.map((start) => starts[start]?.pattern.paidMinutes ?? 0)))
    .sort((a, b) => b - a);
  const most = Math.max(
    0,
    Math.min(open.length, bounds.days.max - taken.length, restLimit(context.rules, open.length)),
  );
  const mostMinutes = longest.slice(0, most).reduce((sum, minutes) => sum + minutes, 0);
  const { maxWeeklyMinutes = Number.POSITIVE_INFINITY } = context.rules;
  const maxMinutes = Math.max(0, Math.min(bounds.minutes.max, maxWeeklyMinutes) - takenMinutes);
  return {
    days: { min: Math.max(0, Math.min(bounds.days.min - taken.length, most)), max: most },
    minutes: {
      min: Math.max(0, Math.min(bounds.minutes.min - takenMinutes, mostMinutes, maxMinutes)),
      max: maxMinutes,
    },
  };
}

/** A week with a weekly rest, or with a limit of days in a row, has a day off. */
function restLimit(
  { weeklyRestMinutes, maxConsecutiveDays = 7 }: BoardAgent["context"]["rules"],
  open: number,
): number {
  if (open < 7) return open;
  return weeklyRestMinutes !== undefined && weeklyRestMinutes >= 1440
    ? 6
    : Math.min(7, Math.max(maxConsecutiveDays, 1));
}

/** The length of a break in milliseconds. */
function breakMs(pattern: ShiftPattern, breakIndex: number): number {
  return (pattern.breaks[breakIndex]?.minutes ?? 0) * MINUTE_MS;
}
