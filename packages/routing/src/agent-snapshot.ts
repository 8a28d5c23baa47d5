import type { AgentId, Instant } from "@svara/kernel";
import { Agent, type Due, type Handling, type RestReason } from "./agent.ts";
import type { Engine } from "./engine.ts";
import { handlingOf, restoreHandling } from "./handling.ts";
import type { PresenceBy } from "./input.ts";
import type { AgentConfig, AgentState, ItemId, Presence } from "./model.ts";
import type { Offer } from "./offer.ts";
import { stateOf } from "./waiting-state.ts";

/** An agent with all that it holds, as plain JSON; what can be counted again is not in it. */
export interface AgentSnapshot {
  readonly config: AgentConfig;
  readonly loggedIn: boolean;
  readonly leaving: boolean;
  readonly retired: boolean;
  readonly presence: Presence;
  readonly presenceBy: PresenceBy;
  readonly reachable: number;
  readonly connected: boolean;
  readonly busyOther: boolean;
  readonly misses: number;
  readonly restReason: RestReason;
  readonly idleSince: Instant;
  readonly occupancy: number;
  readonly lastOfferSeq: number;
  readonly state: AgentState;
  readonly stateReason: string | null;
  readonly stateItemId: ItemId | null;
  readonly stateSince: Instant;
  readonly loggedInAt: Instant;
  readonly workMs: number;
  readonly handlings: readonly HandlingSnapshot[];
}

/** A piece of work in hand. */
type HandlingSnapshot = Omit<Handling, "timer" | "hands">;

/** A timer of an agent. */
export type AgentTimerSnapshot =
  | {
      readonly due: Instant;
      readonly place: number;
      readonly kind: "wrap_up" | "lease";
      readonly agentId: AgentId;
      readonly itemId: ItemId;
    }
  | {
      readonly due: Instant;
      readonly place: number;
      readonly kind: "rest" | "grace";
      readonly agentId: AgentId;
    };

type AgentDue = Exclude<Extract<Due, { readonly agent: Agent }>, Offer>;

export function agentSnapshot(agent: Agent): AgentSnapshot {
  return {
    config: agent.config,
    loggedIn: agent.loggedIn,
    leaving: agent.leaving,
    retired: agent.retired,
    presence: agent.presence,
    presenceBy: agent.presenceBy,
    reachable: agent.reachable,
    connected: agent.connected,
    busyOther: agent.busyOther,
    misses: agent.misses,
    restReason: agent.restReason,
    idleSince: agent.idleSince,
    occupancy: agent.occupancy,
    lastOfferSeq: agent.lastOfferSeq,
    state: agent.state,
    stateReason: agent.stateReason,
    stateItemId: agent.stateItemId,
    stateSince: agent.stateSince,
    loggedInAt: agent.loggedInAt,
    workMs: agent.workMs,
    handlings: agent.handlings.map(({ timer: _timer, hands: _hands, waiting, ...saved }) => {
      return { ...saved, waiting: waiting && stateOf(waiting) };
    }),
  };
}

export function agentTimerSnapshot(due: Instant, place: number, value: AgentDue): AgentTimerSnapshot {
  const { kind, agent } = value;
  if (kind === "rest" || kind === "grace") return { due, place, kind, agentId: agent.id };
  return { due, place, kind, agentId: agent.id, itemId: value.handling.itemId };
}

export function restoreAgent(engine: Engine, saved: AgentSnapshot): void {
  const { config, handlings, ...facts } = saved;
  const set = engine.floor.setOf(config);
  const agent = new Agent(config, set);
  Object.assign(agent, facts);
  for (const handling of handlings) restoreHandling(engine, agent, handling);
  engine.floor.agents.set(config.id, agent);
  engine.floor.place(agent, set);
}

/** Arms a timer anew; false: the snapshot does not hold what it is for. */
export function restoreAgentTimer(engine: Engine, saved: AgentTimerSnapshot): boolean {
  const agent = engine.floor.agents.get(saved.agentId);
  if (agent === undefined) return false;
  switch (saved.kind) {
    case "rest":
      agent.rest = engine.timers.add(saved.due, { kind: "rest", agent }, saved.place);
      return true;
    case "grace":
      agent.grace = engine.timers.add(saved.due, { kind: "grace", agent }, saved.place);
      return true;
    default: {
      const handling = handlingOf(agent, saved.itemId);
      if (handling === undefined) return false;
      handling.timer = engine.timers.add(saved.due, { kind: saved.kind, agent, handling }, saved.place);
      return true;
    }
  }
}
