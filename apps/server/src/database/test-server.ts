import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SystemClock } from "@svara/kernel";
import { silentLog } from "./log.ts";
import { MIGRATIONS_FOLDER, migrate } from "./migrate.ts";
import { isAlive, PostgresServer } from "./postgres-server.ts";
import { ensureDatabase, ensureLoginRoles, grantRuntime, OWNER_ROLE, withClient } from "./roles.ts";

const LOCK_LIMIT_MS = 60_000;

/** Without care for durability: tests of durability start a server of their own. */
const SETTINGS = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_connections: "200",
  shared_buffers: "64MB",
};

/** Ends the server when the last process that uses it is gone, however it went. */
const REAPER = `
cd "$1" || exit
idle=0
while [ "$idle" -lt 2 ]; do
  sleep 1
  idle=$((idle + 1))
  for file in users/*; do
    pid="\${file##*/}"
    if kill -0 "$pid" 2>/dev/null; then idle=0; else rm -f "$file"; fi
  done
done
read -r postmaster < postgres/pg/postmaster.pid && kill -INT "$postmaster"
`;

/** The server that all tests of this account share; started when none runs, adopted otherwise. */
export async function sharedTestServer(binDir: string | undefined): Promise<PostgresServer> {
  const digest = createHash("sha256")
    .update(binDir ?? "embedded")
    .digest("hex")
    .slice(0, 6);
  const dataDir = path.join(os.tmpdir(), `svara-test-${process.getuid?.() ?? 0}-${digest}`);
  fs.mkdirSync(path.join(dataDir, "users"), { recursive: true });
  return locked(path.join(dataDir, "lock"), async () => {
    fs.writeFileSync(path.join(dataDir, "users", String(process.pid)), "");
    const server = await PostgresServer.start({
      dataDir,
      clock: new SystemClock(),
      log: silentLog,
      settings: SETTINGS,
      ...(binDir !== undefined && { binDir }),
    });
    if (!server.adopted) {
      await ensureLoginRoles(server.admin(), server.credentials);
      await dropDatabases(server, "test_%");
      spawn("/bin/sh", ["-c", REAPER, "reaper", dataDir], { detached: true, stdio: "ignore" }).unref();
    }
    return server;
  });
}

/** The name of a migrated database to copy; made anew when the migrations have changed. */
export function templateDatabase(server: PostgresServer): Promise<string> {
  const digest = createHash("sha256");
  for (const file of fs.readdirSync(MIGRATIONS_FOLDER).sort()) {
    digest.update(file).update(fs.readFileSync(path.join(MIGRATIONS_FOLDER, file)));
  }
  const name = `template_${digest.digest("hex").slice(0, 12)}`;
  return locked(path.join(server.home.root, "..", "lock"), async () => {
    const ready = await withClient(server.admin(), (client) =>
      client.query("select 1 from pg_database where datname = $1 and datistemplate", [name]),
    );
    if (ready.rowCount) return name;
    await dropDatabases(server, "template\\_%");
    await ensureDatabase(server.admin(), name);
    const owner = server.connection(OWNER_ROLE, server.credentials.owner, name);
    await grantRuntime(owner);
    await migrate({ owner, log: silentLog });
    await withClient(server.admin(), (client) => client.query(`alter database ${name} is_template true`));
    return name;
  });
}

async function dropDatabases(server: PostgresServer, like: string): Promise<void> {
  await withClient(server.admin(), async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "select datname as name from pg_database where datname like $1 and datname not in ('template0', 'template1')",
      [like],
    );
    for (const { name } of rows) {
      await client.query(`alter database ${name} is_template false`);
      await client.query(`drop database if exists ${name} with (force)`);
    }
  });
}

/** One process at a time; a lock whose holder is gone is taken over. */
async function locked<T>(file: string, work: () => Promise<T>): Promise<T> {
  for (let waitedMs = 0; !tryLock(file); waitedMs += 20) {
    if (waitedMs > LOCK_LIMIT_MS) throw new Error(`the lock ${file} is held for too long`);
    await sleep(20);
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

function tryLock(file: string): boolean {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    const holder = Number(readIfThere(file));
    if (holder > 0 && !isAlive(holder)) fs.rmSync(file, { force: true });
    return false;
  }
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
