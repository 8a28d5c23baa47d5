import type { Board, BoardAgent } from "./board.ts";
import { type CoverCount, weekRoom } from "./cover-program.ts";
import { isWeekendDay, weekNumber } from "./grid.ts";
import type { IntegerProgram } from "./integer-program.ts";
import { ProgramBuilder } from "./program-builder.ts";
import { DEFAULT_FAIRNESS } from "./roster-problem.ts";
import type { ShiftStart } from "./shift-start.ts";

const MINUTE_MS = 60_000;
const BAND_MINUTES = 120;
/** What it costs to leave a contract short by a day or an hour: more than anything else, but never impossible. */
const CONTRACT_SHORT = 5_000;

/** Starts of one pattern on one day that lie near each other: agents of a class are given to bands, then to starts. */
export interface Band {
  readonly day: number;
  readonly patternId: string;
  readonly paidMinutes: number;
  readonly starts: readonly ShiftStart[];
  readonly isEarly: boolean;
  readonly isLate: boolean;
  /** How many agents of each class the cover asks for. */
  readonly wanted: ReadonlyMap<number, number>;
}

/** Who works on which day in which band. */
export interface DaysProgram {
  readonly program: IntegerProgram;
  readonly choices: readonly { readonly column: number; readonly agent: BoardAgent; readonly band: Band }[];
}

/** The bands of a cover: at most two hours wide, and never across the borders of early and late. */
export function bandsOf({ earlyBefore, lateFrom }: Board, cover: readonly CoverCount[]): Band[] {
  const crews = Map.groupBy(
    cover.filter(({ agents }) => agents > 0),
    ({ start }) => `${start.day}\n${start.pattern.id}`,
  );
  return [...crews.values()].flatMap((crew) => {
    const starts = [...new Set(crew.map(({ start }) => start))].sort((a, b) => a.from - b.from);
    const groups: ShiftStart[][] = [];
    for (const start of starts) {
      const last = groups.at(-1);
      const [first] = last ?? [];
      const fits =
        first !== undefined &&
        start.wallMinutes - first.wallMinutes < BAND_MINUTES &&
        start.wallMinutes < earlyBefore === first.wallMinutes < earlyBefore &&
        start.wallMinutes >= lateFrom === first.wallMinutes >= lateFrom;
      if (fits) last?.push(start);
      else groups.push([start]);
    }
    return groups.flatMap((group): Band[] => {
      const [first] = group;
      if (!first) return [];
      const wanted = new Map<number, number>();
      for (const { classIndex, start, agents } of crew)
        if (group.includes(start)) wanted.set(classIndex, (wanted.get(classIndex) ?? 0) + agents);
      return [
        {
          day: first.day,
          patternId: first.pattern.id,
          paidMinutes: first.pattern.paidMinutes,
          starts: group,
          isEarly: first.wallMinutes < earlyBefore,
          isLate: first.wallMinutes >= lateFrom,
          wanted,
        },
      ];
    });
  });
}

/**
 * Gives agents days and bands: as many of each class as the cover asks for, by contract, rest, days in a row and weekly rest,
 * at the least cost of wishes and unfairness. Rest is kept between bands as wholes, so any start of a band may follow.
 */
export function daysProgram(board: Board, bands: readonly Band[]): DaysProgram {
  const builder = new ProgramBuilder();
  const choices = board.agents.flatMap((agent) =>
    bands.flatMap((band) => {
      const able = band.starts.some(({ index }) => agent.options[band.day]?.includes(index));
      if (!able) return [];
      const column = builder.column({ upper: 1, integer: true, cost: wishCost(board, agent, band) });
      return [{ column, agent, band }];
    }),
  );
  const byAgent = Map.groupBy(choices, ({ agent }) => agent);
  for (const agent of board.agents) {
    const own = byAgent.get(agent) ?? [];
    ruleRows(board, builder, agent, own);
    wishConstant(board, builder, agent);
  }
  wantedRows(board, builder, bands, choices);
  fairnessRows(board, builder, byAgent);
  return { program: builder.build(), choices };
}

type Choice = DaysProgram["choices"][number];

/** What giving the band costs against the agent's wishes for the day. */
function wishCost({ grid, weights }: Board, { context }: BoardAgent, band: Band): number {
  const date = grid.days[band.day]?.date;
  return (context.agent.wishes ?? [])
    .filter((wish) => wish.date === date)
    .reduce((sum, { kind, weight = 1 }) => {
      const unmet =
        kind === "day_off" || (kind === "early" && !band.isEarly) || (kind === "late" && !band.isLate)
          ? 1
          : 0;
      const met = kind === "work" ? 1 : 0;
      return sum + weights.wish * weight * (unmet - met);
    }, 0);
}

function wishConstant({ weights }: Board, builder: ProgramBuilder, { context }: BoardAgent): void {
  for (const { kind, weight = 1 } of context.agent.wishes ?? [])
    if (kind === "work") builder.constant(weights.wish * weight);
}

