import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { backup } from "./backup.ts";
import { HOME_POINTER } from "./cluster-home.ts";
import { type Database, openDatabase } from "./database.ts";
import { Ledger } from "./ledger.ts";
import { silentLog } from "./log.ts";
import { MIGRATIONS_FOLDER } from "./migrate.ts";
import { isAlive, PostgresServer } from "./postgres-server.ts";
import { restore } from "./restore.ts";
import { withClient } from "./roles.ts";
import { WHOLE_CENTRE, withScope } from "./scope.ts";
import { SERVER_KINDS } from "./server-kinds.ts";
import { testClock, testIds } from "./testing.ts";

let root: string;
let opened: { close(): Promise<void> }[];

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "svara-database-"));
  fs.chmodSync(root, 0o755);
  opened = [];
});
afterEach(async () => {
  for (const one of opened.reverse()) await one.close();
  fs.rmSync(root, { recursive: true, force: true });
});

async function open(options: Partial<Parameters<typeof openDatabase>[0]> = {}): Promise<Database> {
  const database = await openDatabase({
    dataDir: path.join(root, "data"),
    clock: testClock,
    log: silentLog,
    ...options,
  });
  opened.push(database);
  return database;
}

const openLedger = (database: Database) =>
  Ledger.open(database, { clock: testClock, ids: testIds, log: silentLog });

