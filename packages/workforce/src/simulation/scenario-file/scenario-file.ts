import { isTimeZone } from "@svara/calendar";
import { DEFAULT_POLICY, type QueuePolicy } from "@svara/insight";
import { type AgentId, type ClientId, compileSchema, type JsonSchema, type QueueId } from "@svara/kernel";
import type { AgentConfig, Input, QueueConfig } from "@svara/routing";
import scenarioFileSchema from "../../../schemas/scenario-file.schema.json" with { type: "json" };
import type { ArrivalStream, Scenario, Shift, TimedInput } from "../scenario.ts";
import { chanceNumber } from "../streams.ts";
import { arrivalsOf, type LeftOut } from "./file-arrivals.ts";
import { type FileAgents, type FileChange, type FileQueue, refused, type ScenarioFile } from "./file-form.ts";
import { distributionOf, FileDay, ms } from "./file-times.ts";

/** A scenario file, ready to be simulated. */
export interface ReadScenario {
  readonly title: string | null;
  readonly timeZone: string;
  readonly scenario: Scenario;
  readonly intervalMs: number;
  /** By queue, by what it is judged. */
  readonly policies: Readonly<Record<QueueId, QueuePolicy>>;
  /** Under which name each agent is counted. */
  readonly groups: Readonly<Record<AgentId, string>>;
  /** Of recorded contacts, how many come outside of the day. */
  readonly leftOut: readonly LeftOut[];
}

const check = compileSchema(scenarioFileSchema as JsonSchema);
const CLIENT = "client" as ClientId;
const DEFAULT_TARGET_S = 20; // the usual promise of a voice queue
const DEFAULT_RING_S = 18; // three ring cycles

/**
 * Takes a parsed JSON value as a scenario file; `read` gives the text of a file that it names. Throws `workforce.scenario_file`,
 * which names the field and the remedy.
 */
export function parseScenarioFile(value: unknown, read: (file: string) => string): ReadScenario {
  const problem = check(value);
  if (problem) throw refused(problem.field, problem.message);
  const file = value as ScenarioFile;
  const { date = "2026-01-05", timeZone = "UTC", intervalMinutes = 15 } = file;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(Date.parse(date))) {
    throw refused("date", `must be a date such as 2026-03-02, not ${JSON.stringify(date)}`);
  }
  if (!isTimeZone(timeZone))
    throw refused("timeZone", `must be a zone such as Europe/Stockholm, not "${timeZone}"`);
  const day = new FileDay({ ...file, date, timeZone });
  const intervalMs = intervalMinutes * 60_000;
  checkNames(file);
  const queues = file.queues.map((queue, i) => queueConfig(queue, `queues.${i}`));
  const groups: Record<AgentId, string> = {};
  const agents = file.agents.flatMap((alike) => {
    const ids = idsOf(alike);
    for (const id of ids) groups[id] = alike.name;
    return ids.map((id) => agentConfig(alike, id));
  });
  const leftOut: LeftOut[] = [];
  const streams = { day, intervalMs, read, leftOut };
  const scenario: Scenario = {
    from: day.from,
    to: day.to,
    atClose: file.atClose ?? "drain",
    configuration: [
      ...(file.rules ? [{ type: "config.rules_set", rules: file.rules } as const] : []),
      ...queues.map((queue): Input => ({ type: "config.queue_set", queue })),
      ...agents.map((agent): Input => ({ type: "config.agent_set", agent })),
    ],
    shifts: file.agents.flatMap((alike, i) => shiftsOf(alike, day, `agents.${i}`)),
    agenda: agendaOf(file.changes ?? [], day, { queues, agents, groups }),
    arrivals: file.queues.map((queue, i) => streamOf(queue, { ...streams, field: `queues.${i}` })),
    ...(file.answering
      ? {
          answering: {
            delay: distributionOf(file.answering.delay, "answering.delay"),
            ...(file.answering.returnAfterS === undefined
              ? {}
              : { returnAfterMs: ms(file.answering.returnAfterS) }),
          },
        }
      : {}),
  };
  const policies = Object.fromEntries(
    file.queues.map(({ id, targetS = DEFAULT_TARGET_S }) => [
      id,
      { ...DEFAULT_POLICY, thresholdMs: ms(targetS) },
    ]),
  ) as Record<QueueId, QueuePolicy>;
  return { title: file.title ?? null, timeZone, scenario, intervalMs, policies, groups, leftOut };
}

