import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { ClientId, Clock, ContactId, RecordingId } from "@svara/kernel";
import { repairRecording } from "@svara/media";
import {
  closeCuts,
  type Database,
  type Ledger,
  readEvents,
  WHOLE_CENTRE,
  withScope,
} from "../database/index.ts";
import type { LiveStore } from "./live-store.ts";
import { composedRecording, composeRecording, recordingPath } from "./recording-keeper.ts";

export interface RecoveryDeps {
  readonly clock: Clock;
  readonly database: Database;
  readonly ledger: Ledger;
  readonly store: LiveStore;
  readonly recordingsFolder: string;
  readonly warn: (message: string, detail: object) => void;
}

export interface Recovered {
  readonly contacts: number;
  readonly agents: number;
  readonly recordings: number;
}

/**
 * Writes the truth of what a crash cut: the ledger closes contacts and sessions at the last instant at which they were known
 * to live, the rows beside it follow, and tracks of recordings become playable files.
 */
export async function recoverFromCrash(deps: RecoveryDeps): Promise<Recovered> {
  const { clock, ledger } = deps;
  const cuts = await closeCuts(ledger, clock.now());
  for (const contactId of cuts.contacts) await closeRow(deps, contactId as ContactId);
  const recordings = await repairRecordings(deps);
  return { contacts: cuts.contacts.length, agents: cuts.agents.length, recordings };
}

async function closeRow(deps: RecoveryDeps, contactId: ContactId): Promise<void> {
  const events = await withScope(deps.database.db, WHOLE_CENTRE, (tx) =>
    readEvents(tx, { contactId, types: ["contact.closed"] }),
  );
  const closed = events.find((event) => event.type === "contact.closed");
  if (!closed?.clientId) return;
  await deps.store.contactChanged(closed.clientId, contactId, {
    closedAt: closed.at,
    customerEndedAt: closed.at,
    outcome: "failed_tech",
  });
}

/** Recordings that were being made, or whose tracks were not yet composed. */
async function repairRecordings(deps: RecoveryDeps): Promise<number> {
  const { store, ledger, clock, recordingsFolder, warn } = deps;
  const cut = await store.unfinishedRecordings();
  for (const { recordingId, clientId, contactId, storageKey } of cut) {
    try {
      const stored = await composeCut(recordingsFolder, storageKey);
      await store.recordingStored(clientId, recordingId, stored);
      ledger.append({
        type: "recording.stored",
        at: clock.now(),
        clientId,
        contactId,
        payload: { recordingId, ...stored },
      });
    } catch (error) {
      await failCut(deps, { recordingId, clientId, contactId }, error);
      warn("a cut recording could not be saved", { recordingId, error: String(error) });
    }
  }
  return cut.length;
}

async function composeCut(
  folder: string,
  storageKey: string,
): Promise<{ durationMs: number; bytes: number; sha256: string }> {
  const inPath = recordingPath(folder, storageKey, "in");
  const outPath = recordingPath(folder, storageKey, "out");
  const target = recordingPath(folder, storageKey);
  // composed, and cut before its row was written: tracks are removed only when the whole file stands
  if (existsSync(target) && !existsSync(inPath)) {
    await rm(outPath, { force: true });
    return composedRecording(target);
  }
  if (!existsSync(inPath) || !existsSync(outPath)) throw new Error("its tracks are gone");
  const first = await repairRecording(inPath);
  const second = await repairRecording(outPath);
  const durationMs = Math.max(first.durationMs, second.durationMs);
  return composeRecording({ inPath, outPath, durationMs }, target);
}

async function failCut(
  deps: RecoveryDeps,
  recording: { recordingId: RecordingId; clientId: ClientId; contactId: ContactId },
  error: unknown,
): Promise<void> {
  const { recordingId, clientId, contactId } = recording;
  await deps.store.recordingFailed(clientId, recordingId, String(error));
  deps.ledger.append({
    type: "recording.failed",
    at: deps.clock.now(),
    clientId,
    contactId,
    payload: { recordingId, reason: "cut_by_crash" },
  });
}
