import type { AgentId, QueueId } from "@svara/kernel";
import type { AgentConfig, Input, ItemId, QueueConfig } from "@svara/routing";
import type { Distribution } from "../distribution.ts";
import type {
  ArrivalStream,
  NextStay,
  RecordedItem,
  RecordedStream,
  Scenario,
  TimedInput,
} from "../scenario.ts";
import { shiftInputs } from "../shifts.ts";
import { type FieldPatch, patched } from "./field-patch.ts";
import { allStays, type FloorRecord, isCallback, type RecordedStay } from "./floor-record.ts";
import { fitPatience, type ObservedWait, type PatienceFit } from "./patience-fit.ts";
import type { RulesFile } from "./rules-file.ts";
import type { StaffFile } from "./staff-file.ts";

/** What is asked to be otherwise than it was. */
export interface WhatIfChange {
  readonly rules?: RulesFile;
  readonly staff?: StaffFile;
}

/** A scenario made of a record, with what it was fitted from. */
export interface RecordedScenario {
  readonly scenario: Scenario;
  /** By queue of the record. */
  readonly patience: ReadonlyMap<QueueId, PatienceFit>;
}

const EMPTY: WhatIfChange = {};
const FALLBACK_TALK_MS = 240_000; // the router's own assumption for a queue that has handled nothing
const DEFAULT_RETURN_MS = 60_000; // a minute until somebody whom other rules made miss a call is back at the desk

/**
 * The recorded day as a scenario, with other rules or other staff where asked. Arrivals stand as recorded; a served item keeps
 * its handling time, an abandoned one its patience; the rest is drawn (WF20 to WF24).
 */
export function recordedScenario(record: FloorRecord, change: WhatIfChange = EMPTY): RecordedScenario {
  const patience = fitByQueue(record);
  const { configuration, agenda } = inputsOf(record, change);
  const rings = [...allStays(record.stays)].flatMap((stay) => stay.ringMs ?? []);
  const scenario: Scenario = {
    from: record.from,
    to: record.to,
    atClose: "stop",
    configuration,
    shifts: [],
    agenda,
    arrivals: streamsOf(record, patience, change.rules?.redirect ?? {}),
    answering: {
      delay: rings.length === 0 ? { kind: "deterministic", ms: 0 } : { kind: "empirical", valuesMs: rings },
      returnAfterMs: DEFAULT_RETURN_MS,
    },
  };
  return { scenario, patience };
}

/** Waits by queue of those who were on the line, call-backs left out; a promise of one ends the wait. */
export function observedWaits(record: FloorRecord): Map<QueueId, ObservedWait[]> {
  const waits = new Map<QueueId, ObservedWait[]>();
  for (const stay of allStays(record.stays)) {
    const ofQueue = waits.get(stay.item.queueId) ?? [];
    waits.set(stay.item.queueId, ofQueue);
    if (isCallback(stay)) continue;
    const waitMs = Math.min(stay.waitMs, stay.promisedMs ?? stay.waitMs);
    const gaveUp = stay.outcome === "abandoned" && stay.promisedMs === null;
    ofQueue.push({ waitMs, gaveUp });
  }
  return waits;
}

function fitByQueue(record: FloorRecord): Map<QueueId, PatienceFit> {
  return new Map([...observedWaits(record)].map(([queueId, ofQueue]) => [queueId, fitPatience(ofQueue)]));
}

/** One stream for each queue of the record, so that each draws from its own past. */
function streamsOf(
  record: FloorRecord,
  patience: ReadonlyMap<QueueId, PatienceFit>,
  redirect: Readonly<Record<QueueId, QueueId>>,
): ArrivalStream[] {
  const all = [...allStays(record.stays)];
  return [...patience].map(([queueId, fit]): RecordedStream => {
    const ofQueue = all.filter((stay) => stay.item.queueId === queueId);
    const firsts = record.stays.filter((stay) => stay.item.queueId === queueId);
    return {
      kind: "recorded",
      items: firsts.map((stay) => ({ at: stay.at, ...itemOf(stay, stay.item.id, redirect) })),
      talk: pastTimes(
        ofQueue.map((stay) => stay.talkMs),
        all.map((stay) => stay.talkMs),
        record.queues.get(queueId)?.expectedHandleMs ?? FALLBACK_TALK_MS,
      ),
      // null: there was none, or to its limit: the rule decides
      wrapUp: pastTimes(
        ofQueue.map((stay) => stay.wrapUpMs),
        [],
        Number.POSITIVE_INFINITY,
      ),
      patience: fit.curve,
    };
  });
}

function pastTimes(
  own: readonly (number | null)[],
  others: readonly (number | null)[],
  assumedMs: number,
): Distribution {
  const known = own.flatMap((ms) => ms ?? []);
  const values = known.length > 0 ? known : others.flatMap((ms) => ms ?? []);
  if (values.length > 0) return { kind: "empirical", valuesMs: values };
  return Number.isFinite(assumedMs) ? { kind: "deterministic", ms: assumedMs } : { kind: "never" };
}

