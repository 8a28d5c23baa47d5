import type { Period } from "@svara/calendar";
import type { PlacedShift } from "./agent-context.ts";
import type { Board, BoardAgent } from "./board.ts";
import { breakChoices } from "./break-choices.ts";
import { addDuty } from "./coverage.ts";
import { withAppointments } from "./decide-change.ts";
import { dateOf, eachQuarter } from "./grid.ts";
import type { Roster, RosterShift, ShiftPart } from "./roster.ts";
import { checkBreaks, checkSequence, type Report } from "./sequence-rules.ts";
import type { ShiftPattern } from "./shift-pattern.ts";
import { longestWithoutRest } from "./shift-rules.ts";
import type { ShiftStart } from "./shift-start.ts";
import { stretchesOf } from "./stretches.ts";

const MINUTE_MS = 60_000;
const EPSILON = 1e-9;

/** A shift on the draft: its start, and the instants at which its breaks begin. */
export interface DraftShift {
  readonly start: ShiftStart;
  readonly breaks: readonly number[];
}

/** A shift that an agent could be given, and what it would change in the cost of the cover and of pay. */
export interface Candidate extends DraftShift {
  readonly cost: number;
}

/** A roster in the making: who has which shift on which day, and the duty and cost of the cover kept up to date. */
export class Draft {
  readonly #board: Board;
  readonly #duty: Float64Array[];
  readonly #shifts: (DraftShift | undefined)[][];

  constructor(board: Board) {
    this.#board = board;
    this.#duty = board.fixedDuty.map((row) => Float64Array.from(row));
    this.#shifts = board.agents.map(() => board.grid.days.map(() => undefined));
  }

  /** What an agent has been given on a day. */
  at(agent: BoardAgent, day: number): DraftShift | undefined {
    return this.#shifts[agent.index]?.[day];
  }

  /** Gives an agent a shift on a day, or takes it away. */
  set(agent: BoardAgent, day: number, shift: DraftShift | undefined): void {
    const own = this.#shifts[agent.index];
    if (!own) return;
    const old = own[day];
    if (old) this.#add(agent, old, -1);
    if (shift) this.#add(agent, shift, 1);
    own[day] = shift;
  }

