import { describe, expect, it } from "vitest";
import { checkFlow, type FlowRefs } from "./check-flow.ts";
import type { Flow, Step } from "./flow.ts";

const refs: FlowRefs = {
  queues: new Set(["sales"]),
  hours: new Set(["office"]),
  prompts: new Set(["hello"]),
};

const hello: Step = { kind: "play", prompts: [{ kind: "uploaded", promptId: "hello" }], next: "queue" };
const queue: Step = { kind: "queue", queueId: "sales", music: { kind: "default" } };
const end: Step = { kind: "hangup", outcome: "completed_flow" };

function flow(steps: Record<string, Step>, start = "hello"): Flow {
  return { flowId: "f", version: 1, language: "en", start, steps };
}

function faults(steps: Record<string, Step>, start?: string): string[] {
  return checkFlow(flow(steps, start), refs).map((p) => `${p.path} ${p.code}`);
}

describe("checkFlow", () => {
  it("[FL1] a whole flow has no faults; a missing step is named where it is asked for", () => {
    expect(faults({ hello, queue })).toEqual([]);
    expect(faults({ hello })).toContain("steps.hello.next missing_target");
    expect(faults({ queue }, "nowhere")).toContain("start missing_start");
  });

  it("[FL2] what does not exist in the centre is named with its path", () => {
    expect(
      faults({
        hello: { kind: "hours", hoursId: "never", open: "say", closed: "end" },
        say: { kind: "message", prompts: [{ kind: "uploaded", promptId: "gone" }], next: "queue" },
        queue: { kind: "queue", queueId: "lost", music: { kind: "uploaded", promptId: "tune" } },
        end,
      }),
    ).toEqual([
      "steps.hello.hoursId unknown_hours",
      "steps.say.prompts.0 unknown_prompt",
      "steps.queue.queueId unknown_queue",
      "steps.queue.music unknown_prompt",
    ]);
    expect(faults({ hello: { kind: "play", prompts: [], next: "queue" }, queue })).toEqual([
      "steps.hello.prompts no_prompts",
    ]);
  });

  it("[FL2] a step's name is a word, because it is written into the ledger", () => {
    expect(faults({ "Call Olga": queue }, "Call Olga")).toEqual(["steps.Call Olga bad_name"]);
  });

  it("[FL3] an unreachable step warns, a way without an end is an error", () => {
    const [problem] = checkFlow(flow({ hello, queue, end }), refs);
    expect(problem).toMatchObject({ path: "steps.end", code: "unreachable", severity: "warning" });
    expect(faults({ hello: { ...hello, next: "hello" } })).toEqual(["steps.hello no_exit"]);
  });

  it("[FL4] a loop of steps that take no time is an error; one with a sound in it is not", () => {
    const hours: Step = { kind: "hours", hoursId: "office", open: "queue", closed: "more" };
    const more: Step = { kind: "hours", hoursId: "office", open: "queue", closed: "hours" };
    expect(faults({ hours, more, queue }, "hours")).toEqual([
      "steps.hours endless_loop",
      "steps.more endless_loop",
    ]);
    expect(faults({ hours, more: { ...hello, next: "hours" }, queue }, "hours")).toEqual([]);
  });

  it("[FL5] intervals must make sense", () => {
    const announce = { position: true, estimatedWait: false, firstAfterSec: 5, everySec: 3 };
    expect(faults({ hello, queue: { ...queue, announce } })).toEqual(["steps.queue.announce bad_interval"]);
    expect(faults({ hello, queue: { ...queue, timeoutSec: 60 } })).toEqual([
      "steps.queue.whenTimeout missing_target",
    ]);
    expect(faults({ hello, queue: { ...queue, timeoutSec: 0, whenTimeout: "end" }, end })).toEqual([
      "steps.queue.timeoutSec bad_interval",
    ]);
  });
});
