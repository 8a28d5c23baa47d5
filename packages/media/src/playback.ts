import type { Codec, PlaybackId } from "./media-host.ts";
import type { Clip } from "./prompt-cache.ts";

/** A position in a row of clips; the frames themselves are shared. */
export class Playback {
  readonly playbackId: PlaybackId;
  readonly #clips: readonly Clip[];
  readonly #loop: boolean;
  #clip = 0;
  #frame = 0;

  constructor(playbackId: PlaybackId, clips: readonly Clip[], loop: boolean) {
    this.playbackId = playbackId;
    this.#clips = clips.filter((clip) => clip.durationMs > 0);
    this.#loop = loop;
  }

  /** The next 20 ms, or null at the end. */
  next(codec: Codec): Uint8Array | null {
    for (;;) {
      const clip = this.#clips[this.#clip];
      if (clip === undefined) return null;
      const frame = clip.frames[codec][this.#frame];
      if (frame !== undefined) {
        this.#frame++;
        return frame;
      }
      this.#frame = 0;
      this.#clip++;
      if (this.#clip === this.#clips.length && this.#loop) this.#clip = 0;
    }
  }
}
