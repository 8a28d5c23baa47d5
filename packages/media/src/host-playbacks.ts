import type { Clock, LegId } from "@svara/kernel";
import type { Leg } from "./leg.ts";
import type { MediaEvent, MediaResults, PlaybackId, PlayItem } from "./media-host.ts";
import { Playback } from "./playback.ts";
import type { PromptCache } from "./prompt-cache.ts";

/** Whose tones play when an item names no country. */
const defaultCountry = "SE";
/** Playbacks that are over and whose id, asked to start again, does nothing. */
const maxKept = 1000;

interface Entry {
  readonly leg: Leg;
  /** Null while its files are read. */
  playback: Playback | null;
  /** Why it must not begin any more. */
  cancelled: "stopped" | "leg_closed" | null;
  readonly started: Promise<MediaResults["play.start"]>;
}

/** The playbacks of a host: reads their files, then hands them to their legs. */
export class HostPlaybacks {
  readonly #clock: Clock;
  readonly #prompts: PromptCache;
  readonly #emit: (event: MediaEvent) => void;
  readonly #entries = new Map<PlaybackId, Entry>();
  readonly #over = new Map<PlaybackId, Promise<MediaResults["play.start"]>>();

  constructor(clock: Clock, prompts: PromptCache, emit: (event: MediaEvent) => void) {
    this.#clock = clock;
    this.#prompts = prompts;
    this.#emit = emit;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The same id again gives the first result. Errors: `media.prompt_unreadable`. */
  start(
    playbackId: PlaybackId,
    leg: Leg,
    items: readonly PlayItem[],
    loop: boolean,
  ): Promise<MediaResults["play.start"]> {
    const known = this.#entries.get(playbackId)?.started ?? this.#over.get(playbackId);
    if (known) return known;
    const entry: Entry = {
      leg,
      playback: null,
      cancelled: null,
      started: Promise.resolve().then(() => this.#load(playbackId, entry, items, loop)),
    };
    this.#entries.set(playbackId, entry);
    return entry.started;
  }

  stop(playbackId: PlaybackId): void {
    const entry = this.#entries.get(playbackId);
    if (entry === undefined) return;
    if (entry.playback) entry.leg.stopPlayback(entry.playback);
    else entry.cancelled = "stopped";
  }

  /** A playback is over; called for each `play.ended`. */
  forget(playbackId: PlaybackId): void {
    const entry = this.#entries.get(playbackId);
    if (!this.#entries.delete(playbackId) || entry === undefined) return;
    this.#over.set(playbackId, entry.started);
    const [oldest] = this.#over.keys();
    if (this.#over.size > maxKept && oldest) this.#over.delete(oldest);
  }

  /** What is still being read for this leg will not begin. */
  cancelFor(leg: Leg): void {
    for (const entry of this.#entries.values()) {
      if (entry.leg === leg && entry.playback === null) entry.cancelled = "leg_closed";
    }
  }

  async #load(
    playbackId: PlaybackId,
    entry: Entry,
    items: readonly PlayItem[],
    loop: boolean,
  ): Promise<MediaResults["play.start"]> {
    try {
      const clips = await Promise.all(items.map((item) => this.#prompts.load(item, defaultCountry)));
      const durationMs = clips.reduce((sum, clip) => sum + clip.durationMs, 0);
      if (entry.cancelled) this.#emitEnded(playbackId, entry.leg.legId, entry.cancelled);
      else {
        entry.playback = new Playback(playbackId, clips, loop);
        entry.leg.play(entry.playback);
      }
      return { durationMs: loop ? null : durationMs };
    } catch (error) {
      this.#entries.delete(playbackId);
      throw error;
    }
  }

  #emitEnded(playbackId: PlaybackId, legId: LegId, reason: "stopped" | "leg_closed"): void {
    this.#emit({ type: "play.ended", playbackId, legId, reason, at: this.#clock.now() });
  }
}
