import { CamelCasePlugin, Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { DB } from "./db.generated.ts";
import type { Log } from "./log.ts";

const INT8 = 20;
const NUMERIC = 1700;

/** int8 as a number (milliseconds and counters stay far below 2^53); numeric stays text. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    if (oid === INT8) return Number;
    if (oid === NUMERIC) return String;
    return pg.types.getTypeParser(oid, format);
  },
};

/** A pool that survives the database: an idle connection that is closed from the other side is logged, not thrown. */
export function makePool(config: pg.PoolConfig, log: Log): pg.Pool {
  const pool = new pg.Pool({ connectionTimeoutMillis: 10_000, ...config, types });
  // the message alone: the error carries the whole connection
  pool.on("error", ({ message }) => log.warn({ reason: message }, "a database connection was lost"));
  return pool;
}

/** Kysely over a pool: camelCase in TypeScript, snake_case in SQL, JSON left as it is. */
export function makeKysely(pool: pg.Pool): Kysely<DB> {
  return new Kysely<DB>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
}
