import type { Instant, QueueId } from "@svara/kernel";

/** How many items there are in the system of each queue (waiting, in hand or being wrapped up), looked at now and then. */
export class SystemSamples {
  readonly at: Instant[] = [];
  /** By queue, as many as there are instants; a queue without items yet has fewer. */
  readonly queues = new Map<QueueId, number[]>();
  readonly #everyMs: number;
  readonly #to: Instant;
  readonly #now = new Map<QueueId, number>();
  #next: Instant;

  constructor(from: Instant, to: Instant, everyMs: number) {
    this.#next = from;
    this.#to = to;
    this.#everyMs = everyMs;
  }

  /** One more of a queue, or one less. */
  change(queueId: QueueId, by: 1 | -1): void {
    this.#now.set(queueId, (this.#now.get(queueId) ?? 0) + by);
  }

  /** Time goes on to `at`, when something changes: what stands now stood at every look before that. */
  reach(at: Instant): void {
    while (this.#next < at && this.#next < this.#to) {
      this.at.push(this.#next);
      this.#next += this.#everyMs;
      for (const [queueId, count] of this.#now) {
        const counts = this.queues.get(queueId) ?? [];
        this.queues.set(queueId, counts);
        while (counts.length < this.at.length - 1) counts.push(0);
        counts.push(count);
      }
    }
  }
}
