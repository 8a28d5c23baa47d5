import type { LegId } from "@svara/kernel";
import type { MediaHostPool, PlaybackId, PlayItem, ToneCountry } from "@svara/media";
import type { SipLog } from "@svara/sip";
import type { PlaybackItem, SwitchEventBody } from "../switch.ts";
import type { EmbeddedLeg } from "./embedded-leg.ts";
import type { EndedIds } from "./ended-ids.ts";

interface Deps {
  readonly media: MediaHostPool;
  readonly log: SipLog;
  readonly ended: EndedIds;
  emit(event: SwitchEventBody): void;
}

/** The playbacks of the embedded switch: each ends with one `playback.ended` (TE18). */
export class EmbeddedPlaybacks {
  readonly #deps: Deps;
  readonly #running = new Map<string, EmbeddedLeg>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  knows(playbackId: string): boolean {
    return this.#running.has(playbackId) || this.#deps.ended.has(playbackId);
  }

  async start(
    playbackId: string,
    leg: EmbeddedLeg,
    items: readonly PlaybackItem[],
    loop: boolean,
  ): Promise<void> {
    const { media, log } = this.#deps;
    this.#running.set(playbackId, leg);
    leg.playbackId = playbackId;
    try {
      await media.request({
        type: "play.start",
        playbackId: playbackId as PlaybackId,
        legId: leg.legId,
        items: items.map(playItem),
        loop,
      });
    } catch (error) {
      log.warn({ playbackId, error: String(error) }, "playback failed");
      this.ended(playbackId, "failed");
    }
  }

  async stop(playbackId: string): Promise<void> {
    if (!this.#running.has(playbackId)) return;
    // a host that died in between has ended it already
    await this.#deps.media
      .request({ type: "play.stop", playbackId: playbackId as PlaybackId })
      .catch(() => undefined);
    this.ended(playbackId, "stopped");
  }

  ended(playbackId: string, reason: "done" | "stopped" | "failed"): void {
    const leg = this.#running.get(playbackId);
    if (!leg) return;
    this.#running.delete(playbackId);
    this.#deps.ended.add(playbackId);
    if (leg.playbackId === playbackId) leg.playbackId = undefined;
    this.#deps.emit({ type: "playback.ended", playbackId, legId: leg.legId as LegId, reason });
  }
}

/** Countries that media has tones for; any other sounds as Europe does. */
const TONE_COUNTRIES = new Set<string>(["SE", "US", "UA", "RU"] satisfies ToneCountry[]);

function playItem(item: PlaybackItem): PlayItem {
  switch (item.kind) {
    case "file":
      return { file: item.path };
    case "tone": {
      const country = item.country && TONE_COUNTRIES.has(item.country) ? item.country : undefined;
      return country ? { tone: item.tone, country: country as ToneCountry } : { tone: item.tone };
    }
    case "silence":
      return { silenceMs: item.ms };
    case "comfort_noise":
      return { comfortNoiseMs: item.ms };
  }
}
