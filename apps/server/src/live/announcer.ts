import type { LegId } from "@svara/kernel";
import type { PlaybackItem, Switch, SwitchEvent } from "@svara/telephony";

export interface AnnouncerDeps {
  readonly switch: Switch;
  readonly ids: { next(): string };
  /** Sends a command; a refusal is told to the log. */
  readonly send: (command: () => Promise<void>) => void;
}

const BEEP: PlaybackItem = { kind: "tone", tone: "beep" };
const PAUSE: PlaybackItem = { kind: "silence", ms: 150 };

/** Of a slot that is told by beeps. */
const MOST_BEEPS = 9;

/** Answers the phone of somebody who asked for something by dialling, lets it hear whether it was done, and hangs up. */
export class Announcer {
  readonly #deps: AnnouncerDeps;
  readonly #calls = new Map<LegId, readonly PlaybackItem[]>();
  readonly #playing = new Map<string, LegId>();

  constructor(deps: AnnouncerDeps) {
    this.#deps = deps;
  }

  /** It was done: two short beeps. */
  confirm(legId: LegId): void {
    this.#begin(legId, [PAUSE, BEEP, PAUSE, BEEP, PAUSE]);
  }

  /** It was not: the tone of a call that does not come about. */
  deny(legId: LegId): void {
    this.#begin(legId, [{ kind: "tone", tone: "congestion" }]);
  }

  /** A slot, by as many beeps; a large one, as the tens, a pause, the ones. */
  tell(legId: LegId, slot: number): void {
    const beeps = (count: number): PlaybackItem[] =>
      Array.from({ length: Math.min(count, MOST_BEEPS) }, () => [BEEP, PAUSE]).flat();
    const tens = Math.trunc(slot / 10);
    const longPause: PlaybackItem = { kind: "silence", ms: 600 };
    this.#begin(legId, [PAUSE, ...(tens > 0 ? [...beeps(tens), longPause] : []), ...beeps(slot % 10)]);
  }

  /** Whether the event was about a call of ours. */
  follow(event: SwitchEvent): boolean {
    const { switch: sw, send, ids } = this.#deps;
    switch (event.type) {
      case "leg.answered": {
        const items = this.#calls.get(event.legId);
        if (!items) return false;
        const playbackId = ids.next();
        this.#playing.set(playbackId, event.legId);
        send(() => sw.play(playbackId, event.legId, items));
        return true;
      }
      case "playback.ended": {
        const legId = this.#playing.get(event.playbackId);
        if (!legId) return false;
        this.#playing.delete(event.playbackId);
        if (this.#calls.has(legId)) send(() => sw.hangup(legId, "normal"));
        return true;
      }
      case "leg.ended":
        return this.#calls.delete(event.legId);
      default:
        return "legId" in event && this.#calls.has(event.legId);
    }
  }

  #begin(legId: LegId, items: readonly PlaybackItem[]): void {
    this.#calls.set(legId, items);
    this.#deps.send(() => this.#deps.switch.answer(legId));
  }
}
