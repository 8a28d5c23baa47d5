import type { AgentId } from "@svara/kernel";
import type { Agent } from "./agent.ts";
import { hasRoom } from "./capacity.ts";
import type { IgnoreCode } from "./decision.ts";
import type { Engine } from "./engine.ts";
import { explanation } from "./explanation.ts";
import type { Item } from "./line.ts";
import { makeOffer } from "./offers.ts";

/** An agent takes a waiting item by hand (RT69). */
export function pick(engine: Engine, item: Item, agentId: AgentId): void {
  const agent = engine.floor.agents.get(agentId);
  if (agent === undefined) {
    engine.ignore("item.picked", "unknown_agent", agentId);
    return;
  }
  const refused = refusal(item, agent);
  if (refused !== null) {
    engine.ignore("item.picked", refused, item.id);
    return;
  }
  makeOffer(engine, item, agent, explanation(engine, item, "picked", agent));
}

function refusal(item: Item, agent: Agent): IgnoreCode | null {
  const { work, queue } = item;
  if (!agent.loggedIn || agent.leaving || agent.retired) return "not_allowed";
  if (!agent.config.pickQueueIds?.includes(queue.id)) return "not_allowed";
  if (item.offer !== null || item.dormantUntil !== null) return "not_allowed";
  if (work.onlyAgentId !== undefined && work.onlyAgentId !== agent.id) return "not_allowed";
  return agent.offer !== null || !hasRoom(agent, work.medium) ? "no_capacity" : null;
}
