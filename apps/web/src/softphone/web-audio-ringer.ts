import { type Clock, type Disposable, every, Signal } from "@svara/kernel";
import type { Ringer } from "./phone-line.ts";

const PERIOD_MS = 2600;
/** A rising fourth, twice: heard across a room without startling anybody. */
const NOTES: readonly { atS: number; hz: number }[] = [
  { atS: 0, hz: 587.33 },
  { atS: 0.16, hz: 783.99 },
  { atS: 0.5, hz: 587.33 },
  { atS: 0.66, hz: 783.99 },
];

/** The ringtone, made by WebAudio. Browsers keep it silent until the page was touched once: `blocked` says so. */
export class WebAudioRinger implements Ringer {
  readonly blockedChanged = new Signal<boolean>();
  readonly #clock: Clock;
  #context: AudioContext | undefined;
  #ringing: Disposable | undefined;
  #blocked = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    const unlock = (): void => {
      void this.#resume();
    };
    addEventListener("pointerdown", unlock, { passive: true });
    addEventListener("keydown", unlock, { passive: true });
  }

  get blocked(): boolean {
    return this.#blocked;
  }

  start(): void {
    if (this.#ringing) return;
    this.#chime();
    this.#ringing = every(this.#clock, PERIOD_MS, () => this.#chime());
  }

  stop(): void {
    this.#ringing?.dispose();
    this.#ringing = undefined;
  }

  async #resume(): Promise<void> {
    this.#context ??= new AudioContext();
    if (this.#context.state === "suspended") await this.#context.resume().catch(() => undefined);
    this.#setBlocked(this.#context.state !== "running");
  }

  #setBlocked(blocked: boolean): void {
    if (this.#blocked === blocked) return;
    this.#blocked = blocked;
    this.blockedChanged.emit(blocked);
  }

  #chime(): void {
    this.#context ??= new AudioContext();
    const context = this.#context;
    if (context.state !== "running") {
      this.#setBlocked(true);
      void context.resume().then(
        () => this.#setBlocked(false),
        () => undefined,
      );
      return;
    }
    for (const note of NOTES) playNote(context, context.currentTime + note.atS, note.hz);
  }
}

function playNote(context: AudioContext, at: number, hz: number): void {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.type = "triangle";
  oscillator.frequency.value = hz;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.22, at + 0.015);
  gain.gain.exponentialRampToValueAtTime(0.001, at + 0.3);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.32);
}