function ones(choices: readonly Choice[]): [number, number][] {
  return choices.map(({ column }) => [column, 1]);
}

function ruleRows(board: Board, builder: ProgramBuilder, agent: BoardAgent, own: readonly Choice[]): void {
  const { grid } = board;
  const byDay = grid.days.map((_, day) => own.filter(({ band }) => band.day === day));
  for (const [day, choices] of byDay.entries()) {
    if (choices.length === 0) continue;
    const entries = ones(choices);
    if (agent.mustWork[day]) entries.push([builder.column({ upper: 1, cost: CONTRACT_SHORT }), 1]);
    builder.row(entries, agent.mustWork[day] ? 1 : 0, 1);
  }
  weekRows(board, builder, agent, own);
  runRows(board, builder, agent, byDay);
  restRows(builder, agent, byDay);
  weekendRows(board, builder, agent, byDay);
}

function weekRows(board: Board, builder: ProgramBuilder, agent: BoardAgent, own: readonly Choice[]): void {
  for (const { week, isWhole } of agent.context.weeks) {
    const choices = own.filter(({ band }) => weekNumber(board.grid.days[band.day]?.number ?? 0) === week);
    if (choices.length === 0) continue;
    const { days, minutes } = weekRoom(board, agent, week);
    const short = (): [number, number] => [builder.column({ cost: CONTRACT_SHORT }), 1];
    builder.row(
      [...ones(choices), ...(isWhole && days.min > 0 ? [short()] : [])],
      isWhole ? days.min : 0,
      days.max,
    );
    builder.row(
      [
        ...choices.map(({ column, band }): [number, number] => [column, band.paidMinutes / 60]),
        ...(isWhole && minutes.min > 0 ? [short()] : []),
      ],
      isWhole ? minutes.min / 60 : 0,
      minutes.max / 60,
    );
  }
}

/** In each stretch of one day more than allowed in a row there is a day off; days outside and locked ones are known. */
function runRows(
  { grid }: Board,
  builder: ProgramBuilder,
  { context, lockedPlaced }: BoardAgent,
  byDay: readonly (readonly Choice[])[],
): void {
  const { maxConsecutiveDays } = context.rules;
  if (maxConsecutiveDays === undefined) return;
  const worked = new Set([...context.outside, ...lockedPlaced].map(({ day }) => day));
  const first = grid.days[0]?.number ?? 0;
  for (let begin = first - maxConsecutiveDays; begin < first + grid.days.length; begin++) {
    const days = Array.from({ length: maxConsecutiveDays + 1 }, (_, index) => begin + index);
    const known = days.filter((day) => worked.has(day)).length;
    const open = days.flatMap((day) => byDay[day - first] ?? []);
    if (open.length > 0 && known + new Set(open.map(({ band }) => band.day)).size > maxConsecutiveDays)
      builder.row(ones(open), 0, Math.max(0, maxConsecutiveDays - known));
  }
}

/**
 * Bands of neighbouring days that are too near. The weekly rest is left to the placing and the improvement, which give no shift
 * that breaks it: as rows here it would have to be stricter than it is, or ask for choices of its own.
 */
function restRows(builder: ProgramBuilder, agent: BoardAgent, byDay: readonly (readonly Choice[])[]): void {
  const { rules, outside } = agent.context;
  const { minRestMinutes = 0, minRestTimesShift = 0 } = rules;
  const restMs = (from: number, to: number): number =>
    Math.max(minRestMinutes * MINUTE_MS, minRestTimesShift * (to - from));
  const fixed = [...outside, ...agent.lockedPlaced];
  const spans = byDay.map((choices) =>
    choices.map((choice) => {
      const { firstFrom, firstTo, lastTo } = spanOf(choice);
      return { choice, firstFrom, freeFrom: lastTo + restMs(firstFrom, firstTo) };
    }),
  );
  for (const [day, today] of spans.entries()) {
    const next = [...(spans[day + 1] ?? [])].sort((a, b) => b.firstFrom - a.firstFrom);
    let rows = 0;
    for (const soonest of next) {
      const late = today.filter(({ freeFrom }) => freeFrom > soonest.firstFrom);
      if (late.length === rows) continue; // a later band has said as much
      rows = late.length;
      const soon = next.filter(({ firstFrom }) => firstFrom <= soonest.firstFrom);
      builder.row(ones([...late, ...soon].map(({ choice }) => choice)), 0, 1);
    }
    for (const { choice, firstFrom, freeFrom } of today) {
      const clashes = fixed.some(
        (shift) =>
          (shift.from >= firstFrom && shift.from < freeFrom) ||
          (shift.from < firstFrom && firstFrom < shift.to + restMs(shift.from, shift.to)),
      );
      if (clashes) builder.row([[choice.column, 1]], 0, 0);
    }
  }
}

