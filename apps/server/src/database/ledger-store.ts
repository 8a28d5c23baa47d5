import type { Clock } from "@svara/kernel";
import type pg from "pg";
import type { LedgerItem, LedgerStore } from "./ledger-writer.ts";

/** SQLSTATE of `append_events` for a writer whose epoch has ended. */
export const EPOCH_ENDED = "SV001";

/** The batches of one epoch's writer in PostgreSQL: one statement, one commit for each. */
export class PostgresLedgerStore implements LedgerStore {
  readonly #pool: pg.Pool;
  readonly #clock: Clock;
  readonly #centreId: string;
  readonly #epoch: number;

  /** `pool`: connections that see the whole centre (`-c app.clients=*`). */
  constructor(pool: pg.Pool, clock: Clock, centreId: string, epoch: number) {
    this.#pool = pool;
    this.#clock = clock;
    this.#centreId = centreId;
    this.#epoch = epoch;
  }

  async write(batch: number, items: readonly LedgerItem[]): Promise<void> {
    const events = items.flatMap((item) => (item.kind === "event" ? [item.row] : []));
    const journal = items.flatMap((item) => (item.kind === "journal" ? [item.entry] : []));
    for (const item of items) {
      if (item.kind !== "snapshot") continue;
      const { routerId, seq, at, engineVersion, snapshot } = item.snapshot;
      await this.#pool.query(
        `insert into router_snapshot (router_id, epoch, seq, at, engine_version, snapshot)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
        [routerId, this.#epoch, seq, at, engineVersion, JSON.stringify(snapshot)],
      );
    }
    const head = [this.#centreId, this.#epoch, batch, this.#clock.now(), JSON.stringify(events)];
    if (journal.length === 0) {
      await this.#pool.query({
        name: "append",
        text: "select append_events($1, $2, $3, $4, $5)",
        values: head,
      });
    } else {
      await this.#pool.query({
        name: "append-with-journal",
        // the journal first: the counter is locked by the last thing that the statement does
        text: "with j as (select append_journal($2, $6)) select append_events($1, $2, $3, $4, $5) from j",
        values: [...head, JSON.stringify(journal)],
      });
    }
  }

  classify(error: unknown): "fenced" | "bad_data" | "try_again" {
    const code = (error as { code?: unknown }).code;
    if (code === EPOCH_ENDED) return "fenced";
    if (typeof code === "string" && /^2[23]...$/.test(code)) return "bad_data";
    return "try_again";
  }
}
