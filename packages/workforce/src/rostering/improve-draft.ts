import type { Board, BoardAgent } from "./board.ts";
import { pastOf } from "./days-program.ts";
import type { Candidate, Draft } from "./draft.ts";
import { isWeekendDay, weekNumber } from "./grid.ts";
import { DEFAULT_FAIRNESS } from "./roster-problem.ts";
import type { ShiftStart } from "./shift-start.ts";

/** Less than this is no improvement worth a move. */
const WORTH_IT = 1e-6;

/** What the work on a draft asks of its surroundings. */
export interface Effort {
  /** True: stop after the move in hand. */
  isOver(): boolean;
}

/** Gives agents days until each has what the contract asks for at least, the cheapest day and start first. */
export function fillContracts(board: Board, draft: Draft, agents = board.agents): void {
  const personal = personalCosts(board, draft);
  for (const agent of agents) {
    for (const [day, isNeeded] of agent.mustWork.entries()) {
      if (isNeeded && !draft.at(agent, day)) giveBest(draft, agent, [day], personal);
    }
    for (const { week, isWhole } of agent.context.weeks) {
      if (!isWhole) continue;
      const days = [...board.grid.days.entries()]
        .filter(([, { number }]) => weekNumber(number) === week)
        .map(([day]) => day);
      while (isShort(board, draft, agent, week)) {
        const free = days.filter((day) => !draft.at(agent, day));
        if (giveBest(draft, agent, free, personal)) continue;
        rebuildWeek(board, draft, agent, days);
        break;
      }
    }
  }
}

function isShort(board: Board, draft: Draft, agent: BoardAgent, week: number): boolean {
  const bounds = agent.context.bounds.get(week);
  if (!bounds) return false;
  let minutes = 0;
  let days = 0;
  for (const shift of [...agent.context.outside, ...agent.lockedPlaced]) {
    if (weekNumber(shift.day) !== week || shift.isOvertime) continue;
    minutes += shift.paidMinutes;
    days++;
  }
  for (const [day, { number }] of board.grid.days.entries()) {
    const held = weekNumber(number) === week ? draft.at(agent, day) : undefined;
    if (!held) continue;
    minutes += held.start.pattern.paidMinutes;
    days++;
  }
  return minutes < bounds.minutes.min || days < bounds.days.min;
}

/** How many ways to fill a week are tried; more than any real week needs. */
const MOST_TRIES = 20_000;
/** The cheapest starts of a day that are tried, beside the earliest and the latest. */
const TRIED_STARTS = 4;

/**
 * Where the days already given leave no room for another, lays the agent's whole week out anew: day by day a free day or one
 * of some starts, back and forth until contract and rules are kept. If nothing keeps them the week stays as it was.
 */
function rebuildWeek(board: Board, draft: Draft, agent: BoardAgent, days: readonly number[]): void {
  const held = days.map((day) => draft.at(agent, day));
  for (const day of days) draft.set(agent, day, undefined);
  const choices = days.map((day) => {
    const all = draft.candidates(agent, day).filter(({ cost }) => Number.isFinite(cost));
    const byTime = [...all].sort((a, b) => a.start.from - b.start.from);
    const ends = [byTime[0], byTime.at(-1)].filter((one) => one !== undefined);
    return [...new Set([...all.slice(0, TRIED_STARTS), ...ends])];
  });
  const spare = days.length - (agent.context.bounds.get(weekOf(board, days))?.days.min ?? 0);
  const chosen = new Map<number, ShiftStart | undefined>();
  const given: Candidate[] = [];
  let tries = 0;
  const place = (index: number, free: number): boolean => {
    const day = days[index];
    if (day === undefined) return draft.fits(agent, chosen, true);
    for (const candidate of choices[index] ?? []) {
      if (++tries > MOST_TRIES) return false;
      chosen.set(day, candidate.start);
      given.push(candidate);
      if (draft.fits(agent, chosen, false) && place(index + 1, free)) return true;
      given.pop();
      chosen.delete(day);
    }
    return free > 0 && !agent.mustWork[day] && place(index + 1, free - 1);
  };
  if (place(0, spare)) for (const candidate of given) draft.set(agent, candidate.start.day, candidate);
  else for (const [index, day] of days.entries()) draft.set(agent, day, held[index]);
}

