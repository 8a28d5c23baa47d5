import { setImmediate as breath } from "node:timers/promises";
import type { Instant } from "@svara/kernel";
import { type Roster, type RosterProblem, type RosterShift, swapJudge } from "@svara/workforce/rostering";

/** A shift of a colleague that one could be swapped for; without a shift, the colleague takes the own one over. */
export interface SwapChoice {
  readonly colleagueId: string;
  readonly name: string;
  readonly shift: { readonly date: string; readonly from: Instant; readonly to: Instant } | null;
  /** It breaks no rule of either. */
  readonly allowed: boolean;
}

interface Colleague {
  readonly id: string;
  readonly name: string;
}

interface Question {
  readonly problem: RosterProblem;
  readonly roster: Roster;
  readonly own: RosterShift;
  readonly colleagues: readonly Colleague[];
  /** Only shifts that begin later. */
  readonly now: Instant;
}

const NEAR_MS = 8 * 24 * 3_600_000; // people swap within a week or so
const MOST_CHOICES = 300; // more than anybody reads
const AT_A_TIME = 10; // choices: some milliseconds of work, then calls are answered

/** What colleagues could be asked: takeovers and the shifts nearest in time, each judged by the rules of the two agents. */
export async function swapChoices(question: Question): Promise<SwapChoice[]> {
  const { roster, own, colleagues, now } = question;
  const byAgent = Map.groupBy(roster.shifts, ({ agentId }): string => agentId);
  const nearest = colleagues
    .flatMap((colleague) => candidatesOf(colleague, byAgent.get(colleague.id) ?? [], own, now))
    .toSorted((a, b) => distance(a, own) - distance(b, own))
    .slice(0, MOST_CHOICES)
    // one colleague after the other: what is reckoned of an agent serves all their shifts
    .toSorted((a, b) => (a.colleague.id < b.colleague.id ? -1 : a.colleague.id > b.colleague.id ? 1 : 0));
  const choices: SwapChoice[] = [];
  for (let first = 0; first < nearest.length; first += AT_A_TIME) {
    choices.push(...judged(question, byAgent, nearest.slice(first, first + AT_A_TIME)));
    await breath();
  }
  const names = new Map(colleagues.map(({ id }, index) => [id, index]));
  return choices.toSorted(
    (a, b) =>
      (names.get(a.colleagueId) ?? 0) - (names.get(b.colleagueId) ?? 0) ||
      (a.shift?.from ?? 0) - (b.shift?.from ?? 0),
  );
}

function judged(
  { problem, roster, own }: Question,
  byAgent: ReadonlyMap<string, readonly RosterShift[]>,
  candidates: readonly Candidate[],
): SwapChoice[] {
  const ids = new Set<string>([own.agentId, ...candidates.map(({ colleague }) => colleague.id)]);
  const asked: RosterProblem = {
    ...problem,
    agents: problem.agents.filter(({ id }) => ids.has(id)),
    shifts: (problem.shifts ?? []).filter(({ agentId }) => ids.has(agentId)),
    requirements: [],
  };
  const shifts = [...ids].flatMap((id) => byAgent.get(id) ?? []);
  const allowed = swapJudge(asked, { ...roster, shifts });
  return candidates.map(({ colleague, shift }) => ({
    colleagueId: colleague.id,
    name: colleague.name,
    shift: shift && { date: shift.date, from: shift.from, to: shift.to },
    allowed: allowed(
      { agentId: own.agentId, from: own.from },
      { agentId: colleague.id, ...(shift && { from: shift.from }) },
    ),
  }));
}

interface Candidate {
  readonly colleague: Colleague;
  readonly shift: RosterShift | null;
}

/** What costs no check to leave out: shifts far away, over, of the same hours, and takeovers by who is at work then. */
function candidatesOf(
  colleague: Colleague,
  theirs: readonly RosterShift[],
  own: RosterShift,
  now: Instant,
): Candidate[] {
  const isFree = !theirs.some(({ from, to }) => from < own.to && to > own.from);
  const near = theirs.filter(({ from }) => from > now && Math.abs(from - own.from) <= NEAR_MS);
  // the same hours for the same hours is no swap
  const other = near.filter(({ from, to }) => from !== own.from || to !== own.to);
  return [...(isFree ? [{ colleague, shift: null }] : []), ...other.map((shift) => ({ colleague, shift }))];
}

/** Takeovers first. */
function distance({ shift }: Candidate, own: RosterShift): number {
  return shift === null ? -1 : Math.abs(shift.from - own.from);
}
