import type { Agent, Handling } from "./agent.ts";
import type { Engine } from "./engine.ts";
import { dropHandling } from "./handling.ts";
import { homeOf } from "./home.ts";
import { forgive } from "./presence.ts";
import { enterAgain } from "./waiting-state.ts";
import { endWrapUp } from "./wrap-up.ts";

/** The agent leaves at the end of this step, or of the one in which the work in hand ends. */
export function leave(engine: Engine, agent: Agent): void {
  engine.touch(agent);
  stopGrace(engine, agent);
  agent.leaving = true;
}

/** Logs an agent out whose work in hand has ended; neither a wrap-up nor work set aside holds the person back. */
export function leaveIfDone(engine: Engine, agent: Agent): void {
  if (!agent.leaving) return;
  for (const handling of agent.handlings) if (holdsBack(handling)) return;
  agent.leaving = false;
  agent.loggedIn = false;
  agent.connected = true;
  stopGrace(engine, agent);
  forgive(engine, agent);
  for (const handling of [...agent.handlings]) {
    if (handling.phase === "wrap_up") endWrapUp(engine, agent, handling, "logout");
    else giveBackWork(engine, agent, handling);
  }
}

function holdsBack({ phase, waiting }: Handling): boolean {
  return phase !== "wrap_up" && (phase !== "interrupted" || waiting === null);
}

/** A log-out is on its way, or the connection is back: the router need not log the agent out any more. */
export function stopGrace(engine: Engine, agent: Agent): void {
  if (agent.grace) engine.timers.cancel(agent.grace);
  agent.grace = null;
}

/** Work set aside waits for this agent at its old place. */
function giveBackWork(engine: Engine, agent: Agent, handling: Handling): void {
  dropHandling(engine, agent, handling);
  const { waiting } = handling;
  if (waiting === null || engine.floor.items.has(waiting.work.id)) return;
  const { id: itemId, queueId, queuedAt, handledBy = [] } = waiting.work;
  if (homeOf(engine, waiting.work) !== undefined) {
    engine.emit({ type: "item.returned", at: engine.now, itemId, queueId, queuedAt });
  }
  const work = { ...waiting.work, preferredAgentId: agent.id, handledBy: [...handledBy, agent.id] };
  enterAgain(engine, { ...waiting, work });
}
