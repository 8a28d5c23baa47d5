import type { Agent, Handling } from "./agent.ts";
import type { Engine } from "./engine.ts";
import { handlingOf } from "./handling.ts";
import type { Input } from "./input.ts";
import type { Queue } from "./line.ts";
import type { WorkItem } from "./model.ts";
import { enterAgain, newState } from "./waiting-state.ts";
import { endLivePart } from "./wrap-up.ts";

type Escalation = Extract<Input, { readonly type: "item.escalated" }>;

/** Gives an item in hand on to a higher tier, with all that is known of it (RT68). */
export function escalate(engine: Engine, input: Escalation): void {
  const { floor } = engine;
  const agent = floor.agents.get(input.agentId);
  if (agent === undefined) {
    engine.ignore(input.type, "unknown_agent", input.agentId);
    return;
  }
  const handling = handlingOf(agent, input.itemId);
  if (handling === undefined) {
    engine.ignore(input.type, "unknown_handling", input.itemId);
    return;
  }
  if (handling.phase === "wrap_up") {
    engine.ignore(input.type, "no_change", input.itemId);
    return;
  }
  if (floor.items.has(input.itemId)) {
    engine.ignore(input.type, "already_queued", input.itemId);
    return;
  }
  const queueId = input.queueId ?? handling.queueId ?? handling.waiting?.work.queueId;
  const queue = queueId === undefined ? undefined : floor.queues.get(queueId);
  if (queue === undefined) {
    engine.ignore(input.type, "unknown_queue", queueId ?? input.itemId);
    return;
  }
  const work = escalated(agent, handling, queue, input);
  const state = handling.waiting === null ? newState(work, queue) : { ...handling.waiting, work };
  endLivePart(engine, agent, handling, false);
  enterAgain(engine, state);
}

function escalated(agent: Agent, handling: Handling, queue: Queue, input: Escalation): WorkItem {
  const { tier, facts, requiredSkills } = input;
  const { itemId: id, medium, startedAt: queuedAt } = handling;
  const before = handling.waiting?.work ?? { id, medium, queuedAt, clientId: queue.config.clientId };
  const { preferredAgentId, onlyAgentId, callback, handledBy = [], ...kept } = { ...NO_WORDS, ...before };
  return {
    ...kept,
    queueId: queue.id,
    initiation: "transfer",
    tiers: [tier],
    ...(facts === undefined ? {} : { facts: { ...kept.facts, ...facts } }),
    ...(requiredSkills === undefined ? {} : { requiredSkills }),
    handledBy: [...handledBy, agent.id],
  };
}

const NO_WORDS: Partial<WorkItem> = {};