function weekOf({ grid }: Board, days: readonly number[]): number {
  return weekNumber(grid.days[days[0] ?? 0]?.number ?? 0);
}

function giveBest(
  draft: Draft,
  agent: BoardAgent,
  days: readonly number[],
  personal: PersonalCosts,
): boolean {
  const candidates = days
    .flatMap((day) => draft.candidates(agent, day))
    .map((candidate) => ({ candidate, cost: candidate.cost + personal.of(agent, candidate.start) }))
    .sort((a, b) => a.cost - b.cost);
  for (const { candidate } of candidates) {
    if (!Number.isFinite(candidate.cost)) return false;
    if (!draft.fits(agent, new Map([[candidate.start.day, candidate.start]]), false)) continue;
    draft.set(agent, candidate.start.day, candidate);
    return true;
  }
  return false;
}

/**
 * Best replies until nobody can improve alone: each shift gets the start and breaks that cost least given all others, or moves
 * to another day; days are added and taken away within the contract. No move breaks a rule. Returns how many were made.
 */
export function improveDraft(board: Board, draft: Draft, effort: Effort, agents = board.agents): number {
  let moves = 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const personal = personalCosts(board, draft);
    let inRound = 0;
    for (const agent of agents) {
      for (const day of board.grid.days.keys()) {
        if (effort.isOver()) return moves;
        if (improveDay(board, draft, agent, day, personal)) inRound++;
      }
    }
    moves += inRound;
    if (inRound === 0) break;
  }
  return moves;
}

const MAX_ROUNDS = 30;

function improveDay(
  board: Board,
  draft: Draft,
  agent: BoardAgent,
  day: number,
  personal: PersonalCosts,
): boolean {
  const held = draft.at(agent, day);
  const worth = held ? draft.costOf(agent, day) + personal.of(agent, held.start) : 0;
  const better = (candidates: readonly Candidate[], limit: number): Candidate[] =>
    candidates
      .map((candidate) => ({ candidate, cost: candidate.cost + personal.of(agent, candidate.start) }))
      .filter(({ cost }) => cost < limit - WORTH_IT)
      .sort((a, b) => a.cost - b.cost)
      .map(({ candidate }) => candidate);
  const put = (
    changes: ReadonlyMap<number, ShiftStart | undefined>,
    candidate: Candidate | undefined,
  ): boolean => {
    if (!draft.fits(agent, changes, true)) return false;
    for (const [changed, start] of changes) if (!start) draft.set(agent, changed, undefined);
    if (candidate) draft.set(agent, candidate.start.day, candidate);
    return true;
  };
  for (const candidate of better(draft.candidates(agent, day), worth))
    if (put(new Map([[day, candidate.start]]), candidate)) return true;
  if (!held) return false;
  if (worth > WORTH_IT && !agent.mustWork[day] && put(new Map([[day, undefined]]), undefined)) return true;
  if (agent.mustWork[day]) return false;
  const week = weekNumber(board.grid.days[day]?.number ?? 0);
  draft.set(agent, day, undefined);
  const elsewhere = [...board.grid.days.entries()]
    .filter(([other, { number }]) => other !== day && weekNumber(number) === week && !draft.at(agent, other))
    .flatMap(([other]) => draft.candidates(agent, other));
  draft.set(agent, day, held);
  for (const candidate of better(elsewhere, worth)) {
    const changes = new Map<number, ShiftStart | undefined>([
      [day, undefined],
      [candidate.start.day, candidate.start],
    ]);
    if (put(changes, candidate)) return true;
  }
  return false;
}

/** What wishes and fairness make of giving a start to an agent. */
interface PersonalCosts {
  of(agent: BoardAgent, start: ShiftStart): number;
}

type Burden = "weekends" | "early" | "late" | "hours";

/** How much of a burden a start is. */
function burdenOf(board: Board, burden: Burden, { day, wallMinutes, pattern }: ShiftStart): number {
  switch (burden) {
    case "weekends":
      return isWeekendDay(board.grid.days[day]?.number ?? 0) ? 1 : 0;
    case "early":
      return wallMinutes < board.earlyBefore ? 1 : 0;
    case "late":
      return wallMinutes >= board.lateFrom ? 1 : 0;
    case "hours":
      return pattern.paidMinutes / 60;
  }
}

