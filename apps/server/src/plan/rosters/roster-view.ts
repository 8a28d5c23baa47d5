import type { api, RosterSummary, RosterView } from "@svara/contracts";
import { checkRoster, paidMinutes, type RosterShift, rosterCoverage } from "@svara/workforce/rostering";
import type { z } from "zod";
import { userKind } from "../../identity/user-kind.ts";
import type { Catalogue } from "../../office/catalogue.ts";
import type { Caller } from "../../rights/access.ts";
import type { RosterRow, StepRow } from "./roster.repository.ts";
import { agentPlace, agentsAt, type OfficeAgent, placeName, rosterPlace } from "./roster-place.ts";
import { isWeekend, partOfDay, type RosterCase } from "./roster-problem.ts";

type ViewInput = z.input<(typeof api)["planRosters"]["get"]["response"]>;

/** Who may see which of a roster's agents. */
export interface RosterRights {
  /** The whole roster: its cover, its totals. */
  readonly whole: boolean;
  readonly edit: boolean;
  readonly publish: boolean;
  sees(agentId: string): boolean;
}

export function rosterRights(catalogue: Catalogue, caller: Caller, roster: RosterRow): RosterRights {
  const place = rosterPlace(catalogue, roster);
  const whole = caller.access.covers("plan.view", place);
  return {
    whole,
    edit: caller.access.covers("plan.edit", place),
    publish: caller.access.covers("plan.approve", place),
    sees: (agentId) => whole || caller.access.covers("plan.view", agentPlace(catalogue, agentId)),
  };
}

/** Seen whole, or as far as one's own agents are in it. */
export function maySeeRoster(catalogue: Catalogue, caller: Caller, roster: RosterRow): boolean {
  const rights = rosterRights(catalogue, caller, roster);
  return rights.whole || agentsAt(catalogue, roster).some(({ id }) => rights.sees(id));
}

/** Broken rules and missing hours of a draft, for lists. */
export function figuresOf({ problem, roster }: RosterCase, shifts: readonly RosterShift[]) {
  const draft = { timeZone: roster.timeZone, from: roster.from, days: roster.days, shifts: [...shifts] };
  return {
    violations: checkRoster(problem, draft).length,
    shortHours: rosterCoverage(problem, draft).shortHours,
  };
}

function headOf(catalogue: Catalogue, roster: RosterRow, rights: RosterRights) {
  const { id, teamId, siteId, timeZone, from, days, fromAt, toAt } = roster;
  const agents = agentsAt(catalogue, roster).filter((agent) => rights.sees(agent.id));
  return {
    id,
    teamId,
    siteId,
    placeName: placeName(catalogue, roster),
    timeZone,
    from,
    days,
    fromAt,
    toAt,
    draftRevision: roster.draftRevision,
    version: roster.version,
    publishedAt: roster.publishedAt,
    publishedBy: roster.publishedBy === null ? null : actorName(catalogue, roster.publishedBy),
    unpublished: roster.publishedRevision !== roster.draftRevision,
    agents: agents.length,
    may: { edit: rights.edit, publish: rights.publish },
  };
}

export function summaryOf(catalogue: Catalogue, caller: Caller, roster: RosterRow): RosterSummary {
  const rights = rosterRights(catalogue, caller, roster);
  return {
    ...headOf(catalogue, roster, rights),
    shortHours: rights.whole ? (roster.figures.shortHours ?? 0) : 0,
    violations: rights.whole ? (roster.figures.violations ?? 0) : 0,
  };
}

/** Of whoever sees some agents of a roster: what the whole needs and has is not theirs to see. */
const NO_COVERAGE = { groups: [], shortHours: 0, overHours: 0, requiredHours: 0, scheduledHours: 0 };

