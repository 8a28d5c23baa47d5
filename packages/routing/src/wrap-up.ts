import type { Instant } from "@svara/kernel";
import type { Agent, Handling } from "./agent.ts";
import type { Decision } from "./decision.ts";
import type { Engine } from "./engine.ts";
import { armWrapUp, dropHandling, enter, finishHandling, isLeased, livePhase } from "./handling.ts";

/** The live part is over: wrap-up by the rule of the queue as it is now, or as it was when the queue is gone. */
export function endLivePart(engine: Engine, agent: Agent, handling: Handling, skipWrapUp: boolean): void {
  engine.touch(agent);
  if (isLeased(livePhase(handling))) {
    dropHandling(engine, agent, handling);
    return;
  }
  const queue = handling.queueId === null ? undefined : engine.floor.queues.get(handling.queueId);
  const rule = queue?.config.wrapUp ?? handling.wrapUp;
  const isWanted = rule.mode !== "off" && (rule.mode !== "requested" || handling.wrapUpWanted);
  if (skipWrapUp || !isWanted || !agent.loggedIn || agent.leaving) {
    finishHandling(engine, agent, handling);
    return;
  }
  handling.until = rule.limitMs === undefined ? null : engine.now + rule.limitMs;
  handling.forced = rule.mode === "timed_forced";
  enter(engine, agent, handling, "wrap_up");
  engine.emit({
    type: "wrapup.started",
    at: engine.now,
    agentId: agent.id,
    itemId: handling.itemId,
    queueId: handling.queueId,
    until: handling.until,
  });
}

/** A limited wrap-up ends later. */
export function extendWrapUp(engine: Engine, agent: Agent, handling: Handling, until: Instant): void {
  handling.until = until;
  armWrapUp(engine, agent, handling);
  engine.emit({
    type: "wrapup.extended",
    at: engine.now,
    agentId: agent.id,
    itemId: handling.itemId,
    until,
  });
}

type WrapUpEnded = Extract<Decision, { readonly type: "wrapup.ended" }>;
/** Who ended a wrap-up. */
type WrapUpEnd = WrapUpEnded["by"];

/** Ends a wrap-up, by whomever. */
export function endWrapUp(engine: Engine, agent: Agent, handling: Handling, by: WrapUpEnd): void {
  engine.touch(agent);
  engine.emit(wrapUpEnded(engine, agent, handling, by));
  finishHandling(engine, agent, handling);
}

/** Ends every wrap-up of the agent, forced ones too. */
export function endWrapUps(engine: Engine, agent: Agent, by: WrapUpEnd): void {
  for (const handling of [...agent.handlings]) {
    if (handling.phase === "wrap_up") endWrapUp(engine, agent, handling, by);
  }
}

/** What is told of a wrap-up that is over. */
export function wrapUpEnded(engine: Engine, agent: Agent, handling: Handling, by: WrapUpEnd): WrapUpEnded {
  return {
    type: "wrapup.ended",
    at: engine.now,
    agentId: agent.id,
    itemId: handling.itemId,
    queueId: handling.queueId,
    by,
    durationMs: engine.now - handling.since,
  };
}
