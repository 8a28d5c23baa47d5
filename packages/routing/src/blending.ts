import type { Engine } from "./engine.ts";
import { blendedClasses, isAnyoneOpen } from "./matching.ts";

const LOOK_AGAIN_MS = 10_000; // what changes with time alone, the service level, changes by the minute

/** After each step `settle` looks at what blending held back; while there is any, also every ten seconds (RT57). */
export function watchHeldBack(engine: Engine): void {
  if (blendedClasses(engine).some((work) => isAnyoneOpen(engine, work))) {
    engine.heldBackTimer ??= engine.timers.add(engine.now + LOOK_AGAIN_MS, { kind: "held_back" });
  } else if (engine.heldBackTimer !== null) {
    engine.timers.cancel(engine.heldBackTimer);
    engine.heldBackTimer = null;
  }
}
