import type { PlanJob } from "@svara/contracts";
import type { Clock } from "@svara/kernel";
import {
  type RosterProblem,
  type RosterProgress,
  type RosterShift,
  type RosterSolution,
  rosterCoverage,
} from "@svara/workforce/rostering";
import type { Kysely } from "kysely";
import { type DB, WHOLE_CENTRE, withScope } from "../../database/index.ts";
import { conflict } from "../../http/http-error.ts";
import type { Office } from "../../office/office.ts";
import type { Caller } from "../../rights/access.ts";
import type { PlanJobContext, PlanJobs } from "../plan-jobs.ts";
import { readRoster } from "./roster.repository.ts";
import { rosterPlace } from "./roster-place.ts";
import type { RosterCase } from "./roster-problem.ts";
import { gapsOf } from "./roster-view.ts";
import { merged, type Rosters } from "./rosters.ts";

export interface SolveOptions {
  readonly timeLimitSec: number;
  readonly gap: number;
  readonly keep: "none" | "locked" | "all";
}

/** What solves rosters beside the main thread. `stop` asks for the best that is there. */
export type RosterSolver = (
  problem: RosterProblem,
  options: {
    readonly timeLimitMs: number;
    readonly gap: number;
    readonly stop: AbortSignal;
    readonly onProgress: (progress: RosterProgress) => void;
  },
) => Promise<RosterSolution>;

interface Parts {
  readonly solver: RosterSolver;
  readonly db: Kysely<DB>;
  readonly clock: Clock;
  readonly office: Office;
  readonly jobs: PlanJobs;
  readonly rosters: Rosters;
}

/** What keeps a solver from beginning. The rest is only told. */
const STOPPING: ReadonlySet<string> = new Set(["no_agents", "no_patterns", "no_requirement"]);

/** Lets a solver write a roster's draft, as planning work. @throws HttpError 403, 404; 409 `roster_not_ready` */
export async function solveRoster(
  parts: Parts,
  caller: Caller,
  id: string,
  options: SolveOptions,
): Promise<PlanJob> {
  const { db, office, jobs, rosters } = parts;
  const { problem, place, kept, before } = await withScope(db, WHOLE_CENTRE, async (tx) => {
    const roster = await rosters.editable(tx, caller, id);
    const found = await rosters.caseOf(tx, roster);
    const stops = gapsOf(found).find(({ what }) => STOPPING.has(what));
    if (stops || found.problem.agents.length === 0)
      throw conflict("roster_not_ready", `There is nothing to solve yet: ${stops?.what ?? "no_contract"}`);
    const stays = keptShifts(roster.draft, options.keep);
    return {
      problem: withKept(found.problem, stays),
      place: rosterPlace(office.catalogue, roster),
      kept: stays,
      before: { shifts: roster.draft, shortHours: shortHoursOf(found, roster.draft) },
    };
  });
  return jobs.start({
    kind: "roster",
    caller,
    places: [place],
    about: id,
    run: (context) => run(parts, caller, id, { problem, kept, before, options }, context),
  });
}

