import { type Ids, type Instant, type QueueId, SvaraError } from "@svara/kernel";
import type { Flow, PromptRef, Step, StepId } from "./flow.ts";
import type { FlowEffect, FlowInput, FlowWorld } from "./flow-io.ts";
import type { SystemPrompt } from "./prompt-catalogue.ts";
import { positionPhrase, systemPrompt, waitPhrase } from "./spoken.ts";

type QueueStep = Extract<Step, { kind: "queue" }>;

/**
 *  idle ──start──► playing ──► (next step) ... ──► waiting ◄──► announcing ──stop──► over
 *                     └────────────────────────────► over (hang-up)
 */
type RunState =
  | { readonly in: "idle" }
  | { readonly in: "playing"; readonly step: StepId; readonly playbackId: string }
  /** In a queue; the music plays. */
  | { readonly in: "waiting"; readonly step: StepId; readonly playbackId: string; readonly wait: Wait }
  /** In a queue; an announcement is spoken in place of the music. */
  | { readonly in: "announcing"; readonly step: StepId; readonly playbackId: string; readonly wait: Wait }
  | { readonly in: "over" };

/** The ways out of a step that are worth writing; words of the ledger. */
type StepExit = "open" | "closed" | "unstaffed" | "full" | "timeout";

interface Wait {
  readonly announceAt: Instant | undefined;
  readonly leaveAt: Instant | undefined;
  readonly announced: number;
}

/** What a customer presses who would rather be called. */
const CALLBACK_KEY = "1";

/** Steps without a sound may follow each other this often in a row; the checker forbids loops of them. */
const MAX_STEPS_AT_ONCE = 50;

/** A flow that serves one customer. It performs nothing: it returns effects; its limits of time are in its state. */
export class FlowRun {
  readonly #flow: Flow;
  readonly #world: FlowWorld;
  readonly #ids: Ids;
  #state: RunState = { in: "idle" };
  #queueId: QueueId | undefined;
  #initiation: "new" | "overflow" | "transfer";
  /** Key 1 accepts a call-back. */
  #offersCallback = false;

  constructor(
    flow: Flow,
    world: FlowWorld,
    ids: Ids,
    options: { readonly initiation?: "new" | "transfer" } = {},
  ) {
    this.#flow = flow;
    this.#world = world;
    this.#ids = ids;
    this.#initiation = options.initiation ?? "new";
  }

  get over(): boolean {
    return this.#state.in === "over";
  }

  /** The queue in which the customer waits now. */
  get queueId(): QueueId | undefined {
    return this.#queueId;
  }

  /** When `advance` has something to do: an announcement, or the end of the wait. */
  nextDue(): Instant | undefined {
    const state = this.#state;
    if (state.in !== "waiting" && state.in !== "announcing") return undefined;
    const { announceAt, leaveAt } = state.wait;
    // an announcement is not cut into by the next one, only by the end of the wait
    const next = state.in === "waiting" ? announceAt : undefined;
    return next === undefined || (leaveAt !== undefined && leaveAt < next) ? leaveAt : next;
  }

  /** Fires what is due at or before `at`, each at its own instant. */
  advance(at: Instant): readonly FlowEffect[] {
    const effects: FlowEffect[] = [];
    for (let due = this.nextDue(); due !== undefined && due <= at; due = this.nextDue()) {
      const state = this.#state;
      if (state.in !== "waiting" && state.in !== "announcing") break;
      const step = this.#queueStep(state.step);
      if (state.wait.leaveAt !== undefined && state.wait.leaveAt <= due)
        this.#timeOut(state, step, due, effects);
      else if (state.in === "waiting") this.#announce(state, step, due, effects);
    }
    return effects;
  }

  handle(input: FlowInput, at: Instant): readonly FlowEffect[] {
    const effects = [...this.advance(at)];
    const state = this.#state;
    switch (input.type) {
      case "start":
        if (state.in === "idle") this.#enter(this.#flow.start, at, effects);
        break;
      case "playback.ended":
        if ("playbackId" in state && state.playbackId === input.playbackId)
          this.#playbackEnded(state, input.reason, at, effects);
        break;
      case "stop":
        this.#stop(effects);
        break;
      case "say":
        if (state.in === "waiting" || state.in === "announcing") this.#say(state, input, effects);
        break;
      case "callback.off":
        this.#offersCallback = false;
        break;
      case "dtmf":
        // no step takes digits yet; menus will
        if (input.digit === CALLBACK_KEY && (state.in === "waiting" || state.in === "announcing"))
          this.#acceptCallback(effects);
        break;
    }
    return effects;
  }

