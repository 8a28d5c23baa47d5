import { SvaraError } from "@svara/kernel";
import type { Grid } from "./grid.ts";
import {
  DEFAULT_WEIGHTS,
  type GroupRequirement,
  type RosterProblem,
  SHORTAGE_STEPS,
} from "./roster-problem.ts";

/** How many groups one problem may have: costs are exact over all subsets of them. */
export const MAX_GROUPS = 10;

const HOURS_A_QUARTER = 0.25;

/**
 * What is required in each quarter, and what duty is worth against it. Agents are of one type who can serve the same groups;
 * a type is a bit mask over the groups.
 */
export class Demand {
  readonly groups: readonly GroupRequirement[];
  readonly quarters: number;
  /** The masks of the types, ascending; only those that serve any group. */
  readonly types: readonly number[];
  readonly underPerQuarter: number;
  readonly overPerQuarter: number;
  readonly #typeOfAgent: ReadonlyMap<string, number>;
  readonly #required: readonly Float64Array[];
  /** By subset of groups: what it requires in each quarter. */
  readonly #subsets: readonly { readonly mask: number; readonly required: Float64Array }[];

  constructor(problem: RosterProblem, grid: Grid) {
    const { requirements, weights = {} } = problem;
    if (requirements.length > MAX_GROUPS)
      throw new SvaraError(
        `requirements: ${requirements.length} groups, and at most ${MAX_GROUPS} are planned together`,
        {
          code: "roster.bad_problem",
          httpStatus: 422,
          field: "requirements",
        },
      );
    this.groups = requirements;
    this.quarters = grid.quarters;
    this.underPerQuarter =
      (weights.understaffingPerHour ?? DEFAULT_WEIGHTS.understaffingPerHour) * HOURS_A_QUARTER;
    this.overPerQuarter =
      (weights.overstaffingPerHour ?? DEFAULT_WEIGHTS.overstaffingPerHour) * HOURS_A_QUARTER;
    this.#required = requirements.map(({ required }) =>
      Float64Array.from({ length: grid.quarters }, (_, quarter) => required[quarter] ?? 0),
    );
    const masks = problem.agents.map(({ skills }) => maskOf(requirements, skills));
    this.types = [...new Set(masks.filter((mask) => mask > 0))].sort((a, b) => a - b);
    this.#typeOfAgent = new Map(
      problem.agents.map(({ id }, index) => [id, this.types.indexOf(masks[index] ?? 0)]),
    );
    this.#subsets = Array.from({ length: 2 ** requirements.length - 1 }, (_, index) => ({
      mask: index + 1,
      required: sumOf(
        this.#required.filter((_, group) => ((index + 1) >> group) & 1),
        grid.quarters,
      ),
    }));
  }

  /** The type of an agent by number, or -1 for one who serves none of the groups. */
  typeOf(agentId: string): number {
    return this.#typeOfAgent.get(agentId) ?? -1;
  }

  /** The required agents of a group in a quarter. */
  required(group: number, quarter: number): number {
    return this.#required[group]?.[quarter] ?? 0;
  }

  /** The required agents of all groups in a quarter. */
  requiredInAll(quarter: number): number {
    return this.#subsets.at(-1)?.required[quarter] ?? 0;
  }

  /**
   * Agents missing in a quarter from a share of each requirement when duty is spread in the best way: by the theorem of
   * max-flow and min-cut, the most by which any subset of groups requires more than there are agents who serve any of it.
   */
  shortage(quarter: number, duty: (type: number) => number, share = 1): number {
    let most = 0;
    for (const { mask, required } of this.#subsets) {
      let able = 0;
      for (const [type, serves] of this.types.entries()) if ((serves & mask) !== 0) able += duty(type);
      most = Math.max(most, share * (required[quarter] ?? 0) - able);
    }
    return most;
  }

  /**
   * Agents missing in a quarter, weighed: those beyond the steps count more. One spread of duty is the best for all steps at
   * once, because a flow that covers the first share of each requirement can be augmented to one that covers the next.
   */
  weighedShortage(quarter: number, duty: (type: number) => number): number {
    const missing = this.shortage(quarter, duty);
    if (missing === 0) return 0;
    return SHORTAGE_STEPS.reduce(
      (sum, { share, surcharge }) => sum + surcharge * this.shortage(quarter, duty, share),
      missing,
    );
  }

  /** What a quarter costs under a duty by type: agents short and agents above the requirement. */
  cost(quarter: number, duty: (type: number) => number): number {
    const short = this.weighedShortage(quarter, duty);
    const over = this.surplus(quarter, duty, short === 0 ? 0 : this.shortage(quarter, duty));
    return short * this.underPerQuarter + over * this.overPerQuarter;
  }

  /**
   * What a requirement consists of for an integer program: agents that may be missing and what each costs, the cheapest
   * first. `overPerQuarter` is in it, as what is too much is reckoned from all duty.
   */
  shortagePieces(need: number): { readonly agents: number; readonly cost: number }[] {
    const pieces: { agents: number; cost: number }[] = [];
    let left = 1;
    let times = 1;
    for (const { share, surcharge } of [...SHORTAGE_STEPS, { share: 0, surcharge: 0 }]) {
      pieces.push({
        agents: (left - share) * need,
        cost: times * this.underPerQuarter + this.overPerQuarter,
      });
      left = share;
      times += surcharge;
    }
    return pieces;
  }

  /** Agents above the requirement, given those missing. */
  surplus(quarter: number, duty: (type: number) => number, shortage: number): number {
    let all = 0;
    for (let type = 0; type < this.types.length; type++) all += duty(type);
    return Math.max(0, all - (this.requiredInAll(quarter) - shortage));
  }
}

/** The groups that somebody with these skills can serve, as a bit mask. */
function maskOf(groups: readonly GroupRequirement[], skills: readonly string[]): number {
  return groups.reduce(
    (mask, group, index) =>
      group.skills.every((skill) => skills.includes(skill)) ? mask | (1 << index) : mask,
    0,
  );
}

function sumOf(lists: readonly Float64Array[], length: number): Float64Array {
  return Float64Array.from({ length }, (_, index) =>
    lists.reduce((sum, list) => sum + (list[index] ?? 0), 0),
  );
}
