import type { AgentId, QueueId } from "@svara/kernel";
import { Agent } from "./agent.ts";
import { capacityTable } from "./capacity.ts";
import type { Engine } from "./engine.ts";
import type { Floor } from "./floor.ts";
import { handBack } from "./home.ts";
import type { Input } from "./input.ts";
import { armItem } from "./item-clock.ts";
import { leave } from "./leaving.ts";
import { compareItems, Queue } from "./line.ts";
import type { AgentConfig, QueueConfig } from "./model.ts";
import { withdrawFromAgent } from "./offers.ts";
import { areSoundRules, isSoundAgent, isSoundQueue } from "./sound-input.ts";
import { ringAgain, unstand } from "./standing.ts";
import { standAgain, underRules } from "./waiting.ts";

type ConfigInput = Extract<Input, { readonly type: `config.${string}` }>;

/** Configuration that changes while contacts wait; nobody loses the place. */
export function handleConfigInput(engine: Engine, input: ConfigInput): void {
  const unsound = unsoundId(input);
  if (unsound !== null) {
    engine.ignore(input.type, "not_allowed", unsound);
    return;
  }
  switch (input.type) {
    case "config.queue_set":
      setQueue(engine, input.queue);
      break;
    case "config.queue_removed":
      if (!removeQueue(engine, input.queueId)) return;
      break;
    case "config.agent_set":
      setAgent(engine, input.agent);
      break;
    case "config.agent_removed":
      if (!removeAgent(engine, input.agentId)) return;
      break;
    case "config.rules_set":
      engine.centre = { ...engine.centre, ...input.rules };
      break;
  }
  engine.rules = input.revision ?? engine.rules;
}

/** The id of a configuration that lacks what the engine reckons with. */
function unsoundId(input: ConfigInput): string | null {
  switch (input.type) {
    case "config.queue_set":
      return isSoundQueue(input.queue) ? null : input.queue.id;
    case "config.agent_set":
      return isSoundAgent(input.agent) ? null : input.agent.id;
    case "config.rules_set":
      return areSoundRules(input.rules) ? null : "rules";
    default:
      return null;
  }
}

function setQueue(engine: Engine, config: QueueConfig): void {
  const { floor } = engine;
  let queue = floor.queues.get(config.id);
  if (queue === undefined) {
    queue = new Queue(config);
  } else {
    changeQueue(engine, queue, config);
  }
  addQueue(floor, queue);
}

/** Puts a queue, new or changed, onto the floor. */
export function addQueue(floor: Floor, queue: Queue): void {
  const { id, blend, media } = queue.config;
  floor.queues.set(id, queue);
  floor.layout++;
  if (blend === undefined) floor.blended.delete(queue);
  else floor.blended.add(queue);
  for (const medium of media) floor.classOf(queue, medium); // so that it is known who can serve it
}

/** RT36: its items stand again by the new rules, each at its place. Those that ring do so when they come back. */
function changeQueue(engine: Engine, queue: Queue, config: QueueConfig): void {
  const items = [...queue.everything()].sort(compareItems);
  for (const item of items) {
    if (item.offer) queue.offered.remove(item);
    else unstand(engine, item);
  }
  engine.floor.dropClasses(queue);
  queue.configure(config);
  for (const item of items) {
    underRules(item);
    if (item.offer === null) {
      standAgain(engine, item);
    } else {
      ringAgain(engine, item);
      armItem(engine, item); // it ages while it rings
    }
  }
}

function removeQueue(engine: Engine, queueId: QueueId): boolean {
  const { floor } = engine;
  const queue = floor.queues.get(queueId);
  if (queue === undefined) {
    engine.ignore("config.queue_removed", "unknown_queue", queueId);
    return false;
  }
  handBack(engine, [...queue.everything()].sort(compareItems), "queue_removed");
  floor.dropClasses(queue);
  floor.queues.delete(queue.id);
  floor.blended.delete(queue);
  engine.forgetHands(queue.id);
  return true;
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
  agent.isChanged = true;
  agent.config = config;
  agent.capacity = capacityTable(config.capacity);
  agent.retired = false;
  floor.place(agent, set);
}

function removeAgent(engine: Engine, agentId: AgentId): boolean {
  const agent = engine.floor.agents.get(agentId);
  if (agent === undefined) {
    engine.ignore("config.agent_removed", "unknown_agent", agentId);
    return false;
  }
  engine.touch(agent);
  const own = [...engine.floor.items.values()].filter(({ work }) => work.onlyAgentId === agentId);
  handBack(engine, own.sort(compareItems), "agent_removed");
  withdrawFromAgent(engine, agent, "agent_removed");
  agent.retired = true;
  if (agent.loggedIn) leave(engine, agent);
  return true;
}
