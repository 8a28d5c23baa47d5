import { createHash, randomBytes } from "node:crypto";
import { type Clock, type Ids, Signal } from "@svara/kernel";
import type { Kysely } from "kysely";
import type { DB } from "../database/index.ts";

/** A shift with a pause fits into the idle time; a week is the longest without the password. */
const IDLE_MS = 12 * 3_600_000;
const LONGEST_MS = 7 * 24 * 3_600_000;
/** How stale `last_seen_at` may be: one write a minute, not one a request. */
const SEEN_EVERY_MS = 60_000;

export const SESSION_COOKIE = "svara_session";

export interface Session {
  readonly id: string;
  readonly userId: string;
  readonly csrf: string;
  readonly expiresAt: number;
}

interface Parts {
  readonly db: Kysely<DB>;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Signed-in browsers. The cookie holds 256 random bits; the database holds their SHA-256. */
export class Sessions {
  /** Ids of sessions that have ended, so that their sockets are closed. */
  readonly ended = new Signal<string>();
  readonly #db: Kysely<DB>;
  readonly #clock: Clock;
  readonly #ids: Ids;

  constructor(parts: Parts) {
    this.#db = parts.db;
    this.#clock = parts.clock;
    this.#ids = parts.ids;
  }

  async begin(userId: string, address: string): Promise<Session & { readonly token: string }> {
    const now = this.#clock.now();
    const token = randomBytes(32).toString("base64url");
    const session = {
      id: this.#ids.next(),
      userId,
      csrf: randomBytes(24).toString("base64url"),
      expiresAt: now + LONGEST_MS,
    };
    await this.#db
      .insertInto("userSession")
      .values({ ...session, tokenHash: hashOf(token), address, createdAt: now, lastSeenAt: now })
      .execute();
    return { ...session, token };
  }

  /** The session of a cookie's token, unless it is over. */
  async find(token: string): Promise<Session | undefined> {
    const now = this.#clock.now();
    const row = await this.#db
      .selectFrom("userSession")
      .select(["id", "userId", "csrf", "expiresAt", "lastSeenAt"])
      .where("tokenHash", "=", hashOf(token))
      .executeTakeFirst();
    if (!row || row.expiresAt <= now || row.lastSeenAt + IDLE_MS <= now) return undefined;
    if (row.lastSeenAt + SEEN_EVERY_MS <= now)
      await this.#db.updateTable("userSession").set({ lastSeenAt: now }).where("id", "=", row.id).execute();
    return { id: row.id, userId: row.userId, csrf: row.csrf, expiresAt: row.expiresAt };
  }

  async end(id: string): Promise<void> {
    await this.#db.deleteFrom("userSession").where("id", "=", id).execute();
    this.ended.emit(id);
  }

  /** Ends all sessions of a user but `except`. */
  async endAll(userId: string, except?: string): Promise<void> {
    let query = this.#db.deleteFrom("userSession").where("userId", "=", userId);
    if (except !== undefined) query = query.where("id", "<>", except);
    for (const { id } of await query.returning("id").execute()) this.ended.emit(id);
  }

  /** Ends what is over: a socket that was opened in time is closed as well. */
  async sweep(): Promise<void> {
    const now = this.#clock.now();
    const over = await this.#db
      .deleteFrom("userSession")
      .where((eb) => eb.or([eb("expiresAt", "<=", now), eb("lastSeenAt", "<=", now - IDLE_MS)]))
      .returning("id")
      .execute();
    for (const { id } of over) this.ended.emit(id);
  }
}

/** Long random tokens need no salt and no slow hash. */
export function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