/** A roster as its reader may see it: `shifts` are the draft's or the published ones. */
export function viewOf(
  catalogue: Catalogue,
  caller: Caller,
  found: RosterCase,
  shifts: readonly RosterShift[],
  step: StepRow | undefined,
): ViewInput {
  const { roster, problem } = found;
  const rights = rosterRights(catalogue, caller, roster);
  const whole = { timeZone: roster.timeZone, from: roster.from, days: roster.days, shifts: [...shifts] };
  const agents = found.agents.filter(({ id }) => rights.sees(id));
  const coverage = rights.whole ? rosterCoverage(problem, whole) : { from: roster.fromAt, ...NO_COVERAGE };
  const seen = shifts.filter(({ agentId }) => rights.sees(agentId));
  return {
    ...headOf(catalogue, roster, rights),
    groups: rights.whole ? roster.groups.map(({ required: _, ...group }) => ({ ...group })) : [],
    weights: rights.whole ? roster.weights : {},
    agentsList: agents.map((agent) => agentView(found, agent)),
    shifts: seen.map((shift) => ({ ...shift, parts: [...shift.parts] })),
    violations: checkRoster(problem, { ...whole, shifts: seen }).filter(({ agentId }) =>
      rights.sees(agentId),
    ),
    coverage: {
      ...coverage,
      groups: coverage.groups.map(({ group, required, scheduled }) => ({
        group,
        name: roster.groups.find(({ id }) => id === group)?.name ?? group,
        required: [...required],
        scheduled: [...scheduled],
      })),
    },
    totals: agents.map((agent) =>
      totalsOf(
        found,
        agent,
        seen.filter(({ agentId }) => agentId === agent.id),
      ),
    ),
    solved: rights.whole ? ((roster.solved ?? null) as RosterView["solved"]) : null,
    verified: rights.whole ? ((roster.verified ?? null) as RosterView["verified"]) : null,
    undo: step && rights.edit ? { what: step.what, at: step.at, by: actorName(catalogue, step.actor) } : null,
    gaps: rights.whole ? gapsOf(found) : [],
  };
}

function agentView({ problem, facts }: RosterCase, agent: OfficeAgent): RosterView["agentsList"][number] {
  const known = problem.agents.find(({ id }) => id === agent.id);
  const contract = problem.contracts.find(({ id }) => id === known?.contractId);
  return {
    id: agent.id,
    name: agent.name,
    teamId: agent.agent.teamId,
    contractId: contract?.id ?? null,
    contractName: contract?.name ?? null,
    skills: [...(known?.skills ?? [])],
    leave: facts.leave.filter(({ agentId }) => agentId === agent.id).map(({ from, to }) => ({ from, to })),
    wishes: facts.wishes
      .filter(({ agentId }) => agentId === agent.id)
      .map(({ date, kind }) => ({ date, kind })),
  };
}

function totalsOf({ roster, problem }: RosterCase, agent: OfficeAgent, shifts: readonly RosterShift[]) {
  const known = problem.agents.find(({ id }) => id === agent.id);
  const cost = problem.contracts.find(({ id }) => id === known?.contractId)?.costPerHour;
  const paid = shifts.reduce((sum, shift) => sum + paidMinutes(shift), 0);
  const parts = shifts.map((shift) => partOfDay(shift, roster.timeZone));
  return {
    agentId: agent.id,
    shifts: shifts.length,
    paidMinutes: paid,
    weekendDays: shifts.filter(isWeekend).length,
    earlyShifts: parts.filter((part) => part === "early").length,
    lateShifts: parts.filter((part) => part === "late").length,
    cost: cost === undefined ? null : (cost * paid) / 60,
  };
}

/** What is missing before a solver can begin. */
export function gapsOf({ problem, agents, roster }: RosterCase): { what: string; count: number }[] {
  const without = agents.length - problem.agents.length;
  const patterns = problem.contracts.every(({ patternIds }) => patternIds.length === 0);
  const needed = roster.groups.some(({ required }) => required.some((agents) => agents > 0));
  return [
    ...(agents.length === 0 ? [{ what: "no_agents", count: 0 }] : []),
    ...(without > 0 ? [{ what: "no_contract", count: without }] : []),
    ...(problem.contracts.length === 0 || patterns ? [{ what: "no_patterns", count: 0 }] : []),
    ...(problem.rules.id === "none" ? [{ what: "no_rules", count: 0 }] : []),
    ...(needed ? [] : [{ what: "no_requirement", count: 0 }]),
  ];
}

/** A ledger actor as a name. */
export function actorName(catalogue: Catalogue, actor: string): string {
  const userId = /^user:(.+)$/.exec(actor)?.[1];
  return (userId && catalogue.get(userKind, userId)?.value.displayName) || actor;
}
