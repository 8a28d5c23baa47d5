import type { Clock, Instant } from "@svara/kernel";

const MOST = 500; // questions; readers of one page ask few different ones

/** Answers that are good for a moment: many screens that look at the same thing ask the database once. */
export class Recent {
  readonly #clock: Clock;
  readonly #answers = new Map<string, { readonly until: Instant; readonly answer: Promise<unknown> }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The answer of at most `forMs` ago, or a new one. One that failed is not kept. */
  ask<T>(question: string, forMs: number, find: () => Promise<T>): Promise<T> {
    const now = this.#clock.now();
    const known = this.#answers.get(question);
    if (known && known.until > now) return known.answer as Promise<T>;
    if (this.#answers.size >= MOST) this.#answers.clear();
    const answer = find();
    this.#answers.set(question, { until: now + forMs, answer });
    answer.catch(() => this.#answers.delete(question));
    return answer;
  }
}