/** Names are there once, and mean something that there is. */
function checkNames({ queues, agents }: ScenarioFile): void {
  const seen = new Set<string>();
  for (const [i, { id }] of queues.entries()) {
    if (seen.has(id))
      throw refused(`queues.${i}.id`, `"${id}" is there twice: give each queue a name of its own`);
    seen.add(id);
  }
  const names = new Set<string>();
  for (const [i, alike] of agents.entries()) {
    if (names.has(alike.name)) {
      throw refused(`agents.${i}.name`, `"${alike.name}" is there twice: give each entry a name of its own`);
    }
    names.add(alike.name);
    const unknown = alike.queues?.find((id) => !seen.has(id));
    if (unknown !== undefined)
      throw refused(`agents.${i}.queues`, `names the queue "${unknown}", which there is not`);
  }
  for (const [i, queue] of queues.entries()) {
    const { skills = {}, medium = "voice" } = queue;
    const isServed = agents.some(
      (alike) =>
        (alike.slots?.[medium] ?? (alike.slots === undefined && medium === "voice" ? 1 : 0)) > 0 &&
        (alike.queues?.includes(queue.id) ?? true) &&
        Object.entries(skills).every(([skill, least]) => (alike.skills?.[skill] ?? 0) >= least),
    );
    if (!isServed)
      throw refused(`queues.${i}`, "can be served by none of the agents: look at skills, queues and slots");
  }
}

function queueConfig(queue: FileQueue, field: string): QueueConfig {
  const { id, medium = "voice", skills = {}, priority = 0, targetS = DEFAULT_TARGET_S, rules } = queue;
  if (rules?.id !== undefined)
    throw refused(`${field}.rules.id`, "stands in the queue itself: leave it out here");
  return {
    clientId: CLIENT,
    media: [medium],
    requiredSkills: Object.entries(skills).map(([skillId, minProficiency]) => ({ skillId, minProficiency })),
    priority,
    ringTimeoutMs: ms(DEFAULT_RING_S),
    wrapUp: { mode: queue.wrapUp === undefined ? "off" : "manual" },
    targetMs: ms(targetS),
    ...rules,
    id: id as QueueId,
  } as QueueConfig;
}

function idsOf({ name, count = 1 }: FileAgents): AgentId[] {
  const width = String(count).length;
  if (count === 1) return [name as AgentId];
  return Array.from({ length: count }, (_, n) => `${name}-${String(n + 1).padStart(width, "0")}` as AgentId);
}

function agentConfig(alike: Omit<FileAgents, "name">, id: AgentId): AgentConfig {
  const { skills = {}, queues, slots = { voice: 1 }, rules } = alike;
  return {
    skills,
    slots,
    ...(queues ? { queueIds: queues as readonly QueueId[] } : {}),
    ...rules,
    id,
  };
}

function shiftsOf(alike: FileAgents, day: FileDay, field: string): Shift[] {
  const media = (Object.keys(alike.slots ?? { voice: 1 }) as NonNullable<Shift["media"]>).slice();
  const spans = alike.shifts ?? [null];
  return idsOf(alike).flatMap((agentId) =>
    spans.map((shift, i): Shift => {
      if (shift === null) return { agentId, from: day.from, media };
      const at = `${field}.shifts.${i}`;
      const { from, to } = day.span(shift, at);
      const breaks = (shift.breaks ?? []).map((pause, n) => {
        const begins = day.after(pause.from, from - 1, `${at}.breaks.${n}.from`);
        const ends = day.after(pause.to, begins, `${at}.breaks.${n}.to`);
        if (ends > to) throw refused(`${at}.breaks.${n}`, "must lie inside its shift");
        return { from: begins, to: ends };
      });
      return { agentId, from, to, breaks, media };
    }),
  );
}

