import type { AgentId, ClientId, QueueId } from "@svara/kernel";
import type { Input, ItemId } from "@svara/routing";
import type { RecordedItem, RecordedStream, Scenario, Shift } from "../scenario.ts";
import type { CallLogDay, LoggedCall } from "./call-log.ts";
import { type CallModel, patienceCurve, patienceKey } from "./call-model.ts";
import { HOUR_MS } from "./hours.ts";
import type { Duty } from "./infer-duties.ts";

const CLIENT = "call-log" as ClientId;
/** Nobody rings: whoever is free has the call. */
const RING_MS = 60_000;

/** The order of service of a centre, as far as it is not by the instant of asking. */
export interface ServiceRules {
  /** By priority: so many milliseconds earlier in the line than the others. */
  readonly headStartMs: ReadonlyMap<number, number>;
}

/** A recorded day as a scenario: its arrivals and its staff, with times from the model. */
export function loggedScenario(
  day: CallLogDay,
  staff: readonly Duty[],
  typesOf: (server: string) => ReadonlySet<string>,
  model: CallModel,
  rules: ServiceRules,
): Scenario {
  const types = [...new Set(day.calls.map(({ type }) => type))].sort();
  const from = Math.min(...day.calls.map(({ askedAtMs }) => askedAtMs), ...staff.map(({ fromMs }) => fromMs));
  const to = Math.max(...day.calls.map((call) => call.askedAtMs + call.waitMs)) + 1;
  return {
    from,
    to,
    atClose: "drain",
    configuration: [
      ...types.map(queueOf),
      ...staff.map((duty) =>
        agentOf(
          duty,
          types.filter((type) => typesOf(duty.server).has(type)),
        ),
      ),
    ],
    shifts: staff.map(shiftOf),
    arrivals: streamsOf(day.calls, model, rules, staff),
  };
}

function queueOf(type: string): Input {
  return {
    type: "config.queue_set",
    queue: {
      id: type as QueueId,
      clientId: CLIENT,
      media: ["voice"],
      requiredSkills: [],
      priority: 0,
      ringTimeoutMs: RING_MS,
      wrapUp: { mode: "manual" },
    },
  };
}

function agentOf({ server }: Duty, types: readonly string[]): Input {
  return {
    type: "config.agent_set",
    agent: { id: server as AgentId, skills: {}, slots: { voice: 1 }, queueIds: types as QueueId[] },
  };
}

function shiftOf({ server, fromMs, toMs, breaks }: Duty): Shift {
  return {
    agentId: server as AgentId,
    from: fromMs,
    to: Math.max(toMs, fromMs + 1),
    breaks: breaks.map((pause) => ({ from: pause.fromMs, to: pause.toMs })),
  };
}

/** One stream for those who are alike. */
function streamsOf(
  calls: readonly LoggedCall[],
  model: CallModel,
  { headStartMs }: ServiceRules,
  duties: readonly Duty[],
): RecordedStream[] {
  const alike = new Map<string, { readonly first: LoggedCall; readonly items: RecordedItem[] }>();
  for (const [n, call] of calls.entries()) {
    const { askedAtMs: at, type, priority } = call;
    const key = `${patienceKey(call)}/${Math.floor(at / HOUR_MS)}`;
    const own = alike.get(key) ?? { first: call, items: [] };
    alike.set(key, own);
    own.items.push({
      at,
      item: {
        id: String(n) as ItemId,
        medium: "voice",
        clientId: CLIENT,
        queueId: type as QueueId,
        queuedAt: at - (headStartMs.get(priority) ?? 0),
        initiation: "new",
      },
    });
  }
  return [...alike.values()].map(({ first, items }) => ({
    kind: "recorded",
    items,
    talk: model.handling.timesOf(first.type, Math.floor(first.askedAtMs / HOUR_MS), duties),
    wrapUp: model.afterWork,
    patience: patienceCurve(model, first),
  }));
}