/** The burdens that are shared out, and what each agent carries of them, the past included, against the mean of the contract. */
export function burdens(
  board: Board,
  startsOf: (agent: BoardAgent) => readonly ShiftStart[],
): {
  readonly burden: Burden;
  readonly load: ReadonlyMap<BoardAgent, number>;
  readonly mean: ReadonlyMap<string, number>;
}[] {
  const share = board.problem.fairness?.share ?? DEFAULT_FAIRNESS.share;
  return share.map((burden) => {
    const load = new Map(
      board.agents.map((agent): [BoardAgent, number] => [
        agent,
        startsOf(agent).reduce((sum, start) => sum + burdenOf(board, burden, start), pastOf(agent, burden)),
      ]),
    );
    const mean = new Map(
      [...Map.groupBy(board.agents, ({ context }) => context.contract.id).entries()].map(
        ([contract, agents]): [string, number] => [
          contract,
          agents.reduce((sum, agent) => sum + (load.get(agent) ?? 0), 0) / agents.length,
        ],
      ),
    );
    return { burden, load, mean };
  });
}

/** Personal costs at the margin, with loads and means as they stand now. */
function personalCosts(board: Board, draft: Draft): PersonalCosts {
  const { weights, grid } = board;
  const startsOf = (agent: BoardAgent): ShiftStart[] =>
    [...grid.days.keys()].flatMap((day) => draft.at(agent, day)?.start ?? []);
  const shared = burdens(board, startsOf);
  return {
    of(agent, start) {
      let cost = 0;
      for (const { kind, date, weight = 1 } of agent.context.agent.wishes ?? []) {
        if (date === grid.days[start.day]?.date) cost += weights.wish * weight * unmetBy(board, kind, start);
      }
      for (const { burden, load, mean } of shared) {
        const amount = burdenOf(board, burden, start);
        if (amount === 0) continue;
        const held = draft.at(agent, start.day)?.start;
        const now = (load.get(agent) ?? 0) - (held ? burdenOf(board, burden, held) : 0);
        const middle = mean.get(agent.context.contract.id) ?? 0;
        cost += weights.fairness * (Math.max(0, now + amount - middle) - Math.max(0, now - middle));
      }
      return cost;
    },
  };
}

/** What pay, wishes and fairness of the whole draft cost; locked shifts are paid by nobody here. */
export function personalTotal(board: Board, draft: Draft): number {
  const { weights, grid, agents } = board;
  const startsOf = (agent: BoardAgent): ShiftStart[] =>
    [...grid.days.keys()].flatMap((day) => draft.at(agent, day)?.start ?? []);
  let cost = 0;
  for (const agent of agents) {
    const { costPerHour = 1 } = agent.context.contract;
    for (const start of startsOf(agent)) {
      cost += (start.pattern.paidMinutes / 60) * costPerHour * weights.paidHour;
      for (const { kind, date, weight = 1 } of agent.context.agent.wishes ?? [])
        if (date === grid.days[start.day]?.date) cost += weights.wish * weight * unmetBy(board, kind, start);
    }
  }
  for (const { load, mean } of burdens(board, startsOf))
    for (const [agent, carried] of load)
      cost += weights.fairness * Math.max(0, carried - (mean.get(agent.context.contract.id) ?? 0));
  return cost;
}

/** 1 where a start meets a wish not, 0 where it does, -1 where it meets a wish to work. */
export function unmetBy(
  { earlyBefore, lateFrom }: Pick<Board, "earlyBefore" | "lateFrom">,
  kind: "day_off" | "work" | "early" | "late",
  { wallMinutes }: Pick<ShiftStart, "wallMinutes">,
): number {
  switch (kind) {
    case "day_off":
      return 1;
    case "work":
      return -1;
    case "early":
      return wallMinutes < earlyBefore ? 0 : 1;
    case "late":
      return wallMinutes >= lateFrom ? 0 : 1;
  }
}
