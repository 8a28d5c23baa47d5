import type { Clock, LegId, RecordingId } from "@svara/kernel";
import type { MediaHost, RecordingSummary } from "@svara/media";
import { TelephonyError } from "../errors.ts";
import type { SwitchEventBody } from "../switch.ts";
import type { EndedIds } from "./ended-ids.ts";

interface Deps {
  readonly clock: Clock;
  readonly media: MediaHost;
  readonly ended: EndedIds;
  emit(event: SwitchEventBody): void;
}

/** How long the last recordings may take to be written at the close. */
const FLUSH_LIMIT_MS = 5_000;

/** The recordings of the embedded switch: each is stored or failed exactly once, whoever ends it first (TE22). */
export class EmbeddedRecordings {
  readonly #deps: Deps;
  readonly #running = new Map<RecordingId, LegId>();
  #flushed: (() => void) | undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#running.size;
  }

  knows(recordingId: RecordingId): boolean {
    return this.#running.has(recordingId) || this.#deps.ended.has(recordingId);
  }

  /** `beepEveryMs`: absent for none. */
  async start(
    recordingId: RecordingId,
    legId: LegId,
    pathPrefix: string,
    options: { readonly beepEveryMs?: number } = {},
  ): Promise<void> {
    this.#running.set(recordingId, legId);
    try {
      await this.#deps.media.request({ type: "record.start", recordingId, legId, pathPrefix, ...options });
    } catch (error) {
      this.failed(recordingId, String(error));
    }
  }

  /** A recording that came when its leg had ended. */
  tooLate(recordingId: RecordingId, legId: LegId): void {
    this.#running.set(recordingId, legId);
    this.failed(recordingId, "leg_ended");
  }

  async pause(recordingId: RecordingId): Promise<void> {
    if (this.#isRunning(recordingId)) await this.#ask(recordingId, "record.pause");
  }

  async resume(recordingId: RecordingId): Promise<void> {
    if (this.#isRunning(recordingId)) await this.#ask(recordingId, "record.resume");
  }

  async stop(recordingId: RecordingId): Promise<void> {
    if (!this.#isRunning(recordingId)) return;
    try {
      const { summary } = await this.#deps.media.request({ type: "record.stop", recordingId });
      if (summary) this.stored(summary);
    } catch (error) {
      this.failed(recordingId, String(error)); // its host died, or the pieces could not be put together
    }
  }

  /** The files are complete. */
  stored({ recordingId, tracks, durationMs }: RecordingSummary): void {
    const legId = this.#over(recordingId);
    if (legId === undefined) return;
    const paths = { inPath: tracks.in, outPath: tracks.out, durationMs };
    this.#deps.emit({ type: "recording.stored", recordingId, legId, tracks: paths });
    this.#settle();
  }

  failed(recordingId: RecordingId, reason: string): void {
    const legId = this.#over(recordingId);
    if (legId === undefined) return;
    this.#deps.emit({ type: "recording.failed", recordingId, legId, reason });
    this.#settle();
  }

  /** Resolves when the last recording is on disk, or does not come. */
  async settled(): Promise<void> {
    if (this.#running.size === 0) return;
    await new Promise<void>((resolve) => {
      const limit = this.#deps.clock.after(FLUSH_LIMIT_MS, resolve);
      this.#flushed = () => {
        limit.dispose();
        resolve();
      };
    });
  }

  /** A recording that ends meanwhile needs neither. */
  async #ask(recordingId: RecordingId, type: "record.pause" | "record.resume"): Promise<void> {
    try {
      await this.#deps.media.request({ type, recordingId });
    } catch (error) {
      if (this.#running.has(recordingId)) throw error;
    }
  }

  #over(recordingId: RecordingId): LegId | undefined {
    const legId = this.#running.get(recordingId);
    if (!this.#running.delete(recordingId)) return undefined;
    this.#deps.ended.add(recordingId);
    return legId;
  }

  #settle(): void {
    if (this.#running.size === 0) this.#flushed?.();
  }

  #isRunning(recordingId: RecordingId): boolean {
    if (this.#running.has(recordingId)) return true;
    if (this.#deps.ended.has(recordingId)) return false;
    throw new TelephonyError("telephony.unknown_recording", `no recording ${recordingId}`);
  }
}
