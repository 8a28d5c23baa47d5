import type { CentreId, Clock, Disposable, Ids } from "@svara/kernel";
import { Disposables, every, Signal } from "@svara/kernel";
import {
  checkEnvelope,
  EVENT_VERSIONS,
  freeText,
  type LedgerDraft,
  LedgerError,
  type LedgerEvent,
  withhold,
} from "@svara/ledger";
import { type Kysely, sql } from "kysely";
import type pg from "pg";
import { configRevision } from "./config-counter.ts";
import type { Database } from "./database.ts";
import { DatabaseError } from "./database-error.ts";
import type { DB } from "./db.generated.ts";
import { type LedgerAlarm, logAlarm } from "./ledger-alarm.ts";
import { type ConsumeOptions, LedgerConsumer } from "./ledger-consumer.ts";
import type { EventRow, JournalEntry, RouterSnapshot } from "./ledger-rows.ts";
import { EPOCH_ENDED, PostgresLedgerStore } from "./ledger-store.ts";
import { LedgerWriter } from "./ledger-writer.ts";
import type { Log } from "./log.ts";
import { makePool } from "./pool.ts";
import { type Scope, type Tx, WHOLE_CENTRE, withScope } from "./scope.ts";

export interface LedgerOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** Hands an event to the transaction that is under way: stored when it commits, and not at all when it fails. */
export type Emit = (draft: LedgerDraft) => void;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ENVELOPE_IDS = [
  "clientId",
  "contactId",
  "segmentId",
  "legId",
  "agentId",
  "queueId",
  "cause",
  "id",
] as const;
const HEARTBEAT_MS = 1_000; // a crash is dated to the second
const PARTITION_PERIOD_MS = 6 * 3_600_000;

/** The centre's ledger in this run of the server. There is one; opening it ends the epoch of the run before. */
export class Ledger {
  readonly centreId: CentreId;
  readonly epoch: number;
  /** Events as they are appended (not yet durable) or, from a transaction, as it commits: for live boards. */
  readonly appended = new Signal<LedgerDraft>();
  readonly #db: Kysely<DB>;
  readonly #writer: LedgerWriter;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #log: Log;
  readonly #open = new Disposables();
  readonly #consumers = new Set<LedgerConsumer>();
  readonly #pool: pg.Pool;
  #configRevision: number;

