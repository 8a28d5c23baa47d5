import type { Percentiles } from "../load/histogram.ts";

/** What the processes of the browser case are asked; plain data between them. */
export type HostAsk =
  /** The host takes a browser's offer, bridges it with the one before in pairs, and records it. */
  | { readonly kind: "answer"; readonly leg: number; readonly sdp: string }
  | { readonly kind: "room"; readonly leg: number; readonly room: number; readonly sdp: string }
  | { readonly kind: "close" };

export type PeersAsk =
  | { readonly kind: "offer" }
  | { readonly kind: "connect"; readonly leg: number; readonly sdp: string }
  /** All talk; what comes is counted for so long. */
  | { readonly kind: "listen"; readonly ms: number };

export interface BrowsersHeard {
  readonly seconds: number;
  readonly packets: number;
  readonly missingPercent: number;
  readonly oneWayMs: Percentiles;
}

/** A question with its number, and the answer to it. */
export interface Asked<Ask> {
  readonly id: number;
  readonly ask: Ask;
}
export type Answered =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string };

/** Answers what the parent process asks. */
export function answerParent<Ask>(answer: (ask: Ask) => Promise<unknown>): void {
  process.on("disconnect", () => process.exit());
  process.on("message", ({ id, ask }: Asked<Ask>) => {
    const reply = (message: Answered): void => void process.send?.(message);
    answer(ask).then(
      (given) => reply({ id, answer: given }),
      (error: unknown) => reply({ id, error: String(error) }),
    );
  });
}
