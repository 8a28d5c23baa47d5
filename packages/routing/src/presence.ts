import type { Agent, RestReason } from "./agent.ts";
import { isBusy } from "./agent-state.ts";
import type { Engine } from "./engine.ts";
import type { PresenceBy } from "./input.ts";
import type { Presence } from "./model.ts";

/** Stores a presence. State follows by derivation: work in hand comes first, new offers stop at once. */
export function setPresence(engine: Engine, agent: Agent, presence: Presence, by: PresenceBy): void {
  engine.touch(agent);
  if (presence.state === "available" && agent.presence.state !== "available") agent.idleSince = engine.now;
  agent.presence = presence;
  agent.presenceBy = by;
  engine.emit({
    type: "presence.changed",
    at: engine.now,
    agentId: agent.id,
    presence,
    by,
    pending: isBusy(agent),
  });
}

/** Not ready by the system, until the person chooses otherwise; whoever is on a break already stays on it. */
export function setSystemPresence(
  engine: Engine,
  agent: Agent,
  reason: "rona" | "refused" | "offer_failed",
): void {
  if (agent.presence.state !== "available") return;
  // paid, since nobody asked for a break
  setPresence(engine, agent, { state: "not_ready", reason, paid: true, productive: false }, "system");
}

/** The agent did not answer: not ready when that was once too often, else a rest. */
export function noteMiss(engine: Engine, agent: Agent): void {
  engine.touch(agent);
  agent.misses++;
  if (agent.misses >= engine.centre.missesAllowed) {
    setSystemPresence(engine, agent, "rona");
    return;
  }
  rest(engine, agent, "rona");
}

/** For a while the agent is offered nothing: after a miss, or an offer that failed by our own doing. */
export function rest(engine: Engine, agent: Agent, reason: RestReason): void {
  const { restAfterMissMs } = engine.centre;
  if (restAfterMissMs <= 0) return;
  engine.touch(agent);
  if (agent.rest) engine.timers.cancel(agent.rest);
  agent.rest = engine.timers.add(engine.now + restAfterMissMs, { kind: "rest", agent });
  agent.restReason = reason;
}

/** The agent is there: what was missed counts no longer. */
export function forgive(engine: Engine, agent: Agent): void {
  agent.misses = 0;
  if (agent.rest) engine.timers.cancel(agent.rest);
  agent.rest = null;
}

/** The rest is over. */
export function endRest(engine: Engine, agent: Agent): void {
  engine.touch(agent);
  agent.rest = null;
}
