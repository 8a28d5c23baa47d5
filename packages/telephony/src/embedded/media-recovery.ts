import type { LegId } from "@svara/kernel";
import type { LostMedia, MediaHostPool } from "@svara/media";
import type { SwitchEventBody } from "../switch.ts";
import type { EmbeddedBridges } from "./embedded-bridges.ts";
import type { EmbeddedLeg } from "./embedded-leg.ts";
import type { EmbeddedPlaybacks } from "./embedded-playbacks.ts";
import type { EmbeddedRecordings } from "./embedded-recordings.ts";

interface Deps {
  readonly media: MediaHostPool;
  readonly playbacks: EmbeddedPlaybacks;
  readonly recordings: EmbeddedRecordings;
  readonly bridges: EmbeddedBridges;
  leg(legId: LegId): EmbeddedLeg | undefined;
  emit(event: SwitchEventBody): void;
}

/** Legs that are carried over at the same time: a host may have had a thousand, and each needs an exchange with its party. */
const AT_ONCE = 50;
/** The host that it is being carried to may die, too. */
const TURNS = 3;

/** What follows the death of a media host (TE41): the truth about what was lost, and its legs carried to another host. */
export class MediaRecovery {
  readonly #deps: Deps;
  readonly #waiting: EmbeddedLeg[] = [];
  #running = 0;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  lost({ legIds, playbackIds, recordingIds }: LostMedia): void {
    const { recordings, playbacks, leg } = this.#deps;
    for (const recordingId of recordingIds) recordings.failed(recordingId, "media_host_failed");
    for (const playbackId of playbackIds) playbacks.ended(playbackId, "failed");
    for (const legId of legIds) {
      const lost = leg(legId);
      if (lost) this.restore(lost);
    }
  }

  /** Carries a leg over whose host has died. One that has no media yet takes a living host when it gets some. */
  restore(leg: EmbeddedLeg): void {
    if (leg.state !== "answered" && leg.state !== "early") return;
    leg.detectedNothing();
    this.#deps.emit({ type: "leg.media_lost", legId: leg.legId });
    this.#waiting.push(leg);
    this.#next();
  }

  #next(): void {
    while (this.#running < AT_ONCE) {
      const leg = this.#waiting.shift();
      if (!leg) return;
      this.#running++;
      void this.#carry(leg).finally(() => {
        this.#running--;
        this.#next();
      });
    }
  }

  async #carry(leg: EmbeddedLeg): Promise<void> {
    for (let turn = 1; !leg.isOver; turn++) {
      const carried = await leg.carryOver(leg.membership?.bridgeId);
      if (leg.isOver) return;
      if (!carried || leg.media.isLost) {
        if (turn < TURNS) continue;
        return leg.failMedia("failed");
      }
      await this.#deps.bridges.enter(leg).catch(() => leg.failMedia("failed"));
      if (leg.isOver) return;
      if (leg.media.isLost) continue;
      return this.#deps.emit({ type: "leg.media_restored", legId: leg.legId });
    }
  }
}
