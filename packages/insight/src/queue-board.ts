import type { Period } from "@svara/calendar";
import type { Instant, QueueId } from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import { evaluate, type KpiValue } from "./kpi.ts";
import { DEFAULT_POLICY, type QueueCounts, type QueuePolicy, sumCounts } from "./queue-counts.ts";
import { DEFAULT_CHOICE, type FigureChoice, QueueDay } from "./queue-day.ts";

/** Figures of several queues together. */
export interface TotalFigures {
  readonly counts: QueueCounts;
  readonly serviceLevel: KpiValue;
  readonly waitingNow: number;
  readonly oldestEnqueuedAt: Instant | undefined;
}

/** All queues of a period, each with its own policy: the floor's figures, and a day's report. */
export class QueueBoard {
  readonly #days = new Map<QueueId, QueueDay>();
  readonly #policies = new Map<QueueId, QueuePolicy>();
  #period: Period;

  constructor(period: Period) {
    this.#period = period;
  }

  get period(): Period {
    return this.#period;
  }

  /** Takes an event; true when it changed a queue's figures. */
  apply(event: LedgerDraft): boolean {
    if (event.type !== "queue.entered" && event.type !== "queue.left") return false;
    this.queue(event.queueId).apply(event);
    return true;
  }

  /** The day of one queue, empty when nothing came to it. */
  queue(queueId: QueueId): QueueDay {
    const found = this.#days.get(queueId);
    if (found) return found;
    const policy = this.#policies.get(queueId) ?? DEFAULT_POLICY;
    const made = new QueueDay({ queueId, period: this.#period, policy });
    this.#days.set(queueId, made);
    return made;
  }

  setPolicy(queueId: QueueId, policy: QueuePolicy): void {
    this.#policies.set(queueId, policy);
    this.#days.get(queueId)?.setPolicy(policy);
  }

  /** Goes over to another period. */
  rollTo(period: Period): void {
    this.#period = period;
    for (const day of this.#days.values()) day.rollTo(period);
  }

  /** Queues together: sums of numerators over sums of denominators, never a mean of percents (IN4). */
  totals(queueIds: Iterable<QueueId>, choice: FigureChoice = DEFAULT_CHOICE): TotalFigures {
    const days = [...queueIds].map((queueId) => this.queue(queueId));
    const counts = sumCounts(days.map((day) => day.counts));
    const live = days.map((day) => day.figures(0));
    const oldest = live.flatMap((figures) => figures.oldestEnqueuedAt ?? []);
    return {
      counts,
      serviceLevel: evaluate(choice.serviceLevel, counts),
      waitingNow: live.reduce((sum, figures) => sum + figures.waitingNow, 0),
      oldestEnqueuedAt: oldest.length === 0 ? undefined : Math.min(...oldest),
    };
  }
}
