import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkFlow } from "./check-flow.ts";
import type { Flow, Step } from "./flow.ts";
import { FlowRig } from "./testing.ts";

const NAMES = ["a", "b", "c", "d", "e"] as const;
const name = fc.constantFrom(...NAMES);
const maybe = fc.option(name, { nil: undefined });
const prompts = [{ kind: "system", name: "greeting", language: "en" }] as const;

const step: fc.Arbitrary<Step> = fc.oneof(
  name.map((next): Step => ({ kind: "play", prompts, notice: "recording", next })),
  name.map((next): Step => ({ kind: "message", prompts, next })),
  fc.tuple(name, name).map(([open, closed]): Step => ({ kind: "hours", hoursId: "h", open, closed })),
  fc.tuple(maybe, maybe, maybe, fc.integer({ min: 1, max: 90 })).map(
    ([whenUnstaffed, whenFull, whenTimeout, timeoutSec]): Step => ({
      kind: "queue",
      queueId: "q",
      music: { kind: "default" },
      announce: { position: true, estimatedWait: true, firstAfterSec: 8, everySec: 30 },
      ...(whenUnstaffed && { whenUnstaffed }),
      ...(whenFull && { whenFull }),
      ...(whenTimeout && { whenTimeout, timeoutSec }),
    }),
  ),
  fc.constant<Step>({ kind: "hangup", outcome: "completed_flow" }),
);

const flows = fc.tuple(step, step, step, step, step).map(
  (steps): Flow => ({
    flowId: "f",
    version: 1,
    language: "en",
    start: "a",
    steps: Object.fromEntries(NAMES.map((id, i) => [id, steps[i]])) as Record<string, Step>,
  }),
);

const moves = fc.array(
  fc.constantFrom(
    "done",
    "failed",
    "wait",
    "open",
    "closed",
    "staffed",
    "unstaffed",
    "full",
    "room",
    "stale",
    "dtmf",
  ),
  { minLength: 1, maxLength: 60 },
);

/** One playback at a time, stopped or ended once; queues entered and left in turn; nothing after the end. */
function obey(rig: FlowRig): void {
  const playing = new Set<string>();
  let queue: string | undefined;
  let over = false;
  for (const effect of rig.effects) {
    expect(over).toBe(false);
    if (effect.type === "play.start" || effect.type === "music.start") {
      playing.clear();
      playing.add(effect.playbackId);
    }
    if (effect.type === "play.stop") expect(playing.delete(effect.playbackId)).toBe(true);
    if (effect.type === "queue.enter") {
      expect(queue).toBeUndefined();
      queue = effect.queueId;
    }
    if (effect.type === "queue.leave") {
      expect(effect.queueId).toBe(queue);
      queue = undefined;
    }
    if (effect.type === "hangup") over = true;
  }
  expect(rig.run.queueId).toBe(queue);
}

describe("any flow that the checker lets pass", () => {
  it("[FL22] runs without a fault in any order of events", () => {
    const refs = { queues: new Set(["q"]), hours: new Set(["h"]), prompts: new Set<string>() };
    let ran = 0;
    fc.assert(
      fc.property(flows, moves, (flow, story) => {
        if (checkFlow(flow, refs).some((p) => p.severity === "error")) return;
        ran++;
        const rig = new FlowRig(flow);
        rig.world.position = 2;
        rig.send({ type: "start" });
        for (const move of story) {
          if (move === "done" || move === "failed") rig.played(move);
          if (move === "wait") rig.wait(17_000);
          if (move === "open" || move === "closed") rig.world.open = move === "open";
          if (move === "staffed" || move === "unstaffed") rig.world.staffed = move === "staffed";
          if (move === "full" || move === "room") rig.world.full = move === "full";
          if (move === "stale") rig.send({ type: "playback.ended", playbackId: "p-0", reason: "done" });
          if (move === "dtmf") rig.send({ type: "dtmf", digit: "1" });
        }
        obey(rig);
        rig.send({ type: "stop" });
        const { length } = rig.effects;
        rig.wait(600_000);
        expect(rig.effects.length).toBe(length);
      }),
      { numRuns: 600 },
    );
    expect(ran).toBeGreaterThan(80);
  });
});