function streamOf(queue: FileQueue, about: Parameters<typeof arrivalsOf>[2]): ArrivalStream {
  const { id, medium = "voice", retrial, callback, crossSell } = queue;
  const { field } = about;
  const item = { medium, clientId: CLIENT, queueId: id as QueueId, initiation: "new" } as const;
  const times = (name: "talk" | "patience") => distributionOf(queue[name], `${field}.${name}`);
  return {
    ...arrivalsOf(queue.arrivals, item, { ...about, field: `${field}.arrivals` }),
    talk: times("talk"),
    patience: times("patience"),
    chance: chanceNumber(id), // the same customers wherever the queue stands in the file
    ...(queue.wrapUp ? { wrapUp: distributionOf(queue.wrapUp, `${field}.wrapUp`) } : {}),
    ...(retrial
      ? { retrial: { ...retrial, delay: distributionOf(retrial.delay, `${field}.retrial.delay`) } }
      : {}),
    ...(callback
      ? {
          callback: {
            afterMs: ms(callback.afterS),
            probability: callback.probability,
            dial: distributionOf(callback.dial ?? { kind: "deterministic", s: 15 }, `${field}.callback.dial`),
            ...(callback.reached === undefined ? {} : { reached: callback.reached }),
          },
        }
      : {}),
    ...(crossSell
      ? {
          crossSell: {
            probability: crossSell.probability,
            talk: distributionOf(crossSell.talk, `${field}.crossSell.talk`),
          },
        }
      : {}),
  };
}

/** What changes during the day, as the router's own inputs. Each change is of what stood before it. */
function agendaOf(
  changes: readonly FileChange[],
  day: FileDay,
  before: {
    readonly queues: readonly QueueConfig[];
    readonly agents: readonly AgentConfig[];
    readonly groups: Readonly<Record<AgentId, string>>;
  },
): TimedInput[] {
  const queues = new Map(before.queues.map((queue) => [queue.id as string, queue]));
  const agents = new Map(before.agents.map((agent) => [agent.id, agent]));
  const agenda: TimedInput[] = [];
  for (const [i, change] of changes.entries()) {
    const at = day.after(change.at, day.from - 1, `changes.${i}.at`);
    for (const [n, patch] of (change.queues ?? []).entries()) {
      const known = queues.get(patch.id);
      if (known === undefined)
        throw refused(`changes.${i}.queues.${n}.id`, `"${patch.id}" is no queue of this file`);
      const queue = { ...known, ...patch } as QueueConfig;
      queues.set(patch.id, queue);
      agenda.push({ at, input: { type: "config.queue_set", queue } });
    }
    for (const [n, { name, skills, queues: of, slots, rules }] of (change.agents ?? []).entries()) {
      const alike = [...agents.values()].filter(({ id }) => before.groups[id] === name);
      if (alike.length === 0)
        throw refused(`changes.${i}.agents.${n}.name`, `"${name}" are no agents of this file`);
      for (const known of alike) {
        const agent: AgentConfig = {
          ...known,
          ...(skills ? { skills } : {}),
          ...(of ? { queueIds: of as readonly QueueId[] } : {}),
          ...(slots ? { slots } : {}),
          ...rules,
          id: known.id,
        };
        agents.set(agent.id, agent);
        agenda.push({ at, input: { type: "config.agent_set", agent } });
      }
    }
    if (change.rules) agenda.push({ at, input: { type: "config.rules_set", rules: change.rules } });
  }
  return agenda.sort((a, b) => a.at - b.at);
}
