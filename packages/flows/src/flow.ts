import type { HoursId, PromptId, QueueId } from "@svara/kernel";
import type { Language, SystemPrompt } from "./prompt-catalogue.ts";

/** The name of a step within its flow. */
export type StepId = string;

/** Something to be played: one of ours in the flow's language, or one the centre uploaded. */
export type PromptRef =
  | { readonly kind: "system"; readonly name: SystemPrompt; readonly language: Language }
  | { readonly kind: "uploaded"; readonly promptId: PromptId };

/** What the waiting customer hears between announcements. */
export type MusicRef =
  | { readonly kind: "default" }
  | { readonly kind: "uploaded"; readonly promptId: PromptId };

/** What is spoken into the music. `firstAfterSec`: so that who is answered at once hears none. */
export interface Announcements {
  readonly position: boolean;
  readonly estimatedWait: boolean;
  readonly firstAfterSec: number;
  readonly everySec: number;
}

/** How a flow that hangs up has ended; a word of the ledger. */
export type FlowOutcome =
  | "completed_flow"
  | "out_of_hours"
  | "exit_empty"
  | "overflow"
  | "timeout"
  | "callback_requested";

/** One step; `next` and its like name the step that follows. */
export type Step =
  | {
      readonly kind: "play";
      readonly prompts: readonly PromptRef[];
      /** Playing this is proof of a notice given (`notice.played`). */
      readonly notice?: "recording" | "other";
      readonly next: StepId;
    }
  | { readonly kind: "hours"; readonly hoursId: HoursId; readonly open: StepId; readonly closed: StepId }
  | {
      readonly kind: "queue";
      readonly queueId: QueueId;
      readonly music: MusicRef;
      readonly announce?: Announcements;
      /** Nobody who could serve this queue is signed in. Absent: wait all the same. */
      readonly whenUnstaffed?: StepId;
      /** The queue takes no more. Absent: wait all the same. */
      readonly whenFull?: StepId;
      /** After this long in the queue, leave it for `whenTimeout`. */
      readonly timeoutSec?: number;
      readonly whenTimeout?: StepId;
    }
  | { readonly kind: "message"; readonly prompts: readonly PromptRef[]; readonly next: StepId }
  | { readonly kind: "hangup"; readonly outcome: FlowOutcome };

/** A versioned script of an entry point: a graph of named steps. */
export interface Flow {
  readonly flowId: string;
  readonly version: number;
  readonly language: Language;
  readonly start: StepId;
  readonly steps: Readonly<Record<StepId, Step>>;
}
