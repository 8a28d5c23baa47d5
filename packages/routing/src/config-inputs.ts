import type { AgentId } from "@svara/kernel";
import { Agent } from "./agent.ts";
import { capacityTable } from "./capacity.ts";
import type { Engine } from "./engine.ts";
import { leaveIfDone } from "./handling.ts";
import type { Input } from "./input.ts";
import { compareItems, expectedHandleMs, type Item, type Line, Queue } from "./line.ts";
import type { AgentConfig, QueueConfig } from "./model.ts";
import { withdrawFromAgent, withdrawOffer } from "./offers.ts";
import { agentStrategy } from "./strategies/registry.ts";

type ConfigInput = Extract<Input, { readonly type: `config.${string}` }>;

/** Configuration that changes while contacts wait; nobody loses the place. */
export function handleConfigInput(engine: Engine, input: ConfigInput): void {
  engine.rules = input.revision ?? engine.rules + 1;
  switch (input.type) {
    case "config.queue_set":
      setQueue(engine, input.queue);
      return;
    case "config.queue_removed":
      removeQueue(engine, input);
      return;
    case "config.agent_set":
      setAgent(engine, input.agent);
      return;
    case "config.agent_removed":
      removeAgent(engine, input.agentId);
      return;
  }
}

function setQueue(engine: Engine, config: QueueConfig): void {
  const { floor } = engine;
  const queue = floor.queues.get(config.id);
  if (queue === undefined) {
    floor.queues.set(config.id, new Queue(config));
    return;
  }
  const items = [...queue.offered];
  for (const work of queue.classes.values()) items.push(...work.items);
  for (const item of items) lineOf(item).remove(item);
  queue.config = config;
  queue.strategy = agentStrategy(config.agentStrategy);
  if (queue.handled === 0) queue.meanHandleMs = expectedHandleMs(config);
  floor.keepClasses(queue, new Set(items.map((item) => item.workClass)));
  for (const item of items) {
    item.priority = item.work.priority ?? config.priority;
    lineOf(item).add(item);
    if (item.offer === null) engine.markDirty(item.workClass);
  }
}

function lineOf(item: Item): Line {
  return item.offer ? item.workClass.queue.offered : item.workClass.items;
}

function removeQueue(
  engine: Engine,
  input: Extract<ConfigInput, { readonly type: "config.queue_removed" }>,
): void {
  const { floor } = engine;
  const queue = floor.queues.get(input.queueId);
  if (queue === undefined) {
    engine.ignore(input.type, "unknown_queue", input.queueId);
    return;
  }
  const items = [...queue.offered];
  for (const item of items) if (item.offer) withdrawOffer(engine, item.offer, "queue_removed");
  for (const work of queue.classes.values()) {
    items.push(...work.items);
    floor.unlink(work);
  }
  floor.queues.delete(queue.id);
  for (const item of items.sort(compareItems)) {
    floor.items.delete(item.id);
    engine.emit({
      type: "item.orphaned",
      at: engine.now,
      itemId: item.id,
      queueId: queue.id,
      queuedAt: item.queuedAt,
    });
  }
}

function setAgent(engine: Engine, config: AgentConfig): void {
  const { floor } = engine;
  const known = floor.agents.get(config.id);
  const set = floor.setOf(config);
  const agent = known ?? new Agent(config, set);
  if (known === undefined) {
    floor.agents.set(config.id, agent);
    agent.stateSince = engine.now;
  }
  engine.touch(agent);
  agent.config = config;
  agent.capacity = capacityTable(config.capacity);
  agent.retired = false;
  floor.place(agent, set);
}

function removeAgent(engine: Engine, agentId: AgentId): void {
  const agent = engine.floor.agents.get(agentId);
  if (agent === undefined) {
    engine.ignore("config.agent_removed", "unknown_agent", agentId);
    return;
  }
  engine.touch(agent);
  withdrawFromAgent(engine, agent, "agent_removed");
  agent.retired = true;
  agent.leaving = agent.loggedIn;
  leaveIfDone(engine, agent);
}
