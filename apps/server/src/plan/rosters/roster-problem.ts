import { addDays } from "@svara/calendar";
import type { Instant } from "@svara/kernel";
import {
  type AgentHistory,
  type Availability,
  DEFAULT_FAIRNESS,
  type Leave,
  paidMinutes,
  type RosterAgent,
  type RosterProblem,
  type RosterShift,
  type Wish,
} from "@svara/workforce/rostering";
import type { Tx } from "../../database/index.ts";
import type { Catalogue } from "../../office/catalogue.ts";
import type { AgentTermsKind } from "../contracts/agent-terms-kind.ts";
import { contractOf, workContractKind } from "../contracts/work-contract-kind.ts";
import { labourRulesKind, labourRulesOf, NO_LABOUR_RULES } from "../labour-rules/labour-rules-kind.ts";
import { rulesFor } from "../labour-rules/rules-place.ts";
import { patternOf, shiftPatternKind } from "../shift-patterns/shift-pattern-kind.ts";
import { rosterSkills } from "./agent-skills.ts";
import { groupOf } from "./requirement.ts";
import { grantedLeave, publishedShifts, type RosterRow, wishesBetween } from "./roster.repository.ts";
import { agentsAt, type OfficeAgent, officeAgents } from "./roster-place.ts";

/** What the database knows beside the roster itself. */
export interface RosterFacts {
  readonly leave: readonly (Leave & { readonly agentId: string })[];
  readonly wishes: readonly (Wish & { readonly agentId: string })[];
  /** Published shifts of the weeks before. */
  readonly past: readonly RosterShift[];
}

/** A roster with everything that it is judged by. */
export interface RosterCase {
  readonly roster: RosterRow;
  readonly problem: RosterProblem;
  /** Its agents, those without a contract too. */
  readonly agents: readonly OfficeAgent[];
  readonly facts: RosterFacts;
}

const HISTORY_MS = 8 * 7 * 24 * 3_600_000; // eight weeks even out holidays and illness
const REST_MS = 14 * 24 * 3_600_000; // two weeks back: alternate weekends and days in a row

/** Reads what a roster is judged by, of the agents that its place has and those it names. */
export async function readCase(
  tx: Tx,
  catalogue: Catalogue,
  termsKind: AgentTermsKind,
  roster: RosterRow,
): Promise<RosterCase> {
  const agents = agentsOf(catalogue, roster);
  const agentIds = agents.map(({ id }) => id);
  const { fromAt, toAt, from, days } = roster;
  const facts: RosterFacts = {
    leave: await grantedLeave(tx, fromAt, toAt, agentIds),
    wishes: await wishesBetween(tx, from, addDays(from, days - 1), agentIds),
    past: (await publishedShifts(tx, { agentIds, from: fromAt - HISTORY_MS, to: fromAt })).filter(
      (shift) => shift.from < fromAt,
    ),
  };
  return { roster, agents, facts, problem: problemOf(catalogue, termsKind, roster, agents, facts) };
}

/** The agents of the place, and whoever has a shift in the roster though they have moved since. */
function agentsOf(catalogue: Catalogue, roster: RosterRow): OfficeAgent[] {
  const here = agentsAt(catalogue, roster);
  const known = new Set(here.map(({ id }) => id));
  const named = new Set(roster.draft.map(({ agentId }) => String(agentId)).filter((id) => !known.has(id)));
  return named.size === 0
    ? here
    : [...here, ...officeAgents(catalogue).filter(({ id }) => named.has(id) && !known.has(id))];
}