async function run(
  { db, clock, rosters, solver }: Parts,
  caller: Caller,
  id: string,
  work: {
    readonly problem: RosterProblem;
    readonly kept: readonly RosterShift[];
    /** The draft when the work began. */
    readonly before: { readonly shifts: readonly RosterShift[]; readonly shortHours: number };
    readonly options: SolveOptions;
  },
  { signal, report }: PlanJobContext,
): Promise<unknown> {
  const { problem, kept, before, options } = work;
  const timeLimitMs = options.timeLimitSec * 1000;
  const solution = await solver(problem, {
    timeLimitMs,
    gap: options.gap,
    stop: signal,
    onProgress: ({ phase, gap, best, bound, elapsedMs }) =>
      report({
        progress: Math.min(0.99, elapsedMs / timeLimitMs),
        step: phase,
        figures: {
          elapsedMs,
          ...(gap !== null && { gap }),
          ...(best !== null && { best }),
          ...(bound !== null && { bound }),
        },
      }),
  });
  const solved = {
    at: clock.now(),
    gap: Number.isFinite(solution.gap) ? solution.gap : null,
    bound: Number.isFinite(solution.bound) ? solution.bound : null,
    total: solution.objective.total,
    stopped: solution.stopped,
    elapsedMs: Math.round(solution.elapsedMs),
    unmetWishes: solution.unmetWishes.length,
  };
  const written = await withScope(db, WHOLE_CENTRE, async (tx) => {
    const roster = await readRoster(tx, id, true);
    const found = await rosters.caseOf(tx, roster);
    const made = withMeanwhile(together(solution.roster.shifts, kept), before.shifts, found);
    await rosters.writeShifts(tx, roster, {
      actor: caller.actor,
      what: "solved",
      agentIds: null,
      shifts: made.shifts,
      solved,
    });
    await rosters.note(tx, caller, "roster_solved", id);
    return {
      draftRevision: roster.draftRevision + 1,
      shifts: { before: before.shifts.length, after: made.shifts.length },
      shortHours: { before: before.shortHours, after: shortHoursOf(found, made.shifts) },
      keptAgents: made.keptAgents,
    };
  });
  return { rosterId: id, ...written, ...solved, violations: solution.violations.length };
}

/**
 * What was changed while the solver worked stays: the shifts of agents whose draft moved on are theirs, and nobody is given
 * a shift in leave that was granted since.
 */
export function withMeanwhile(
  solved: readonly RosterShift[],
  before: readonly RosterShift[],
  { roster, facts }: Pick<RosterCase, "facts"> & { readonly roster: Pick<RosterCase["roster"], "draft"> },
): { readonly shifts: RosterShift[]; readonly keptAgents: number } {
  const wordsOf = (shifts: readonly RosterShift[]): Map<string, string> =>
    new Map(
      [...Map.groupBy(shifts, ({ agentId }): string => agentId)].map(([agentId, own]) => [
        agentId,
        JSON.stringify(
          own
            .toSorted((a, b) => a.from - b.from)
            .map(({ from, to, parts, locked }) => [from, to, parts, locked]),
        ),
      ]),
    );
  const then = wordsOf(before);
  const now = wordsOf(roster.draft);
  const moved = [...new Set([...then.keys(), ...now.keys()])].filter((id) => then.get(id) !== now.get(id));
  const onLeave = ({ agentId, from, to }: RosterShift): boolean =>
    facts.leave.some((leave) => leave.agentId === agentId && leave.from < to && leave.to > from);
  const stood = new Set(before.map(keyOf));
  const free = solved.filter((shift) => stood.has(keyOf(shift)) || !onLeave(shift));
  return { shifts: merged(free, moved, roster.draft), keptAgents: moved.length };
}

function keyOf({ agentId, from }: RosterShift): string {
  return `${agentId} ${from}`;
}

function shortHoursOf({ problem, roster }: RosterCase, shifts: readonly RosterShift[]): number {
  const { timeZone, from, days } = roster;
  return rosterCoverage(problem, { timeZone, from, days, shifts: [...shifts] }).shortHours;
}

function keptShifts(draft: readonly RosterShift[], keep: SolveOptions["keep"]): RosterShift[] {
  if (keep === "none") return [];
  return draft.filter(({ locked }) => keep === "all" || locked === true);
}

/** The shifts that stay, as the solver wants to be told. */
function withKept(problem: RosterProblem, kept: readonly RosterShift[]): RosterProblem {
  return {
    ...problem,
    shifts: [...(problem.shifts ?? []), ...kept.map((shift) => ({ ...shift, locked: true }))],
  };
}

/** The solver's shifts and those that stay, each once and locked as it was. */
function together(solved: readonly RosterShift[], kept: readonly RosterShift[]): RosterShift[] {
  const stays = new Map(kept.map((shift) => [keyOf(shift), shift]));
  return [...solved.filter((shift) => !stays.has(keyOf(shift))), ...kept].toSorted((a, b) =>
    a.agentId === b.agentId ? a.from - b.from : a.agentId < b.agentId ? -1 : 1,
  );
}
