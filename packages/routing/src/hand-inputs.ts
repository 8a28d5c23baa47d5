import type { Agent, Handling } from "./agent.ts";
import { type Attempted, handleAttempt } from "./attempts.ts";
import { answerCrossSell, type CrossSellAsked } from "./crosssell.ts";
import type { Engine } from "./engine.ts";
import { handlingOf, livePhase, setPhase } from "./handling.ts";
import type { Input } from "./input.ts";
import { takeOut } from "./item-inputs.ts";
import type { ItemId } from "./model.ts";
import { isFigureIfAny, isMedium } from "./sound-input.ts";
import { take, takeBack } from "./taking.ts";
import { endLivePart, endWrapUp, extendWrapUp } from "./wrap-up.ts";

type HandInput =
  | Attempted
  | CrossSellAsked
  | Extract<
      Input,
      {
        readonly type:
          | "item.assigned"
          | "item.phase_set"
          | "item.ended"
          | "wrapup.requested"
          | "wrapup.finished"
          | "wrapup.extended";
      }
    >;
type InputOf<T extends HandInput["type"]> = Extract<HandInput, { readonly type: T }>;

/** Items in an agent's hands. */
export function handleHandInput(engine: Engine, input: HandInput): void {
  const agent = engine.floor.agents.get(input.agentId);
  if (agent === undefined) {
    engine.ignore(input.type, "unknown_agent", input.agentId);
    return;
  }
  const handling = handlingOf(agent, input.itemId);
  if (input.type === "item.assigned") {
    assign(engine, agent, handling, input);
    return;
  }
  if (handling === undefined) {
    engine.ignore(input.type, "unknown_handling", input.itemId);
    return;
  }
  switch (input.type) {
    case "callback.attempted":
      handleAttempt(engine, agent, handling, input);
      return;
    case "crosssell.asked":
      answerCrossSell(engine, handling, input);
      return;
    case "wrapup.finished":
    case "wrapup.extended":
      handleWrapUp(engine, agent, handling, input);
      return;
  }
  if (handling.phase === "wrap_up") {
    engine.ignore(input.type, "no_change", input.itemId);
    return;
  }
  switch (input.type) {
    case "item.phase_set":
      if (livePhase(handling) === input.phase) engine.ignore(input.type, "no_change", input.itemId);
      else setPhase(engine, agent, handling, input.phase);
      return;
    case "item.ended":
      endLivePart(engine, agent, handling, input.wrapUp === "skip");
      return;
    case "wrapup.requested":
      if (handling.wrapUpWanted === input.wanted) engine.ignore(input.type, "no_change", input.itemId);
      else handling.wrapUpWanted = input.wanted;
      return;
  }
}

/** The agent's part in an item is over: `item.ended` with the wrap-up of its queue. */
export function endByHand(engine: Engine, itemId: ItemId, agent: Agent): void {
  const handling = handlingOf(agent, itemId);
  if (handling !== undefined && handling.phase !== "wrap_up") endLivePart(engine, agent, handling, false);
  else handleHandInput(engine, { type: "item.ended", itemId, agentId: agent.id }); // which says what is wrong
}

function handleWrapUp(
  engine: Engine,
  agent: Agent,
  handling: Handling,
  input: InputOf<"wrapup.finished" | "wrapup.extended">,
): void {
  if (handling.phase !== "wrap_up") {
    engine.ignore(input.type, "not_in_wrap_up", input.itemId);
  } else if (input.type === "wrapup.finished") {
    if (handling.forced) engine.ignore(input.type, "no_early_exit", input.itemId);
    else endWrapUp(engine, agent, handling, "agent");
  } else if (handling.until === null) {
    engine.ignore(input.type, "no_limit", input.itemId);
  } else if (!(input.byMs > 0)) {
    engine.ignore(input.type, "not_allowed", input.itemId);
  } else {
    extendWrapUp(engine, agent, handling, handling.until + input.byMs);
  }
}

/** Into the agent's hands without an offer; one who wraps the item up goes back to work on it (a transfer nobody took). */
function assign(
  engine: Engine,
  agent: Agent,
  handling: Handling | undefined,
  input: InputOf<"item.assigned">,
): void {
  if (handling !== undefined && handling.phase !== "wrap_up") {
    engine.ignore(input.type, "already_assigned", input.itemId);
    return;
  }
  const { wrapUp } = input;
  if (!isMedium(input.medium) || (wrapUp && wrapUp.mode !== "off" && !isFigureIfAny(wrapUp.limitMs))) {
    engine.ignore(input.type, "not_allowed", input.itemId);
    return;
  }
  const waiting = engine.floor.items.get(input.itemId);
  if (waiting) takeOut(engine, waiting, "assigned");
  const phase = input.phase ?? "talking";
  if (handling) {
    if (waiting) handling.waiting = waiting;
    takeBack(engine, agent, handling, phase);
    return;
  }
  const queue = input.queueId === undefined ? undefined : engine.floor.queues.get(input.queueId);
  take(engine, agent, {
    itemId: input.itemId,
    medium: input.medium,
    queueId: input.queueId ?? null,
    phase,
    wrapUp: input.wrapUp ?? queue?.config.wrapUp ?? { mode: "off" },
    waiting: waiting ?? null,
    attempt: 0,
  });
}
