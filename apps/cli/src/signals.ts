import type { Clock } from "@svara/kernel";

/** What a running server is asked by signals. */
export type StopRequest = "gently" | "now";

/** The part of `process` that signals come from. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
}

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;
/** Under npm one Ctrl-C reaches a process by up to three ways; a person's second one comes later than this. */
const SAME_REQUEST_MS = 1000;

/** Resolves `gently` at the first signal; `again` is called when a person insists. */
export function untilStopped(
  source: SignalSource,
  clock: Clock,
  again: (request: StopRequest) => void,
): Promise<StopRequest> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const listener = (): void => {
      const now = clock.now();
      if (firstAt === undefined) {
        firstAt = now;
        resolve("gently");
      } else if (now - firstAt >= SAME_REQUEST_MS) {
        for (const signal of SIGNALS) source.off(signal, listener);
        again("now");
      }
    };
    for (const signal of SIGNALS) source.on(signal, listener);
  });
}