describe("the embedded database", () => {
  it("starts, stops and starts again with what it held, without superuser or login by password file", async () => {
    const first = await open();
    expect(first).toMatchObject({ kind: "embedded" });
    expect(first.migrated.length).toBeGreaterThan(2);
    const ledger = await openLedger(first);
    await ledger.close();
    const role = await withClient(first.connection, (client) =>
      client.query(
        "select current_user as name, rolsuper, rolbypassrls from pg_roles where rolname = current_user",
      ),
    );
    expect(role.rows).toEqual([{ name: "app_rt", rolsuper: false, rolbypassrls: false }]);
    await first.close();
    await first.close(); // twice is harmless
    expect(isAlive(first.server?.pid ?? 0)).toBe(false);
    const second = await open();
    expect(second.migrated).toEqual([]);
    expect((await openLedger(second)).epoch).toBe(2);
  });

  it("lives elsewhere when its account cannot enter the data folder, and moves with the folder", async (context) => {
    if (process.getuid?.() !== 0) context.skip("only root has that trouble");
    const closed = path.join(root, "closed");
    fs.mkdirSync(closed, { mode: 0o700 });
    const dataDir = path.join(closed, "data");
    const database = await open({ dataDir });
    const home = database.server?.home.root ?? "";
    try {
      expect(home).toMatch(/^\/var\/lib\/svara\//);
      expect(fs.existsSync(path.join(dataDir, HOME_POINTER))).toBe(true);
      await (await openLedger(database)).close();
      await database.close();
      fs.renameSync(dataDir, path.join(closed, "moved"));
      const moved = await open({ dataDir: path.join(closed, "moved") });
      expect(moved.server?.home.root).toBe(home);
      await moved.close();
      fs.cpSync(path.join(closed, "moved"), path.join(closed, "copied"), { recursive: true });
      await expect(open({ dataDir: path.join(closed, "copied") })).rejects.toThrow(/looks like a copy/);
    } finally {
      await database.close();
      fs.rmSync(home, { recursive: true, force: true });
    }
  });

  it("takes a data folder whose path is too long for a socket", async () => {
    const dataDir = path.join(root, "x".repeat(60), "y".repeat(60));
    const database = await open({ dataDir });
    expect(String(database.connection.host).length).toBeLessThan(92);
    await database.close();
    fs.rmSync(String(database.connection.host), { recursive: true, force: true });
  });
});

describe("migrations", () => {
  const withExtra = (name: string, text: string): string => {
    const folder = path.join(root, `migrations-${name}`);
    fs.cpSync(MIGRATIONS_FOLDER, folder, { recursive: true });
    fs.writeFileSync(path.join(folder, `${name}.sql`), text);
    return folder;
  };

  it("leave everything as it was when one fails, after a backup; the old version still starts", async () => {
    const before = await open();
    await (await openLedger(before)).close();
    await before.close();
    const migrations = withExtra("9001_bad", "create table half (id int); insert into half values ('x');");
    await expect(open({ migrations })).rejects.toMatchObject({
      code: "migration_failed",
      message: expect.stringMatching(/9001_bad failed.*Nothing was changed/s),
    });
    const again = await open();
    expect(again.migrated).toEqual([]);
    const half = await withClient(again.ownerConnection, (client) =>
      client.query("select to_regclass('half') as t"),
    );
    expect(half.rows[0].t).toBeNull();
    await again.close();
    const [saved = ""] = fs.readdirSync(path.join(root, "data", "backups"));
    expect(saved).toMatch(/^before-9001_bad-/);
    const source = path.join(root, "data", "backups", saved);
    const options = { source, dataDir: path.join(root, "data"), clock: testClock, log: silentLog };
    await expect(restore(options)).rejects.toMatchObject({ code: "restore_not_empty" });
    await restore({ ...options, force: true });
    expect((await openLedger(await open())).epoch).toBe(2);
  });

  it("refuse a database that a newer version has changed", async () => {
    await (await open({ migrations: withExtra("9001_new", "create table extra (id int);") })).close();
    await expect(open()).rejects.toMatchObject({
      code: "database_newer",
      message: expect.stringContaining("9001_new"),
    });
  });

  it("are applied once when three servers start at once", async () => {
    await (await open()).close();
    const migrations = withExtra(
      "9001_once",
      "create table once (id int primary key); insert into once values (1);",
    );
    const three = await Promise.all([open({ migrations }), open({ migrations }), open({ migrations })]);
    const rows = await withClient(three[0].ownerConnection, (client) => client.query("select * from once"));
    expect(rows.rowCount).toBe(1);
  });
});

describe.each(SERVER_KINDS)("a database of one's own on $name", ({ binDir, present }) => {
  beforeEach((context) => {
    if (!present) context.skip("PostgreSQL 15 is not installed");
  });

  /** A server that is not ours, with a user who may make roles and owns the database. */
  async function stranger(name: string): Promise<string> {
    const server = await PostgresServer.start({
      dataDir: path.join(root, "stranger"),
      clock: testClock,
      log: silentLog,
      ...(binDir !== undefined && { binDir }),
    });
    opened.push({ close: async () => void (await server.stop()) });
    await withClient(server.admin(), async (client) => {
      const there = await client.query("select 1 from pg_roles where rolname = 'customer'");
      if (!there.rowCount) await client.query("create role customer login createrole password 'pw'");
      await client.query(`create database ${pg.escapeIdentifier(name)} owner customer`);
    });
    const { host } = server.admin();
    return `postgres://customer:pw@localhost:5432/${name}?host=${encodeURIComponent(String(host))}`;
  }

  it("is prepared by its user, isolates clients, and is backed up and restored row by row", async () => {
    const databaseUrl = await stranger("centre");
    const database = await open({ databaseUrl });
    expect(database).toMatchObject({ kind: "external", server: undefined });
    const user = await withClient(database.connection, (client) =>
      client.query("select current_user as name"),
    );
    expect(user.rows).toEqual([{ name: "app_rt" }]);
    const ledger = await openLedger(database);
    const clientId = testIds.next();
    for (let i = 0; i < 700; i++) {
      ledger.append({
        type: "call.blocked",
        at: testClock.now() + (i % 3) * 40 * 86_400_000, // over several months
        ...(i % 2 && { clientId }),
        payload: { reason: "no_lines", direction: "inbound" },
      });
    }
    await ledger.close();
    const rowsOf = (from: Database) =>
      withScope(from.db, WHOLE_CENTRE, (tx) => tx.selectFrom("event").selectAll().orderBy("seq").execute());
    const own = await withScope(database.db, { clients: [clientId] }, (tx) =>
      tx.selectFrom("event").select("seq").where("clientId", "is not", null).execute(),
    );
    expect(own).toHaveLength(350);
    expect(await database.db.selectFrom("event").selectAll().execute()).toEqual([]);

    const dest = path.join(root, "backup");
    const manifest = await backup({ database, dest, clock: testClock });
    expect(manifest).toMatchObject({ kind: "logical", lastSeq: 700 });
    const options = { source: dest, clock: testClock, log: silentLog };
    await expect(
      restore({ ...options, dataDir: path.join(root, "data"), databaseUrl, force: true }),
    ).rejects.toMatchObject({
      code: "restore_not_empty",
    });

    const otherUrl = await stranger("copy");
    await restore({ ...options, dataDir: path.join(root, "other"), databaseUrl: otherUrl });
    const copy = await open({ dataDir: path.join(root, "other"), databaseUrl: otherUrl });
    expect(await rowsOf(copy)).toEqual(await rowsOf(database));
    expect((await openLedger(copy)).epoch).toBe(2);
    if (binDir !== undefined) return;
    await restore({ ...options, dataDir: path.join(root, "embedded") }); // and into the embedded one
    expect(await rowsOf(await open({ dataDir: path.join(root, "embedded") }))).toEqual(
      await rowsOf(database),
    );
  });

  it("says what to do when its user may not make the roles", async () => {
    const databaseUrl = await stranger("poor");
    const server = await PostgresServer.start({
      dataDir: path.join(root, "stranger"),
      clock: testClock,
      log: silentLog,
      ...(binDir !== undefined && { binDir }),
    });
    await withClient(server.admin(), (client) => client.query("alter role customer nocreaterole"));
    await expect(open({ databaseUrl })).rejects.toMatchObject({
      code: "database_roles",
      message: expect.stringContaining("create role app_owner"),
    });
  });
});

describe("a database that does not answer", () => {
  it("is an error that says so", async () => {
    const databaseUrl = "postgres://nobody:x@127.0.0.1:1/none";
    await expect(open({ databaseUrl })).rejects.toMatchObject({
      code: "database_unreachable",
      retryable: true,
    });
  });
});
