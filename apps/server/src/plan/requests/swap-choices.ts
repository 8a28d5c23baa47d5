import type { Instant } from "@svara/kernel";
import { decideChange, type Roster, type RosterProblem, type RosterShift } from "@svara/workforce/rostering";

/** A shift of a colleague that one could be swapped for; without a shift, the colleague takes the own one over. */
export interface SwapChoice {
  readonly colleagueId: string;
  readonly name: string;
  readonly shift: { readonly date: string; readonly from: Instant; readonly to: Instant } | null;
  /** It breaks no rule of either. */
  readonly allowed: boolean;
}

interface Question {
  readonly problem: RosterProblem;
  readonly roster: Roster;
  readonly own: RosterShift;
  readonly colleague: { readonly id: string; readonly name: string };
  /** Only shifts that begin later. */
  readonly now: Instant;
}

const NEAR_MS = 8 * 24 * 3_600_000; // people swap within a week or so

/** What one colleague could be asked. Only the two agents are judged, so that a large team is asked about quickly. */
export function swapChoices({ problem, roster, own, colleague, now }: Question): SwapChoice[] {
  const ids = new Set<string>([own.agentId, colleague.id]);
  const two: RosterProblem = {
    ...problem,
    agents: problem.agents.filter(({ id }) => ids.has(id)),
    shifts: (problem.shifts ?? []).filter(({ agentId }) => ids.has(agentId)),
    requirements: [],
  };
  const theirsAndOurs: Roster = {
    ...roster,
    shifts: roster.shifts.filter(({ agentId }) => ids.has(agentId)),
  };
  const allowed = (from?: Instant): boolean =>
    decideChange(two, theirsAndOurs, {
      type: "swap",
      mine: { agentId: own.agentId, from: own.from },
      theirs: { agentId: colleague.id, ...(from !== undefined && { from }) },
    }).allowed;
  const coming = roster.shifts.filter(
    ({ agentId, from }) => agentId === colleague.id && from > now && Math.abs(from - own.from) <= NEAR_MS,
  );
  const isFree = !coming.some(({ from, to }) => from < own.to && to > own.from);
  // the same hours for the same hours is no swap
  const other = coming.filter(({ from, to }) => from !== own.from || to !== own.to);
  const { id: colleagueId, name } = colleague;
  return [
    ...(isFree ? [{ colleagueId, name, shift: null, allowed: allowed() }] : []),
    ...other.map(({ date, from, to }) => ({
      colleagueId,
      name,
      shift: { date, from, to },
      allowed: allowed(from),
    })),
  ];
}
