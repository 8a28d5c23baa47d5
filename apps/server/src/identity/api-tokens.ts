import { randomBytes } from "node:crypto";
import type { Permission, Scope } from "@svara/contracts";
import type { Clock, Ids } from "@svara/kernel";
import type { Kysely } from "kysely";
import type { DB } from "../database/index.ts";
import { notFound } from "../http/http-error.ts";
import type { Catalogue } from "../office/catalogue.ts";
import type { HeldGrant } from "../rights/access.ts";
import { heldGrant } from "./held-grants.ts";
import { hashOf } from "./sessions.ts";

/** Begins every token, so that one that leaks is recognised. */
const PREFIX = "svara_";
const SEEN_EVERY_MS = 60_000;

export interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  readonly permissions: readonly Permission[];
  readonly scope: Scope;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  readonly expiresAt: number | null;
}

export interface FoundToken {
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  readonly permissions: ReadonlySet<Permission>;
  grant(catalogue: Catalogue): HeldGrant;
}

/** Tokens for programs: 256 random bits, stored as SHA-256; never more than their maker may. */
export class ApiTokens {
  readonly #db: Kysely<DB>;
  readonly #clock: Clock;
  readonly #ids: Ids;

  constructor(parts: { readonly db: Kysely<DB>; readonly clock: Clock; readonly ids: Ids }) {
    this.#db = parts.db;
    this.#clock = parts.clock;
    this.#ids = parts.ids;
  }

  async create(token: {
    readonly name: string;
    readonly userId: string;
    readonly permissions: readonly Permission[];
    readonly scope: Scope;
    readonly expiresAt: number | null;
  }): Promise<TokenRow & { readonly token: string }> {
    const secret = PREFIX + randomBytes(32).toString("base64url");
    const { scope, ...rest } = token;
    const row = { id: this.#ids.next(), ...rest, createdAt: this.#clock.now() };
    await this.#db
      .insertInto("apiToken")
      .values({
        ...row,
        permissions: [...row.permissions],
        tokenHash: hashOf(secret),
        scopeKind: scope.kind,
        scopeId: scope.kind === "centre" ? null : scope.id,
      })
      .execute();
    return { ...row, scope, lastUsedAt: null, token: secret };
  }

  async list(): Promise<TokenRow[]> {
    const rows = await this.#db.selectFrom("apiToken").selectAll().orderBy("id").execute();
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      userId: row.userId,
      permissions: row.permissions as Permission[],
      scope: scopeOf(row),
      createdAt: row.createdAt,
      lastUsedAt: row.lastUsedAt,
      expiresAt: row.expiresAt,
    }));
  }

  /** @throws HttpError 404 */
  async remove(id: string): Promise<void> {
    const { numDeletedRows } = await this.#db.deleteFrom("apiToken").where("id", "=", id).executeTakeFirst();
    if (numDeletedRows === 0n) throw notFound("token");
  }

  async find(token: string): Promise<FoundToken | undefined> {
    if (!token.startsWith(PREFIX)) return undefined;
    const now = this.#clock.now();
    const row = await this.#db
      .selectFrom("apiToken")
      .selectAll()
      .where("tokenHash", "=", hashOf(token))
      .executeTakeFirst();
    if (!row || (row.expiresAt !== null && row.expiresAt <= now)) return undefined;
    if ((row.lastUsedAt ?? 0) + SEEN_EVERY_MS <= now)
      await this.#db.updateTable("apiToken").set({ lastUsedAt: now }).where("id", "=", row.id).execute();
    const permissions = new Set(row.permissions as Permission[]);
    return {
      id: row.id,
      name: row.name,
      userId: row.userId,
      permissions,
      grant: (catalogue) => heldGrant(permissions, scopeOf(row), catalogue),
    };
  }
}

function scopeOf(row: { readonly scopeKind: string; readonly scopeId: string | null }): Scope {
  return (
    row.scopeKind === "centre" ? { kind: "centre" } : { kind: row.scopeKind, id: row.scopeId }
  ) as Scope;
}
