import pg from "pg";
import { DatabaseError } from "./database-error.ts";

/** Owns the database's objects and runs migrations; not a superuser. */
export const OWNER_ROLE = "app_owner";
/** Runs the server: reads and writes rows, forced through row-level security. */
export const RUNTIME_ROLE = "app_rt";

const OLDEST_VERSION = 150_000;

/** Makes the two roles of the embedded cluster with their passwords, or gives them these passwords. */
export async function ensureLoginRoles(
  admin: pg.ClientConfig,
  passwords: { readonly owner: string; readonly runtime: string },
): Promise<void> {
  await withClientAlone(admin, async (client) => {
    const pairs = [
      [OWNER_ROLE, passwords.owner],
      [RUNTIME_ROLE, passwords.runtime],
    ] as const;
    for (const [role, password] of pairs) {
      const { rowCount } = await client.query("select 1 from pg_roles where rolname = $1", [role]);
      if (rowCount) continue;
      await client.query(
        `create role ${role} login nosuperuser nocreatedb nocreaterole nobypassrls password ${pg.escapeLiteral(password)}`,
      );
    }
  });
}

/** Makes a database owned by `app_owner` unless it exists. */
export async function ensureDatabase(
  admin: pg.ClientConfig,
  name: string,
  template = "template0",
): Promise<void> {
  await withClientAlone(admin, async (client) => {
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (rowCount) return;
    const id = pg.escapeIdentifier;
    await client.query(`create database ${id(name)} owner ${OWNER_ROLE} template ${id(template)}`);
  });
}

/**
 * Prepares an external database, whose user (of SVARA_DATABASE_URL) owns it or may create roles: makes the roles without
 * login, and makes the user a member, so that each connection can take one of them at its start (`-c role=app_rt`).
 */
export async function ensureMemberRoles(external: pg.ClientConfig): Promise<void> {
  await withClientAlone(external, async (client) => {
    try {
      for (const role of [OWNER_ROLE, RUNTIME_ROLE]) {
        const { rowCount } = await client.query("select 1 from pg_roles where rolname = $1", [role]);
        if (!rowCount) await client.query(`create role ${role} nologin nosuperuser nobypassrls`);
        // from 16 on the maker of a role is a member who may not take it on before granting that to himself
        const { rows } = await client.query<{ ok: boolean }>(
          `select pg_has_role(current_user, $1,
             case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end) as ok`,
          [role],
        );
        if (!rows[0]?.ok) await client.query(`grant ${role} to current_user`);
      }
      const { rows } = await client.query<{ ok: boolean; name: string }>(
        `select current_database() as name, has_database_privilege('${OWNER_ROLE}', current_database(), 'create') as ok`,
      );
      if (!rows[0]?.ok) {
        await client.query(
          `grant create, connect, temporary on database ${pg.escapeIdentifier(rows[0]?.name ?? "")} to ${OWNER_ROLE}`,
        );
      }
      await client.query(`grant usage, create on schema public to ${OWNER_ROLE}`);
    } catch (cause) {
      throw new DatabaseError(
        "database_roles",
        `The user of SVARA_DATABASE_URL may not prepare the roles (${(cause as Error).message}). As a superuser, once: ` +
          `create role ${OWNER_ROLE} nologin; create role ${RUNTIME_ROLE} nologin; grant ${OWNER_ROLE}, ${RUNTIME_ROLE} to <user>; ` +
          `grant create on database <name> to ${OWNER_ROLE}; grant usage, create on schema public to ${OWNER_ROLE};`,
        cause,
      );
    }
  });
}

/** What the runtime role may do in this database: rows of every table that the owner makes, now or later. */
export async function grantRuntime(owner: pg.ClientConfig): Promise<void> {
  await withClientAlone(owner, async (client) => {
    const grants = [
      `grant usage on schema public to ${RUNTIME_ROLE}`,
      `alter default privileges in schema public grant select, insert, update, delete on tables to ${RUNTIME_ROLE}`,
      `alter default privileges in schema public grant usage, select on sequences to ${RUNTIME_ROLE}`,
    ];
    for (const grant of grants) await client.query(grant);
  });
}

/** The server's version as a number such as 180004; refuses one that is too old. */
export async function checkVersion(config: pg.ClientConfig): Promise<number> {
  return withClient(config, async (client) => {
    const { rows } = await client.query<{ v: number }>(
      "select current_setting('server_version_num')::int as v",
    );
    const version = rows[0]?.v ?? 0;
    if (version < OLDEST_VERSION) {
      throw new DatabaseError(
        "database_too_old",
        `PostgreSQL 15 or later is needed; this is ${version / 10_000}.`,
      );
    }
    return version;
  });
}

/** As `withClient`, one after another: roles and grants of two servers that start at once would meet ("tuple concurrently updated"). */
function withClientAlone<T>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  return withClient(config, async (client) => {
    await client.query("select pg_advisory_lock(hashtext('svara roles'))"); // let go with the connection
    return work(client);
  });
}

/** One connection for the time of `work`. */
export async function withClient<T>(
  config: pg.ClientConfig,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionTimeoutMillis: 10_000, ...config });
  client.on("error", () => {}); // the query that is under way reports it
  try {
    await client.connect();
  } catch (cause) {
    throw new DatabaseError(
      "database_unreachable",
      `The database does not answer: ${(cause as Error).message}`,
      cause,
    );
  }
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
