import type { Instant } from "@svara/kernel";
import type { Due } from "./agent.ts";
import { dropAgent, handleAgentInput } from "./agent-inputs.ts";
import { expireLease } from "./attempts.ts";
import { handleConfigInput } from "./config-inputs.ts";
import type { Engine } from "./engine.ts";
import { handleHandInput } from "./hand-inputs.ts";
import type { Input } from "./input.ts";
import { handleLineInput } from "./item-inputs.ts";
import { handleOfferInput, timeOutOffer } from "./offers.ts";
import { endRest } from "./presence.ts";
import { itemDue } from "./waiting.ts";
import { endWrapUp } from "./wrap-up.ts";

const LAST_INSTANT = 8.64e15; // of the calendar (ECMA-262, 21.4.1.1)

/** Fires what is due up to `at`, each timer at its own instant and as a step of its own; then it is `at`. */
export function fireDue(engine: Engine, at: Instant): void {
  // a clock that was set back, or tells no instant, holds up nothing that is due
  const until = at > engine.now && at <= LAST_INSTANT ? at : engine.now;
  for (let timer = engine.timers.popDue(until); timer; timer = engine.timers.popDue(until)) {
    engine.now = Math.max(engine.now, timer.due);
    engine.fired++;
    act(engine, timer.value);
    engine.endStep();
  }
  engine.now = until;
}

function act(engine: Engine, due: Due): void {
  switch (due.kind) {
    case "offer":
      timeOutOffer(engine, due);
      return;
    case "wrap_up":
      endWrapUp(engine, due.agent, due.handling, "timeout");
      return;
    case "lease":
      expireLease(engine, due.agent, due.handling);
      return;
    case "rest":
      endRest(engine, due.agent);
      return;
    case "grace":
      dropAgent(engine, due.agent);
      return;
    case "item":
      itemDue(engine, due.item);
      return;
    case "held_back":
      engine.heldBackTimer = null; // the end of the step looks again
      return;
  }
}

/** Lets an input change the floor. */
export function applyInput(engine: Engine, input: Exclude<Input, { readonly type: "tick" }>): void {
  switch (input.type) {
    case "config.queue_set":
    case "config.queue_removed":
    case "config.agent_set":
    case "config.agent_removed":
    case "config.rules_set":
      handleConfigInput(engine, input);
      return;
    case "agent.logged_in":
    case "agent.logged_out":
    case "agent.presence_set":
    case "agent.reachable":
    case "agent.busy_other":
    case "agent.state_forced":
    case "agent.connection":
      handleAgentInput(engine, input);
      return;
    case "item.queued":
    case "item.withdrawn":
    case "item.moved":
    case "item.facts_set":
    case "item.picked":
    case "item.escalated":
    case "callback.requested":
      handleLineInput(engine, input);
      return;
    case "offer.accepted":
    case "offer.refused":
    case "offer.failed":
      handleOfferInput(engine, input);
      return;
    case "item.assigned":
    case "item.phase_set":
    case "item.ended":
    case "wrapup.requested":
    case "wrapup.finished":
    case "wrapup.extended":
    case "callback.attempted":
    case "crosssell.asked":
      handleHandInput(engine, input);
      return;
  }
}
