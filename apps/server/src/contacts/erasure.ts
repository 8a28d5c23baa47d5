import { rm } from "node:fs/promises";
import type { ClientId, Clock } from "@svara/kernel";
import type { Kysely } from "kysely";
import type { Logger } from "pino";
import { clientKind } from "../clients/client-kind.ts";
import type { CustomerRecord, Customers } from "../customers/customers.ts";
import { type DB, type Tx, withScope } from "../database/index.ts";
import type { Idempotency } from "../http/idempotency.ts";
import { recordingPath } from "../live/recording-keeper.ts";
import type { Office } from "../office/office.ts";
import {
  contactsOfCustomer,
  contactsWithPersonalDataBefore,
  type DueRecording,
  forgetPersonalData,
  markDeleted,
  recordingsBefore,
  recordingsOfContacts,
} from "./erasure.repository.ts";

interface Parts {
  readonly db: Kysely<DB>;
  readonly clock: Clock;
  readonly customers: Customers;
  readonly office: Office;
  readonly idempotency: Idempotency;
  /** Absolute. */
  readonly recordingsFolder: string;
  readonly log: Pick<Logger, "info" | "error">;
}

const DAY_MS = 86_400_000;
const BATCH = 200;

/** Takes personal data away: of one customer at their wish, of everybody after the client's days of retention. */
export class Erasure {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Erases names, numbers, notes and recordings of a customer wherever they are. Contacts stay as ids, words and times.
   * `also` is done in the same transaction.
   */
  async eraseCustomer(
    customer: CustomerRecord,
    also: (tx: Tx) => Promise<void>,
  ): Promise<{ contacts: readonly string[]; recordings: number }> {
    const { db, customers, idempotency } = this.#parts;
    const numbers = customer.identifiers.filter(({ kind }) => kind === "phone").map(({ value }) => value);
    const erased = await withScope(db, { clients: [customer.clientId] }, async (tx) => {
      const contacts = await contactsOfCustomer(tx, customer.id, numbers);
      const recordings = await recordingsOfContacts(tx, contacts);
      await forgetPersonalData(tx, contacts);
      await this.#deleteRecordings(tx, recordings);
      await customers.erase(tx, customer.id);
      await also(tx);
      return { contacts, recordings: recordings.length };
    });
    await idempotency.forgetAbout(customer.id);
    return erased;
  }

  /** Applies each client's days of retention as they are now. */
  async applyRetention(): Promise<{ recordings: number; contacts: number }> {
    const { office, log } = this.#parts;
    const total = { recordings: 0, contacts: 0 };
    for (const { id, value } of office.catalogue.all(clientKind).values()) {
      total.recordings += await this.#repeat(value.recordingRetentionDays, (before) =>
        this.#oldRecordings(id, before),
      );
      total.contacts += await this.#repeat(value.personalDataRetentionDays, (before) =>
        this.#oldPersonalData(id, before),
      );
    }
    log.info(total, "retention applied");
    return total;
  }

  /** In batches, so that no transaction is long. */
  async #repeat(days: number | null, batch: (before: number) => Promise<number>): Promise<number> {
    if (days === null) return 0;
    const before = this.#parts.clock.now() - days * DAY_MS;
    let total = 0;
    for (let done = BATCH; done === BATCH; total += done) done = await batch(before);
    return total;
  }

  #oldRecordings(clientId: ClientId, before: number): Promise<number> {
    return withScope(this.#parts.db, { clients: [clientId] }, async (tx) => {
      const due = await recordingsBefore(tx, clientId, before, BATCH);
      await this.#deleteRecordings(tx, due);
      return due.length;
    });
  }

  #oldPersonalData(clientId: ClientId, before: number): Promise<number> {
    return withScope(this.#parts.db, { clients: [clientId] }, async (tx) => {
      const due = await contactsWithPersonalDataBefore(tx, clientId, before, BATCH);
      await forgetPersonalData(tx, due);
      return due.length;
    });
  }

  /** Files first: a row that says deleted while the sound is still there would be a lie. */
  async #deleteRecordings(tx: Tx, recordings: readonly DueRecording[]): Promise<void> {
    const { recordingsFolder } = this.#parts;
    for (const { storageKey } of recordings)
      for (const part of ["stereo", "in", "out"] as const)
        await rm(recordingPath(recordingsFolder, storageKey, part), { force: true });
    await markDeleted(
      tx,
      recordings.map((recording) => recording.id),
    );
  }
}
