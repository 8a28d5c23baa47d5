import { rm } from "node:fs/promises";
import type { Clock, LegId, RecordingId } from "@svara/kernel";
import { MediaError } from "./media-error.ts";
import type {
  MediaCommand,
  MediaEvent,
  MediaResults,
  RecordingSummary,
  RecordingTracks,
} from "./media-host.ts";
import { isLive, type Place } from "./placed-leg.ts";
import { joinTracks } from "./recording-join.ts";

type StartCommand = Extract<MediaCommand, { readonly type: "record.start" }>;

/** A recording of one leg: a piece for each host that the leg was on. */
interface PoolRecording {
  readonly command: StartCommand;
  readonly legId: LegId;
  place: Place;
  /** The id of the piece that runs. */
  piece: RecordingId;
  /** When the piece that runs began, by the pool's clock. */
  startedAt: number;
  paused: boolean;
  tracks: RecordingTracks | undefined;
  readonly past: { readonly summary: RecordingSummary; readonly startedAt: number }[];
}

/** Where a moved leg's next piece begins before the last one has ended, or long after: more is no gap but a wrong clock. */
const MAX_GAP_MS = 30_000;

/** The recordings of the pool. A leg that is moved is recorded on by its new host; in the end the pieces are one. */
export class PoolRecordings {
  readonly #clock: Clock;
  readonly #running = new Map<RecordingId, PoolRecording>();
  readonly #byPiece = new Map<RecordingId, PoolRecording>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async start(command: StartCommand, place: Place): Promise<MediaResults["record.start"]> {
    const { recordingId, legId } = command;
    const recording: PoolRecording = this.#running.get(recordingId) ?? {
      command,
      legId,
      place,
      piece: recordingId,
      startedAt: this.#clock.now(),
      paused: false,
      tracks: undefined,
      past: [],
    };
    this.#running.set(recordingId, recording);
    this.#byPiece.set(recording.piece, recording);
    try {
      const result = await place.slot.request(command);
      recording.tracks = result.tracks;
      return result;
    } catch (error) {
      this.#forget(recording);
      throw error;
    }
  }

  async pause(recordingId: RecordingId, paused: boolean): Promise<Record<string, never>> {
    const recording = this.#running.get(recordingId);
    if (!recording) throw new MediaError("media.unknown_recording", `no recording ${recordingId} runs`);
    recording.paused = paused;
    const type = paused ? "record.pause" : "record.resume";
    return recording.place.slot.request({ type, recordingId: recording.piece });
  }

  async stop(recordingId: RecordingId): Promise<MediaResults["record.stop"]> {
    const recording = this.#running.get(recordingId);
    if (!recording) return { summary: null };
    const { piece } = recording;
    const { summary } = await recording.place.slot.request({ type: "record.stop", recordingId: piece });
    this.#forget(recording);
    return { summary: summary && (await this.#whole(recording, summary)) };
  }

  /** A leg goes on at another host: what is recorded of it goes on there. Gives what cannot: the call goes on without it. */
  async follow(legId: LegId, to: Place): Promise<readonly MediaEvent[]> {
    const failures: MediaEvent[] = [];
    for (const recording of [...this.#running.values()]) {
      const failure = recording.legId === legId ? await this.#followOne(recording, to) : undefined;
      if (failure) failures.push(failure);
    }
    return failures;
  }

  async #followOne(recording: PoolRecording, to: Place): Promise<MediaEvent | undefined> {
    const { command, place, piece, startedAt } = recording;
    const number = recording.past.length + 2;
    const next = `${command.recordingId}~${number}` as RecordingId;
    const pathPrefix = `${command.pathPrefix}~${number}`;
    try {
      await to.slot.request({ ...command, recordingId: next, pathPrefix });
      if (recording.paused) await to.slot.request({ type: "record.pause", recordingId: next });
    } catch (error) {
      if (!isLive(to)) throw error;
      if (!this.#runs(recording)) return undefined;
      this.#forget(recording);
      await place.slot.request({ type: "record.stop", recordingId: piece }).catch(() => undefined);
      return this.#failure(recording, error);
    }
    if (!this.#runs(recording)) {
      await this.#discard(next, pathPrefix, to); // stopped meanwhile: nobody may be recorded any longer
      return undefined;
    }
    recording.place = to;
    recording.piece = next;
    recording.startedAt = this.#clock.now();
    this.#byPiece.set(next, recording);
    this.#byPiece.delete(piece);
    const { summary } = await place.slot.request({ type: "record.stop", recordingId: piece });
    if (summary) recording.past.push({ summary, startedAt });
    return undefined;
  }

  async #discard(piece: RecordingId, pathPrefix: string, place: Place): Promise<void> {
    await place.slot.request({ type: "record.stop", recordingId: piece }).catch(() => undefined);
    await Promise.all(["in", "out"].map((side) => rm(`${pathPrefix}-${side}.wav`, { force: true })));
  }

  /** A host tells of a recording's end: the event with the whole recording, or undefined when it is none of ours any more. */
  ended(event: Extract<MediaEvent, { type: "record.ended" }>): MediaEvent | Promise<MediaEvent> | undefined {
    const recording = this.#byPiece.get(event.summary.recordingId);
    if (!recording) return undefined;
    this.#forget(recording);
    if (recording.past.length === 0) return event;
    return this.#whole(recording, event.summary).then(
      (summary) => ({ ...event, summary }),
      (error: unknown) => this.#failure(recording, error), // its pieces could not be put together
    );
  }

  failed(event: Extract<MediaEvent, { type: "record.failed" }>): MediaEvent | undefined {
    const recording = this.#byPiece.get(event.recordingId);
    if (!recording) return undefined;
    this.#forget(recording);
    return { ...event, recordingId: recording.command.recordingId };
  }

  /** The recordings that died with their host, and the files they leave. */
  lost(isLost: (place: Place) => boolean): { recordingId: RecordingId; files: readonly string[] }[] {
    const gone = [...this.#running.values()].filter((recording) => isLost(recording.place));
    for (const recording of gone) this.#forget(recording);
    return gone.map(({ command, past }) => {
      const prefixes = [command.pathPrefix, ...past.map((_, i) => `${command.pathPrefix}~${i + 2}`)];
      return {
        recordingId: command.recordingId,
        files: prefixes.flatMap((prefix) => [`${prefix}-in.wav`, `${prefix}-out.wav`]),
      };
    });
  }

  #runs(recording: PoolRecording): boolean {
    return this.#running.get(recording.command.recordingId) === recording;
  }

  #failure({ command }: PoolRecording, error: unknown): MediaEvent {
    const { recordingId } = command;
    return { type: "record.failed", recordingId, reason: String(error), at: this.#clock.now() };
  }

  #forget(recording: PoolRecording): void {
    this.#running.delete(recording.command.recordingId);
    this.#byPiece.delete(recording.piece);
  }

  /** One recording of all pieces, in the files of the first. */
  async #whole(recording: PoolRecording, last: RecordingSummary): Promise<RecordingSummary> {
    const [first, ...further] = [...recording.past, { summary: last, startedAt: recording.startedAt }];
    if (!first || further.length === 0) return last;
    const { tracks, startedAt } = first.summary;
    let { durationMs, bytes } = first.summary;
    const pauses = [...first.summary.pauses];
    for (const { summary, startedAt: at } of further) {
      const gapMs = Math.min(MAX_GAP_MS, Math.max(0, at - first.startedAt - durationMs));
      const into = durationMs + gapMs;
      pauses.push(...summary.pauses.map((p) => ({ fromMs: p.fromMs + into, toMs: p.toMs + into })));
      const joinedIn = await joinTracks(tracks.in, summary.tracks.in, gapMs);
      const joinedOut = await joinTracks(tracks.out, summary.tracks.out, gapMs);
      durationMs = joinedIn.durationMs;
      bytes = joinedIn.bytes + joinedOut.bytes;
    }
    const outcome = further.every(({ summary }) => summary.outcome === "complete")
      ? first.summary.outcome
      : "failed";
    return {
      recordingId: recording.command.recordingId,
      tracks,
      startedAt,
      durationMs,
      bytes,
      pauses,
      outcome,
    };
  }
}
