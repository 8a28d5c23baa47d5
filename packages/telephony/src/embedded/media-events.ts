import type { LegId } from "@svara/kernel";
import type { MediaEvent } from "@svara/media";
import type { SipLog } from "@svara/sip";
import type { SwitchEventBody } from "../switch.ts";
import type { EmbeddedLeg } from "./embedded-leg.ts";
import type { EmbeddedPlaybacks } from "./embedded-playbacks.ts";
import type { EmbeddedRecordings } from "./embedded-recordings.ts";

interface Deps {
  readonly playbacks: EmbeddedPlaybacks;
  readonly recordings: EmbeddedRecordings;
  readonly log: SipLog;
  leg(legId: LegId): EmbeddedLeg | undefined;
  lateness(lateness: { readonly p99: number; readonly max: number }): void;
  emit(event: SwitchEventBody): void;
}

/** What the media hosts report, as the switch's world hears it. */
export class MediaEvents {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** A fault over one leg's event must not reach the media host: it would take every call with it. */
  take(event: MediaEvent): void {
    try {
      this.#take(event);
    } catch (error) {
      this.#deps.log.warn({ err: error, event: event.type }, "a media event failed inside");
    }
  }

  #take(event: MediaEvent): void {
    switch (event.type) {
      case "leg.media":
        return this.#ifAlive(event.legId, () => this.#deps.emit({ type: "leg.media", legId: event.legId }));
      case "leg.dtmf":
        return this.#deps.leg(event.legId)?.heardKey(event.digit);
      case "leg.silent":
        return this.#deps.leg(event.legId)?.failMedia("media_timeout");
      case "leg.failed":
        return this.#deps.leg(event.legId)?.failMedia("failed");
      case "leg.codec_needed":
        return this.#deps.leg(event.legId)?.needCodec();
      case "play.ended":
        return this.#deps.playbacks.ended(event.playbackId, event.reason === "finished" ? "done" : "stopped");
      case "record.ended":
        return this.#deps.recordings.stored(event.summary);
      case "record.failed":
        return this.#deps.recordings.failed(event.recordingId, event.reason);
      case "host.lateness":
        return this.#deps.lateness({ p99: event.lateness.p99, max: event.lateness.max });
      case "leg.quality": {
        const { legId, quality } = event;
        return this.#ifAlive(legId, () => this.#deps.emit({ type: "leg.quality", legId, quality }));
      }
      case "leg.detected": {
        const { legId, what } = event;
        return this.#ifAlive(legId, (leg) => {
          leg.isDetecting = false;
          this.#deps.emit({ type: "leg.detected", legId, what });
        });
      }
      case "leg.connected":
      case "host.stats":
      case "host.failed": // `lost` tells
        return;
    }
  }

  #ifAlive(legId: LegId, act: (leg: EmbeddedLeg) => void): void {
    const leg = this.#deps.leg(legId);
    if (leg && !leg.isOver) act(leg);
  }
}
