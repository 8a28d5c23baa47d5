import { type Clock, type Disposable, every, type RecordingId } from "@svara/kernel";
import type { Leg } from "./leg.ts";
import { MediaError } from "./media-error.ts";
import type { MediaEvent, MediaResults, RecordingSummary } from "./media-host.ts";
import { Recorder, type RecorderOptions } from "./recorder.ts";

/** Finished recordings whose summary may still be asked for. */
const maxKeptSummaries = 1000;
/** A beep each second and no talk is left. */
const shortestBeepPeriodMs = 1000;

interface Running {
  readonly leg: Leg;
  readonly recorder: Recorder;
  beeping: Disposable | null;
}

/** The recordings of a host: starting ones, running ones, and the summaries of those that are over. */
export class HostRecordings {
  readonly #clock: Clock;
  readonly #isOpen: (leg: Leg) => boolean;
  readonly #createTrack: RecorderOptions["createTrack"];
  readonly #emit: (event: MediaEvent) => void;
  readonly #starting = new Map<RecordingId, Promise<Running>>();
  readonly #running = new Map<RecordingId, Running>();
  readonly #summaries = new Map<RecordingId, Promise<RecordingSummary>>();
  #pastBytes = 0;

  constructor(
    clock: Clock,
    isOpen: (leg: Leg) => boolean,
    emit: (event: MediaEvent) => void,
    createTrack?: RecorderOptions["createTrack"],
  ) {
    this.#clock = clock;
    this.#createTrack = createTrack;
    this.#isOpen = isOpen;
    this.#emit = emit;
  }

  get size(): number {
    return this.#running.size;
  }

  /** Bytes written since start, running recordings included. */
  get bytes(): number {
    let sum = this.#pastBytes;
    for (const { recorder } of this.#running.values()) sum += recorder.bytes;
    return sum;
  }

  /** Again for the same id: the recording that is there. Errors: `media.recording_failed`. */
  async start(
    recordingId: RecordingId,
    leg: () => Promise<Leg>,
    pathPrefix: string,
    beepEveryMs?: number,
  ): Promise<MediaResults["record.start"]> {
    const ended = await this.#summaries.get(recordingId);
    if (ended) return { tracks: ended.tracks, startedAt: ended.startedAt };
    const { recorder } =
      this.#running.get(recordingId) ??
      (await (this.#starting.get(recordingId) ?? this.#begin(recordingId, leg, pathPrefix, beepEveryMs)));
    return { tracks: recorder.tracks, startedAt: recorder.startedAt };
  }

  /** Errors: `media.unknown_recording`. */
  async get(recordingId: RecordingId): Promise<Recorder> {
    const running = this.#running.get(recordingId) ?? (await this.#starting.get(recordingId));
    if (running === undefined)
      throw new MediaError("media.unknown_recording", `no recording ${recordingId} runs`);
    return running.recorder;
  }

  async stop(recordingId: RecordingId): Promise<RecordingSummary | null> {
    await this.#starting.get(recordingId)?.catch(() => undefined);
    const running = this.#running.get(recordingId);
    const summary = running ? this.#finish(recordingId, running) : this.#summaries.get(recordingId);
    return (await summary) ?? null;
  }

  /** The leg is closed: its recordings end with it. */
  endFor(leg: Leg): void {
    for (const [recordingId, running] of this.#running) {
      if (running.leg === leg) this.#endWithLeg(recordingId, running);
    }
  }

  /** Waits until everything is on the disk. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#starting.values());
    await Promise.allSettled(this.#summaries.values());
  }

  #begin(
    recordingId: RecordingId,
    leg: () => Promise<Leg>,
    pathPrefix: string,
    beepEveryMs?: number,
  ): Promise<Running> {
    const starting = this.#open(recordingId, leg, pathPrefix, beepEveryMs).finally(() =>
      this.#starting.delete(recordingId),
    );
    this.#starting.set(recordingId, starting);
    return starting;
  }

  async #open(
    recordingId: RecordingId,
    leg: () => Promise<Leg>,
    pathPrefix: string,
    beepEveryMs?: number,
  ): Promise<Running> {
    const createTrack = this.#createTrack ? { createTrack: this.#createTrack } : {};
    const running: Running = {
      beeping: null,
      leg: await leg(),
      recorder: await Recorder.start({ recordingId, pathPrefix, clock: this.#clock, ...createTrack }),
    };
    this.#running.set(recordingId, running);
    running.recorder.failed.on((reason) => {
      void this.#finish(recordingId, running);
      this.#emit({ type: "record.failed", recordingId, reason, at: this.#clock.now() });
    });
    if (this.#isOpen(running.leg)) {
      running.leg.addRecorder(running.recorder);
      if (beepEveryMs !== undefined) running.beeping = this.#beep(running, beepEveryMs);
    } else this.#endWithLeg(recordingId, running); // the leg was closed while the files were made
    return running;
  }

  /** The first beep at once, the others in time; none while the recording pauses. */
  #beep({ leg, recorder }: Running, beepEveryMs: number): Disposable {
    leg.beep();
    return every(this.#clock, Math.max(shortestBeepPeriodMs, beepEveryMs), () => {
      if (!recorder.isPaused) leg.beep();
    });
  }

  #finish(recordingId: RecordingId, { leg, recorder, beeping }: Running): Promise<RecordingSummary> {
    beeping?.dispose();
    this.#running.delete(recordingId);
    leg.removeRecorder(recorder);
    const summary = recorder.stop();
    this.#summaries.set(recordingId, summary);
    void summary.then(({ bytes }) => {
      this.#pastBytes += bytes;
    });
    const [oldest] = this.#summaries.keys();
    if (this.#summaries.size > maxKeptSummaries && oldest) this.#summaries.delete(oldest);
    return summary;
  }

  #endWithLeg(recordingId: RecordingId, running: Running): void {
    void this.#finish(recordingId, running).then((summary) => {
      this.#emit({ type: "record.ended", summary, at: this.#clock.now() });
    });
  }
}