function problemOf(
  catalogue: Catalogue,
  termsKind: AgentTermsKind,
  roster: RosterRow,
  agents: readonly OfficeAgent[],
  facts: RosterFacts,
): RosterProblem {
  const labour = catalogue.inUse(labourRulesKind);
  const general = rulesFor(labour, { teamId: roster.teamId, siteId: roster.siteId });
  const contracts = catalogue.inUse(workContractKind);
  const contractIds = new Set(contracts.map(({ id }) => id));
  const byAgent = <T extends { readonly agentId: string }>(list: readonly T[]) =>
    Map.groupBy(list, ({ agentId }): string => agentId);
  const wishes = byAgent(facts.wishes);
  const leave = byAgent(facts.leave);
  const past = byAgent(facts.past);
  const rosterAgents = agents.flatMap((agent): RosterAgent[] => {
    const terms = catalogue.get(termsKind, agent.id)?.value;
    if (!terms?.contractId || !contractIds.has(terms.contractId)) return [];
    const own = rulesFor(labour, agent.agent);
    return [
      {
        id: agent.id,
        name: agent.name,
        contractId: terms.contractId,
        skills: rosterSkills(catalogue, agent),
        ...(own && own.id !== general?.id && { rules: labourRulesOf(own.id, own.value) }),
        ...(terms.availability.length > 0 && { availability: terms.availability as Availability[] }),
        wishes: (wishes.get(agent.id) ?? []).map(({ date, kind }) => ({ date, kind })),
        leave: (leave.get(agent.id) ?? []).map(({ from, to }) => ({ from, to })),
        history: historyOf(past.get(agent.id) ?? [], roster.timeZone),
      },
    ];
  });
  return {
    timeZone: roster.timeZone,
    from: roster.from,
    days: roster.days,
    patterns: catalogue.inUse(shiftPatternKind).map(({ id, value }) => patternOf(id, value)),
    contracts: contracts.map(({ id, value }) => ({
      ...contractOf(id, value),
      // a pattern that is out of use is given to nobody
      patternIds: value.patternIds.filter((pattern) => catalogue.find("shift_pattern", pattern)),
    })),
    agents: rosterAgents,
    requirements: roster.groups.map(groupOf),
    rules: general ? labourRulesOf(general.id, general.value) : NO_LABOUR_RULES,
    weights: roster.weights,
    shifts: recent(facts.past, roster.fromAt),
  };
}

function recent(past: readonly RosterShift[], fromAt: Instant): RosterShift[] {
  return past.filter(({ from }) => from >= fromAt - REST_MS);
}

/** What an agent has carried in the weeks before. */
function historyOf(past: readonly RosterShift[], timeZone: string): AgentHistory {
  const parts = past.map((shift) => partOfDay(shift, timeZone));
  return {
    weekendDays: past.filter(isWeekend).length,
    earlyShifts: parts.filter((part) => part === "early").length,
    lateShifts: parts.filter((part) => part === "late").length,
    paidMinutes: past.reduce((sum, shift) => sum + paidMinutes(shift), 0),
  };
}

/** Saturday or Sunday. */
export function isWeekend({ date }: RosterShift): boolean {
  return new Date(`${date}T00:00:00Z`).getUTCDay() % 6 === 0;
}

/** Whether a shift counts as early or late, by the clocks of the zone. */
export function partOfDay({ date, from }: RosterShift, timeZone: string): "early" | "late" | "middle" {
  const { early, late } = limitsOf(date, timeZone);
  if (from < early) return "early";
  return from >= late ? "late" : "middle";
}

interface DayLimits {
  readonly early: Instant;
  readonly late: Instant;
}

const MOST_DAYS = 2000;
const knownLimits = new Map<string, DayLimits>();

/** Before and from when shifts of a date are early and late; remembered, for thousands of shifts ask for the same days. */
function limitsOf(date: string, timeZone: string): DayLimits {
  const key = `${timeZone} ${date}`;
  const known = knownLimits.get(key);
  if (known) return known;
  const at = (plainTime: string): Instant =>
    Temporal.PlainDate.from(date).toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;
  const limits = { early: at(DEFAULT_FAIRNESS.earlyBefore), late: at(DEFAULT_FAIRNESS.lateFrom) };
  if (knownLimits.size >= MOST_DAYS) knownLimits.clear();
  knownLimits.set(key, limits);
  return limits;
}