  #add({ type }: BoardAgent, { start, breaks }: DraftShift, times: number): void {
    const row = this.#duty[type];
    if (row)
      addDuty(
        row,
        this.#board.grid,
        { from: start.from, to: start.to, parts: restsOf(start, breaks) },
        times,
      );
  }

  /** The cost of all quarters: agents short and agents too many. */
  coverCost(): number {
    let sum = 0;
    for (let quarter = 0; quarter < this.#board.grid.quarters; quarter++) sum += this.#quarterCost(quarter);
    return sum;
  }

  #quarterCost(quarter: number): number {
    return this.#board.demand.cost(quarter, (type) => this.#duty[type]?.[quarter] ?? 0);
  }

  /** What one more agent of a type would change in a quarter's cost. */
  #marginal(type: number, quarter: number): number {
    const { demand } = this.#board;
    const more = demand.cost(
      quarter,
      (other) => (this.#duty[other]?.[quarter] ?? 0) + (other === type ? 1 : 0),
    );
    return more - this.#quarterCost(quarter);
  }

  /**
   * The shifts that an agent could be given on a day, whatever stands there left out of account, the cheapest first. Breaks
   * lie where they cost the cover least: exactly so for any one agent, as breaks of one shift never share a quarter's time.
   */
  candidates(agent: BoardAgent, day: number): Candidate[] {
    const held = this.at(agent, day);
    if (held) this.#add(agent, held, -1);
    const { starts, grid } = this.#board;
    const options = (agent.options[day] ?? []).flatMap((index) => starts[index] ?? []);
    const marginal = new Map<number, number>();
    const worth = (from: number, to: number): number => {
      let sum = 0;
      if (agent.type < 0) return sum;
      eachQuarter(grid, from, to, (quarter, share) => {
        const value = marginal.get(quarter) ?? this.#marginal(agent.type, quarter);
        marginal.set(quarter, value);
        sum += share * value;
      });
      return sum;
    };
    const found = options.map((start) => this.#layOut(agent, start, worth));
    if (held) this.#add(agent, held, 1);
    return found.sort((a, b) => a.cost - b.cost || a.start.from - b.start.from);
  }

  #layOut(agent: BoardAgent, start: ShiftStart, worth: (from: number, to: number) => number): Candidate {
    const { contract } = agent.context;
    const pay = (contract.costPerHour ?? 1) * this.#board.weights.paidHour * (start.pattern.paidMinutes / 60);
    let cost = pay + worth(start.from, start.to);
    const limit = agent.context.rules.maxMinutesWithoutBreak;
    const choices = breakChoices(start, agent.context);
    const breaks: number[] = [];
    for (const [index, instants] of choices.entries()) {
      const ms = (start.pattern.breaks[index]?.minutes ?? 0) * MINUTE_MS;
      let best = instants[0] ?? start.from;
      let most = Number.NEGATIVE_INFINITY;
      for (const at of instants) {
        const saved = worth(at, at + ms);
        if (saved > most + EPSILON) {
          most = saved;
          best = at;
        }
      }
      breaks.push(best);
      cost -= most;
    }
    const rested = { from: start.from, to: start.to, rests: restsOf(start, breaks) };
    if (limit !== undefined && longestWithoutRest(rested) > limit)
      return { start, breaks, cost: Number.POSITIVE_INFINITY };
    return { start, breaks, cost };
  }

  /** What it would save to take a shift away: the same measure as that of candidates. */
  costOf(agent: BoardAgent, day: number): number {
    const held = this.at(agent, day);
    if (!held) return 0;
    const before = this.coverCostOver(held);
    this.#add(agent, held, -1);
    const after = this.coverCostOver(held);
    this.#add(agent, held, 1);
    const { contract } = agent.context;
    const paid =
      (contract.costPerHour ?? 1) * this.#board.weights.paidHour * (held.start.pattern.paidMinutes / 60);
    return paid + before - after;
  }

  /** The cost of the quarters that a shift touches. */
  coverCostOver({ start }: DraftShift): number {
    let sum = 0;
    eachQuarter(this.#board.grid, start.from, start.to, (quarter) => {
      sum += this.#quarterCost(quarter);
    });
    return sum;
  }

  /** Whether an agent's shifts keep all rules that look at several shifts, with `shift` on `day` (undefined: none there). */
  fits(
    agent: BoardAgent,
    changes: ReadonlyMap<number, ShiftStart | undefined>,
    isWholeWeekNeeded: boolean,
  ): boolean {
    const shifts: PlacedShift[] = [...agent.context.outside, ...agent.lockedPlaced];
    for (const day of this.#board.grid.days.keys()) {
      const start = changes.has(day) ? changes.get(day) : this.at(agent, day)?.start;
      if (start) shifts.push(this.placedOf(start));
    }
    shifts.sort((a, b) => a.from - b.from);
    let fits = true;
    const report: Report = (rule, _, actual, limit) => {
      const isTooLittle = (rule === "contract_weekly_hours" || rule === "contract_days") && actual < limit;
      if (!isTooLittle || isWholeWeekNeeded) fits = false;
    };
    const stretches = stretchesOf(shifts);
    checkSequence(agent.context, shifts, stretches, report);
    const joined = stretches.filter((stretch) => stretch.shifts.length > 1); // breaks inside one shift are seen to elsewhere
    checkBreaks(agent.context.rules, joined, report);
    return fits;
  }

  placedOf({ day, from, to, pattern }: ShiftStart): PlacedShift {
    const number = this.#board.grid.days[day]?.number ?? 0;
    const { paidMinutes } = pattern;
    return { from, to, day: number, paidMinutes, isOvertime: false, rests: worstRests(from, pattern) };
  }

  /** The draft as a roster, locked shifts included. */
  roster(): Roster {
    const { problem, agents, grid } = this.#board;
    const shifts = agents.flatMap((agent) =>
      [
        ...agent.locked.map((shift) => ({ ...shift, locked: true })),
        ...grid.days.flatMap((_, day): RosterShift[] => {
          const held = this.at(agent, day);
          return held ? [this.#rosterShift(agent, held)] : [];
        }),
      ].sort((a, b) => a.from - b.from),
    );
    const { timeZone, from, days } = problem;
    return { timeZone, from, days, shifts };
  }

  #rosterShift(agent: BoardAgent, { start, breaks }: DraftShift): RosterShift {
    const { problem, grid } = this.#board;
    const parts = withAppointments(problem, agent.id, start, restsOf(start, breaks));
    return {
      agentId: agent.context.agent.id,
      date: dateOf(grid.days[start.day]?.number ?? 0),
      patternId: start.pattern.id,
      from: start.from,
      to: start.to,
      parts,
    };
  }
}

/** One rest from the last begin of the first break to the first end of the last: wherever breaks lie, nobody works longer before or after. */
function worstRests(from: number, { breaks }: ShiftPattern): Period[] {
  const first = breaks[0];
  const last = breaks.at(-1);
  if (!first || !last) return [];
  return [
    {
      from: from + first.latestAfterMinutes * MINUTE_MS,
      to: from + (last.earliestAfterMinutes + last.minutes) * MINUTE_MS,
    },
  ];
}

/** The breaks of a pattern at given instants, as parts of a shift. */
function restsOf({ pattern }: ShiftStart, breaks: readonly number[]): ShiftPart[] {
  return pattern.breaks.map(({ kind, minutes, paid }, index) => {
    const from = breaks[index] ?? 0;
    return { kind, from, to: from + minutes * MINUTE_MS, paid };
  });
}
