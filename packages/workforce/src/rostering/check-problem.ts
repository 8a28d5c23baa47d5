import { isTimeZone, minutesOf } from "@svara/calendar";
import type { Contract } from "./contract.ts";
import { MAX_GROUPS } from "./demand.ts";
import type { LabourRules } from "./labour-rules.ts";
import type { RosterAgent } from "./roster-agent.ts";
import type { RosterProblem } from "./roster-problem.ts";
import { presenceMinutes, type ShiftPattern } from "./shift-pattern.ts";

const QUARTER_MINUTES = 15;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** What is wrong with a problem, and what would be right, to stand after the field. */
export interface ProblemFault {
  readonly field: string;
  readonly message: string;
}

type Faults = Iterable<ProblemFault>;

/** The first contradiction in a problem of the right shape. */
export function checkProblem(problem: RosterProblem): ProblemFault | undefined {
  for (const faults of [
    general(problem),
    patternFaults(problem),
    contractFaults(problem),
    agentFaults(problem),
    requirementFaults(problem),
  ])
    for (const fault of faults) return fault;
  return undefined;
}

function* general({ timeZone, from, patterns, contracts, agents, fairness = {} }: RosterProblem): Faults {
  if (!isTimeZone(timeZone))
    yield { field: "timeZone", message: `must be a zone such as Europe/Kyiv, not "${timeZone}"` };
  if (!isDate(from)) yield { field: "from", message: `must be a date such as 2027-03-01, not "${from}"` };
  yield* unique(patterns, "patterns");
  yield* unique(contracts, "contracts");
  yield* unique(agents, "agents");
  for (const key of ["earlyBefore", "lateFrom"] as const) {
    const time = fairness[key];
    if (time !== undefined) yield* timeFaults(time, `fairness.${key}`);
  }
  if (agents.length === 0) yield { field: "agents", message: "must name at least one agent" };
  if (patterns.length === 0) yield { field: "patterns", message: "must hold at least one shift pattern" };
}

function* unique(list: readonly { readonly id: string }[], field: string): Faults {
  const seen = new Set<string>();
  for (const [index, { id }] of list.entries()) {
    if (seen.has(id))
      yield { field: `${field}.${index}.id`, message: `"${id}" stands twice: give each an id of its own` };
    seen.add(id);
  }
}

function* patternFaults({ patterns, rules, agents, contracts }: RosterProblem): Faults {
  for (const [index, pattern] of patterns.entries()) {
    const field = `patterns.${index}`;
    const { earliestStart, latestStart, startEveryMinutes = QUARTER_MINUTES, paidMinutes } = pattern;
    yield* timeFaults(earliestStart, `${field}.earliestStart`);
    yield* timeFaults(latestStart, `${field}.latestStart`);
    const first = minutesOf(earliestStart) ?? 0;
    if (first % QUARTER_MINUTES !== 0)
      yield { field: `${field}.earliestStart`, message: "must lie on a quarter of an hour" };
    if ((minutesOf(latestStart) ?? 0) < first)
      yield { field: `${field}.latestStart`, message: "must not be earlier than earliestStart" };
    if (startEveryMinutes % QUARTER_MINUTES !== 0)
      yield { field: `${field}.startEveryMinutes`, message: "must be a multiple of 15" };
    if (paidMinutes <= 0 || presenceMinutes(pattern) > 1440)
      yield {
        field: `${field}.paidMinutes`,
        message: "must be more than none, and the presence at most a day",
      };
    yield* breakFaults(pattern, field);
    const users = agents.filter(({ contractId }) =>
      contracts.some(({ id, patternIds }) => id === contractId && patternIds.includes(pattern.id)),
    );
    for (const applied of new Set([rules, ...users.map((agent) => agent.rules ?? rules)]))
      yield* restFaults(pattern, applied, field);
  }
}

function* breakFaults(pattern: ShiftPattern, field: string): Faults {
  let end = 0;
  for (const [index, rule] of pattern.breaks.entries()) {
    const at = `${field}.breaks.${index}`;
    const { minutes, earliestAfterMinutes: earliest, latestAfterMinutes: latest } = rule;
    if (minutes % 5 !== 0) yield { field: `${at}.minutes`, message: "must be a multiple of 5" };
    if (earliest % QUARTER_MINUTES !== 0)
      yield { field: `${at}.earliestAfterMinutes`, message: "must be a multiple of 15" };
    if (latest % QUARTER_MINUTES !== 0)
      yield { field: `${at}.latestAfterMinutes`, message: "must be a multiple of 15" };
    if (latest < earliest)
      yield { field: `${at}.latestAfterMinutes`, message: "must not be less than earliestAfterMinutes" };
    if (earliest < end)
      yield {
        field: `${at}.earliestAfterMinutes`,
        message: `must be at least ${end}: its window begins before the break before it has surely ended`,
      };
    end = latest + minutes;
  }
  if (end > presenceMinutes(pattern))
    yield {
      field: `${field}.breaks`,
      message: "must end within the shift, even when the last begins at its latest",
    };
}

