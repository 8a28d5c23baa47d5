import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type Clock, type Disposable, every, type RecordingId, Signal } from "@svara/kernel";
import { MediaError } from "./media-error.ts";
import type { Codec, RecordingSummary, RecordingTracks } from "./media-host.ts";
import { settleMs, TrackTimeline } from "./track-timeline.ts";
import { type TrackFile, WavAppender } from "./wav-appender.ts";

/** How often settled sound goes to the disk. With `settleMs` a crash costs at most 1.4 s. */
const flushPeriodMs = 1_000;
/** Sooner the first time: what a short call leaves at a crash shall be more than a header. */
const firstFlushMs = 500;
/** Recordings flush in company, at full tenths of a second: waking the threads that write costs more than a write. */
const flushGridMs = 100;

export interface RecorderOptions {
  readonly recordingId: RecordingId;
  readonly pathPrefix: string;
  readonly clock: Clock;
  /** How a track's file is made; `WavAppender.create` when left out. */
  readonly createTrack?: (path: string) => Promise<TrackFile>;
}

/** `in`: what the party said; `out`: what it heard. */
export type TrackSide = "in" | "out";

/**
 * Records one leg, each direction to its own mu-law WAV. Both files begin at the same instant and, silence filled in,
 * last as long as the recording did.
 *
 *    recording --pause--> paused --resume--> recording --stop--> over
 *        `----- disk refuses -----> over (failed)
 */
export class Recorder {
  readonly recordingId: RecordingId;
  readonly startedAt: number;
  readonly tracks: RecordingTracks;
  /** The disk refused; the recorder has ended itself. */
  readonly failed = new Signal<string>();
  readonly #clock: Clock;
  readonly #files: Record<TrackSide, TrackFile>;
  readonly #timelines: Record<TrackSide, TrackTimeline> = {
    in: new TrackTimeline(),
    out: new TrackTimeline(),
  };
  readonly #pauses: { fromMs: number; toMs: number }[] = [];
  #flusher: Disposable;
  #state: "recording" | "paused" | "over" = "recording";
  #pausedAtMs = 0;
  #summary: Promise<RecordingSummary> | null = null;

  private constructor(
    options: RecorderOptions,
    tracks: RecordingTracks,
    files: Record<TrackSide, TrackFile>,
  ) {
    this.recordingId = options.recordingId;
    this.tracks = tracks;
    this.#clock = options.clock;
    this.#files = files;
    this.startedAt = options.clock.now();
    const offGridMs = (this.startedAt + firstFlushMs) % flushGridMs;
    this.#flusher = options.clock.after(firstFlushMs + flushGridMs - offGridMs, () => {
      this.#flush();
      if (this.#state !== "over") this.#flusher = every(options.clock, flushPeriodMs, () => this.#flush());
    });
  }

  /** Errors: `media.recording_failed`. */
  static async start(options: RecorderOptions): Promise<Recorder> {
    const tracks = { in: `${options.pathPrefix}-in.wav`, out: `${options.pathPrefix}-out.wav` };
    const create = options.createTrack ?? WavAppender.create;
    try {
      await mkdir(dirname(tracks.in), { recursive: true });
      const input = await create(tracks.in);
      try {
        const output = await create(tracks.out);
        return new Recorder(options, tracks, { in: input, out: output });
      } catch (error) {
        await input.close();
        await rm(tracks.in, { force: true });
        throw error;
      }
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new MediaError("media.recording_failed", `cannot record to ${options.pathPrefix}: ${why}`, {
        cause,
      });
    }
  }

  /** Bytes in both files. */
  get bytes(): number {
    return this.#files.in.bytes + this.#files.out.bytes;
  }

  /** G.711 bytes `payload[from..to)` that passed now. */
  write(
    side: TrackSide,
    now: number,
    timestamp: number,
    payload: Uint8Array,
    from: number,
    to: number,
    codec: Codec,
    fresh: boolean,
  ): void {
    if (this.#state !== "recording") return;
    this.#timelines[side].write(now - this.startedAt, timestamp, payload, from, to, codec, fresh);
  }

  get isPaused(): boolean {
    return this.#state === "paused";
  }

  pause(): void {
    if (this.#state !== "recording") return;
    this.#state = "paused";
    this.#pausedAtMs = this.#elapsed();
  }

  resume(): void {
    if (this.#state !== "paused") return;
    this.#endPause();
    this.#timelines.in.interrupt();
    this.#timelines.out.interrupt();
    this.#state = "recording";
  }

  /** Ends the recording; again: the same summary. */
  stop(): Promise<RecordingSummary> {
    this.#summary ??= this.#end(false);
    return this.#summary;
  }

  #elapsed(): number {
    return this.#clock.now() - this.startedAt;
  }

  #endPause(): void {
    this.#pauses.push({ fromMs: this.#pausedAtMs, toMs: this.#elapsed() });
  }

  #flush(): void {
    this.#take(this.#elapsed() - settleMs);
    const failure = this.#files.in.failure ?? this.#files.out.failure;
    if (failure === null || this.#state === "over") return;
    this.#summary = this.#end(true);
    this.failed.emit(failure instanceof Error ? failure.message : String(failure));
  }

  #take(untilMs: number): void {
    for (const side of ["in", "out"] as const) {
      const bytes = this.#timelines[side].take(untilMs);
      if (bytes) this.#files[side].append(bytes);
    }
  }

  async #end(failed: boolean): Promise<RecordingSummary> {
    const durationMs = this.#elapsed();
    if (this.#state === "paused") this.#endPause();
    this.#state = "over";
    this.#flusher.dispose();
    if (!failed) this.#take(durationMs);
    await Promise.all([this.#files.in.close(), this.#files.out.close()]);
    const broken = failed || this.#files.in.failure !== null || this.#files.out.failure !== null;
    return {
      recordingId: this.recordingId,
      tracks: this.tracks,
      startedAt: this.startedAt,
      durationMs,
      bytes: this.bytes,
      pauses: this.#pauses,
      outcome: broken ? "failed" : "complete",
    };
  }
}
