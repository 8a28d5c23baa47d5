import type { Kysely } from "kysely";
import type { DB } from "../database/index.ts";

/** What signing in needs of an account. */
export interface Account {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly language: string;
  readonly passwordHash: string | null;
  readonly mustChangePassword: boolean;
  readonly active: boolean;
}

/** What changes with use and is no configuration. */
export interface AccountState {
  readonly passwordSet: boolean;
  readonly mustChangePassword: boolean;
  readonly lastSignInAt: number | null;
}

/** Accounts beside their configuration: passwords and sign-ins. */
export class Accounts {
  readonly #db: Kysely<DB>;

  constructor(db: Kysely<DB>) {
    this.#db = db;
  }

  byUsername(username: string): Promise<Account | undefined> {
    return this.#accounts().where("username", "=", username.trim().toLowerCase()).executeTakeFirst();
  }

  byId(id: string): Promise<Account | undefined> {
    return this.#accounts().where("id", "=", id).executeTakeFirst();
  }

  async states(ids: readonly string[]): Promise<ReadonlyMap<string, AccountState>> {
    if (ids.length === 0) return new Map();
    const rows = await this.#db
      .selectFrom("userAccount")
      .select(["id", "passwordHash", "mustChangePassword", "lastSignInAt"])
      .where("id", "in", [...ids])
      .execute();
    return new Map(
      rows.map((row) => [
        row.id,
        {
          passwordSet: row.passwordHash !== null,
          mustChangePassword: row.mustChangePassword,
          lastSignInAt: row.lastSignInAt,
        },
      ]),
    );
  }

  async setPassword(id: string, passwordHash: string, mustChangePassword: boolean): Promise<void> {
    await this.#db
      .updateTable("userAccount")
      .set({ passwordHash, mustChangePassword })
      .where("id", "=", id)
      .execute();
  }

  /** The language of the own screen: a taste, not a revision. */
  async setLanguage(id: string, language: string): Promise<void> {
    await this.#db.updateTable("userAccount").set({ language }).where("id", "=", id).execute();
  }

  async signedIn(id: string, at: number): Promise<void> {
    await this.#db.updateTable("userAccount").set({ lastSignInAt: at }).where("id", "=", id).execute();
  }

  #accounts() {
    return this.#db
      .selectFrom("userAccount")
      .select(["id", "username", "displayName", "language", "passwordHash", "mustChangePassword", "active"])
      .where("archived", "=", false);
  }
}
