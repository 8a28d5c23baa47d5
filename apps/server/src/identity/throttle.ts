import { createHash } from "node:crypto";
import type { Clock } from "@svara/kernel";
import { type Kysely, sql } from "kysely";
import type { DB } from "../database/index.ts";

export interface ThrottleRule {
  /** Failures that are forgiven. */
  readonly free: number;
  readonly firstLockMs: number;
  readonly longestLockMs: number;
  /** Failures are forgotten after so long without one. */
  readonly forgetAfterMs: number;
}

export const ACCOUNT_RULE: ThrottleRule = {
  free: 5,
  firstLockMs: 30_000,
  longestLockMs: 3_600_000,
  forgetAfterMs: 24 * 3_600_000,
};
/** Many people may stand behind one address. */
export const ADDRESS_RULE: ThrottleRule = { ...ACCOUNT_RULE, free: 30 };

/** How long to lock after the n-th failure: not at all at first, then twice as long each time. */
export function lockMs(rule: ThrottleRule, failures: number): number {
  if (failures < rule.free) return 0;
  return Math.min(rule.longestLockMs, rule.firstLockMs * 2 ** Math.min(30, failures - rule.free));
}

/** Counts failed sign-ins and locks the account and the address, whether or not the account exists. */
export class SignInThrottle {
  readonly #db: Kysely<DB>;
  readonly #clock: Clock;

  constructor(parts: { readonly db: Kysely<DB>; readonly clock: Clock }) {
    this.#db = parts.db;
    this.#clock = parts.clock;
  }

  /** Milliseconds until a sign-in may be tried; 0 now. */
  async waitMs(username: string, address: string): Promise<number> {
    const rows = await this.#db
      .selectFrom("signInThrottle")
      .select("lockedUntil")
      .where("key", "in", [accountKey(username), addressKey(address)])
      .execute();
    return Math.max(0, ...rows.map((row) => row.lockedUntil - this.#clock.now()));
  }

  async failed(username: string, address: string): Promise<void> {
    await this.#count(accountKey(username), ACCOUNT_RULE);
    await this.#count(addressKey(address), ADDRESS_RULE);
  }

  /** Forgets the account's failures; the address keeps its own. */
  async succeeded(username: string): Promise<void> {
    await this.#db.deleteFrom("signInThrottle").where("key", "=", accountKey(username)).execute();
  }

  /** The instant until which each of these accounts is locked. */
  async lockedUntil(usernames: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (usernames.length === 0) return new Map();
    const keys = new Map(usernames.map((username) => [accountKey(username), username]));
    const rows = await this.#db
      .selectFrom("signInThrottle")
      .select(["key", "lockedUntil"])
      .where("key", "in", [...keys.keys()])
      .where("lockedUntil", ">", this.#clock.now())
      .execute();
    return new Map(rows.map((row) => [keys.get(row.key) ?? "", row.lockedUntil]));
  }

  /** Forgets failures that count no longer: else every name that was ever tried would stay. */
  async sweep(): Promise<void> {
    const now = this.#clock.now();
    await this.#db
      .deleteFrom("signInThrottle")
      .where("lastFailedAt", "<", now - ACCOUNT_RULE.forgetAfterMs)
      .where("lockedUntil", "<=", now)
      .execute();
  }

  async #count(key: string, rule: ThrottleRule): Promise<void> {
    const now = this.#clock.now();
    const { rows } = await sql<{ failures: number }>`
      insert into sign_in_throttle as t (key, failures, last_failed_at, locked_until) values (${key}, 1, ${now}, 0)
      on conflict (key) do update set
        failures = case when t.last_failed_at < ${now - rule.forgetAfterMs} then 1 else t.failures + 1 end,
        last_failed_at = ${now}
      returning failures`.execute(this.#db);
    const lock = lockMs(rule, rows[0]?.failures ?? 0);
    if (lock === 0) return;
    await this.#db
      .updateTable("signInThrottle")
      .set({ lockedUntil: now + lock })
      .where("key", "=", key)
      .execute();
  }
}

/** A hash: what people type wrongly into the name field may be a password. */
function accountKey(username: string): string {
  return `account:${createHash("sha256").update(username.trim().toLowerCase()).digest("base64url")}`;
}

function addressKey(address: string): string {
  return `address:${address}`;
}
