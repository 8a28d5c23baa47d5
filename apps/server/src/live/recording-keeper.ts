import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, stat, unlink } from "node:fs/promises";
import path from "node:path";
import type { AgentId, ClientId, Clock, ContactId, RecordingId } from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import { composeStereo, waveformPeaks } from "@svara/media";
import type { RecordingTracks } from "@svara/telephony";
import type { LiveStore } from "./live-store.ts";

interface Running {
  readonly contactId: ContactId;
  readonly clientId: ClientId;
  readonly storageKey: string;
  /** The row stands. */
  readonly written: Promise<void>;
}

export interface RecordingKeeperDeps {
  readonly clock: Clock;
  /** Absolute path of the folder of recordings. */
  readonly folder: string;
  readonly store: LiveStore;
  readonly append: (draft: LedgerDraft) => void;
  readonly warn: (message: string, detail: object) => void;
  /** Makes the stereo file; `composeRecording` unless a test says otherwise. */
  readonly compose?: typeof composeRecording;
}

const DISK_WORDS: Readonly<Record<string, string>> = {
  ENOSPC: "disk_full",
  EDQUOT: "disk_full",
  EIO: "disk_failed",
  EROFS: "disk_failed",
  EACCES: "disk_forbidden",
  EPERM: "disk_forbidden",
};

/** The file name of a storage key's stereo recording, or of one of its tracks while it is being made. */
export function recordingPath(
  folder: string,
  storageKey: string,
  part: "stereo" | "in" | "out" = "stereo",
): string {
  return path.join(folder, part === "stereo" ? `${storageKey}.wav` : `${storageKey}-${part}.wav`);
}

/** Knows where recordings go, and turns finished tracks into one stereo file: the customer left, what the customer heard right. */
export class RecordingKeeper {
  readonly #deps: RecordingKeeperDeps;
  readonly #running = new Map<RecordingId, Running>();
  #tail: Promise<void> = Promise.resolve();

  constructor(deps: RecordingKeeperDeps) {
    this.#deps = deps;
  }

  /** A recording is to begin: the path prefix for its tracks, and the writing of its row `after` the contact's. */
  begin(
    after: Promise<unknown>,
    recording: { recordingId: RecordingId; contactId: ContactId; clientId: ClientId; agentId?: AgentId },
  ): { prefix: string; written: Promise<void> } {
    const { recordingId, contactId, clientId, agentId } = recording;
    const { clock, folder, store, warn } = this.#deps;
    const startedAt = clock.now();
    const day = new Date(startedAt).toISOString().slice(0, 10).replaceAll("-", "/");
    const storageKey = `${day}/${recordingId}`;
    const row = { recordingId, contactId, clientId, startedAt, storageKey, ...(agentId ? { agentId } : {}) };
    const written = after
      .then(() => store.recordingBegun(row))
      .catch((error: unknown) =>
        warn("a recording's row was not written", { recordingId, error: String(error) }),
      );
    this.#running.set(recordingId, { contactId, clientId, storageKey, written });
    return { prefix: path.join(folder, storageKey), written };
  }

  /** The switch has finished the tracks. They are composed one recording at a time, so that a busy minute stays smooth. */
  stored(recordingId: RecordingId, tracks: RecordingTracks): void {
    const running = this.#running.get(recordingId);
    if (!running) return;
    this.#running.delete(recordingId);
    this.#tail = this.#tail.then(() => this.#compose(recordingId, running, tracks));
  }

  failed(recordingId: RecordingId, reason: string): void {
    const running = this.#running.get(recordingId);
    if (!running) return;
    this.#running.delete(recordingId);
    this.#fail(recordingId, running, reason);
  }

  /** Resolves when all that was stored so far has been composed, and the rows of what failed are written. */
  settled(): Promise<void> {
    return this.#tail;
  }

  async #compose(recordingId: RecordingId, running: Running, tracks: RecordingTracks): Promise<void> {
    const { contactId, clientId, storageKey } = running;
    const { folder, store, append, clock, warn } = this.#deps;
    const target = recordingPath(folder, storageKey);
    try {
      const stored = await (this.#deps.compose ?? composeRecording)(tracks, target);
      await running.written;
      await store.recordingStored(clientId, recordingId, stored);
      append({
        type: "recording.stored",
        at: clock.now(),
        clientId,
        contactId,
        payload: { recordingId, ...stored },
      });
    } catch (error) {
      warn("recording not composed", { recordingId, error: String(error) });
      this.#fail(recordingId, running, "compose_failed");
    }
  }

  #fail(recordingId: RecordingId, running: Running, reason: string): void {
    const { contactId, clientId } = running;
    const { store, append, clock, warn } = this.#deps;
    append({
      type: "recording.failed",
      at: clock.now(),
      clientId,
      contactId,
      payload: { recordingId, reason: word(reason) },
    });
    warn("a recording failed", { recordingId, reason });
    const written = running.written // a disk that is full refuses faster than the row is made
      .then(() => store.recordingFailed(clientId, recordingId, reason))
      .catch((error: unknown) => warn("recording row not written", { recordingId, error: String(error) }));
    this.#tail = Promise.all([this.#tail, written]).then(() => undefined);
  }
}

/** Makes the stereo file of two tracks, removes the tracks, and measures what came out. */
export async function composeRecording(
  tracks: RecordingTracks,
  target: string,
): Promise<{ durationMs: number; bytes: number; sha256: string }> {
  await mkdir(path.dirname(target), { recursive: true });
  await composeStereo({ left: tracks.inPath, right: tracks.outPath }, target);
  const { size } = await stat(target);
  const sha256 = await fileHash(target);
  await unlink(tracks.inPath);
  await unlink(tracks.outPath);
  return { durationMs: tracks.durationMs, bytes: size, sha256 };
}

/** Measures a stereo file that stands already. */
export async function composedRecording(
  target: string,
): Promise<{ durationMs: number; bytes: number; sha256: string }> {
  const { durationMs } = await waveformPeaks(target, 1);
  const { size } = await stat(target);
  return { durationMs, bytes: size, sha256: await fileHash(target) };
}

async function fileHash(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** The word for the ledger: a system's error by its code, words as they are. */
function word(reason: string): string {
  const code = /^E[A-Z]+(?=: )/.exec(reason)?.[0] ?? "";
  return DISK_WORDS[code] ?? (/^[a-z_]{1,40}$/.test(reason) ? reason : "media_error");
}