function spanOf({ band, agent }: Choice): { firstFrom: number; firstTo: number; lastTo: number } {
  const able = band.starts.filter(({ index }) => agent.options[band.day]?.includes(index));
  return { firstFrom: able[0]?.from ?? 0, firstTo: able[0]?.to ?? 0, lastTo: able.at(-1)?.to ?? 0 };
}

/** Not on two weekends in a row. */
function weekendRows(
  { grid }: Board,
  builder: ProgramBuilder,
  { context, lockedPlaced }: BoardAgent,
  byDay: readonly (readonly Choice[])[],
): void {
  if (context.contract.weekends !== "alternate") return;
  const worked = new Set(
    [...context.outside, ...lockedPlaced]
      .filter(({ day }) => isWeekendDay(day))
      .map(({ day }) => weekNumber(day)),
  );
  const weekend = (week: number): Choice[] =>
    byDay.flatMap((choices, day) => {
      const number = grid.days[day]?.number ?? 0;
      return isWeekendDay(number) && weekNumber(number) === week ? [...choices] : [];
    });
  for (const { week } of context.weeks) {
    const here = weekend(week);
    const isFree = !worked.has(week - 1) && !worked.has(week + 1);
    if (!isFree && here.length > 0) builder.row(ones(here), 0, 0);
    for (const one of here) for (const other of weekend(week + 1)) builder.row(ones([one, other]), 0, 1);
  }
}

/** Each band gets the agents of each class that the cover asks for, as far as it can; too many is better than too few. */
function wantedRows(
  { classes, weights }: Board,
  builder: ProgramBuilder,
  bands: readonly Band[],
  choices: readonly Choice[],
): void {
  const byBand = Map.groupBy(choices, ({ band }) => band);
  for (const band of bands) {
    const hours = band.paidMinutes / 60;
    const own = Map.groupBy(byBand.get(band) ?? [], ({ agent }) => agent.classIndex);
    for (const { index } of classes) {
      const wanted = band.wanted.get(index) ?? 0;
      const able = own.get(index) ?? [];
      if (able.length === 0) continue;
      const missing = builder.column({
        cost: weights.understaffingPerHour * hours * MISSING_SHARE,
        upper: wanted,
      });
      const extra = builder.column({ cost: weights.overstaffingPerHour * hours });
      builder.row([...ones(able), [missing, 1], [extra, -1]], wanted, wanted);
    }
  }
}

/** A missing agent in one band is partly made up for by later repair. */
const MISSING_SHARE = 0.5;

/**
 * More weekend days, early or late shifts than the mean of those with the same contract, rounded up, cost; history counts.
 * Whole limits keep the program easy; the improvement afterwards knows the exact mean, and hours.
 */
function fairnessRows(
  board: Board,
  builder: ProgramBuilder,
  byAgent: ReadonlyMap<BoardAgent, readonly Choice[]>,
): void {
  const { problem, weights, grid } = board;
  const share = problem.fairness?.share ?? DEFAULT_FAIRNESS.share;
  if (weights.fairness === 0) return;
  const counts: Record<Exclude<(typeof share)[number], "hours">, (band: Band) => boolean> = {
    weekends: ({ day }) => isWeekendDay(grid.days[day]?.number ?? 0),
    early: ({ isEarly }) => isEarly,
    late: ({ isLate }) => isLate,
  };
  for (const agents of Map.groupBy(board.agents, ({ context }) => context.contract.id).values()) {
    const classes = new Set(agents.map(({ classIndex }) => classIndex));
    const bands = new Set(agents.flatMap((agent) => (byAgent.get(agent) ?? []).map(({ band }) => band)));
    for (const burden of share) {
      if (burden === "hours") continue;
      const wanted = [...bands]
        .filter(counts[burden])
        .flatMap((band) =>
          [...band.wanted].map(([classIndex, number]) => (classes.has(classIndex) ? number : 0)),
        );
      const past = agents.reduce((sum, agent) => sum + pastOf(agent, burden), 0);
      const mean = (wanted.reduce((sum, number) => sum + number, 0) + past) / agents.length;
      for (const agent of agents) {
        const own = (byAgent.get(agent) ?? []).filter(({ band }) => counts[burden](band));
        if (own.length === 0) continue;
        const above = builder.column({ cost: weights.fairness });
        const limit = Math.max(0, Math.ceil(mean - pastOf(agent, burden)));
        builder.row([...ones(own), [above, -1]], Number.NEGATIVE_INFINITY, limit);
      }
    }
  }
}

/** What an agent has carried of a burden so far, in shifts or hours. */
export function pastOf({ context }: BoardAgent, burden: "weekends" | "early" | "late" | "hours"): number {
  const { history } = context.agent;
  if (!history) return 0;
  switch (burden) {
    case "weekends":
      return history.weekendDays;
    case "early":
      return history.earlyShifts;
    case "late":
      return history.lateShifts;
    case "hours":
      return history.paidMinutes / 60;
  }
}
