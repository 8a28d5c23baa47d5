import type { Clock, Disposable } from "@svara/kernel";
import type { Logger } from "pino";
import { isOutage } from "../database/index.ts";
import type { LiveStore } from "../live/live-store.ts";

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** What waits is bounded by the calls of so long; an operator who has not come by then has other worries. */
const PATIENCE_MS = 30 * 60_000;

export interface PatientLiveStore extends LiveStore, Disposable {
  /** From now on nothing waits: what does is tried once more. For the stop of the server. */
  dispose(): void;
}

/**
 * A store of which no row is lost while the database is away: calls go on without it, and their rows are written when it
 * is back, in order, as the caller awaits each. What a person saves is not waited for: they are told, and save again.
 */
export function patientLiveStore(
  store: LiveStore,
  { clock, log }: { readonly clock: Clock; readonly log: Pick<Logger, "warn"> },
): PatientLiveStore {
  const waiting = new Set<() => void>();
  let hurried = false;

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = clock.after(ms, done);
      waiting.add(done);
      function done(): void {
        timer.dispose();
        waiting.delete(done);
        resolve();
      }
    });
  }

  async function patiently<T>(what: string, write: () => Promise<T>): Promise<T> {
    const until = clock.now() + PATIENCE_MS;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        return await write();
      } catch (error) {
        if (!isOutage(error) || hurried || clock.now() >= until) throw error;
        if (pauseMs === FIRST_PAUSE_MS) log.warn({ err: error, what }, "a row waits for the database");
        await pause(pauseMs);
      }
    }
  }

  return {
    contactBegun: (contact) => patiently("contact", () => store.contactBegun(contact)),
    contactChanged: (...change) => patiently("contact", () => store.contactChanged(...change)),
    agentJoined: (...joined) => patiently("contact", () => store.agentJoined(...joined)),
    workSaved: (...work) => store.workSaved(...work),
    callings: () => store.callings(),
    callingSaved: (...calling) => store.callingSaved(...calling),
    callbackBegun: (callback) => patiently("call-back", () => store.callbackBegun(callback)),
    callbackMoved: (...moved) => patiently("call-back", () => store.callbackMoved(...moved)),
    callbackAttempted: (...attempted) => patiently("call-back", () => store.callbackAttempted(...attempted)),
    callbackEnded: (...ended) => patiently("call-back", () => store.callbackEnded(...ended)),
    openCallbacks: () => store.openCallbacks(),
    recordingBegun: (recording) => patiently("recording", () => store.recordingBegun(recording)),
    recordingStored: (...stored) => patiently("recording", () => store.recordingStored(...stored)),
    recordingFailed: (...failed) => patiently("recording", () => store.recordingFailed(...failed)),
    unfinishedRecordings: () => store.unfinishedRecordings(),
    dispose() {
      hurried = true;
      for (const done of [...waiting]) done();
    },
  };
}
