import type { AUDIT_ACTIONS } from "@svara/contracts";
import type { ClientId, Clock, Ids } from "@svara/kernel";
import type { Kysely } from "kysely";
import { type DB, type Scope, type Tx, WHOLE_CENTRE, withScope } from "../database/index.ts";
import { decodeCursor, encodeCursor } from "../office/page.ts";

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export interface AuditNote {
  readonly action: AuditAction;
  readonly userId?: string | undefined;
  readonly address?: string | undefined;
  readonly clientId?: ClientId | undefined;
  readonly subjectId?: string | undefined;
}

/** Who signed in, listened, exported, erased. Written once, never changed. */
export class Audit {
  readonly #db: Kysely<DB>;
  readonly #clock: Clock;
  readonly #ids: Ids;

  constructor(parts: { readonly db: Kysely<DB>; readonly clock: Clock; readonly ids: Ids }) {
    this.#db = parts.db;
    this.#clock = parts.clock;
    this.#ids = parts.ids;
  }

  async note(note: AuditNote): Promise<void> {
    await withScope(this.#db, WHOLE_CENTRE, (tx) => this.noteIn(tx, note));
  }

  /** In the transaction of what is noted, so that one is not without the other. */
  async noteIn(tx: Tx, note: AuditNote): Promise<void> {
    await tx
      .insertInto("auditEntry")
      .values({
        id: this.#ids.next(),
        at: this.#clock.now(),
        action: note.action,
        userId: note.userId ?? null,
        address: note.address ?? null,
        clientId: note.clientId ?? null,
        subjectId: note.subjectId ?? null,
      })
      .execute();
  }

  /** Newest first. */
  async list(
    scope: Scope,
    filter: {
      readonly action?: AuditAction;
      readonly userId?: string;
      readonly cursor?: string;
      readonly limit: number;
    },
  ): Promise<{ readonly items: readonly AuditRow[]; readonly nextCursor: string | null }> {
    const rows = await withScope(this.#db, scope, (tx) => {
      let query = tx.selectFrom("auditEntry").selectAll();
      if (filter.action) query = query.where("action", "=", filter.action);
      if (filter.userId) query = query.where("userId", "=", filter.userId);
      if (filter.cursor) query = query.where("id", "<", decodeCursor(filter.cursor).id);
      return query
        .orderBy("id", "desc")
        .limit(filter.limit + 1)
        .execute();
    });
    const items = rows.slice(0, filter.limit);
    const last = items.at(-1);
    return {
      items: items.map((row) => ({ ...row, action: row.action as AuditAction })),
      nextCursor: rows.length > filter.limit && last ? encodeCursor(last) : null,
    };
  }
}

export interface AuditRow {
  readonly id: string;
  readonly at: number;
  readonly action: AuditAction;
  readonly userId: string | null;
  readonly address: string | null;
  readonly subjectId: string | null;
}
