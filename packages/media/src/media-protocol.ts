import type { Instant } from "@svara/kernel";
import type { WireError } from "./media-error.ts";
import type { MediaCommand, MediaEvent, MediaHostOptions } from "./media-host.ts";

/** To the worker; messages cross as arrays, in order. */
export type ToWorker =
  | {
      readonly kind: "request";
      readonly id: number;
      readonly sentAt: Instant;
      readonly command: MediaCommand;
    }
  | { readonly kind: "close"; readonly id: number };

/** From the worker; messages cross as arrays, in order. */
export type FromWorker =
  | { readonly kind: "ready"; readonly webrtcPort: number }
  | { readonly kind: "refused"; readonly error: WireError }
  | { readonly kind: "result"; readonly id: number; readonly result: unknown }
  | { readonly kind: "error"; readonly id: number; readonly error: WireError }
  | { readonly kind: "event"; readonly event: MediaEvent };

/** What the worker is started with. */
export interface WorkerStart {
  readonly options: MediaHostOptions;
}
