import { type Agent, mediumBit } from "./agent.ts";
import type { Engine } from "./engine.ts";
import { leaveIfDone } from "./handling.ts";
import type { Input } from "./input.ts";
import type { Presence } from "./model.ts";
import { withdrawFromAgent } from "./offers.ts";
import { setPresence } from "./presence.ts";

type AgentInput = Extract<Input, { readonly type: `agent.${string}` }>;

/** What a person, the system for a person, or an endpoint says. */
export function handleAgentInput(engine: Engine, input: AgentInput): void {
  const agent = engine.floor.agents.get(input.agentId);
  if (agent === undefined) {
    engine.ignore(input.type, "unknown_agent", input.agentId);
    return;
  }
  switch (input.type) {
    case "agent.logged_in":
      logIn(engine, agent, input.presence);
      return;
    case "agent.logged_out":
      if (!agent.loggedIn) {
        engine.ignore(input.type, "not_logged_in", agent.id);
        return;
      }
      engine.touch(agent);
      withdrawFromAgent(engine, agent, "agent_logged_out");
      agent.leaving = true;
      leaveIfDone(engine, agent);
      return;
    case "agent.presence_set":
      if (!agent.loggedIn) {
        engine.ignore(input.type, "not_logged_in", agent.id);
        return;
      }
      if (samePresence(agent.presence, input.presence)) {
        engine.ignore(input.type, "no_change", agent.id);
        return;
      }
      setPresence(engine, agent, input.presence, input.by ?? "agent");
      if (input.presence.state !== "available") withdrawFromAgent(engine, agent, "agent_not_ready");
      return;
    case "agent.reachable": {
      const bit = mediumBit(input.medium);
      if (((agent.reachable & bit) !== 0) === input.reachable) {
        engine.ignore(input.type, "no_change", agent.id);
        return;
      }
      engine.touch(agent);
      agent.reachable ^= bit;
      if (!input.reachable && agent.offer?.item.work.medium === input.medium) {
        withdrawFromAgent(engine, agent, "agent_unreachable");
      }
      return;
    }
    case "agent.busy_other":
      if (agent.busyOther === input.busy) {
        engine.ignore(input.type, "no_change", agent.id);
        return;
      }
      engine.touch(agent);
      agent.busyOther = input.busy;
      if (input.busy) withdrawFromAgent(engine, agent, "agent_busy");
      else agent.idleSince = engine.now;
      return;
  }
}

/** A second log-in of one who is about to leave means: stay. */
function logIn(engine: Engine, agent: Agent, presence: Presence): void {
  if (agent.retired) {
    engine.ignore("agent.logged_in", "unknown_agent", agent.id);
    return;
  }
  if (agent.loggedIn && !agent.leaving) {
    engine.ignore("agent.logged_in", "already_logged_in", agent.id);
    return;
  }
  engine.touch(agent);
  agent.loggedIn = true;
  agent.leaving = false;
  agent.idleSince = engine.now;
  setPresence(engine, agent, presence, "agent");
}

function samePresence(a: Presence, b: Presence): boolean {
  if (a.state === "available" || b.state === "available") return a.state === b.state;
  return a.reason === b.reason && a.paid === b.paid && a.productive === b.productive;
}
