import { fileURLToPath } from "node:url";
import { type Clock, type Disposable, Disposables, type Ids, type LegId } from "@svara/kernel";
import type { PlaybackItem, Switch, SwitchEvent } from "@svara/telephony";

/** What each test number does; whoever tests a phone or a carrier line dials them. */
const LAB_NUMBERS = {
  /** Answers at once and sends the sound back. */
  echo: "600",
  /** Rings and is not answered. */
  ring: "601",
  /** Answers, takes keys, hangs up after four of them or a silence. */
  keys: "604",
  /** Answers at once and stays. */
  stay: "608",
  /** Plays before it answers, and answers a second later. */
  early: "609",
  /** Plays music and does not answer. */
  earlyMusic: "701",
} as const;

const LONGEST_CALL_MS = 600_000;
const RINGS_MS = 28_000; // nobody waits at a test number longer than at a phone
const EARLY_MS = 1_000;
const EARLY_MUSIC_MS = 120_000;
const KEYS_WANTED = 4;
const SILENCE_MS = 10_000;

const MUSIC: PlaybackItem = {
  kind: "file",
  path: fileURLToPath(new URL("../../../../packages/flows/prompts/music/default.wav", import.meta.url)),
};
const NOISE: PlaybackItem = { kind: "comfort_noise", ms: 10_000 };
const RINGBACK: PlaybackItem = { kind: "tone", tone: "ringback" };

export interface LabNumbersDeps {
  readonly switch: Switch;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly warn: (message: string, detail: object) => void;
}

interface LabCall extends Disposable {
  keys: number;
  silence: Disposable | undefined;
}

/** Test numbers that the switch serves by itself: no contact, no ledger, nobody is rung. */
export class LabNumbers implements Disposable {
  readonly #deps: LabNumbersDeps;
  readonly #calls = new Map<LegId, LabCall>();
  readonly #events: Disposable;

  constructor(deps: LabNumbersDeps) {
    this.#deps = deps;
    this.#events = deps.switch.events.on((event) => this.#event(event));
  }

  /** Whether a call to this number is ours. */
  has(number: string): boolean {
    return (Object.values(LAB_NUMBERS) as string[]).includes(number);
  }

  dispose(): void {
    this.#events.dispose();
    for (const call of this.#calls.values()) call.dispose();
    this.#calls.clear();
  }

  #event(event: SwitchEvent): void {
    switch (event.type) {
      case "leg.incoming":
        if (this.has(event.calledNumber)) this.#begin(event.legId, event.calledNumber);
        return;
      case "leg.dtmf":
        return this.#key(event.legId);
      case "leg.ended":
        this.#calls.get(event.legId)?.dispose();
        this.#calls.delete(event.legId);
        return;
    }
  }

  #begin(legId: LegId, number: string): void {
    const { switch: sw } = this.#deps;
    const timers = new Disposables();
    const call: LabCall = {
      keys: 0,
      silence: undefined,
      dispose: () => {
        call.silence?.dispose();
        timers.dispose();
      },
    };
    this.#calls.set(legId, call);
    const hangUpAfter = (ms: number, cause: "normal" | "unavailable"): void => {
      timers.add(this.#deps.clock.after(ms, () => this.#ask(() => sw.hangup(legId, cause))));
    };
    switch (number) {
      case LAB_NUMBERS.echo:
        hangUpAfter(LONGEST_CALL_MS, "normal");
        return this.#ask(async () => {
          await sw.answer(legId);
          await sw.echo(legId, true);
        });
      case LAB_NUMBERS.stay:
        hangUpAfter(LONGEST_CALL_MS, "normal");
        return this.#ask(() => this.#answerWith(legId, NOISE));
      case LAB_NUMBERS.ring:
        hangUpAfter(RINGS_MS, "unavailable");
        return this.#ask(() => sw.ring(legId));
      case LAB_NUMBERS.keys:
        hangUpAfter(LONGEST_CALL_MS, "normal");
        this.#awaitKey(legId, call);
        return this.#ask(() => this.#answerWith(legId, NOISE));
      case LAB_NUMBERS.early:
        hangUpAfter(LONGEST_CALL_MS, "normal");
        timers.add(this.#deps.clock.after(EARLY_MS, () => this.#ask(() => this.#answerWith(legId, NOISE))));
        return this.#ask(() => this.#playEarly(legId, RINGBACK));
      default:
        hangUpAfter(EARLY_MUSIC_MS, "unavailable");
        return this.#ask(() => this.#playEarly(legId, MUSIC));
    }
  }

  #key(legId: LegId): void {
    const call = this.#calls.get(legId);
    if (!call?.silence) return; // only one number takes keys
    call.keys++;
    if (call.keys >= KEYS_WANTED) this.#ask(() => this.#deps.switch.hangup(legId, "normal"));
    else this.#awaitKey(legId, call);
  }

  #awaitKey(legId: LegId, call: LabCall): void {
    call.silence?.dispose();
    call.silence = this.#deps.clock.after(SILENCE_MS, () =>
      this.#ask(() => this.#deps.switch.hangup(legId, "normal")),
    );
  }

  async #answerWith(legId: LegId, item: PlaybackItem): Promise<void> {
    await this.#deps.switch.answer(legId);
    await this.#loop(legId, item);
  }

  async #playEarly(legId: LegId, item: PlaybackItem): Promise<void> {
    await this.#deps.switch.earlyMedia(legId);
    await this.#loop(legId, item);
  }

  #loop(legId: LegId, item: PlaybackItem): Promise<void> {
    return this.#deps.switch.play(this.#deps.ids.next(), legId, [item], { loop: true });
  }

  /** A caller may hang up at any moment; a command that comes too late is no fault. */
  #ask(command: () => Promise<void>): void {
    command().catch((error: unknown) => this.#deps.warn("a test number failed", { error: String(error) }));
  }
}
