import type { Agent, Handling } from "./agent.ts";
import type { OfferWithdrawReason } from "./decision.ts";
import type { Engine } from "./engine.ts";
import { armWrapUp, endLivePart, endWrapUp, resumeFromWrapUp, startHandling } from "./handling.ts";
import type { Input } from "./input.ts";
import { Item } from "./line.ts";
import type { HandlingPhase, WorkItem } from "./model.ts";
import { withdrawOffer } from "./offers.ts";

type LineInput = Extract<Input, { readonly type: "item.queued" | "item.withdrawn" | "item.moved" }>;
type HandInput = Extract<
  Input,
  {
    readonly type: "item.assigned" | "item.phase_set" | "item.ended" | "wrapup.finished" | "wrapup.extended";
  }
>;

/** Items enter, leave and change the line. */
export function handleLineInput(engine: Engine, input: LineInput): void {
  switch (input.type) {
    case "item.queued":
      if (engine.floor.items.has(input.item.id)) {
        engine.ignore(input.type, "already_queued", input.item.id);
        return;
      }
      enqueue(engine, input.item, input.type);
      return;
    case "item.withdrawn": {
      const item = engine.floor.items.get(input.itemId);
      if (item === undefined) {
        engine.ignore(input.type, "unknown_item", input.itemId);
        return;
      }
      takeOut(engine, item, input.reason);
      return;
    }
    case "item.moved":
      move(engine, input);
      return;
  }
}

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

function enqueue(engine: Engine, work: WorkItem, input: LineInput["type"]): void {
  const queue = engine.floor.queues.get(work.queueId);
  if (queue === undefined) {
    engine.ignore(input, "unknown_queue", work.queueId);
    return;
  }
  const workClass = engine.floor.classOf(queue, work.medium, work.requiredSkills);
  const item = new Item(work, workClass);
  engine.floor.items.set(item.id, item);
  workClass.items.add(item);
  engine.markDirty(workClass);
}

function takeOut(engine: Engine, item: Item, reason: OfferWithdrawReason): void {
  if (item.offer) withdrawOffer(engine, item.offer, reason);
  else item.workClass.items.remove(item);
  engine.floor.items.delete(item.id);
}

function move(engine: Engine, input: Extract<LineInput, { readonly type: "item.moved" }>): void {
  const item = engine.floor.items.get(input.itemId);
  if (item === undefined) {
    engine.ignore(input.type, "unknown_item", input.itemId);
    return;
  }
  if (!engine.floor.queues.has(input.queueId)) {
    engine.ignore(input.type, "unknown_queue", input.queueId);
    return;
  }
  const { priority: oldPriority, ...rest } = item.work;
  const priority = input.priority === undefined ? oldPriority : input.priority;
  takeOut(engine, item, "moved");
  const work: WorkItem = {
    ...rest,
    queueId: input.queueId,
    initiation: input.initiation ?? item.work.initiation,
    queuedAt: input.queuedAt ?? item.work.queuedAt,
    ...(priority === undefined || priority === null ? {} : { priority }),
    ...(input.requiredSkills === undefined ? {} : { requiredSkills: input.requiredSkills }),
  };
  enqueue(engine, work, input.type);
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
