import { z } from "zod";
import { configurationKind } from "./configuration.ts";
import { deskDelta, deskState } from "./desk.ts";
import { floorDelta, floorState } from "./floor.ts";
import type { RouteAccess } from "./permission.ts";
import { id, instant, revision } from "./primitives.ts";
import { problem } from "./problem.ts";

const configChange = z.object({ kind: configurationKind, id, revision });

/** What can be subscribed to: who may, its parameters, its whole, its change. */
export const topics = {
  /** The own desk. */
  desk: { access: "desk.use", params: z.object({}), data: deskState, delta: deskDelta },
  /** Queues and agents live, cut to what the reader may see. */
  floor: { access: "floor.view", params: z.object({}), data: floorState, delta: floorDelta },
  /** What of the configuration changed; the reader fetches anew what it shows. */
  config: {
    access: "signed_in",
    params: z.object({}),
    data: z.object({ revision }),
    delta: z.object({ revision, changes: z.array(configChange) }),
  },
} as const satisfies Record<string, TopicShape>;

interface TopicShape {
  readonly access: RouteAccess;
  readonly params: z.ZodType;
  readonly data: z.ZodType;
  readonly delta: z.ZodType;
}

export type TopicName = keyof typeof topics;
export const TOPIC_NAMES = Object.keys(topics) as readonly TopicName[];
export type TopicData<T extends TopicName> = z.output<(typeof topics)[T]["data"]>;
export type TopicDelta<T extends TopicName> = z.output<(typeof topics)[T]["delta"]>;

const topicName = z.enum(TOPIC_NAMES as [TopicName, ...TopicName[]]);

/** From the browser. `sub` is the subscriber's own word for the subscription, echoed in every message of it. */
export const clientMessage = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("subscribe"),
    sub: z.string().min(1).max(64),
    topic: topicName,
    params: z.record(z.string(), z.unknown()).optional(),
  }),
  z.object({ type: z.literal("unsubscribe"), sub: z.string().min(1).max(64) }),
  /** Asks for a fresh snapshot, after a gap. */
  z.object({ type: z.literal("refresh"), sub: z.string().min(1).max(64) }),
  z.object({ type: z.literal("ping") }),
]);
export type ClientMessage = z.output<typeof clientMessage>;

const numbered = { sub: z.string(), topic: topicName, epoch: z.int(), n: z.int() };

/** From the server. A snapshot has the number `n`; the delta after it `n + 1`. Another epoch or a gap asks for a refresh. */
export const serverMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("snapshot"), ...numbered, data: z.unknown() }),
  z.object({ type: z.literal("delta"), ...numbered, data: z.unknown() }),
  z.object({ type: z.literal("problem"), sub: z.string().optional(), problem }),
  /** `now` is the server's clock, by which screens count. */
  z.object({ type: z.literal("pong"), epoch: z.int(), now: instant }),
]);
export type ServerMessage = z.output<typeof serverMessage>;

/** The whole after a change. Does not touch what it is given. */
export function applyDelta<T extends TopicName>(
  topic: T,
  data: TopicData<T>,
  delta: TopicDelta<T>,
): TopicData<T> {
  return reducers[topic](data, delta);
}

const reducers: { readonly [T in TopicName]: (data: TopicData<T>, delta: TopicDelta<T>) => TopicData<T> } = {
  desk: (data, delta) => ({
    agent: delta.agent ?? data.agent,
    device: delta.device ?? data.device,
    calling: delta.calling ?? data.calling,
    contacts: delta.contacts ?? data.contacts,
    today: delta.today ?? data.today,
  }),
  floor: (data, delta) => ({
    date: delta.date ?? data.date,
    queues: merge(data.queues, delta.queues, delta.queuesGone),
    agents: merge(data.agents, delta.agents, delta.agentsGone),
    totals: delta.totals ?? data.totals,
  }),
  config: (_data, delta) => ({ revision: delta.revision }),
};

/** Rows with those of `changed` in the place of those with the same id (new ones last), without those of `gone`. */
function merge<Row extends { readonly id: string }>(
  rows: Row[],
  changed: readonly Row[] = [],
  gone: readonly string[] = [],
): Row[] {
  if (changed.length === 0 && gone.length === 0) return rows;
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const row of changed) byId.set(row.id, row);
  for (const rowId of gone) byId.delete(rowId);
  return [...byId.values()];
}
