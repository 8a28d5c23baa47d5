import { loadHighsSolver } from "@svara/jobs";
import { SystemClock } from "@svara/kernel";
import { exampleProblem, solveRoster } from "@svara/workforce/rostering";
import { type CaseResult, rounded } from "../cases/bench-case.ts";
import type { Figure } from "../report/figure.ts";

const TIME_LIMIT_MS = 240_000; // far above the bar of 60 s of one core: what counts is the processor's time

/** Which rosters are made. */
export interface RosterSize {
  /** Agents of each week with one skill. */
  readonly oneSkill: readonly number[];
  /** Agents of each week with three languages. */
  readonly threeLanguages: readonly number[];
}

/** A week of quarter hours from requirement to a roster that breaks no rule: time of one core, and how near to the bound. */
export async function rosters(
  { oneSkill, threeLanguages }: RosterSize,
  { say }: { readonly say: (line: string) => void },
): Promise<CaseResult> {
  const clock = new SystemClock();
  const solver = await loadHighsSolver(clock);
  const figures: Figure[] = [];
  const detail: Record<string, unknown> = {};
  const run = (agents: number, languages: readonly string[]): void => {
    const name = languages.length === 1 ? "one skill" : `${languages.length} languages`;
    say(`rosters: ${agents} agents, ${name}`);
    const problem = exampleProblem({ agents, languages });
    const before = process.cpuUsage();
    const { roster, coverage, violations, ...solution } = solveRoster(problem, {
      solver,
      clock,
      timeLimitMs: TIME_LIMIT_MS,
    });
    const { user, system } = process.cpuUsage(before);
    const id = `rosters.${languages.length === 1 ? "one" : "many"}.${agents}`;
    const { shortHours, overHours, requiredHours } = coverage;
    const what = `week of ${agents} agents, ${name}`;
    const phases = solution.phases
      .map(({ phase, elapsedMs }) => `${phase} ${rounded(elapsedMs / 1000, 1)} s`)
      .join(", ");
    const conditions = `${roster.shifts.length} shifts, ${Math.round(requiredHours)} h required, ${rounded(shortHours, 1)} h short, ${rounded(overHours, 1)} h above; ${phases} of wall time`;
    figures.push(
      {
        id: `${id}.cpu`,
        what: `${what}: time of one core`,
        value: rounded((user + system) / 1e6, 1),
        unit: "s",
        better: "lower",
        conditions,
      },
      {
        id: `${id}.gap`,
        what: `${what}: above the bound`,
        value: rounded(100 * solution.gap, 2),
        unit: "%",
        better: "lower",
        conditions: `cost ${Math.round(solution.objective.total)}, bound ${Math.round(solution.bound)}`,
      },
      {
        id: `${id}.violations`,
        what: `${what}: broken rules`,
        value: violations.length,
        unit: "rules",
        better: "lower",
        conditions: problem.rules.name,
      },
    );
    detail[id] = { ...solution, coverage: { shortHours, overHours, requiredHours } };
  };
  for (const agents of oneSkill) run(agents, ["voice"]);
  for (const agents of threeLanguages) run(agents, ["sv", "en", "fi"]);
  return { group: { title: "Rosters", figures }, detail };
}
