import type { HoursId, PromptId, QueueId } from "@svara/kernel";
import type { Flow, PromptRef, Step, StepId } from "./flow.ts";
import { systemPrompts } from "./prompt-catalogue.ts";

/** What exists in the centre and may be named by a flow. */
export interface FlowRefs {
  readonly queues: ReadonlySet<QueueId>;
  readonly hours: ReadonlySet<HoursId>;
  readonly prompts: ReadonlySet<PromptId>;
}

/** A fault of a flow. `path` is dotted (`steps.queue.queueId`); an `error` forbids publishing, a `warning` does not. */
export interface FlowProblem {
  readonly path: string;
  readonly code:
    | "bad_name"
    | "missing_start"
    | "missing_target"
    | "unknown_queue"
    | "unknown_hours"
    | "unknown_prompt"
    | "no_prompts"
    | "no_exit"
    | "endless_loop"
    | "unreachable"
    | "bad_interval";
  readonly severity: "error" | "warning";
  readonly message: string;
}

/** Step names go into the ledger, which takes words only: nobody's name or number gets in this way. */
const STEP_NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** The steps that may follow a step, with the field that names each. */
function exitsOf(step: Step): readonly { readonly field: string; readonly target: StepId }[] {
  switch (step.kind) {
    case "play":
    case "message":
      return [{ field: "next", target: step.next }];
    case "hours":
      return [
        { field: "open", target: step.open },
        { field: "closed", target: step.closed },
      ];
    case "queue":
      return (["whenUnstaffed", "whenFull", "whenTimeout"] as const).flatMap((field) => {
        const target = step[field];
        return target === undefined ? [] : [{ field, target }];
      });
    case "hangup":
      return [];
  }
}

/** Every fault of a flow; empty when it may be published. */
export function checkFlow(flow: Flow, refs: FlowRefs): readonly FlowProblem[] {
  const problems: FlowProblem[] = [];
  const add = (
    path: string,
    code: FlowProblem["code"],
    message: string,
    severity: FlowProblem["severity"] = "error",
  ): void => {
    problems.push({ path, code, severity, message });
  };
  if (!has(flow, flow.start)) add("start", "missing_start", `the first step "${flow.start}" does not exist`);
  for (const [id, step] of Object.entries(flow.steps)) {
    if (!STEP_NAME.test(id))
      add(
        `steps.${id}`,
        "bad_name",
        `a step's name is a word of lower-case letters, digits and hyphens, not "${id}"`,
      );
    for (const { field, target } of exitsOf(step))
      if (!has(flow, target))
        add(`steps.${id}.${field}`, "missing_target", `step "${target}" does not exist`);
    checkStep(step, `steps.${id}`, refs, add);
  }
  const reached = reachable(flow);
  const ending = canEnd(flow);
  for (const id of Object.keys(flow.steps)) {
    if (!reached.has(id)) add(`steps.${id}`, "unreachable", `no way leads to step "${id}"`, "warning");
    else if (!ending.has(id))
      add(`steps.${id}`, "no_exit", `from step "${id}" no way leads to a queue or a hang-up`);
  }
  for (const id of silentLoops(flow))
    add(
      `steps.${id}`,
      "endless_loop",
      `step "${id}" can come back to itself without a caller hearing anything`,
    );
  return problems;
}

function has(flow: Flow, id: StepId): boolean {
  return Object.hasOwn(flow.steps, id);
}

function checkStep(
  step: Step,
  path: string,
  refs: FlowRefs,
  add: (path: string, code: FlowProblem["code"], message: string) => void,
): void {
  if (step.kind === "play" || step.kind === "message") {
    if (step.prompts.length === 0) add(`${path}.prompts`, "no_prompts", "nothing to play");
    step.prompts.forEach((prompt, i) => {
      if (!promptExists(prompt, refs))
        add(`${path}.prompts.${i}`, "unknown_prompt", `prompt "${promptName(prompt)}" does not exist`);
    });
  }
  if (step.kind === "hours" && !refs.hours.has(step.hoursId))
    add(`${path}.hoursId`, "unknown_hours", `opening hours "${step.hoursId}" do not exist`);
  if (step.kind !== "queue") return;
  if (!refs.queues.has(step.queueId))
    add(`${path}.queueId`, "unknown_queue", `queue "${step.queueId}" does not exist`);
  if (step.music.kind === "uploaded" && !refs.prompts.has(step.music.promptId))
    add(`${path}.music`, "unknown_prompt", `prompt "${step.music.promptId}" does not exist`);
  if (step.announce && !(step.announce.everySec >= 10 && step.announce.firstAfterSec >= 0))
    add(`${path}.announce`, "bad_interval", "announcements need at least 10 seconds between them");
  if ((step.timeoutSec === undefined) !== (step.whenTimeout === undefined))
    add(`${path}.whenTimeout`, "missing_target", "timeoutSec and whenTimeout need each other");
  if (step.timeoutSec !== undefined && !(step.timeoutSec > 0))
    add(`${path}.timeoutSec`, "bad_interval", "a time-out must be longer than nothing");
}

function promptExists(prompt: PromptRef, refs: FlowRefs): boolean {
  return prompt.kind === "system" ? systemPrompts.includes(prompt.name) : refs.prompts.has(prompt.promptId);
}

function promptName(prompt: PromptRef): string {
  return prompt.kind === "system" ? prompt.name : prompt.promptId;
}

function reachable(flow: Flow): ReadonlySet<StepId> {
  const seen = new Set<StepId>();
  const open = [flow.start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const step = flow.steps[id];
    if (seen.has(id) || step === undefined) continue;
    seen.add(id);
    open.push(...exitsOf(step).map((exit) => exit.target));
  }
  return seen;
}

/** The steps from which a queue or a hang-up can be reached: the fixed point from the ends backwards. */
function canEnd(flow: Flow): ReadonlySet<StepId> {
  const ending = new Set<StepId>();
  const steps = Object.entries(flow.steps);
  for (let grew = true; grew; ) {
    grew = false;
    for (const [id, step] of steps) {
      if (ending.has(id)) continue;
      const ends = step.kind === "hangup" || step.kind === "queue";
      if (!ends && !exitsOf(step).some((exit) => ending.has(exit.target))) continue;
      ending.add(id);
      grew = true;
    }
  }
  return ending;
}

/** Steps that take no time (hours, and queues that pass on who cannot wait) and lead back to themselves. */
function silentLoops(flow: Flow): readonly StepId[] {
  const silentExits = (id: StepId): readonly StepId[] => {
    const step = flow.steps[id];
    if (step?.kind === "hours") return [step.open, step.closed];
    if (step?.kind !== "queue") return [];
    return [step.whenUnstaffed, step.whenFull].filter((exit) => exit !== undefined);
  };
  return Object.keys(flow.steps).filter((start) => {
    const seen = new Set<StepId>();
    const open = [...silentExits(start)];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (id === start) return true;
      if (seen.has(id)) continue;
      seen.add(id);
      open.push(...silentExits(id));
    }
    return false;
  });
}