/** Wherever the breaks lie in their windows, nobody works too long without one. */
function* restFaults(
  pattern: ShiftPattern,
  { name, maxMinutesWithoutBreak: limit }: LabourRules,
  field: string,
): Faults {
  if (limit === undefined) return;
  let from = 0;
  for (const { minutes, earliestAfterMinutes, latestAfterMinutes } of [
    ...pattern.breaks,
    { minutes: 0, earliestAfterMinutes: 0, latestAfterMinutes: presenceMinutes(pattern) },
  ]) {
    const longest = latestAfterMinutes - from;
    if (longest > limit)
      yield {
        field: `${field}.breaks`,
        message: `let somebody work ${longest} minutes without a break, and "${name}" allows ${limit}: narrow the windows or add a break`,
      };
    from = earliestAfterMinutes + minutes;
  }
}

function* contractFaults({ contracts, patterns }: RosterProblem): Faults {
  const known = new Map(patterns.map((pattern) => [pattern.id, pattern]));
  for (const [index, contract] of contracts.entries()) {
    const field = `contracts.${index}`;
    const { weeklyMinutes, daysPerWeek, patternIds } = contract;
    if (weeklyMinutes.min > weeklyMinutes.max)
      yield { field: `${field}.weeklyMinutes.min`, message: "must not be more than max" };
    if (daysPerWeek.min > daysPerWeek.max)
      yield { field: `${field}.daysPerWeek.min`, message: "must not be more than max" };
    for (const [at, id] of patternIds.entries())
      if (!known.has(id))
        yield { field: `${field}.patternIds.${at}`, message: `names "${id}", and there is no such pattern` };
    if (patternIds.length === 0)
      yield { field: `${field}.patternIds`, message: "must name at least one pattern" };
    yield* hoursFaults(
      contract,
      patternIds.flatMap((id) => known.get(id)?.paidMinutes ?? []),
      field,
    );
  }
}

/** Days and hours of a contract must be possible together with its patterns. */
function* hoursFaults(
  { weeklyMinutes, daysPerWeek }: Contract,
  lengths: readonly number[],
  field: string,
): Faults {
  if (lengths.length === 0) return;
  const longest = Math.max(...lengths);
  const shortest = Math.min(...lengths);
  if (daysPerWeek.max * longest < weeklyMinutes.min)
    yield {
      field: `${field}.weeklyMinutes.min`,
      message: `asks for ${weeklyMinutes.min} minutes, and ${daysPerWeek.max} days of at most ${longest} make ${daysPerWeek.max * longest}: allow more days, longer patterns or fewer hours`,
    };
  if (daysPerWeek.min * shortest > weeklyMinutes.max)
    yield {
      field: `${field}.weeklyMinutes.max`,
      message: `allows ${weeklyMinutes.max} minutes, and ${daysPerWeek.min} days of at least ${shortest} make ${daysPerWeek.min * shortest}: allow fewer days, shorter patterns or more hours`,
    };
}

function* agentFaults({ agents, contracts }: RosterProblem): Faults {
  const known = new Set(contracts.map(({ id }) => id));
  for (const [index, agent] of agents.entries()) {
    const field = `agents.${index}`;
    if (!known.has(agent.contractId))
      yield {
        field: `${field}.contractId`,
        message: `names "${agent.contractId}", and there is no such contract`,
      };
    yield* availabilityFaults(agent, field);
    for (const [at, { date }] of (agent.wishes ?? []).entries())
      if (!isDate(date))
        yield { field: `${field}.wishes.${at}.date`, message: `must be a date, not "${date}"` };
  }
}

function* availabilityFaults({ availability = [] }: RosterAgent, field: string): Faults {
  for (const [index, entry] of availability.entries()) {
    const at = `${field}.availability.${index}`;
    const hasDate = "date" in entry;
    if (hasDate === "weekday" in entry) yield { field: at, message: "must name either a date or a weekday" };
    if (hasDate && !isDate(entry.date))
      yield { field: `${at}.date`, message: `must be a date, not "${entry.date}"` };
    if (entry.kind === "unavailable") continue;
    if (entry.from === undefined || entry.to === undefined) {
      yield { field: at, message: 'must give from and to, or the kind "unavailable"' };
      continue;
    }
    yield* timeFaults(entry.from, `${at}.from`);
    yield* timeFaults(entry.to, `${at}.to`);
  }
}

function* requirementFaults({ requirements, agents, days }: RosterProblem): Faults {
  const skills = new Set(agents.flatMap((agent) => agent.skills));
  const groups = new Set<string>();
  if (requirements.length === 0) yield { field: "requirements", message: "must name at least one group" };
  if (requirements.length > MAX_GROUPS)
    yield {
      field: "requirements",
      message: `has ${requirements.length} groups, and at most ${MAX_GROUPS} are planned together: split the centre`,
    };
  for (const [index, { group, skills: needed, required }] of requirements.entries()) {
    const field = `requirements.${index}`;
    if (groups.has(group))
      yield { field: `${field}.group`, message: `"${group}" stands twice: join the two` };
    groups.add(group);
    const unknown = needed.find((skill) => !skills.has(skill));
    if (unknown !== undefined && required.some((agents) => agents > 0))
      yield { field: `${field}.skills`, message: `ask for "${unknown}", which no agent has` };
    const most = (days + 1) * MOST_QUARTERS_A_DAY;
    if (required.length > most)
      yield {
        field: `${field}.required`,
        message: `has ${required.length} quarters, more than ${days} days have`,
      };
  }
}

const MOST_QUARTERS_A_DAY = 100; // where clocks go back

function* timeFaults(time: string, field: string): Faults {
  if (minutesOf(time) === undefined) yield { field, message: `must be a time such as 08:30, not "${time}"` };
}

function isDate(text: string): boolean {
  return DATE.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;
}
