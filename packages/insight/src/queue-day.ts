import { intervalStart, type Period } from "@svara/calendar";
import type { ContactId, Instant, QueueId } from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import { evaluate, isPartOf, type KpiKey, type KpiValue } from "./kpi.ts";
import {
  COUNTS,
  type CountName,
  NO_COUNTS,
  type QueueCounts,
  type QueueEntry,
  type QueuePolicy,
  RunningCounts,
} from "./queue-counts.ts";

/** An event that does not fit what is known; it is not counted. */
export interface QueueProblem {
  readonly problem: "entered_twice" | "left_without_entry";
  readonly contactId: ContactId;
  readonly at: Instant;
}

/** What a board shows of a queue at `now`. */
export interface QueueFigures {
  readonly counts: QueueCounts;
  readonly serviceLevel: KpiValue;
  readonly abandonRate: KpiValue;
  readonly answerRate: KpiValue;
  readonly averageAnswerMs: KpiValue;
  /** K5: greatest wait of all, those who left and those who still wait included. */
  readonly maxWaitMs: number;
  /** How many wait now, whenever they came. */
  readonly waitingNow: number;
  /** K6: since when the oldest of them waits. */
  readonly oldestEnqueuedAt: Instant | undefined;
  readonly oldestWaitingMs: number;
}

/** Which definitions a board uses where several exist. */
export interface FigureChoice {
  readonly serviceLevel: KpiKey;
  readonly abandonRate: KpiKey;
}

export const DEFAULT_CHOICE: FigureChoice = { serviceLevel: "SL4.v1", abandonRate: "K7.v1" };

/**
 * The reducer of one queue over one period (usually its client's day): hand it ledger events in order, live or from
 * storage; boards and reports ask the same object. Entries belong to the interval in which they came (IN2).
 */
export class QueueDay {
  readonly queueId: QueueId;
  readonly problems: QueueProblem[] = [];
  #period: Period;
  #policy: QueuePolicy;
  /** Entries of the period, in order of coming, and older ones that still wait. */
  #entries = new Map<string, QueueEntry>();
  /** Keys of the entries that wait, by contact, in order of coming. */
  readonly #waiting = new Map<ContactId, string>();
  #total = new RunningCounts();
  #intervals = new Map<Instant, RunningCounts>();
  #came = 0;

  constructor(options: { readonly queueId: QueueId; readonly period: Period; readonly policy: QueuePolicy }) {
    this.queueId = options.queueId;
    this.#period = options.period;
    this.#policy = options.policy;
  }

  get period(): Period {
    return this.#period;
  }

  get policy(): QueuePolicy {
    return this.#policy;
  }

  /** Counts over the period. */
  get counts(): QueueCounts {
    return this.#total.value;
  }

  /** Counts of the interval that starts at `start`. */
  interval(start: Instant): QueueCounts {
    return this.#intervals.get(start)?.value ?? NO_COUNTS;
  }

  /** Takes an event; those of other queues and other types are passed over. */
  apply(event: LedgerDraft): void {
    if (event.type === "queue.entered" && event.queueId === this.queueId) this.#entered(event);
    else if (event.type === "queue.left" && event.queueId === this.queueId) this.#left(event);
  }

  /** Judges by another policy from now on and for what was counted before (IN8). */
  setPolicy(policy: QueuePolicy): void {
    this.#policy = policy;
    this.#recount();
  }

  /** Goes over to another period (midnight): what ended before is let go, who waits is kept. */
  rollTo(period: Period): void {
    this.#period = period;
    const kept = [...this.#entries].filter(
      ([, entry]) => entry.outcome === undefined || this.#isOfPeriod(entry),
    );
    this.#entries = new Map(kept);
    this.#recount();
  }

  /** A figure over the period. */
  kpi(key: KpiKey): KpiValue {
    return evaluate(key, this.#total.value);
  }

  figures(now: Instant, choice: FigureChoice = DEFAULT_CHOICE): QueueFigures {
    const counts = this.#total.value;
    const oldest = this.#oldest();
    const oldestWaitingMs = oldest === undefined ? 0 : Math.max(0, now - oldest.enteredAt);
    return {
      counts,
      serviceLevel: evaluate(choice.serviceLevel, counts),
      abandonRate: evaluate(choice.abandonRate, counts),
      answerRate: evaluate("K10.v1", counts),
      averageAnswerMs: evaluate("K2.v1", counts),
      maxWaitMs: Math.max(counts.maxWaitMs, oldestWaitingMs),
      waitingNow: this.#waiting.size,
      oldestEnqueuedAt: oldest?.enteredAt,
      oldestWaitingMs,
    };
  }

  /** The contacts behind a count, in order of coming; one that came twice stands twice (IN7). */
  contactsOf(count: CountName): ContactId[] {
    return this.#contacts((entry) => COUNTS[count](entry, this.#policy));
  }

  /** The contacts behind one side of a figure. */
  contactsOfKpi(key: KpiKey, side: "numerator" | "denominator"): ContactId[] {
    return this.#contacts((entry) => isPartOf(key, side, entry, this.#policy));
  }

  #entered(event: LedgerDraft<"queue.entered">): void {
    const { contactId, at, payload } = event;
    if (this.#waiting.has(contactId)) {
      this.problems.push({ problem: "entered_twice", contactId, at });
      return;
    }
    const entry: QueueEntry = { contactId, enteredAt: at, initiation: payload.initiation };
    const key = `${contactId}/${++this.#came}`;
    if (at >= this.#period.to) return; // of a later period
    this.#entries.set(key, entry);
    this.#waiting.set(contactId, key);
    this.#count(entry);
  }

  #left(event: LedgerDraft<"queue.left">): void {
    const { contactId, at, payload } = event;
    const key = this.#waiting.get(contactId);
    const entry = key === undefined ? undefined : this.#entries.get(key);
    if (key === undefined || entry === undefined) {
      this.problems.push({ problem: "left_without_entry", contactId, at });
      return;
    }
    const settled: QueueEntry = { ...entry, outcome: payload.outcome, waitMs: at - entry.enteredAt };
    this.#waiting.delete(contactId);
    if (!this.#isOfPeriod(entry)) {
      this.#entries.delete(key);
      return;
    }
    this.#entries.set(key, settled);
    this.#total.settle(entry, settled, this.#policy);
    this.#interval(entry).settle(entry, settled, this.#policy);
  }

  #count(entry: QueueEntry): void {
    if (!this.#isOfPeriod(entry)) return;
    this.#total.add(entry, this.#policy);
    this.#interval(entry).add(entry, this.#policy);
  }

  #recount(): void {
    this.#total = new RunningCounts();
    this.#intervals = new Map();
    for (const entry of this.#entries.values()) this.#count(entry);
  }

  #interval(entry: QueueEntry): RunningCounts {
    const start = intervalStart(entry.enteredAt);
    const found = this.#intervals.get(start) ?? new RunningCounts();
    this.#intervals.set(start, found);
    return found;
  }

  #oldest(): QueueEntry | undefined {
    const [key] = this.#waiting.values();
    return key === undefined ? undefined : this.#entries.get(key);
  }

  #isOfPeriod(entry: QueueEntry): boolean {
    return entry.enteredAt >= this.#period.from && entry.enteredAt < this.#period.to;
  }

  #contacts(wanted: (entry: QueueEntry) => boolean): ContactId[] {
    return [...this.#entries.values()]
      .filter((entry) => this.#isOfPeriod(entry) && wanted(entry))
      .map((entry) => entry.contactId);
  }
}
