import { type Clock, type Disposable, Signal } from "@svara/kernel";
import { DatabaseError } from "./database-error.ts";
import type { LedgerAlarm } from "./ledger-alarm.ts";
import type { EventRow, JournalEntry, RouterSnapshot } from "./ledger-rows.ts";

/** Something that waits to be stored, in order. */
export type LedgerItem =
  | { readonly kind: "event"; readonly row: EventRow }
  | { readonly kind: "journal"; readonly entry: JournalEntry }
  | { readonly kind: "snapshot"; readonly snapshot: RouterSnapshot };

/** Stores a batch in one transaction; a batch number that was stored before stores nothing again. */
export interface LedgerStore {
  write(batch: number, items: readonly LedgerItem[]): Promise<void>;
  /** What an error of `write` means for the batch. */
  classify(error: unknown): "fenced" | "bad_data" | "try_again";
}

export interface LedgerWriterOptions {
  readonly clock: Clock;
  readonly store: LedgerStore;
  /** Longest time that an event waits for company. */
  readonly batchMs?: number;
  readonly maxBatch?: number;
  readonly highWater?: number;
}

/**
 *   open --epoch over--> fenced        open: items are taken; a batch may be under way
 *   open --close()-----> closed        fenced, closed: nothing more is taken, flush rejects what is left
 */
type WriterState = "open" | "fenced" | "closed";

interface Waiter {
  readonly until: number;
  readonly resolve: () => void;
  readonly reject: (error: DatabaseError) => void;
}

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 2_000;

/** The one writer of a centre's ledger: takes items at once, stores them in order, in batches, and never forgets one. */
export class LedgerWriter {
  readonly alarms = new Signal<LedgerAlarm>();
  /** Emits after a batch became durable. */
  readonly committed = new Signal<void>();
  readonly #clock: Clock;
  readonly #store: LedgerStore;
  readonly #batchMs: number;
  readonly #maxBatch: number;
  readonly #highWater: number;
  #state: WriterState = "open";
  #queue: LedgerItem[] = [];
  #taken = 0;
  #durable = 0;
  #batch = 0;
  #writing = false;
  #high = false;
  #lostAt: number | undefined;
  #timer: Disposable | undefined;
  #waiters: Waiter[] = [];

  constructor(options: LedgerWriterOptions) {
    this.#clock = options.clock;
    this.#store = options.store;
    this.#batchMs = options.batchMs ?? 25;
    this.#maxBatch = options.maxBatch ?? 1_000;
    this.#highWater = options.highWater ?? 20_000;
  }

  get state(): WriterState {
    return this.#state;
  }

  /** Items that are not yet durable. */
  get pending(): number {
    return this.#taken - this.#durable;
  }

