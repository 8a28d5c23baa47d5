import type { Agent } from "./agent.ts";
import type { Engine } from "./engine.ts";
import type { Input } from "./input.ts";
import { leave, stopGrace } from "./leaving.ts";
import { mediumBit } from "./medium-bits.ts";
import type { Presence } from "./model.ts";
import { withdrawFromAgent } from "./offers.ts";
import { forgive, setPresence } from "./presence.ts";
import { endWrapUps } from "./wrap-up.ts";

type AgentInput = Extract<Input, { readonly type: `agent.${string}` }>;
type InputOf<T extends AgentInput["type"]> = Extract<AgentInput, { readonly type: T }>;

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
    case "agent.reachable":
      setReachable(engine, agent, input);
      return;
    case "agent.busy_other":
      setBusyOther(engine, agent, input.busy);
      return;
  }
  if (!agent.loggedIn) {
    engine.ignore(input.type, "not_logged_in", agent.id);
    return;
  }
  switch (input.type) {
    case "agent.logged_out":
      withdrawFromAgent(engine, agent, "agent_logged_out");
      leave(engine, agent);
      return;
    case "agent.presence_set":
      choosePresence(engine, agent, input);
      return;
    case "agent.state_forced":
      force(engine, agent, input.presence);
      return;
    case "agent.connection":
      setConnected(engine, agent, input.connected);
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
  if (!agent.loggedIn) {
    agent.loggedIn = true;
    agent.loggedInAt = engine.now;
    agent.workMs = 0;
  }
  agent.leaving = false;
  agent.connected = true;
  agent.idleSince = engine.now;
  forgive(engine, agent);
  setPresence(engine, agent, presence, "agent");
}

function choosePresence(engine: Engine, agent: Agent, input: InputOf<"agent.presence_set">): void {
  if (samePresence(agent.presence, input.presence) && agent.rest === null) {
    engine.ignore(input.type, "no_change", agent.id);
    return;
  }
  forgive(engine, agent);
  setPresence(engine, agent, input.presence, input.by ?? "agent");
  if (input.presence.state !== "available") withdrawFromAgent(engine, agent, "agent_not_ready");
}

/** What a supervisor says holds at once, save for live work, which goes on. */
function force(engine: Engine, agent: Agent, presence: Presence | null): void {
  withdrawFromAgent(engine, agent, "supervisor");
  forgive(engine, agent);
  endWrapUps(engine, agent, "supervisor");
  if (presence === null) leave(engine, agent);
  else setPresence(engine, agent, presence, "supervisor");
}

function setConnected(engine: Engine, agent: Agent, connected: boolean): void {
  if (agent.connected === connected) {
    engine.ignore("agent.connection", "no_change", agent.id);
    return;
  }
  engine.touch(agent);
  agent.connected = connected;
  if (connected) {
    stopGrace(engine, agent);
    return;
  }
  withdrawFromAgent(engine, agent, "connection_lost");
  if (agent.leaving) return;
  agent.grace = engine.timers.add(engine.now + engine.centre.connectionGraceMs, { kind: "grace", agent });
}

/** The connection did not come back in time. */
export function dropAgent(engine: Engine, agent: Agent): void {
  agent.grace = null;
  engine.emit({ type: "agent.dropped", at: engine.now, agentId: agent.id });
  withdrawFromAgent(engine, agent, "agent_logged_out");
  leave(engine, agent);
}

function setReachable(engine: Engine, agent: Agent, input: InputOf<"agent.reachable">): void {
  const bit = mediumBit(input.medium);
  if (bit === 0) {
    engine.ignore(input.type, "not_allowed", agent.id);
    return;
  }
  if (((agent.reachable & bit) !== 0) === input.reachable) {
    engine.ignore(input.type, "no_change", agent.id);
    return;
  }
  engine.touch(agent);
  agent.reachable ^= bit;
  if (!input.reachable && agent.offer?.item.work.medium === input.medium) {
    withdrawFromAgent(engine, agent, "agent_unreachable");
  }
}

function setBusyOther(engine: Engine, agent: Agent, busy: boolean): void {
  if (agent.busyOther === busy) {
    engine.ignore("agent.busy_other", "no_change", agent.id);
    return;
  }
  engine.touch(agent);
  agent.busyOther = busy;
  if (busy) withdrawFromAgent(engine, agent, "agent_busy");
  else agent.idleSince = engine.now;
}

function samePresence(a: Presence, b: Presence): boolean {
  if (a.state === "available" || b.state === "available") return a.state === b.state;
  return a.reason === b.reason && a.paid === b.paid && a.productive === b.productive;
}
