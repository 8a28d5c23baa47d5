import type { QueueId } from "@svara/kernel";
import type { Agent, Handling } from "./agent.ts";
import type { Decision } from "./decision.ts";
import type { Engine } from "./engine.ts";
import type { HandlingPhase, ItemId, Medium, WrapUpRule } from "./model.ts";

/** Puts an item into an agent's hands. */
export function startHandling(
  engine: Engine,
  agent: Agent,
  work: {
    readonly itemId: ItemId;
    readonly medium: Medium;
    readonly queueId: QueueId | null;
    readonly phase: HandlingPhase;
    readonly wrapUp: WrapUpRule;
  },
): void {
  engine.touch(agent);
  agent.idleSince = engine.now;
  agent.handlings.push({ ...work, startedAt: engine.now, since: engine.now, until: null, timer: null });
}

/** The live part is over: wrap-up by the rule of the queue as it is now, or as it was when the queue is gone. */
export function endLivePart(engine: Engine, agent: Agent, handling: Handling, skipWrapUp: boolean): void {
  engine.touch(agent);
  const queue = handling.queueId === null ? undefined : engine.floor.queues.get(handling.queueId);
  const rule = queue?.config.wrapUp ?? handling.wrapUp;
  const wasReached = handling.phase !== "ringing" && handling.phase !== "dialing";
  if (skipWrapUp || rule.mode === "off" || !agent.loggedIn || agent.leaving || !wasReached) {
    finishHandling(engine, agent, handling);
    return;
  }
  handling.phase = "wrap_up";
  handling.since = engine.now;
  handling.until = rule.limitMs === undefined ? null : engine.now + rule.limitMs;
  armWrapUp(engine, agent, handling);
  engine.emit({
    type: "wrapup.started",
    at: engine.now,
    agentId: agent.id,
    itemId: handling.itemId,
    queueId: handling.queueId,
    until: handling.until,
  });
}

/** Arms the end of a limited wrap-up anew. */
export function armWrapUp(engine: Engine, agent: Agent, handling: Handling): void {
  if (handling.timer) engine.timers.cancel(handling.timer);
  handling.timer =
    handling.until === null ? null : engine.timers.add(handling.until, { kind: "wrap_up", agent, handling });
}

/** Takes an agent from the wrap-up of an item back to work on it; the limit no longer counts. */
export function resumeFromWrapUp(
  engine: Engine,
  agent: Agent,
  handling: Handling,
  phase: Exclude<HandlingPhase, "wrap_up">,
): void {
  engine.touch(agent);
  if (handling.timer) engine.timers.cancel(handling.timer);
  handling.timer = null;
  handling.until = null;
  engine.emit(wrapUpEnded(engine, agent, handling, "resumed"));
  handling.phase = phase;
  handling.since = engine.now;
}

/** Ends a wrap-up, by whomever. */
export function endWrapUp(
  engine: Engine,
  agent: Agent,
  handling: Handling,
  by: "agent" | "timeout" | "logout",
): void {
  engine.touch(agent);
  engine.emit(wrapUpEnded(engine, agent, handling, by));
  finishHandling(engine, agent, handling);
}

function wrapUpEnded(
  engine: Engine,
  agent: Agent,
  handling: Handling,
  by: "agent" | "timeout" | "logout" | "resumed",
): Decision {
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

/** Logs an agent out whose work in hand has ended; a wrap-up does not hold the person back. */
export function leaveIfDone(engine: Engine, agent: Agent): void {
  if (!agent.leaving || agent.handlings.some((h) => h.phase !== "wrap_up")) return;
  engine.touch(agent);
  agent.leaving = false;
  agent.loggedIn = false;
  for (const handling of [...agent.handlings]) endWrapUp(engine, agent, handling, "logout");
}

function finishHandling(engine: Engine, agent: Agent, handling: Handling): void {
  if (handling.timer) engine.timers.cancel(handling.timer);
  handling.timer = null;
  agent.handlings = agent.handlings.filter((other) => other !== handling);
  agent.idleSince = engine.now;
  const queue = handling.queueId === null ? undefined : engine.floor.queues.get(handling.queueId);
  queue?.learn(engine.now - handling.startedAt);
  leaveIfDone(engine, agent);
}
