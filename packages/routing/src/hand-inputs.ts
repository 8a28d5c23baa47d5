import type { Agent, Handling } from "./agent.ts";
import type { Engine } from "./engine.ts";
import { armWrapUp, endLivePart, endWrapUp, resumeFromWrapUp, startHandling } from "./handling.ts";
import type { Input } from "./input.ts";
import { takeOut } from "./item-inputs.ts";
import type { HandlingPhase } from "./model.ts";

type HandInput = Extract<
  Input,
  {
    readonly type: "item.assigned" | "item.phase_set" | "item.ended" | "wrapup.finished" | "wrapup.extended";
  }
>;

/** Items in an agent's hands. */
export function handleHandInput(engine: Engine, input: HandInput): void {
  const agent = engine.floor.agents.get(input.agentId);
  if (agent === undefined) {
    engine.ignore(input.type, "unknown_agent", input.agentId);
    return;
  }
  const handling = agent.handlings.find((h) => h.itemId === input.itemId);
  if (input.type === "item.assigned") {
    if (handling === undefined) assign(engine, agent, input);
    else if (handling.phase !== "wrap_up") engine.ignore(input.type, "already_assigned", input.itemId);
    else resume(engine, agent, handling, input.phase ?? "talking");
    return;
  }
  if (handling === undefined) {
    engine.ignore(input.type, "unknown_handling", input.itemId);
    return;
  }
  const inWrapUp = handling.phase === "wrap_up";
  switch (input.type) {
    case "item.phase_set":
      if (inWrapUp || handling.phase === input.phase) {
        engine.ignore(input.type, "no_change", input.itemId);
        return;
      }
      engine.touch(agent);
      handling.phase = input.phase;
      handling.since = engine.now;
      return;
    case "item.ended":
      if (inWrapUp) {
        engine.ignore(input.type, "no_change", input.itemId);
        return;
      }
      endLivePart(engine, agent, handling, input.wrapUp === "skip");
      return;
    case "wrapup.finished":
      if (!inWrapUp) {
        engine.ignore(input.type, "not_in_wrap_up", input.itemId);
        return;
      }
      endWrapUp(engine, agent, handling, "agent");
      return;
    case "wrapup.extended":
      if (!inWrapUp) {
        engine.ignore(input.type, "not_in_wrap_up", input.itemId);
        return;
      }
      extendWrapUp(engine, agent, handling, input.byMs);
      return;
  }
}

function assign(
  engine: Engine,
  agent: Agent,
  input: Extract<HandInput, { readonly type: "item.assigned" }>,
): void {
  const waiting = engine.floor.items.get(input.itemId);
  if (waiting) takeOut(engine, waiting, "assigned");
  const queue = input.queueId === undefined ? undefined : engine.floor.queues.get(input.queueId);
  startHandling(engine, agent, {
    itemId: input.itemId,
    medium: input.medium,
    queueId: input.queueId ?? null,
    phase: input.phase ?? "talking",
    wrapUp: input.wrapUp ?? queue?.config.wrapUp ?? { mode: "off" },
  });
}

/** The item comes back to the agent who wraps it up (a transfer that nobody took). */
function resume(
  engine: Engine,
  agent: Agent,
  handling: Handling,
  phase: Exclude<HandlingPhase, "wrap_up">,
): void {
  const waiting = engine.floor.items.get(handling.itemId);
  if (waiting) takeOut(engine, waiting, "assigned");
  resumeFromWrapUp(engine, agent, handling, phase);
}

function extendWrapUp(engine: Engine, agent: Agent, handling: Handling, byMs: number): void {
  if (handling.until === null) {
    engine.ignore("wrapup.extended", "no_limit", handling.itemId);
    return;
  }
  handling.until += byMs;
  armWrapUp(engine, agent, handling);
  engine.emit({
    type: "wrapup.extended",
    at: engine.now,
    agentId: agent.id,
    itemId: handling.itemId,
    until: handling.until,
  });
}
