import { every, type Instant } from "@svara/kernel";
import { useSyncExternalStore } from "react";
import { useServices } from "../services.ts";

/** The server's present instant, moving once a second; every timer on a page moves in the same beat. */
export function useNow(): Instant {
  const { beat } = useServices();
  return useSyncExternalStore(beat.subscribe, beat.read);
}

/** One shared second hand: runs only while something looks at it. */
export interface Beat {
  readonly subscribe: (listener: () => void) => () => void;
  readonly read: () => Instant;
}

export function createBeat(clock: Parameters<typeof every>[0], serverNow: () => Instant): Beat {
  const listeners = new Set<() => void>();
  let current = serverNow();
  let running: { dispose(): void } | undefined;
  const tick = (): void => {
    current = serverNow();
    for (const listener of listeners) listener();
  };
  return {
    subscribe(listener) {
      listeners.add(listener);
      if (!running) {
        current = serverNow();
        running = every(clock, 1000, tick);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) {
          running?.dispose();
          running = undefined;
        }
      };
    },
    read: () => current,
  };
}
