import type { ClientId } from "@svara/kernel";
import { type Kysely, sql, type Transaction } from "kysely";
import type { DB } from "./db.generated.ts";

/** Whose rows a caller may see: those of these clients, or, for the centre's own machinery, of all. */
export interface Scope {
  readonly clients: readonly ClientId[] | "all-of-centre";
}

/** The scope of the centre's own machinery (router, ledger, jobs). */
export const WHOLE_CENTRE: Scope = { clients: "all-of-centre" };

export type Tx = Transaction<DB>;

/**
 * Runs `work` in one transaction in which tables owned by clients show only the rows of the scope.
 * Outside of such a transaction they are empty.
 */
export function withScope<T>(db: Kysely<DB>, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await setScope(tx, scope);
    return work(tx);
  });
}

async function setScope(tx: Tx, scope: Scope): Promise<void> {
  await sql`select set_config('app.clients', ${scopeSetting(scope)}, true)`.execute(tx);
}

/** The value of `app.clients`: `*` for all, else an array literal. */
function scopeSetting(scope: Scope): string {
  return scope.clients === "all-of-centre" ? "*" : `{${scope.clients.join(",")}}`;
}
