import type { PlanJob } from "@svara/contracts";
import type { Clock } from "@svara/kernel";
import type { RosterProblem, RosterProgress, RosterShift, RosterSolution } from "@svara/workforce/rostering";
import type { Kysely } from "kysely";
import { type DB, WHOLE_CENTRE, withScope } from "../../database/index.ts";
import { conflict } from "../../http/http-error.ts";
import type { Office } from "../../office/office.ts";
import type { Caller } from "../../rights/access.ts";
import type { PlanJobContext, PlanJobs } from "../plan-jobs.ts";
import { readRoster } from "./roster.repository.ts";
import { rosterPlace } from "./roster-place.ts";
import { gapsOf } from "./roster-view.ts";
import type { Rosters } from "./rosters.ts";

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
  const { problem, place, kept } = await withScope(db, WHOLE_CENTRE, async (tx) => {
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
    };
  });
  return jobs.start({
    kind: "roster",
    caller,
    places: [place],
    run: (context) => run(parts, caller, id, { problem, kept, options }, context),
  });
}

async function run(
  { db, clock, rosters, solver }: Parts,
  caller: Caller,
  id: string,
  work: {
    readonly problem: RosterProblem;
    readonly kept: readonly RosterShift[];
    readonly options: SolveOptions;
  },
  { signal, report }: PlanJobContext,
): Promise<unknown> {
  const { problem, kept, options } = work;
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
  const draftRevision = await withScope(db, WHOLE_CENTRE, async (tx) => {
    const roster = await readRoster(tx, id, true);
    await rosters.writeShifts(tx, roster, {
      actor: caller.actor,
      what: "solved",
      agentIds: null,
      shifts: together(solution.roster.shifts, kept),
      solved,
    });
    return roster.draftRevision + 1;
  });
  return { rosterId: id, draftRevision, ...solved, violations: solution.violations.length };
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
  const key = ({ agentId, from }: RosterShift): string => `${agentId} ${from}`;
  const stays = new Map(kept.map((shift) => [key(shift), shift]));
  return [...solved.filter((shift) => !stays.has(key(shift))), ...kept].toSorted((a, b) =>
    a.agentId === b.agentId ? a.from - b.from : a.agentId < b.agentId ? -1 : 1,
  );
}