function itemOf(
  stay: RecordedStay,
  id: ItemId,
  redirect: Readonly<Record<QueueId, QueueId>>,
): Omit<RecordedItem, "at"> {
  const queueId = redirect[stay.item.queueId] ?? stay.item.queueId;
  const answered = stay.outcome === "answered";
  const { next } = stay;
  return {
    item: { ...stay.item, id, queueId },
    ...(answered && stay.talkMs !== null ? { talkMs: stay.talkMs } : {}),
    ...(answered ? { wrapUpMs: stay.wrapUpMs ?? Number.POSITIVE_INFINITY } : {}),
    ...patienceOf(stay),
    ...(stay.ringMs === null ? {} : { answerDelayMs: stay.ringMs }),
    ...(stay.misses.length === 0 ? {} : { misses: stay.misses }),
    ...(stay.attempts.length === 0 ? {} : { attempts: stay.attempts }),
    ...(stay.outcome === "left"
      ? { leave: { afterMs: stay.waitMs, reason: stay.leaveReason ?? "flow" } }
      : {}),
    ...(stay.changes.length === 0
      ? {}
      : {
          changes: stay.changes.map(({ afterMs, input }) => ({ afterMs, input: about(input, id) })),
        }),
    ...(next ? { next: nextOf(next, id, redirect) } : {}),
  };
}

function nextOf(
  next: NonNullable<RecordedStay["next"]>,
  id: ItemId,
  redirect: Readonly<Record<QueueId, QueueId>>,
): NextStay {
  const { stay, after, gapMs } = next;
  // beside the one that is still in hand it needs a name of its own
  return { ...itemOf(stay, after === "answer" ? stay.item.id : id, redirect), after, gapMs };
}

function patienceOf(stay: RecordedStay): Pick<RecordedItem, "patienceMs" | "patienceOverMs"> {
  if (isCallback(stay)) return { patienceMs: Number.POSITIVE_INFINITY };
  if (stay.promisedMs !== null) return { patienceOverMs: Math.min(stay.promisedMs, stay.waitMs) };
  return stay.outcome === "abandoned" ? { patienceMs: stay.waitMs } : { patienceOverMs: stay.waitMs };
}

function about(input: Input, itemId: ItemId): Input {
  return "itemId" in input ? { ...input, itemId } : input;
}

/** Configuration, staff and other work, in order; what came at the very start is told before anything happens. */
function inputsOf(
  record: FloorRecord,
  change: WhatIfChange,
): { readonly configuration: readonly Input[]; readonly agenda: readonly TimedInput[] } {
  const { rules, staff } = change;
  const gone = new Set(staff?.without ?? []);
  const timed: TimedInput[] = [
    ...configurationOf(record, change),
    ...staffingOf(record, staff),
    ...record.otherWork,
  ].filter(({ input }) => !concerns(input, gone));
  if (rules?.rules) {
    timed.unshift({ at: record.from, input: { type: "config.rules_set", rules: rules.rules } });
  }
  timed.sort((a, b) => a.at - b.at);
  return {
    configuration: timed.filter(({ at }) => at <= record.from).map(({ input }) => input),
    agenda: timed.filter(({ at }) => at > record.from),
  };
}

function configurationOf(record: FloorRecord, { rules, staff }: WhatIfChange): TimedInput[] {
  const queuePatches = new Map((rules?.queues ?? []).map((patch) => [patch.id, patch]));
  const agentPatches = new Map(
    [...(rules?.agents ?? []), ...(staff?.agents ?? [])].map((patch) => [patch.id, patch]),
  );
  const timed = record.configuration.map(({ at, input }): TimedInput => {
    switch (input.type) {
      case "config.queue_set":
        return { at, input: { ...input, queue: patched(input.queue, queuePatches.get(input.queue.id)) } };
      case "config.agent_set":
        return { at, input: { ...input, agent: patched(input.agent, agentPatches.get(input.agent.id)) } };
      case "config.rules_set":
        return { at, input: { ...input, rules: { ...input.rules, ...rules?.rules } } };
      default:
        return { at, input };
    }
  });
  for (const patch of queuePatches.values()) {
    if (record.queues.has(patch.id)) continue;
    timed.push({ at: record.from, input: { type: "config.queue_set", queue: whole<QueueConfig>(patch) } });
  }
  for (const patch of agentPatches.values()) {
    if (record.agents.has(patch.id)) continue;
    timed.push({ at: record.from, input: { type: "config.agent_set", agent: whole<AgentConfig>(patch) } });
  }
  for (const { like, count } of staff?.more ?? []) {
    for (const input of [...timed]) {
      if (input.input.type !== "config.agent_set" || input.input.agent.id !== like) continue;
      for (const id of copies(like, count)) {
        timed.push({
          at: input.at,
          input: { type: "config.agent_set", agent: { ...input.input.agent, id } },
        });
      }
    }
  }
  return timed;
}

function staffingOf(record: FloorRecord, staff: StaffFile | undefined): TimedInput[] {
  if (staff?.shifts) return shiftInputs(staff.shifts, record.from);
  const timed = [...record.staffing];
  for (const { like, count } of staff?.more ?? []) {
    for (const id of copies(like, count)) {
      for (const { at, input } of record.staffing) {
        if ("agentId" in input && input.agentId === like)
          timed.push({ at, input: { ...input, agentId: id } });
      }
    }
  }
  return timed;
}

/** The ids of agents who are like another one. */
function copies(like: AgentId, count: number): AgentId[] {
  return Array.from({ length: count }, (_, i) => `${like}+${i + 1}` as AgentId);
}

function concerns(input: Input, agents: ReadonlySet<AgentId>): boolean {
  if (input.type === "config.agent_set") return agents.has(input.agent.id);
  return "agentId" in input && agents.has(input.agentId);
}

/** What a change gives of a queue or an agent that the record does not know; `checkChange` has seen that it is whole. */
function whole<T extends object>(patch: FieldPatch<T>): T {
  return patched({} as T, patch);
}
