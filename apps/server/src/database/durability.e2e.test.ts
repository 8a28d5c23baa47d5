import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { backup } from "./backup.ts";
import { type Database, openDatabase } from "./database.ts";
import { Ledger } from "./ledger.ts";
import { silentLog } from "./log.ts";
import { isAlive } from "./postgres-server.ts";
import { restore } from "./restore.ts";
import { WHOLE_CENTRE, withScope } from "./scope.ts";
import { SERVER_KINDS } from "./server-kinds.ts";
import { testClock, testIds } from "./testing.ts";

/** What must be true of any run of the server's database: nothing acknowledged is lost. */
describe.each(SERVER_KINDS)("durability on $name", ({ binDir, present }) => {
  let root: string;
  let dataDir: string;
  let opened: Database[];
  let children: ChildProcess[];

  beforeEach((context) => {
    if (!present) context.skip("PostgreSQL 15 is not installed");
    root = fs.mkdtempSync(path.join(os.tmpdir(), "svara-durability-"));
    fs.chmodSync(root, 0o755);
    dataDir = path.join(root, "data");
    opened = [];
    children = [];
  });
  afterEach(async () => {
    for (const child of children ?? []) child.kill("SIGKILL");
    for (const database of opened ?? []) await database.close();
    if (root) fs.rmSync(root, { recursive: true, force: true });
  });

  const open = async (folder = dataDir): Promise<Database> => {
    const database = await openDatabase({
      dataDir: folder,
      clock: testClock,
      log: silentLog,
      ...(binDir !== undefined && { binDir }),
    });
    opened.push(database);
    return database;
  };
  const openLedger = (database: Database) =>
    Ledger.open(database, { clock: testClock, ids: testIds, log: silentLog });

  const storedIds = async (database: Database) => {
    const rows = await withScope(database.db, WHOLE_CENTRE, (tx) =>
      tx.selectFrom("event").select(["id", "seq"]).orderBy("seq").execute(),
    );
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, i) => i + 1));
    return rows.map((row) => row.id);
  };

  /** Appends for ever; `acked` grows with each flush that resolved. */
  function load(ledger: Ledger): { readonly acked: string[]; stop(): Promise<void> } {
    const acked: string[] = [];
    let going = true;
    const run = async () => {
      while (going) {
        const ids = Array.from({ length: 20 }, () => testIds.next());
        for (const id of ids) {
          const payload = { reason: "no_lines", direction: "inbound" } as const;
          ledger.append({ type: "call.blocked", id, at: testClock.now(), payload });
        }
        await ledger.flush(30_000);
        acked.push(...ids);
      }
    };
    const done = run();
    return {
      acked,
      async stop() {
        going = false;
        await done;
      },
    };
  }

  it("loses no acknowledged event, and doubles none, when the database is killed under load", async () => {
    const database = await open();
    const ledger = await openLedger(database);
    const alarms: string[] = [];
    ledger.alarms.on((alarm) => alarms.push(alarm.kind));
    const writing = load(ledger);
    for (let kill = 1; kill <= 2; kill++) {
      const goal = writing.acked.length + 200;
      await expect.poll(() => writing.acked.length, { timeout: 30_000 }).toBeGreaterThan(goal);
      process.kill(database.server?.pid ?? 0, "SIGKILL");
      await expect
        .poll(() => alarms.filter((kind) => kind === "recovered").length, { timeout: 30_000 })
        .toBe(kill);
    }
    await writing.stop();
    await ledger.close();
    const stored = await storedIds(database);
    expect(new Set(stored).size).toBe(stored.length);
    expect(stored).toEqual(writing.acked); // every event once, in the order of appending
    expect(alarms.filter((kind) => kind === "rejected")).toEqual([]);
  });

  it("goes on with the database of a server that was killed, and has all that it acknowledged", async () => {
    const child = spawn(
      process.execPath,
      [path.join(import.meta.dirname, "crash-writer.fixture.ts"), dataDir, binDir ?? ""].filter(Boolean),
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    children.push(child);
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    const acked = () => [...output.matchAll(/acked (\S+)\n/g)].map((match) => match[1] as string);
    await expect.poll(() => acked().length, { timeout: 30_000 }).toBeGreaterThan(50);
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("close", resolve));
    const pid = Number(/server (\d+)/.exec(output)?.[1]);
    expect(isAlive(pid)).toBe(true);
    const database = await open();
    expect(database.server).toMatchObject({ pid, adopted: true });
    const ledger = await openLedger(database);
    expect(ledger.epoch).toBe(2);
    expect(await storedIds(database)).toEqual(expect.arrayContaining(acked()));
    await ledger.close();
    await database.close();
    expect(isAlive(pid)).toBe(false);
  });

  it("backs up under load and restores elsewhere all that was acknowledged before", async () => {
    const database = await open();
    fs.mkdirSync(path.join(dataDir, "recordings", "2026"), { recursive: true });
    fs.writeFileSync(path.join(dataDir, "recordings", "2026", "one.wav"), "RIFF");
    fs.writeFileSync(path.join(dataDir, "secret.key"), "key", { mode: 0o600 });
    const ledger = await openLedger(database);
    const writing = load(ledger);
    await expect.poll(() => writing.acked.length, { timeout: 30_000 }).toBeGreaterThan(500);
    const before = [...writing.acked];
    fs.writeFileSync(path.join(dataDir, "server.json"), "{}");
    const dest = path.join(root, "backup");
    const manifest = await backup({ database, dest, clock: testClock });
    expect(writing.acked.length).toBeGreaterThan(before.length); // it did go on meanwhile
    await writing.stop();
    await ledger.close();
    expect(manifest).toMatchObject({ kind: "physical", scope: "all", withKey: true });
    expect(manifest.files.map((file) => file.path)).not.toContain(path.join("files", "server.json"));
    await expect(backup({ database, dest, clock: testClock })).rejects.toMatchObject({
      code: "backup_exists",
    });

    const options = { source: dest, clock: testClock, log: silentLog };
    await expect(restore({ ...options, dataDir })).rejects.toMatchObject({ code: "restore_running" });
    const copy = path.join(root, "copy");
    expect((await restore({ ...options, dataDir: copy })).putAside).toBeUndefined();
    const restored = await open(copy);
    const stored = await storedIds(restored);
    expect(stored.slice(0, before.length)).toEqual(before);
    expect(fs.readFileSync(path.join(copy, "recordings", "2026", "one.wav"), "utf8")).toBe("RIFF");
    expect(fs.statSync(path.join(copy, "secret.key")).mode & 0o777).toBe(0o600);
    const again = await openLedger(restored);
    again.append({ type: "centre.stopped", at: testClock.now(), payload: { reason: "drain" } });
    await again.flush();
    expect(await storedIds(restored)).toHaveLength(stored.length + 1);
    await again.close();
  });

  // What follows does not depend on the server's version.
  if (binDir !== undefined) return;

  it("does not stop a database that another process uses", async () => {
    const child = spawn(
      process.execPath,
      [path.join(import.meta.dirname, "crash-writer.fixture.ts"), dataDir, binDir ?? ""].filter(Boolean),
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    children.push(child);
    await new Promise((resolve) => child.stdout.once("data", resolve));
    const guest = await open();
    await guest.close();
    expect(isAlive(guest.server?.pid ?? 0)).toBe(true);
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("close", resolve));
    const last = await open();
    await expect
      .poll(async () => {
        const { rows } = await sql<{
          n: number;
        }>`select count(*)::int as n from pg_stat_activity where application_name = ${`svara-${child.pid}`}`.execute(
          last.db,
        );
        return rows[0]?.n;
      })
      .toBe(0);
  });

  it("restores over former data only by force, and puts that aside", async () => {
    const database = await open();
    await (await openLedger(database)).close();
    const dest = path.join(root, "backup");
    await backup({ database, dest, clock: testClock, withoutKey: true });
    await database.close();
    fs.writeFileSync(path.join(dataDir, "later.txt"), "made after the backup");
    const options = { source: dest, dataDir, clock: testClock, log: silentLog };
    await expect(restore(options)).rejects.toMatchObject({ code: "restore_not_empty" });
    const { putAside = "" } = await restore({ ...options, force: true });
    expect(fs.existsSync(path.join(dataDir, "later.txt"))).toBe(false);
    expect(fs.readFileSync(path.join(putAside, "later.txt"), "utf8")).toBe("made after the backup");
    const restored = await open();
    await (await openLedger(restored)).close();
    await restored.close();
    const old = await open(putAside); // what was put aside still starts
    expect((await openLedger(old)).epoch).toBe(2);
  });

  it("notices a damaged backup before it touches anything", async () => {
    const database = await open();
    const dest = path.join(root, "backup");
    const manifest = await backup({ database, dest, clock: testClock });
    const victim = path.join(dest, manifest.files.find((file) => file.bytes > 8_000)?.path ?? "");
    const bytes = fs.readFileSync(victim);
    bytes[4_000] = (bytes[4_000] ?? 0) ^ 1;
    fs.writeFileSync(victim, bytes);
    const broken = restore({
      source: dest,
      dataDir: path.join(root, "new"),
      clock: testClock,
      log: silentLog,
    });
    await expect(broken).rejects.toMatchObject({ code: "backup_broken" });
    expect(fs.existsSync(path.join(root, "new"))).toBe(false);
  });
});
