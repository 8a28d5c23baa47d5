import { createHash } from "node:crypto";
import type { Clock } from "@svara/kernel";
import type { FastifyRequest } from "fastify";
import type { Kysely } from "kysely";
import type { DB } from "../database/index.ts";
import { conflict, HttpError, invalid } from "./http-error.ts";

const KEPT_MS = 24 * 3_600_000;

/** Answers kept under their `Idempotency-Key`, so that a call that is sent again is not carried out again. */
export class Idempotency {
  readonly #db: Kysely<DB>;
  readonly #clock: Clock;

  constructor(parts: { readonly db: Kysely<DB>; readonly clock: Clock }) {
    this.#db = parts.db;
    this.#clock = parts.clock;
  }

  /** Runs `run` unless the caller's key has an answer already, which is given again. @throws HttpError 409, 422 */
  async once(
    caller: string,
    request: FastifyRequest,
    body: unknown,
    run: () => Promise<unknown>,
  ): Promise<unknown> {
    const key = request.headers["idempotency-key"];
    if (key === undefined) return run();
    if (typeof key !== "string" || key.length < 1 || key.length > 200)
      throw invalid([{ field: "headers.idempotency-key", code: "too_big", message: "1 to 200 characters" }]);
    const hash = createHash("sha256")
      .update(`${request.method} ${request.url}\n${JSON.stringify(body)}`)
      .digest();
    const kept = await this.#claim(caller, key, hash);
    if (kept) return kept.body;
    try {
      const answer = await run();
      await this.#keep(caller, key, answer);
      return answer;
    } catch (error) {
      await this.#db
        .deleteFrom("idempotentAnswer")
        .where("caller", "=", caller)
        .where("key", "=", key)
        .execute();
      throw error;
    }
  }

  /** Forgets answers older than a day, and, at a start, calls that were cut. */
  async forget(): Promise<void> {
    await this.#db
      .deleteFrom("idempotentAnswer")
      .where((eb) => eb.or([eb("createdAt", "<", this.#clock.now() - KEPT_MS), eb("status", "is", null)]))
      .execute();
  }

  /** Forgets what was answered about somebody. */
  async forgetAbout(text: string): Promise<void> {
    await this.#db
      .deleteFrom("idempotentAnswer")
      .where((eb) => eb(eb.cast<string>("body", "text"), "like", `%${text.replace(/[\\%_]/g, "\\$&")}%`))
      .execute();
  }

  async #claim(caller: string, key: string, hash: Buffer): Promise<{ readonly body: unknown } | undefined> {
    const claimed = await this.#db
      .insertInto("idempotentAnswer")
      .values({ caller, key, requestHash: hash, createdAt: this.#clock.now() })
      .onConflict((existing) => existing.columns(["caller", "key"]).doNothing())
      .executeTakeFirst();
    if (claimed.numInsertedOrUpdatedRows === 1n) return undefined;
    const kept = await this.#db
      .selectFrom("idempotentAnswer")
      .selectAll()
      .where("caller", "=", caller)
      .where("key", "=", key)
      .executeTakeFirst();
    if (kept && !kept.requestHash.equals(hash))
      throw new HttpError("This Idempotency-Key was used for another call", {
        status: 422,
        code: "idempotency_key_reused",
      });
    if (!kept || kept.status === null)
      throw conflict("in_progress", "The same call is being carried out now");
    return { body: kept.body };
  }

  async #keep(caller: string, key: string, answer: unknown): Promise<void> {
    await this.#db
      .updateTable("idempotentAnswer")
      .set({ status: 200, body: JSON.stringify(answer) })
      .where("caller", "=", caller)
      .where("key", "=", key)
      .execute();
  }
}
