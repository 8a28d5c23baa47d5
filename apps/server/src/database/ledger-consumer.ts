import type { Clock, Disposable, Signal } from "@svara/kernel";
import type { EventType, LedgerEvent } from "@svara/ledger";
import type { Kysely } from "kysely";
import type { DB } from "./db.generated.ts";
import { toEvent } from "./ledger-rows.ts";
import type { Log } from "./log.ts";
import { type Tx, WHOLE_CENTRE, withScope } from "./scope.ts";

export interface ConsumeOptions {
  /** Only these types; all when not given. */
  readonly types?: readonly EventType[];
  readonly batchSize?: number;
  /** Where a consumer that never ran begins. */
  readonly from?: "beginning" | "now";
}

interface ConsumerParts {
  readonly name: string;
  readonly db: Kysely<DB>;
  readonly clock: Clock;
  readonly log: Log;
  readonly committed: Signal<void>;
  readonly options: ConsumeOptions;
  readonly work: (tx: Tx, events: readonly LedgerEvent[]) => Promise<void>;
}

const POLL_MS = 1_000; // events of other processes are seen at the next look
const LONGEST_RETRY_MS = 30_000;

/** One reader of the ledger with a durable cursor. Several processes may run it: they take turns by the cursor's row lock. */
export class LedgerConsumer implements Disposable {
  readonly #parts: ConsumerParts;
  readonly #subscription: Disposable;
  readonly stopped: Promise<void>;
  #stopping = false;
  #asleep: { readonly untilEvents: boolean; readonly wake: () => void } | undefined;
  #woken = false;

  constructor(parts: ConsumerParts) {
    this.#parts = parts;
    this.#subscription = parts.committed.on(() => this.#wakeUp());
    this.stopped = this.#run();
  }

  dispose(): void {
    this.#stopping = true;
    this.#subscription.dispose();
    this.#wakeUp();
  }

  async #run(): Promise<void> {
    const { name, log } = this.#parts;
    let retryMs = POLL_MS;
    while (!this.#stopping) {
      this.#woken = false;
      try {
        const more = await this.#step();
        retryMs = POLL_MS;
        if (!more) await this.#sleep(POLL_MS);
      } catch (err) {
        if (this.#stopping) return;
        log.error({ err, consumer: name }, "a reader of the ledger failed; it tries the same events again");
        await this.#sleep(retryMs, false);
        retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
      }
    }
  }

  /** Takes one batch; true when there may be more. */
  #step(): Promise<boolean> {
    const { db, name, options, clock, work } = this.#parts;
    const batchSize = options.batchSize ?? 500;
    return withScope(db, WHOLE_CENTRE, async (tx) => {
      const cursor = await this.#cursor(tx);
      // Up to `batchSize` numbers, of which only the asked types are read: the cursor passes the others too.
      const { last } = await tx
        .selectFrom("ledgerCounter")
        .select((eb) => eb.fn.max("lastSeq").as("last"))
        .executeTakeFirstOrThrow();
      const until = Math.min(cursor + (options.types ? 20 * batchSize : batchSize), last ?? 0);
      if (until <= cursor) return false;
      const rows = await tx
        .selectFrom("event")
        .selectAll()
        .where("seq", ">", cursor)
        .where("seq", "<=", until)
        .$if(options.types !== undefined, (query) => query.where("type", "in", [...(options.types ?? [])]))
        .orderBy("seq")
        .limit(batchSize)
        .execute();
      const reached = rows.length === batchSize ? (rows.at(-1)?.seq ?? until) : until;
      if (rows.length > 0) await work(tx, rows.map(toEvent));
      await tx
        .updateTable("ledgerCursor")
        .set({ seq: reached, updatedAt: clock.now() })
        .where("name", "=", name)
        .execute();
      return reached < (last ?? 0);
    });
  }

  async #cursor(tx: Tx): Promise<number> {
    const { name, options, clock } = this.#parts;
    const read = () =>
      tx.selectFrom("ledgerCursor").select("seq").where("name", "=", name).forUpdate().executeTakeFirst();
    const found = await read();
    if (found) return found.seq;
    const counter = await tx.selectFrom("ledgerCounter").select("lastSeq").executeTakeFirst();
    const seq = options.from === "now" ? (counter?.lastSeq ?? 0) : 0;
    await tx
      .insertInto("ledgerCursor")
      .values({ name, seq, updatedAt: clock.now() })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return (await read())?.seq ?? seq;
  }

  /** Waits; new events end it early, unless the wait is a pause after a failure. */
  #sleep(ms: number, untilEvents = true): Promise<void> {
    if (this.#stopping || (untilEvents && this.#woken)) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        timer.dispose();
        this.#asleep = undefined;
        resolve();
      };
      const timer = this.#parts.clock.after(ms, wake);
      this.#asleep = { untilEvents, wake };
    });
  }

  #wakeUp(): void {
    this.#woken = true;
    if (this.#stopping || this.#asleep?.untilEvents) this.#asleep?.wake();
  }
}
