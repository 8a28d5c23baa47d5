import type { Instant } from "@svara/kernel";
import type { Agent } from "./agent.ts";
import type { Engine } from "./engine.ts";
import type { Floor } from "./floor.ts";
import { oldestIn, type Queue } from "./line.ts";
import { mediumBit } from "./medium-bits.ts";
import { type BlendRule, MEDIA, type Medium } from "./model.ts";
import type { SkillSet } from "./skill-set.ts";

/** Whether a blended queue may have an agent at this moment (RT56). */
export interface Gate {
  readonly state: "open" | "open_to_some" | "shut";
  lets(agent: Agent): boolean;
}

export const OPEN: Gate = { state: "open", lets: () => true };
const SHUT: Gate = { state: "shut", lets: () => false };

/** The gate of a queue; one without blending is always open. */
export function gateOf(engine: Engine, queue: Queue): Gate {
  const rule = queue.config.blend;
  if (rule === undefined) return OPEN;
  const guard = guardOf(engine, queue, rule);
  const { moves } = engine.floor;
  if (guard.gateAt !== moves || guard.gateNow !== engine.now) {
    guard.gate = askGate(engine, guard, rule);
    guard.gateAt = moves;
    guard.gateNow = engine.now;
  }
  return guard.gate;
}

function askGate(engine: Engine, guard: Guard, rule: BlendRule): Gate {
  if (!areServed(engine, guard.queues, rule)) return SHUT;
  if (rule.reserve === undefined || rule.reserve <= 0) return OPEN;
  const count = openCount(engine, guard);
  if (count > rule.reserve) return OPEN;
  if (count < rule.reserve) return SHUT;
  return {
    state: "open_to_some",
    lets: (agent) => (agent.openFor & mediaOf(engine.floor, guard, agent.set)) === 0,
  };
}

/** Agents open for one of the queue's media who may serve it and meet its own requirement; each counts once. */
export function openAgentsOf(engine: Engine, queue: Queue): number {
  return openCount(engine, newGuard(engine, [queue]));
}

/**
 * What a blended queue protects. It is worked out once for as long as queues and skill sets stay as they are, and the agents
 * are counted once for as long as none opens or shuts; the gate, which is asked several times in a step, holds until somebody
 * opens or shuts, an item comes or goes, or time passes.
 */
export interface Guard {
  readonly layout: number;
  readonly queues: readonly Queue[];
  /** By skill set, the media (`mediumBit`s) in which it serves a protected queue. */
  readonly media: Map<SkillSet, number>;
  /** The media of the protected queues. */
  readonly all: readonly Medium[];
  /** When its agents were counted, and how many there were: `Floor.openings`. */
  countedAt: number;
  count: number;
  /** When the gate was asked, and what it was: `Floor.moves`. */
  gateAt: number;
  gateNow: Instant;
  gate: Gate;
}

function guardOf(engine: Engine, queue: Queue, rule: BlendRule): Guard {
  if (queue.guard?.layout !== engine.floor.layout) {
    queue.guard = newGuard(engine, protectedBy(engine, queue, rule));
  }
  return queue.guard;
}

function newGuard({ floor }: Engine, queues: readonly Queue[]): Guard {
  const all = MEDIA.filter((medium) => queues.some(({ config }) => config.media.includes(medium)));
  return {
    layout: floor.layout,
    queues,
    media: new Map(),
    all,
    countedAt: -1,
    count: 0,
    gateAt: -1,
    gateNow: 0,
    gate: OPEN,
  };
}

function openCount({ floor }: Engine, guard: Guard): number {
  if (guard.countedAt === floor.openings) return guard.count;
  const open = new Set<SkillSet>();
  for (const medium of guard.all) for (const set of floor.openSets(medium)) open.add(set);
  let count = 0;
  for (const set of open) count += set.openCountOf(mediaOf(floor, guard, set));
  guard.countedAt = floor.openings;
  guard.count = count;
  return count;
}

function mediaOf(floor: Floor, guard: Guard, set: SkillSet): number {
  let bits = guard.media.get(set);
  if (bits !== undefined) return bits;
  bits = 0;
  for (const queue of guard.queues) {
    for (const medium of queue.config.media) {
      if (floor.classOf(queue, medium).servers.has(set)) bits |= mediumBit(medium);
    }
  }
  guard.media.set(set, bits);
  return bits;
}

function protectedBy(engine: Engine, queue: Queue, { protects }: BlendRule): Queue[] {
  const { queues } = engine.floor;
  if (protects !== undefined) return protects.flatMap((id) => queues.get(id) ?? []);
  return [...queues.values()].filter(
    (other) => other !== queue && (other.config.work ?? "inbound") === "inbound",
  );
}

/** Every threshold but the reserve. */
function areServed(engine: Engine, queues: readonly Queue[], rule: BlendRule): boolean {
  const { waitingAtMost, oldestAtMostMs, serviceLevelAtLeast } = rule;
  if (waitingAtMost !== undefined) {
    let waiting = 0;
    for (const queue of queues) waiting += queue.length;
    if (waiting > waitingAtMost) return false;
  }
  for (const queue of queues) {
    if (serviceLevelAtLeast !== undefined && (queue.service.share(engine.now) ?? 1) < serviceLevelAtLeast) {
      return false;
    }
    if (oldestAtMostMs === undefined || queue.length === 0) continue;
    for (const { items } of queue.classes.values()) {
      const oldest = oldestIn(items);
      if (oldest !== null && engine.now - oldest > oldestAtMostMs) return false;
    }
  }
  return true;
}

/** A threshold of a blend rule with what it is now. */
export interface BlendThreshold {
  readonly threshold: "reserve" | "waiting" | "oldest" | "service_level";
  readonly limit: number;
  /** Null: no contacts to speak of. */
  readonly is: number | null;
  /** `reserve` must be exceeded by the agent to be offered, if that one is open for protected work. */
  readonly isKept: boolean;
}

/** Every threshold that the queue's blending gives, in the order of the rule. */
export function thresholdsOf(engine: Engine, queue: Queue): BlendThreshold[] {
  const { blend } = queue.config;
  if (blend === undefined) return [];
  const guard = guardOf(engine, queue, blend);
  const guarded = guard.queues;
  const told: BlendThreshold[] = [];
  const { reserve, waitingAtMost, oldestAtMostMs, serviceLevelAtLeast } = blend;
  if (reserve !== undefined) {
    const open = openCount(engine, guard);
    told.push({ threshold: "reserve", limit: reserve, is: open, isKept: open > reserve });
  }
  if (waitingAtMost !== undefined) {
    const waiting = guarded.reduce((sum, { length }) => sum + length, 0);
    told.push({ threshold: "waiting", limit: waitingAtMost, is: waiting, isKept: waiting <= waitingAtMost });
  }
  if (oldestAtMostMs !== undefined) {
    const oldest = guarded.flatMap((each) => [...each.classes.values()].map(({ items }) => oldestIn(items)));
    const waits = oldest.filter((at) => at !== null).map((at) => engine.now - at);
    const is = waits.length === 0 ? null : Math.max(...waits);
    told.push({
      threshold: "oldest",
      limit: oldestAtMostMs,
      is,
      isKept: is === null || is <= oldestAtMostMs,
    });
  }
  if (serviceLevelAtLeast !== undefined) {
    const shares = guarded.map(({ service }) => service.share(engine.now)).filter((share) => share !== null);
    const is = shares.length === 0 ? null : Math.min(...shares);
    const isKept = is === null || is >= serviceLevelAtLeast;
    told.push({ threshold: "service_level", limit: serviceLevelAtLeast, is, isKept });
  }
  return told;
}
