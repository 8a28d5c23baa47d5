import type { QueueConfig } from "./model.ts";

const DEFAULT_TARGET_MS = 20_000; // "80 per cent in 20 seconds", the usual promise of a voice queue

/** The time within which the queue promises an answer. */
export function targetMsOf({ targetMs }: Pick<QueueConfig, "targetMs">): number {
  return targetMs ?? DEFAULT_TARGET_MS;
}
