import type { HoursId, Instant, QueueId } from "@svara/kernel";
import type { FlowOutcome, MusicRef, PromptRef, StepId } from "./flow.ts";

/** What a running flow may ask of the world, answered at once from memory. */
export interface FlowWorld {
  isOpen(hoursId: HoursId, at: Instant): boolean;
  /** `staffed`: someone who could serve it is signed in and not away for good. `full`: it takes no more. */
  queue(queueId: QueueId): { readonly staffed: boolean; readonly full: boolean };
  /** The place of this customer, from 1, and the estimated wait from now; undefined when not known. */
  waiting(queueId: QueueId): { readonly position?: number; readonly estimatedWaitMs?: number };
}

/** What happened to the customer whom the flow serves. */
export type FlowInput =
  | { readonly type: "start" }
  | {
      readonly type: "playback.ended";
      readonly playbackId: string;
      /** `done`: heard to its end. */
      readonly reason: "done" | "stopped" | "failed";
    }
  | { readonly type: "dtmf"; readonly digit: string }
  /** Something is to be said to the waiting customer now. `offersCallback`: from now on key 1 accepts a call-back. */
  | { readonly type: "say"; readonly prompts: readonly PromptRef[]; readonly offersCallback?: boolean }
  /** What was offered holds no longer, or could not be kept. */
  | { readonly type: "callback.off" }
  /** An agent answered, or the customer is gone: be silent and end. */
  | { readonly type: "stop" };

/** What the runtime has to do, in order. */
export type FlowEffect =
  | { readonly type: "play.start"; readonly playbackId: string; readonly prompts: readonly PromptRef[] }
  | { readonly type: "music.start"; readonly playbackId: string; readonly music: MusicRef }
  | { readonly type: "play.stop"; readonly playbackId: string }
  /** The customer waits in this queue from now. `overflow`: came here from another queue of the same flow. */
  | {
      readonly type: "queue.enter";
      readonly queueId: QueueId;
      readonly initiation: "new" | "overflow" | "transfer";
    }
  | { readonly type: "queue.leave"; readonly queueId: QueueId; readonly outcome: "timeout" | "closed" }
  | { readonly type: "hangup"; readonly outcome: FlowOutcome }
  /** The waiting customer pressed the key: they would rather be called. */
  | { readonly type: "callback.accepted" }
  /** For the ledger: add contactId, clientId and at. */
  | {
      readonly type: "flow.step";
      readonly flowId: string;
      readonly flowVersion: number;
      readonly step: StepId;
      readonly stepKind: string;
      readonly exit?: string;
    }
  | {
      readonly type: "notice.played";
      /** An uploaded prompt's id, or a shipped one as `system:en.recording-notice`. */
      readonly promptId: string;
      readonly notice: "recording" | "other";
      readonly complete: boolean;
    };
