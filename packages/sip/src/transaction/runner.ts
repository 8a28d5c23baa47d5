import type { Clock, Disposable } from "@svara/kernel";
import type { Effect, Step, TimerName } from "./machine.ts";

/** Performs the effects of a transaction machine; holds its state and its timers. */
export abstract class TransactionRunner<State extends { readonly name: string }, Event> {
  readonly #clock: Clock;
  /** Seldom more than two are armed at once, so a list is found through faster than a map, and is much smaller. */
  readonly #timers: { readonly name: TimerName; readonly armed: Disposable }[] = [];
  #state: State;
  #over = false;

  constructor(clock: Clock, start: State) {
    this.#clock = clock;
    this.#state = start;
  }

  get state(): State["name"] {
    return this.#state.name;
  }

  /** Takes one event through the machine. Effects may lead to further events; the state is set before they run. */
  protected handle(event: Event): void {
    const { next, effects } = this.step(this.#state, event);
    this.#state = next;
    for (const effect of effects) {
      if (this.#over) return; // a failed sending has ended it meanwhile
      this.#perform(effect);
    }
    if (next.name === "terminated") this.end();
  }

  /** Ends without a word, as when the user agent closes. */
  dispose(): void {
    this.#over = true;
    this.#disarmAll();
  }

  #disarmAll(): void {
    for (const { armed } of this.#timers) armed.dispose();
    this.#timers.length = 0;
  }

  #disarm(name: TimerName): void {
    const i = this.#timers.findIndex((timer) => timer.name === name);
    if (i < 0) return;
    this.#timers[i]?.armed.dispose();
    this.#timers.splice(i, 1);
  }

  protected abstract step(state: State, event: Event): Step<State>;
  protected abstract timer(timer: TimerName): void;
  protected abstract act(effect: Exclude<Effect, { do: "arm" | "disarm" }>): void;
  protected abstract ended(): void;

  #perform(effect: Effect): void {
    switch (effect.do) {
      case "arm": {
        const { timer, ms } = effect;
        this.#disarm(timer);
        this.#timers.push({ name: timer, armed: this.#clock.after(ms, () => this.timer(timer)) });
        break;
      }
      case "disarm":
        this.#disarm(effect.timer);
        break;
      default:
        this.act(effect);
    }
  }

  protected end(): void {
    if (this.#over) return;
    this.dispose();
    this.ended();
  }
}
