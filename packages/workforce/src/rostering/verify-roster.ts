import { INTERVAL_MS } from "@svara/calendar";
import { DEFAULT_POLICY } from "@svara/insight";
import { type ClientId, type Instant, type QueueId, type SkillId, SvaraError } from "@svara/kernel";
import { DEFAULT_RULES, type QueueConfig, type RouterRules } from "@svara/routing";
import type { Estimate } from "../simulation/confidence.ts";
import { type PlannedAgent, plannedScenario } from "../simulation/day/planned-day.ts";
import type { Distribution } from "../simulation/distribution.ts";
import { simulate } from "../simulation/simulate.ts";
import { type Grid, gridOf } from "./grid.ts";
import type { Roster, RosterShift } from "./roster.ts";
import type { RosterProblem } from "./roster-problem.ts";

/** What comes to a group while a roster is worked. */
export interface GroupDemand {
  /** As in the problem's requirements. */
  readonly group: string;
  /** Contacts expected in each quarter of an hour from the first instant of the first day. */
  readonly contacts: readonly number[];
  /** From the answer until the agent is free again, wrap-up included. */
  readonly handling: Distribution;
  readonly patience: Distribution;
  /** To be answered within. 20 000 if absent. */
  readonly thresholdMs?: number;
}

/** How a roster is verified. */
export interface VerifyOptions {
  readonly seed: number;
  /** 20 if absent. */
  readonly replications?: number;
  /** As the centre routes; the router's usual rules if absent. */
  readonly rules?: RouterRules;
}

/** What the simulated floor makes of a roster. */
export interface RosterVerification {
  readonly replications: number;
  readonly groups: readonly VerifiedGroup[];
}

/** A group over all days, and by quarter. */
export interface VerifiedGroup extends VerifiedFigures {
  readonly group: string;
  readonly thresholdMs: number;
  /** Quarters in which anybody came. */
  readonly intervals: readonly (VerifiedFigures & { readonly from: Instant })[];
}

/** Each with its 95 % interval. */
export interface VerifiedFigures {
  readonly offered: Estimate;
  /** Answered within the threshold, of all who came (SL3: who gave up counts as missed). */
  readonly serviceLevel: Estimate;
  readonly abandonRate: Estimate;
  readonly meanWaitMs: Estimate;
}

/**
 * Sends the contacts of a demand to the agents of a roster through the live router, and reports the service level of each group
 * and quarter: what a roster for several skills is worth, whatever its requirement said. Throws `roster.bad_demand` for groups
 * that the problem does not have, and what the simulation throws.
 */
export function verifyRoster(
  problem: RosterProblem,
  roster: Roster,
  demand: readonly GroupDemand[],
  { seed, replications = 20, rules = DEFAULT_RULES }: VerifyOptions,
): RosterVerification {
  const grid = gridOf(roster);
  const queues = demand.map(({ group, contacts, handling, patience }) => ({
    queue: queueOf(problem, group),
    contacts: contacts.slice(0, grid.quarters),
    talk: handling,
    patience,
  }));
  const scenario = plannedScenario({
    from: grid.from,
    to: grid.to,
    intervalMs: INTERVAL_MS,
    queues,
    roster: agentsOf(problem, roster, grid),
    rules,
  });
  const thresholdOf = ({ thresholdMs = DEFAULT_POLICY.thresholdMs }: GroupDemand): number => thresholdMs;
  const result = simulate(scenario, {
    seed,
    replications,
    intervalMs: INTERVAL_MS,
    policies: Object.fromEntries(
      demand.map((one) => [one.group, { ...DEFAULT_POLICY, thresholdMs: thresholdOf(one) }]),
    ),
  });
  return {
    replications: result.replications,
    groups: demand.flatMap((one): VerifiedGroup[] => {
      const id = one.group as QueueId;
      const whole = result.queues.get(id);
      if (!whole) return [];
      const intervals = (result.intervals ?? []).flatMap(({ from, queues: inQuarter }) => {
        const figures = inQuarter.get(id);
        return figures && (figures.offered.value ?? 0) > 0 ? [{ from, ...figuresOf(figures) }] : [];
      });
      return [{ group: one.group, thresholdMs: thresholdOf(one), ...figuresOf(whole), intervals }];
    }),
  };
}

type Simulated = Omit<VerifiedFigures, "serviceLevel"> & {
  readonly serviceLevel: { readonly SL3: Estimate };
};

function figuresOf({ offered, serviceLevel, abandonRate, meanWaitMs }: Simulated): VerifiedFigures {
  return { offered, serviceLevel: serviceLevel.SL3, abandonRate, meanWaitMs };
}

const RING_TIMEOUT_MS = 20_000;

function queueOf({ requirements }: RosterProblem, group: string): QueueConfig {
  const found = requirements.find((one) => one.group === group);
  if (!found)
    throw new SvaraError(`demand: there is no group "${group}" among the requirements`, {
      code: "roster.bad_demand",
      httpStatus: 422,
      field: "demand",
    });
  return {
    id: group as QueueId,
    clientId: "roster" as ClientId,
    media: ["voice"],
    requiredSkills: found.skills.map((skill) => ({ skillId: skill as SkillId, minProficiency: 1 })),
    priority: 0,
    ringTimeoutMs: RING_TIMEOUT_MS,
    wrapUp: { mode: "off" },
  };
}

/** Agents with their shifts; shifts that touch, as overtime does, are one. */
function agentsOf({ agents }: RosterProblem, { shifts }: Roster, grid: Grid): PlannedAgent[] {
  const byAgent = Map.groupBy(shifts, ({ agentId }) => agentId);
  return agents.flatMap(({ id, skills }): PlannedAgent[] => {
    const own = (byAgent.get(id) ?? []).filter(({ from, to }) => from < grid.to && to > grid.from);
    if (own.length === 0) return [];
    return [
      {
        agent: { id, skills: Object.fromEntries(skills.map((skill) => [skill, 3])), slots: { voice: 1 } },
        shifts: joined(own).map(({ from, to, parts }) => ({
          from,
          to,
          breaks: parts.map((part) => ({
            from: part.from,
            to: part.to,
            presence: { state: "not_ready" as const, reason: part.kind, paid: part.paid, productive: false },
          })),
        })),
      },
    ];
  });
}

function joined(shifts: readonly RosterShift[]): RosterShift[] {
  const list: RosterShift[] = [];
  for (const shift of [...shifts].sort((a, b) => a.from - b.from)) {
    const last = list.at(-1);
    if (last && last.to === shift.from)
      list.splice(-1, 1, { ...last, to: shift.to, parts: [...last.parts, ...shift.parts] });
    else list.push(shift);
  }
  return list;
}
