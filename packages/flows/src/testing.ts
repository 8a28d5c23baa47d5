import { CountingIds } from "@svara/kernel/testing";
import type { Flow } from "./flow.ts";
import type { FlowEffect, FlowInput, FlowWorld } from "./flow-io.ts";
import { FlowRun } from "./flow-run.ts";

/** A flow that runs in a world that a test can change, with its effects in short words. */
export class FlowRig {
  readonly run: FlowRun;
  readonly effects: FlowEffect[] = [];
  readonly world = {
    open: true,
    staffed: true,
    full: false,
    position: undefined as number | undefined,
    estimatedWaitMs: undefined as number | undefined,
  };
  at = 0;

  constructor(flow: Flow, options: { readonly initiation?: "new" | "transfer" } = {}) {
    const { world } = this;
    const answers: FlowWorld = {
      isOpen: () => world.open,
      queue: () => ({ staffed: world.staffed, full: world.full }),
      waiting: () => ({
        ...(world.position !== undefined && { position: world.position }),
        ...(world.estimatedWaitMs !== undefined && { estimatedWaitMs: world.estimatedWaitMs }),
      }),
    };
    this.run = new FlowRun(flow, answers, new CountingIds("p"), options);
  }

  send(input: FlowInput, ms = 0): string[] {
    this.at += ms;
    return this.#take(this.run.handle(input, this.at));
  }

  wait(ms: number): string[] {
    this.at += ms;
    return this.#take(this.run.advance(this.at));
  }

  /** The running playback ends. */
  played(reason: "done" | "failed" = "done", ms = 0): string[] {
    const last = this.effects.findLast((e) => e.type === "play.start" || e.type === "music.start");
    if (last?.type !== "play.start" && last?.type !== "music.start") return [];
    return this.send({ type: "playback.ended", playbackId: last.playbackId, reason }, ms);
  }

  #take(effects: readonly FlowEffect[]): string[] {
    this.effects.push(...effects);
    return effects.map(brief);
  }
}

function brief(effect: FlowEffect): string {
  switch (effect.type) {
    case "play.start":
      return `play ${effect.prompts.map((p) => (p.kind === "system" ? p.name : p.promptId)).join(" ")}`;
    case "music.start":
      return `music ${effect.music.kind === "default" ? "default" : effect.music.promptId}`;
    case "play.stop":
      return "silence";
    case "queue.enter":
      return `enter ${effect.queueId} ${effect.initiation}`;
    case "queue.leave":
      return `leave ${effect.queueId} ${effect.outcome}`;
    case "callback.accepted":
      return "callback accepted";
    case "hangup":
      return `hangup ${effect.outcome}`;
    case "flow.step":
      return `step ${effect.step}${effect.exit ? ` ${effect.exit}` : ""}`;
    case "notice.played":
      return `notice ${effect.promptId} ${effect.complete ? "complete" : "cut"}`;
  }
}