  private constructor(
    database: Database,
    options: LedgerOptions,
    pool: pg.Pool,
    start: { readonly centreId: CentreId; readonly epoch: number; readonly configRevision: number },
  ) {
    this.#db = database.db;
    this.#clock = options.clock;
    this.#ids = options.ids;
    this.#log = options.log;
    this.#pool = pool;
    this.centreId = start.centreId;
    this.epoch = start.epoch;
    this.#configRevision = start.configRevision;
    const store = new PostgresLedgerStore(pool, options.clock, start.centreId, start.epoch);
    this.#writer = new LedgerWriter({ clock: options.clock, store });
    this.#open.add(this.#writer.alarms.on((alarm) => logAlarm(options.log, alarm)));
    this.#open.add(every(options.clock, HEARTBEAT_MS, () => void this.#heartbeat()));
    this.#open.add(
      every(options.clock, PARTITION_PERIOD_MS, () => {
        void ensurePartitions(database.db, options.clock).catch((err: unknown) =>
          options.log.error({ err }, "partitions could not be made ahead"),
        );
      }),
    );
  }

  /** Begins a new epoch: writers of an earlier run are refused from now on. Makes the centre at the very first start. */
  static async open(database: Database, options: LedgerOptions): Promise<Ledger> {
    const { db } = database;
    await ensurePartitions(db, options.clock);
    const start = await withScope(db, WHOLE_CENTRE, async (tx) => {
      const now = options.clock.now();
      const centre = await sql<{
        id: string;
      }>`select ensure_centre(${options.ids.next()}, ${now}) as id`.execute(tx);
      const centreId = centre.rows[0]?.id ?? "";
      const run = await sql<{ epoch: number }>`select begin_epoch(${centreId}, ${now}) as epoch`.execute(tx);
      return { centreId, epoch: run.rows[0]?.epoch ?? 0, configRevision: await configRevision(tx) };
    });
    const pool = makePool(
      { ...database.connection, ...wholeCentre(database.connection), max: 1 },
      options.log,
    );
    return new Ledger(database, options, pool, start);
  }

  /** Trouble of the writer: the database is lost or back, too much waits, the epoch is over. */
  get alarms(): Signal<LedgerAlarm> {
    return this.#writer.alarms;
  }

  /** `normal`, or `high` / `lost` while new work should wait. */
  get pressure(): "normal" | "high" | "lost" {
    return this.#writer.pressure;
  }

  /** Events and journal entries that are not yet durable. */
  get pending(): number {
    return this.#writer.pending;
  }

  /** The configuration in force, stamped on every event. */
  get configRevision(): number {
    return this.#configRevision;
  }

  /** Called by the configuration's door after a commit. */
  configurationChanged(revision: number): void {
    this.#configRevision = Math.max(this.#configRevision, revision);
  }

  /** Takes events at once; they are durable within 100 ms, or when a `flush` called after it resolves. Order is kept. */
  append(...drafts: LedgerDraft[]): void {
    for (const draft of drafts) this.#writer.push({ kind: "event", row: this.#row(draft) });
    for (const draft of drafts) this.appended.emit(draft);
  }

  /** Takes an input of the router with its decisions; stored in the same batches as the events, in order. */
  journal(entry: JournalEntry): void {
    this.#writer.push({ kind: "journal", entry });
  }

  snapshot(snapshot: RouterSnapshot): void {
    this.#writer.push({ kind: "snapshot", snapshot });
  }

  /**
   * Resolves when everything appended so far is durable.
   * @throws DatabaseError `ledger_not_durable` (kept, stored later), `ledger_fenced`, `ledger_closed`
   */
  flush(timeoutMs?: number): Promise<void> {
    return this.#writer.flush(timeoutMs);
  }

  /**
   * One transaction in a scope whose events are numbered by its last statement and commit with it.
   * Events that were appended before it come before them in the ledger.
   */
  async transaction<T>(scope: Scope, work: (tx: Tx, emit: Emit) => Promise<T>): Promise<T> {
    const drafts: LedgerDraft[] = [];
    const rows: EventRow[] = [];
    const result = await withScope(this.#db, scope, async (tx) => {
      const value = await work(tx, (draft) => {
        rows.push(this.#row(draft));
        drafts.push(draft);
      });
      if (rows.length > 0) {
        await this.#writer.flush();
        await this.#appendIn(tx, rows);
      }
      return value;
    });
    for (const draft of drafts) this.appended.emit(draft);
    if (drafts.length > 0) this.#writer.committed.emit();
    return result;
  }

  /**
   * Reads the ledger on behalf of `name`, from where it stopped, for ever: `work` and the moved cursor commit together,
   * so each event takes effect exactly once. Disposing stops it after the batch under way.
   */
  consume(
    name: string,
    options: ConsumeOptions,
    work: (tx: Tx, events: readonly LedgerEvent[]) => Promise<void>,
  ): Disposable & { readonly stopped: Promise<void> } {
    const consumer = new LedgerConsumer({
      name,
      db: this.#db,
      clock: this.#clock,
      log: this.#log,
      committed: this.#writer.committed,
      options,
      work,
    });
    this.#consumers.add(consumer);
    return consumer;
  }

  /** Stops consumers, stores what waits and closes. Twice is harmless. */
  async close(): Promise<void> {
    if (this.#open.disposed) return;
    this.#open.dispose();
    try {
      await this.#writer.close();
    } finally {
      for (const consumer of this.#consumers) consumer.dispose();
      await Promise.all([...this.#consumers].map((consumer) => consumer.stopped));
      await this.#pool.end();
    }
  }

  /** Dates a later crash, and notices when another server has taken over though nothing is written. */
  async #heartbeat(): Promise<void> {
    try {
      const { rows } = await sql<{
        mine: boolean;
      }>`select epoch_alive(${this.centreId}, ${this.epoch}, ${this.#clock.now()}) as mine`.execute(this.#db);
      if (rows[0]?.mine === false) this.#writer.fence();
    } catch {
      // the writer says when the database is lost
    }
  }

  async #appendIn(tx: Tx, rows: readonly EventRow[]): Promise<void> {
    const events = JSON.stringify(rows);
    try {
      await sql`select append_events(${this.centreId}, ${this.epoch}, null, ${this.#clock.now()}, ${events})`.execute(
        tx,
      );
    } catch (error) {
      if ((error as { code?: unknown }).code !== EPOCH_ENDED) throw error;
      throw new DatabaseError("ledger_fenced", "Another server has taken over this centre's ledger.", error);
    }
  }

  #row(draft: LedgerDraft): EventRow {
    checkEnvelope(draft);
    for (const name of ENVELOPE_IDS) {
      const id = draft[name];
      if (id !== undefined && !UUID.test(id)) {
        throw new LedgerError("event_incomplete", `${draft.type}: ${name} is not a UUID: ${id}`);
      }
    }
    const { type, payload, actor, ...rest } = draft;
    return {
      ...rest,
      id: draft.id ?? this.#ids.next(),
      type,
      v: EVENT_VERSIONS[type],
      actor: actor ?? "system",
      configRevision: this.#configRevision,
      payload: this.#withoutFreeText(type, payload),
    };
  }

  /** Free text never reaches the ledger, whatever a caller gets wrong; the event itself is kept. */
  #withoutFreeText(type: string, payload: unknown): unknown {
    if (freeText(payload, "payload") === undefined) return payload;
    this.#writer.alarms.emit({ kind: "withheld", type });
    return withhold(payload);
  }
}

/** Connection options under which all rows of the centre are seen. */
function wholeCentre(connection: pg.PoolConfig): { options: string } {
  return { options: `${connection.options ?? ""} -c app.clients=*`.trim() };
}

/** Makes the partitions of this month and the next two. */
async function ensurePartitions(db: Kysely<DB>, clock: Clock): Promise<void> {
  await sql`select ensure_partitions(${clock.now()})`.execute(db);
}
