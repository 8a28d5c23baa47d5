import type { Engine } from "./engine.ts";
import type { WorkClass } from "./line.ts";
import { isAnyoneOpen, offerAll } from "./matching.ts";

const LOOK_AGAIN_MS = 10_000; // what changes with time alone, the service level, changes by the minute

/**
 * Looks at the items that blending holds back, after each step and every ten seconds (RT57): what is protected may have
 * come to need fewer agents.
 */
export function settleBlended(engine: Engine): void {
  const waiting: WorkClass[] = [];
  for (const queue of engine.floor.blended) {
    if (queue.length === 0) continue;
    for (const work of queue.classes.values()) if (work.items.size > 0) waiting.push(work);
  }
  if (waiting.length > 0) offerAll(engine, waiting);
  if (waiting.some((work) => work.items.size > 0 && isAnyoneOpen(engine, work))) {
    engine.heldBackTimer ??= engine.timers.add(engine.now + LOOK_AGAIN_MS, { kind: "held_back" });
  } else if (engine.heldBackTimer !== null) {
    engine.timers.cancel(engine.heldBackTimer);
    engine.heldBackTimer = null;
  }
}
