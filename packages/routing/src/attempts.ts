import type { Agent, Handling } from "./agent.ts";
import type { Engine } from "./engine.ts";
import { dropHandling, setPhase } from "./handling.ts";
import { homeOf } from "./home.ts";
import type { AttemptOutcome, Input } from "./input.ts";
import { DEFAULT_CALLBACK } from "./model.ts";
import { waitAgain } from "./waiting-state.ts";

/** The outcome of an attempt to call back, as the runtime tells it. */
export type Attempted = Extract<Input, { readonly type: "callback.attempted" }>;

/** Answered: the agent talks. Anything else lets the agent go, and the customer is called again later, or never. */
export function handleAttempt(engine: Engine, agent: Agent, handling: Handling, input: Attempted): void {
  if (handling.attempt === 0) {
    engine.ignore(input.type, "not_a_callback", input.itemId);
    return;
  }
  if (input.outcome === "answered") setPhase(engine, agent, handling, "talking");
  else failAttempt(engine, agent, handling, input.outcome);
}

/** Work that rang or dialled too long is over. */
export function expireLease(engine: Engine, agent: Agent, handling: Handling): void {
  if (handling.attempt > 0) {
    failAttempt(engine, agent, handling, "lease");
    return;
  }
  engine.emit({ type: "assignment.expired", at: engine.now, itemId: handling.itemId, agentId: agent.id });
  dropHandling(engine, agent, handling);
}

function failAttempt(
  engine: Engine,
  agent: Agent,
  handling: Handling,
  outcome: Exclude<AttemptOutcome, "answered"> | "lease",
): void {
  const { waiting, attempt } = handling;
  dropHandling(engine, agent, handling);
  if (waiting === null) return;
  const { id: itemId, queueId } = waiting.work;
  const policy = engine.floor.queues.get(queueId)?.config.callback ?? DEFAULT_CALLBACK;
  const isOver = attempt >= policy.maxAttempts || engine.floor.items.has(itemId);
  const nextAt = isOver || homeOf(engine, waiting.work) === undefined ? null : engine.now + policy.retryMs;
  engine.emit({
    type: "callback.failed",
    at: engine.now,
    itemId,
    agentId: agent.id,
    attempt,
    outcome,
    nextAt,
  });
  if (!isOver) waitAgain(engine, waiting, nextAt);
}
