import type { Instant, QueueId } from "@svara/kernel";
import type { FloorItem } from "./floor-item.ts";

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

  /** The item is in the system of the queue in which it waits, and no longer in another one. */
  place(item: FloorItem | undefined): void {
    const queueId = item?.queue?.id;
    if (item === undefined || queueId === undefined || item.systemOf === queueId) return;
    this.leave(item);
    item.systemOf = queueId;
    this.#change(queueId, 1);
  }

  /** The item is in no system any more. */
  leave(item: FloorItem): void {
    if (item.systemOf === null) return;
    this.#change(item.systemOf, -1);
    item.systemOf = null;
  }

  /** Who is wrapped up is in the system until then. */
  wrapUpEnded(queueId: QueueId | null): void {
    if (queueId !== null) this.#change(queueId, -1);
  }

  #change(queueId: QueueId, by: 1 | -1): void {
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
