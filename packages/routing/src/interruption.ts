import type { Agent, Handling } from "./agent.ts";
import type { Engine } from "./engine.ts";
import { enter } from "./handling.ts";
import { mediumBit, mediumIndex } from "./medium-bits.ts";
import type { ItemId, Medium } from "./model.ts";

/** What the medium interrupts gives way to it. */
export function setAside(engine: Engine, agent: Agent, medium: Medium, byItemId: ItemId): void {
  const gives = agent.capacity.interrupts[mediumIndex(medium)] as number;
  if (gives === 0) return;
  for (const handling of agent.handlings) {
    const { phase } = handling;
    if (phase === "wrap_up" || phase === "interrupted" || (gives & mediumBit(handling.medium)) === 0)
      continue;
    handling.asideFrom = phase;
    handling.asideBy = byItemId;
    enter(engine, agent, handling, "interrupted");
    const { itemId } = handling;
    engine.emit({ type: "item.interrupted", at: engine.now, itemId, agentId: agent.id, byItemId });
  }
}

/** Takes up again what nothing in hand interrupts any more; if nothing else is left to do, all of it. */
export function takeUpAgain(engine: Engine, agent: Agent): void {
  if (agent.aside === 0) return;
  const before = agent.aside;
  for (const handling of agent.handlings) {
    if (handling.phase === "interrupted" && !isInterrupted(agent, handling)) {
      takeUp(engine, agent, handling);
    }
  }
  if (agent.aside < before || agent.aside < agent.handlings.length) return;
  for (const handling of agent.handlings) takeUp(engine, agent, handling);
}

function isInterrupted(agent: Agent, { medium }: Handling): boolean {
  const by = agent.capacity.interruptedBy[mediumIndex(medium)] as number;
  for (const other of agent.handlings) if ((by & mediumBit(other.medium)) !== 0) return true;
  return false;
}

function takeUp(engine: Engine, agent: Agent, handling: Handling): void {
  const { itemId, asideFrom, asideBy } = handling;
  if (asideFrom === null || asideBy === null) return;
  handling.asideMs += engine.now - handling.since;
  handling.asideFrom = null;
  handling.asideBy = null;
  enter(engine, agent, handling, asideFrom);
  engine.emit({ type: "item.resumed", at: engine.now, itemId, agentId: agent.id, byItemId: asideBy });
}
