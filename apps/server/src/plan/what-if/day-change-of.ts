import type { WhatIfChange } from "@svara/contracts";
import { type AgentId, type Instant, type QueueId, type SkillId, SvaraError } from "@svara/kernel";
import type { QueueConfig } from "@svara/routing";
import {
  agentFor,
  checkChange,
  type DayChange,
  type DayStaff,
  parseRulesFile,
  type RulesFile,
  whoServes,
} from "@svara/workforce";
import { instantOf } from "./simulated-day.ts";

/** A change in the words of the simulator, with what the form leaves to us. */
export interface FoundChange {
  readonly change: DayChange;
  /** Agents who are taken out, chosen by us. */
  readonly absent: readonly AgentId[];
}

const LEVEL = 3; // of an agent who is added: neither a beginner nor an expert

/**
 * What was asked for in a form, on the staff of the day. @throws SvaraError `what_if.no_such_queue`, `what_if.too_few_agents`,
 * `workforce.rules_file`
 */
export function dayChangeOf(
  asked: WhatIfChange,
  staff: DayStaff,
  day: { readonly date: string; readonly timeZone: string },
): FoundChange {
  const at = (time: string): Instant => instantOf(day.date, time, day.timeZone);
  const rules = rulesOf(asked);
  if (rules) checkChange(staff, { rules });
  const skills = asked.skills.map(({ agentIds, skillId, level }) => ({
    agentIds: agentIds as AgentId[],
    skillId: skillId as SkillId,
    level: level === 0 ? null : level,
  }));
  const scaled = (list: readonly { readonly queueId: string | null; readonly percent: number }[]) =>
    list.map(({ queueId, percent }) => ({ queueId: queueId as QueueId | null, factor: 1 + percent / 100 }));
  const more: NonNullable<DayChange["more"]>[number][] = [];
  const absent: NonNullable<DayChange["absent"]>[number][] = [];
  for (const [i, { queueId, count, ...times }] of asked.staff.entries()) {
    const span = { from: at(times.from), to: at(times.to) };
    refuseEmpty(span, `change.staff.${i}.to`);
    const queue = knownQueue(staff, queueId, `change.staff.${i}.queueId`);
    if (count > 0) more.push({ count, agent: agentFor(queue, LEVEL), ...span });
    if (count >= 0) continue;
    const taken = new Set(absent.flatMap(({ agentIds }) => agentIds));
    const able = whoServes(staff, queue.id, span).filter((agentId) => !taken.has(agentId));
    if (able.length < -count) throw tooFew(able.length, -count, `change.staff.${i}.count`);
    absent.push({ agentIds: able.slice(0, -count), ...span });
  }
  const hours = asked.hours.map(({ queueId, share, ...times }, i) => {
    const span = { from: at(times.from), to: at(times.to) };
    refuseEmpty(span, `change.hours.${i}.to`);
    return { queueId: queueId as QueueId | null, share, ...span };
  });
  return {
    change: {
      volumes: scaled(asked.volumes),
      handling: scaled(asked.handling),
      patience: scaled(asked.patience),
      hours,
      more,
      absent,
      skills,
      ...(rules ? { rules } : {}),
    },
    absent: absent.flatMap(({ agentIds }) => agentIds),
  };
}

/** Whether anything at all is otherwise. */
export function isChange(asked: WhatIfChange): boolean {
  const { rules, workStrategy, ...lists } = asked;
  return rules !== null || workStrategy !== null || Object.values(lists).some((list) => list.length > 0);
}

/** The rules of the form as a rules file, with the one that was pasted. @throws SvaraError `workforce.rules_file` */
export function rulesOf({ rules, queues, workStrategy }: WhatIfChange): RulesFile | undefined {
  const pasted = rules === null ? undefined : parseRulesFile(rules);
  if (!pasted && queues.length === 0 && workStrategy === null) return undefined;
  const patches = new Map<QueueId, NonNullable<RulesFile["queues"]>[number]>();
  const patch = (one: NonNullable<RulesFile["queues"]>[number]): void => {
    patches.set(one.id, { ...patches.get(one.id), ...one });
  };
  for (const { queueId, priority, agentStrategy, ringTimeoutSec, wrapUpSec } of queues) {
    patch({
      id: queueId as QueueId,
      ...(priority === undefined ? {} : { priority }),
      ...(agentStrategy === undefined ? {} : { agentStrategy }),
      ...(ringTimeoutSec === undefined ? {} : { ringTimeoutMs: ringTimeoutSec * 1000 }),
      ...(wrapUpSec === undefined ? {} : { wrapUp: wrapUpRule(wrapUpSec) }),
    });
  }
  for (const one of pasted?.queues ?? []) patch(one);
  const central = { ...(workStrategy === null ? {} : { workStrategy }), ...pasted?.rules };
  return {
    ...pasted,
    ...(patches.size > 0 ? { queues: [...patches.values()] } : {}),
    ...(Object.keys(central).length > 0 ? { rules: central } : {}),
  };
}

function wrapUpRule(seconds: number): QueueConfig["wrapUp"] {
  return seconds === 0 ? { mode: "off" } : { mode: "timed", limitMs: seconds * 1000 };
}

function knownQueue(staff: DayStaff, queueId: string, field: string): QueueConfig {
  const queue = staff.queues.get(queueId as QueueId);
  if (queue) return queue;
  throw new SvaraError(`there is no queue ${queueId} on this day`, {
    code: "what_if.no_such_queue",
    httpStatus: 422,
    field,
  });
}

function refuseEmpty({ from, to }: { readonly from: Instant; readonly to: Instant }, field: string): void {
  if (from < to) return;
  throw new SvaraError(`${field} must be later than the beginning`, {
    code: "what_if.empty_span",
    httpStatus: 422,
    field,
  });
}

function tooFew(able: number, wanted: number, field: string): SvaraError {
  return new SvaraError(
    `only ${able} agents serve this queue in these hours, so ${wanted} cannot be taken out: give ${able} at most`,
    { code: "what_if.too_few_agents", httpStatus: 422, field },
  );
}