  /** Goes through steps until one takes time. */
  #enter(first: StepId, at: Instant, effects: FlowEffect[]): void {
    let id: StepId | undefined = first;
    for (let n = 0; id !== undefined; n++) {
      if (n > MAX_STEPS_AT_ONCE)
        throw new SvaraError(`flow ${this.#flow.flowId} goes in circles at step ${id}`, {
          code: "flow.endless_loop",
        });
      id = this.#enterStep(id, at, effects);
    }
  }

  /** Enters one step; returns the next one when this took no time. */
  #enterStep(id: StepId, at: Instant, effects: FlowEffect[]): StepId | undefined {
    const step = this.#step(id);
    switch (step.kind) {
      case "play":
      case "message": {
        this.#note(id, effects);
        const playbackId = this.#ids.next();
        effects.push({ type: "play.start", playbackId, prompts: step.prompts });
        this.#state = { in: "playing", step: id, playbackId };
        return undefined;
      }
      case "hours": {
        const exit = this.#world.isOpen(step.hoursId, at) ? "open" : "closed";
        this.#note(id, effects, exit);
        return step[exit];
      }
      case "queue": {
        const { staffed, full } = this.#world.queue(step.queueId);
        if (!staffed && step.whenUnstaffed !== undefined) {
          this.#note(id, effects, "unstaffed");
          return step.whenUnstaffed;
        }
        if (full && step.whenFull !== undefined) {
          this.#note(id, effects, "full");
          return step.whenFull;
        }
        this.#note(id, effects);
        this.#wait(id, step, at, effects);
        return undefined;
      }
      case "hangup":
        this.#note(id, effects);
        effects.push({ type: "hangup", outcome: step.outcome });
        this.#state = { in: "over" };
        return undefined;
    }
  }

  #wait(id: StepId, step: QueueStep, at: Instant, effects: FlowEffect[]): void {
    const { queueId, announce, timeoutSec } = step;
    this.#queueId = queueId;
    effects.push({ type: "queue.enter", queueId, initiation: this.#initiation });
    this.#initiation = "overflow";
    this.#music(id, step, effects, {
      announceAt: announce && at + announce.firstAfterSec * 1000,
      leaveAt: timeoutSec === undefined ? undefined : at + timeoutSec * 1000,
      announced: 0,
    });
  }

  #music(id: StepId, step: QueueStep, effects: FlowEffect[], wait: Wait): void {
    const playbackId = this.#ids.next();
    effects.push({ type: "music.start", playbackId, music: step.music });
    this.#state = { in: "waiting", step: id, playbackId, wait };
  }

  /** Position and estimated wait as they are now; nothing known means nothing said. */
  #announce(
    state: Extract<RunState, { in: "waiting" }>,
    step: QueueStep,
    at: Instant,
    effects: FlowEffect[],
  ): void {
    const { announce } = step;
    if (announce === undefined) return;
    const wait: Wait = {
      ...state.wait,
      announceAt: at + announce.everySec * 1000,
      announced: state.wait.announced + 1,
    };
    const prompts = this.#announcement(step, state.wait.announced === 0);
    if (prompts.length === 0) {
      this.#state = { ...state, wait };
      return;
    }
    effects.push({ type: "play.stop", playbackId: state.playbackId });
    const playbackId = this.#ids.next();
    effects.push({ type: "play.start", playbackId, prompts });
    this.#state = { in: "announcing", step: state.step, playbackId, wait };
  }

  /** Says something in place of what plays; then the music goes on. */
  #say(
    state: Extract<RunState, { in: "waiting" | "announcing" }>,
    said: Extract<FlowInput, { type: "say" }>,
    effects: FlowEffect[],
  ): void {
    if (said.offersCallback) this.#offersCallback = true;
    if (said.prompts.length === 0) return;
    effects.push({ type: "play.stop", playbackId: state.playbackId });
    const playbackId = this.#ids.next();
    effects.push({ type: "play.start", playbackId, prompts: said.prompts });
    this.#state = { in: "announcing", step: state.step, playbackId, wait: state.wait };
  }

  /** Once: what follows is not the flow's to decide. */
  #acceptCallback(effects: FlowEffect[]): void {
    if (!this.#offersCallback) return;
    this.#offersCallback = false;
    effects.push({ type: "callback.accepted" });
  }

  #announcement(step: QueueStep, first: boolean): readonly PromptRef[] {
    const { language } = this.#flow;
    const { position, estimatedWaitMs } = this.#world.waiting(step.queueId);
    const says: (SystemPrompt | undefined)[] = [
      step.announce?.position && position !== undefined ? positionPhrase(position) : undefined,
      step.announce?.estimatedWait && estimatedWaitMs !== undefined ? waitPhrase(estimatedWaitMs) : undefined,
    ];
    const known = says.filter((phrase) => phrase !== undefined);
    if (known.length === 0) return [];
    return [first ? ("all-agents-busy-wait" as const) : ("thanks-for-waiting" as const), ...known].map(
      (name) => systemPrompt(language, name),
    );
  }

  #timeOut(
    state: Extract<RunState, { in: "waiting" | "announcing" }>,
    step: QueueStep,
    at: Instant,
    effects: FlowEffect[],
  ): void {
    effects.push({ type: "play.stop", playbackId: state.playbackId });
    effects.push({ type: "queue.leave", queueId: step.queueId, outcome: "timeout" });
    this.#queueId = undefined;
    this.#offersCallback = false;
    this.#note(state.step, effects, "timeout");
    if (step.whenTimeout !== undefined) this.#enter(step.whenTimeout, at, effects);
  }

  #playbackEnded(
    state: Exclude<RunState, { in: "idle" | "over" }>,
    reason: "done" | "stopped" | "failed",
    at: Instant,
    effects: FlowEffect[],
  ): void {
    const step = this.#step(state.step);
    if (state.in !== "playing") {
      // the announcement is over, or the music broke off: music again. A music that cannot be played is not tried again
      if (step.kind === "queue" && !(state.in === "waiting" && reason === "failed"))
        this.#music(state.step, step, effects, state.wait);
      return;
    }
    if (step.kind === "play") this.#notice(step, reason === "done", effects);
    if (step.kind === "play" || step.kind === "message") this.#enter(step.next, at, effects);
  }

  #stop(effects: FlowEffect[]): void {
    const state = this.#state;
    if (state.in === "over") return;
    if ("playbackId" in state) effects.push({ type: "play.stop", playbackId: state.playbackId });
    if (state.in === "playing") {
      const step = this.#step(state.step);
      if (step.kind === "play") this.#notice(step, false, effects);
    }
    this.#state = { in: "over" };
  }

  #notice(step: Extract<Step, { kind: "play" }>, complete: boolean, effects: FlowEffect[]): void {
    const [prompt] = step.prompts;
    if (step.notice === undefined || prompt === undefined) return;
    const promptId =
      prompt.kind === "uploaded" ? prompt.promptId : `system:${prompt.language}.${prompt.name}`;
    effects.push({ type: "notice.played", promptId, notice: step.notice, complete });
  }

  #note(id: StepId, effects: FlowEffect[], exit?: StepExit): void {
    const { flowId, version } = this.#flow;
    const stepKind = this.#step(id).kind;
    effects.push({
      type: "flow.step",
      flowId,
      flowVersion: version,
      step: id,
      stepKind,
      ...(exit && { exit }),
    });
  }

  #step(id: StepId): Step {
    const step = this.#flow.steps[id];
    if (step === undefined)
      throw new SvaraError(`flow ${this.#flow.flowId} has no step "${id}"`, { code: "flow.missing_step" });
    return step;
  }

  #queueStep(id: StepId): QueueStep {
    const step = this.#step(id);
    if (step.kind !== "queue")
      throw new SvaraError(`step "${id}" is no queue`, { code: "flow.missing_step" });
    return step;
  }
}