  /** `lost` while the database takes nothing, `high` while too much waits. */
  get pressure(): "normal" | "high" | "lost" {
    if (this.#lostAt !== undefined) return "lost";
    return this.#high ? "high" : "normal";
  }

  /** Takes an item; it is durable within about `batchMs` and one commit, or when a `flush` called after it resolves. */
  push(item: LedgerItem): void {
    if (this.#state !== "open") throw this.#endError();
    this.#queue.push(item);
    this.#taken++;
    this.#watchHighWater();
    if (this.#queue.length >= this.#maxBatch) this.#start();
    else this.#timer ??= this.#clock.after(this.#batchMs, () => this.#start());
  }

  /**
   * Resolves when everything taken so far is durable.
   * @throws DatabaseError `ledger_not_durable` after `timeoutMs` (the items are kept and stored later), `ledger_fenced`, `ledger_closed`
   */
  flush(timeoutMs = 10_000): Promise<void> {
    const until = this.#taken;
    if (this.#durable >= until) return Promise.resolve();
    if (this.#state !== "open") return Promise.reject(this.#endError());
    return new Promise((resolve, reject) => {
      const timer = this.#clock.after(timeoutMs, () => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        reject(
          new DatabaseError(
            "ledger_not_durable",
            "The database did not take the events in time; they are kept.",
          ),
        );
      });
      const waiter: Waiter = {
        until,
        resolve: () => {
          timer.dispose();
          resolve();
        },
        reject: (error) => {
          timer.dispose();
          reject(error);
        },
      };
      this.#waiters.push(waiter);
      this.#start();
    });
  }

  /** The epoch is over: what waits is refused, as the database would refuse it. */
  fence(): void {
    this.#enter("fenced");
  }

  /** Stores what waits (for at most `timeoutMs`) and takes no more. Twice is harmless. */
  async close(timeoutMs = 10_000): Promise<void> {
    if (this.#state !== "open") return;
    try {
      await this.flush(timeoutMs);
    } finally {
      this.#enter("closed");
    }
  }

  /** The one door for the writer's state. */
  #enter(next: "fenced" | "closed"): void {
    if (this.#state !== "open") return;
    this.#state = next;
    this.#timer?.dispose();
    this.#timer = undefined;
    const error = this.#endError();
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
    if (next === "fenced") this.alarms.emit({ kind: "fenced" });
  }

  #start(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#writing || this.#queue.length === 0 || this.#state !== "open") return;
    this.#writing = true;
    void this.#drain().finally(() => {
      this.#writing = false;
      if (this.#queue.length > 0) this.#start();
    });
  }

  /** Writes batch after batch while anybody waits for it or a full one stands ready. */
  async #drain(): Promise<void> {
    do {
      const items = this.#queue.splice(0, this.#maxBatch);
      await this.#write(items);
    } while (this.#state === "open" && this.#queue.length > 0 && this.#mustGoOn());
  }

  #mustGoOn(): boolean {
    return this.#queue.length >= this.#maxBatch || this.#waiters.length > 0;
  }

  async #write(items: readonly LedgerItem[]): Promise<void> {
    const batch = ++this.#batch;
    for (
      let retryMs = FIRST_RETRY_MS;
      this.#state === "open";
      retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS)
    ) {
      try {
        await this.#store.write(batch, items);
        this.#stored(items.length);
        return;
      } catch (error) {
        const meaning = this.#store.classify(error);
        if (meaning === "fenced") return this.#enter("fenced");
        if (meaning === "bad_data") return this.#divide(items, error);
        this.#lost(error);
        await new Promise<void>((resolve) => void this.#clock.after(retryMs, resolve));
      }
    }
  }

  /** One item's content is refused: find it by halves, store the rest. */
  async #divide(items: readonly LedgerItem[], error: unknown): Promise<void> {
    const [only] = items;
    if (items.length === 1 && only) {
      this.alarms.emit({ kind: "rejected", item: only, error });
      return this.#stored(1);
    }
    const half = items.length >> 1;
    await this.#write(items.slice(0, half));
    await this.#write(items.slice(half));
  }

  #stored(count: number): void {
    this.#durable += count;
    if (this.#lostAt !== undefined) {
      this.alarms.emit({ kind: "recovered", outageMs: this.#clock.now() - this.#lostAt });
      this.#lostAt = undefined;
    }
    if (this.#high && this.pending < this.#highWater / 2) {
      this.#high = false;
      this.alarms.emit({ kind: "low_water" });
    }
    const done = this.#waiters.filter((waiter) => waiter.until <= this.#durable);
    this.#waiters = this.#waiters.filter((waiter) => waiter.until > this.#durable);
    for (const waiter of done) waiter.resolve();
    this.committed.emit();
  }

  #lost(error: unknown): void {
    if (this.#lostAt !== undefined) return;
    this.#lostAt = this.#clock.now();
    this.alarms.emit({ kind: "lost", pending: this.pending, error });
  }

  #watchHighWater(): void {
    if (this.#high || this.pending < this.#highWater) return;
    this.#high = true;
    this.alarms.emit({ kind: "high_water", pending: this.pending });
  }

  #endError(): DatabaseError {
    return this.#state === "fenced"
      ? new DatabaseError("ledger_fenced", "Another server has taken over this centre's ledger.")
      : new DatabaseError("ledger_closed", "The ledger is closed.");
  }
}
