import type { Agent } from "./agent.ts";
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

/** Not ready by the system, until the person chooses otherwise: paid, since nobody asked for a break. */
export function systemPresence(reason: "rona" | "refused" | "offer_failed"): Presence {
  return { state: "not_ready", reason, paid: true, productive: false };
}
