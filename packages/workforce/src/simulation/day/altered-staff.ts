import type { AgentId, Instant } from "@svara/kernel";
import type { AgentConfig, Input, Medium, Presence } from "@svara/routing";
import type { Scenario, Shift, TimedInput } from "../scenario.ts";
import type { Absence, AddedAgents, DayChange } from "./day-change.ts";

/** More agents, with shifts of their own, and agents who are not there for a time. */
export function alteredStaff(scenario: Scenario, { more, absent }: DayChange): Scenario {
  let altered = scenario;
  for (const absence of absent ?? []) altered = without(altered, absence);
  for (const [group, added] of (more ?? []).entries()) altered = withMore(altered, added, group);
  return altered;
}

/** The id of an agent whom a change adds. */
function addedAgentId(group: number, index: number): AgentId {
  return `more-${group + 1}-${index + 1}` as AgentId;
}

function withMore(
  scenario: Scenario,
  { count, agent, from, to, breaks }: AddedAgents,
  group: number,
): Scenario {
  const agents = Array.from(
    { length: count },
    (_, i): AgentConfig => ({ ...agent, id: addedAgentId(group, i) }),
  );
  const media = (Object.keys(agent.slots) as Medium[]).filter((medium) => (agent.slots[medium] ?? 0) > 0);
  return {
    ...scenario,
    configuration: [
      ...scenario.configuration,
      ...agents.map((one): Input => ({ type: "config.agent_set", agent: one })),
    ],
    shifts: [
      ...scenario.shifts,
      ...agents.map(({ id }): Shift => ({ agentId: id, from, to, media, ...(breaks ? { breaks } : {}) })),
    ],
  };
}

function without(scenario: Scenario, { agentIds, from, to }: Absence): Scenario {
  const gone = new Set(agentIds);
  const shifts = scenario.shifts.flatMap((shift) =>
    gone.has(shift.agentId) ? cut(shift, from, to) : [shift],
  );
  const told = [
    ...scenario.configuration.map((input): TimedInput => ({ at: scenario.from, input })),
    ...(scenario.agenda ?? []),
  ];
  const kept = told.filter(
    ({ at, input }) => !isOf(gone, input) || at < from || at >= to || !isComing(input),
  );
  const bounds = [...gone].flatMap((agentId) => boundsOf(agentId, told, { from, to, begin: scenario.from }));
  // the agent goes after what was told at that instant, and is back before what is told then
  const timed = [...bounds.filter(({ at }) => at === to), ...kept, ...bounds.filter(({ at }) => at !== to)];
  timed.sort((a, b) => a.at - b.at);
  return {
    ...scenario,
    shifts,
    configuration: timed.filter(({ at }) => at <= scenario.from).map(({ input }) => input),
    agenda: timed.filter(({ at }) => at > scenario.from),
  };
}

/** What is left of a shift. */
function cut(shift: Shift, from: Instant, to: Instant): Shift[] {
  const end = shift.to ?? Number.POSITIVE_INFINITY;
  if (to <= shift.from || from >= end) return [shift];
  const part = (start: Instant, stop: Instant): Shift[] => {
    if (start >= stop) return [];
    const { to: _to, breaks, ...rest } = shift;
    return [
      {
        ...rest,
        from: start,
        ...(Number.isFinite(stop) ? { to: stop } : {}),
        ...(breaks ? { breaks: breaks.filter((pause) => pause.from >= start && pause.to <= stop) } : {}),
      },
    ];
  };
  return [...part(shift.from, Math.min(from, end)), ...part(Math.max(to, shift.from), end)];
}

function isOf(agents: ReadonlySet<AgentId>, input: Input): boolean {
  return "agentId" in input && agents.has(input.agentId);
}

/** Of an absent agent; the end of what was in hand before is still told. */
function isComing(input: Input): boolean {
  switch (input.type) {
    case "agent.logged_in":
    case "agent.presence_set":
    case "agent.state_forced":
    case "agent.connection":
    case "agent.reachable":
    case "agent.busy_other":
    case "item.assigned":
      return true;
    default:
      return false;
  }
}

/** The log-out at the beginning of an absence, and the log-in at its end as the agent stood by then. */
function boundsOf(
  agentId: AgentId,
  told: readonly TimedInput[],
  { from, to, begin }: { readonly from: Instant; readonly to: Instant; readonly begin: Instant },
): TimedInput[] {
  const reachable = new Map<Medium, boolean>();
  let presence: Presence | null = null;
  let wasThere = false;
  for (const { at, input } of told) {
    if (at >= to) break;
    if (!("agentId" in input) || input.agentId !== agentId) continue;
    switch (input.type) {
      case "agent.reachable":
        reachable.set(input.medium, input.reachable);
        break;
      case "agent.logged_in":
        presence = input.presence;
        break;
      case "agent.presence_set":
      case "agent.state_forced":
        if (presence !== null) presence = input.presence;
        break;
      case "agent.logged_out":
        presence = null;
        break;
      default:
        continue;
    }
    if (at < from) wasThere = presence !== null;
  }
  const inputs: TimedInput[] = [];
  if (wasThere)
    inputs.push({
      at: Math.max(from, begin),
      input: { type: "agent.logged_out", agentId, reason: "end_shift" },
    });
  for (const [medium, isThere] of reachable)
    inputs.push({ at: to, input: { type: "agent.reachable", agentId, medium, reachable: isThere } });
  if (presence !== null) inputs.push({ at: to, input: { type: "agent.logged_in", agentId, presence } });
  return inputs;
}
