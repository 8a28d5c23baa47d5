import type { QueueStay } from "@svara/contracts";
import type { Instant } from "@svara/kernel";

/** A stay in a queue as shares 0..1 of the picture's width. */
export interface StayLayout {
  /** Of the whole picture, from the entry on. */
  readonly spanMs: number;
  /** How far the wait came. */
  readonly wait: number;
  readonly band: { readonly left: number; readonly width: number; readonly expected: number } | null;
  readonly rings: readonly { readonly key: string; readonly left: number; readonly width: number }[];
  readonly marks: readonly {
    readonly key: string;
    readonly left: number;
    readonly kind: "step" | "overflow";
  }[];
}

/** A little room behind the last thing, so that it is not cut by the edge. */
const ROOM = 1.04;

/** Lays a stay out: the wait, the expected band under it, and what happened at its place. One that goes on lasts until now. */
export function layOutStay(stay: QueueStay, now: Instant): StayLayout {
  const { enteredAt, predicted } = stay;
  const end = Math.max(enteredAt, stay.leftAt ?? now);
  const waitMs = end - enteredAt;
  const spanMs = Math.max(1_000, waitMs, predicted?.highMs ?? 0) * ROOM;
  const share = (ms: number): number => Math.min(1, Math.max(0, ms / spanMs));
  const at = (instant: Instant): number => share(instant - enteredAt);
  return {
    spanMs,
    wait: share(waitMs),
    band: predicted && {
      left: share(predicted.lowMs),
      width: share(predicted.highMs) - share(predicted.lowMs),
      expected: share(predicted.expectedMs),
    },
    rings: stay.offers.map(({ offerId, madeAt, ringMs }) => ({
      key: offerId,
      left: at(madeAt),
      width: Math.max(0, at(ringMs === null ? end : madeAt + ringMs) - at(madeAt)),
    })),
    marks: [
      ...stay.steps.map(({ at: when, step }) => ({
        key: `step-${step}`,
        left: at(when),
        kind: "step" as const,
      })),
      ...stay.overflows.map(({ at: when }, index) => ({
        key: `overflow-${index}`,
        left: at(when),
        kind: "overflow" as const,
      })),
    ].sort((a, b) => a.left - b.left),
  };
}
