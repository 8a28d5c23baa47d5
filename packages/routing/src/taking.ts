import type { Agent, Handling, LivePhase } from "./agent.ts";
import type { Engine } from "./engine.ts";
import { addHandling, enter, type Taken } from "./handling.ts";
import { setAside } from "./interruption.ts";
import { wrapUpEnded } from "./wrap-up.ts";

/** An item comes into an agent's hands, and what it interrupts is set aside (RT52). */
export function take(engine: Engine, agent: Agent, taken: Taken): void {
  setAside(engine, agent, taken.medium, taken.itemId);
  addHandling(engine, agent, taken);
}

/** Takes an agent from the wrap-up of an item back to work on it; the limit no longer counts. */
export function takeBack(engine: Engine, agent: Agent, handling: Handling, phase: LivePhase): void {
  engine.touch(agent);
  setAside(engine, agent, handling.medium, handling.itemId);
  engine.emit(wrapUpEnded(engine, agent, handling, "resumed"));
  handling.until = null;
  handling.forced = false;
  enter(engine, agent, handling, phase);
}
