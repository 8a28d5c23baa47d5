import type { Handling } from "./agent.ts";
import { holdsFor } from "./conditions.ts";
import type { Decision } from "./decision.ts";
import type { Engine } from "./engine.ts";
import { openAgentsOf } from "./gate.ts";
import type { Input } from "./input.ts";
import type { Queue } from "./line.ts";

/** May the agent offer something more? */
export type CrossSellAsked = Extract<Input, { readonly type: "crosssell.asked" }>;
type Answer = Extract<Decision, { readonly type: "crosssell.answered" }>;
type Load = Pick<Answer, "inSystem" | "waiting" | "openAgents">;

/**
 * Answers by the rule of the item's queue and the load of this instant: extra sales lengthen contacts, and are worth it
 * only while nobody pays for them by waiting. (Gurvich, Armony and Maglaras 2009.)
 */
export function answerCrossSell(engine: Engine, handling: Handling, input: CrossSellAsked): void {
  const queue = handling.queueId === null ? undefined : engine.floor.queues.get(handling.queueId);
  const load = queue === undefined ? NO_LOAD : loadOf(engine, queue);
  const because = queue === undefined ? "no_rule" : firstBroken(queue, handling, load);
  engine.emit({
    type: "crosssell.answered",
    at: engine.now,
    itemId: input.itemId,
    agentId: input.agentId,
    allowed: because === null,
    because,
    ...load,
  });
}

const NO_LOAD: Load = { inSystem: 0, waiting: 0, openAgents: 0 };

/** The first threshold that is not kept, in the order of RT59. */
function firstBroken(queue: Queue, handling: Handling, load: Load): Answer["because"] {
  const rule = queue.config.crossSell;
  if (rule === undefined) return "no_rule";
  if (rule.inSystemAtMost !== undefined && load.inSystem > rule.inSystemAtMost) return "in_system";
  if (rule.waitingAtMost !== undefined && load.waiting > rule.waitingAtMost) return "waiting";
  if (rule.openAgentsAtLeast !== undefined && load.openAgents < rule.openAgentsAtLeast) {
    return "open_agents";
  }
  const when = queue.rules.crossSellWhen;
  return when === null || holdsFor(when, handling.waiting?.work.facts) ? null : "criterion";
}

function loadOf(engine: Engine, queue: Queue): Load {
  const inLine = queue.length + queue.offered.size + queue.dormant.size;
  return {
    inSystem: inLine + engine.handsOf(queue.id).count,
    waiting: queue.length,
    openAgents: openAgentsOf(engine, queue),
  };
}
