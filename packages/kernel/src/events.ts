import type { Disposable } from "./disposable.ts";

/** One kind of event with its subscribers, called in the order in which they subscribed. */
export class Signal<T> {
  readonly #listeners = new Set<(value: T) => void>();

  /** Subscribes; the result removes the subscription. */
  on(listener: (value: T) => void): Disposable {
    const own = (value: T): void => listener(value);
    this.#listeners.add(own);
    return { dispose: () => this.#listeners.delete(own) };
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }

  get size(): number {
    return this.#listeners.size;
  }
}
