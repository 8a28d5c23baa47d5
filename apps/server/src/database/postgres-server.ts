import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock, Disposable } from "@svara/kernel";
import { every } from "@svara/kernel";
import pg from "pg";
import { type ClusterHome, clusterHome, socketFolder } from "./cluster-home.ts";
import { DatabaseError } from "./database-error.ts";
import type { Log } from "./log.ts";
import { resolvePostgresBinaries } from "./postgres-binaries.ts";

export interface PostgresServerOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Folder of another PostgreSQL's `initdb` and `postgres`; the npm package's when not given. */
  readonly binDir?: string;
  readonly settings?: Readonly<Record<string, string>>;
}

/** Passwords of the embedded cluster's three roles, in a 0600 file beside it. */
interface Credentials {
  readonly admin: string;
  readonly owner: string;
  readonly runtime: string;
}

/** The superuser that initdb makes: for roles, databases and backups only. */
const ADMIN_ROLE = "svara_admin";
const READY_LIMIT_MS = 60_000; // crash recovery of a large log may take long
const RETRY_LIMIT_MS = 5_000; // a dead postmaster may linger as a zombie that still "holds" the lock file
const WATCH_PERIOD_MS = 500;
const LOG_LIMIT_BYTES = 10 * 2 ** 20; // looked at when the server starts; it logs warnings only

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "",
  unix_socket_permissions: "0700",
  wal_keep_size: "256MB", // a hot backup copies what was written meanwhile
  log_min_messages: "warning",
  timezone: "UTC",
  log_timezone: "UTC",
  jit: "off", // our queries are short
  // after a crash the cluster's thousand files are synced at one stroke
  ...(process.platform === "linux" && { recovery_init_sync_method: "syncfs" }),
};

/** A private PostgreSQL: one cluster on a unix socket, watched and restarted while we live. */
export class PostgresServer {
  readonly home: ClusterHome;
  readonly credentials: Credentials;
  readonly #binDir: string;
  readonly #options: PostgresServerOptions;
  #pid: number;
  #socketDir: string;
  #watch: Disposable;
  #stopping = false;
  #restarting: Promise<void> | undefined;
  /** True when a running postmaster was found and taken over. */
  readonly adopted: boolean;

  private constructor(
    options: PostgresServerOptions,
    home: ClusterHome,
    binDir: string,
    credentials: Credentials,
    running: Running,
  ) {
    this.#options = options;
    this.home = home;
    this.#binDir = binDir;
    this.credentials = credentials;
    this.#pid = running.pid;
    this.#socketDir = running.socketDir;
    this.adopted = running.adopted;
    this.#watch = every(options.clock, WATCH_PERIOD_MS, () => this.#look());
  }

  /** Starts the cluster of the data folder, making it first if there is none, or adopts the one that runs. */
  static async start(options: PostgresServerOptions): Promise<PostgresServer> {
    const home = clusterHome(options.dataDir);
    if (home.elsewhere) {
      options.log.info(
        { folder: home.root },
        "the database lives outside the data folder, which its account cannot enter",
      );
    }
    const binDir = options.binDir ?? resolvePostgresBinaries(home.binaries);
    const credentials = readCredentials(home);
    if (!fs.existsSync(path.join(home.root, "pg", "PG_VERSION"))) initialise(home, binDir, credentials);
    const running = await startOrAdopt(home, binDir, credentials, options.settings ?? {});
    return new PostgresServer(options, home, binDir, credentials, running);
  }

  get pid(): number {
    return this.#pid;
  }

  /** The cluster's own folder, which a backup copies. */
  get clusterDir(): string {
    return path.join(this.home.root, "pg");
  }

  /** How to connect as the superuser. */
  admin(database = "postgres"): pg.ClientConfig {
    return this.connection(ADMIN_ROLE, this.credentials.admin, database);
  }

  connection(user: string, password: string, database: string): pg.ClientConfig {
    return { host: this.#socketDir, port: 5432, user, password, database, application_name: ownName() };
  }

  /**
   * Fast shutdown with a checkpoint, unless another process (the server, when a command opened the same folder) is connected.
   * Returns whether the server was stopped.
   */
  async stop(): Promise<boolean> {
    if (this.#stopping) return true;
    this.#stopping = true;
    this.#watch.dispose();
    await this.#restarting;
    if (await this.#othersConnected()) return false;
    if (isAlive(this.#pid)) process.kill(this.#pid, "SIGINT");
    while (isAlive(this.#pid)) await sleep(5);
    return true;
  }

  async #othersConnected(): Promise<boolean> {
    const client = new pg.Client({ ...this.admin(), connectionTimeoutMillis: 2000 });
    client.on("error", () => {});
    try {
      await client.connect();
      const { rows } = await client.query<{ n: number }>(
        "select count(*)::int as n from pg_stat_activity where backend_type = 'client backend' and application_name <> $1",
        [ownName()],
      );
      return (rows[0]?.n ?? 0) > 0;
    } catch {
      return false; // it does not answer: nobody is served by it
    } finally {
      await client.end().catch(() => {});
    }
  }

  #look(): void {
    if (this.#stopping || this.#restarting || isAlive(this.#pid)) return;
    const { log } = this.#options;
    log.error({ pid: this.#pid }, "PostgreSQL died; starting it again");
    this.#restarting = startOrAdopt(this.home, this.#binDir, this.credentials, this.#options.settings ?? {})
      .then((running) => {
        this.#pid = running.pid;
        this.#socketDir = running.socketDir;
        log.info({ pid: running.pid }, "PostgreSQL runs again");
      })
      .catch((error: unknown) => log.error({ err: error }, "PostgreSQL did not start again; trying on"))
      .finally(() => {
        this.#restarting = undefined;
      });
  }
}

interface Running {
  readonly pid: number;
  readonly socketDir: string;
  readonly adopted: boolean;
}

/** The name under which all connections of this process are seen in `pg_stat_activity`. */
export function ownName(): string {
  return `svara-${process.pid}`;
}

function readCredentials(home: ClusterHome): Credentials {
  const file = path.join(home.root, "passwords.json");
  const secret = () => randomBytes(24).toString("base64url");
  const made: Credentials = { admin: secret(), owner: secret(), runtime: secret() };
  try {
    fs.writeFileSync(file, JSON.stringify(made), { mode: 0o600, flag: "wx" });
    return made;
  } catch {
    return JSON.parse(fs.readFileSync(file, "utf8")) as Credentials; // made before, or by a process beside us
  }
}

/** initdb into a folder beside, then a rename: a crash in between leaves no half cluster. */
function initialise(home: ClusterHome, binDir: string, credentials: Credentials): void {
  const half = path.join(home.root, `pg.init-${process.pid}`);
  const passwordFile = `${half}.password`;
  fs.rmSync(half, { recursive: true, force: true });
  fs.writeFileSync(passwordFile, `${credentials.admin}\n`, { mode: 0o600 });
  if (home.account) fs.chownSync(passwordFile, home.account.uid, home.account.gid);
  const args = ["-D", half, "-U", ADMIN_ROLE, "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"];
  try {
    execFileSync(path.join(binDir, "initdb"), [...args, "--auth=scram-sha-256", `--pwfile=${passwordFile}`], {
      ...home.account,
      env: environment(),
      stdio: "pipe",
      cwd: home.root,
    });
  } catch (cause) {
    const stderr = String((cause as { stderr?: Buffer }).stderr ?? "").trim();
    throw new DatabaseError("postgres_start_failed", `The database could not be created: ${stderr}`, cause);
  } finally {
    fs.rmSync(passwordFile, { force: true });
  }
  try {
    fs.renameSync(half, path.join(home.root, "pg"));
  } catch (error) {
    fs.rmSync(half, { recursive: true, force: true });
    if (!fs.existsSync(path.join(home.root, "pg", "PG_VERSION"))) throw error; // else a process beside us was first
  }
}

async function startOrAdopt(
  home: ClusterHome,
  binDir: string,
  credentials: Credentials,
  settings: Readonly<Record<string, string>>,
): Promise<Running> {
  for (let waitedMs = 0; ; waitedMs += 250) {
    try {
      return (await adopt(home, credentials)) ?? (await launch(home, binDir, settings));
    } catch (error) {
      if (waitedMs >= RETRY_LIMIT_MS) throw error;
      await sleep(250);
    }
  }
}

/** A previous process may have been killed and left its postmaster running: read where it listens and connect. */
async function adopt(home: ClusterHome, credentials: Credentials): Promise<Running | undefined> {
  const lines = pidFileLines(home);
  const pid = Number(lines[0]);
  const socketDir = lines[4]?.trim();
  if (!pid || !socketDir || !isAlive(pid)) return undefined;
  const client = new pg.Client({
    host: socketDir,
    port: 5432,
    user: ADMIN_ROLE,
    password: credentials.admin,
    database: "postgres",
    application_name: ownName(),
    connectionTimeoutMillis: 5000,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    return { pid, socketDir, adopted: true };
  } catch {
    return undefined; // PostgreSQL itself decides whether the pid file is stale; we never remove it
  } finally {
    await client.end().catch(() => {});
  }
}

async function launch(
  home: ClusterHome,
  binDir: string,
  settings: Readonly<Record<string, string>>,
): Promise<Running> {
  const socketDir = socketFolder(home);
  const all = { ...SETTINGS, unix_socket_directories: socketDir, ...settings };
  const logFile = path.join(home.root, "postgres.log");
  if (fs.existsSync(logFile) && fs.statSync(logFile).size > LOG_LIMIT_BYTES)
    fs.renameSync(logFile, `${logFile}.1`);
  const log = fs.openSync(logFile, "a", 0o600);
  const child: ChildProcess = spawn(
    path.join(binDir, "postgres"),
    [
      "-D",
      path.join(home.root, "pg"),
      "-p",
      "5432",
      ...Object.entries(all).flatMap(([k, v]) => ["-c", `${k}=${v}`]),
    ],
    // detached: Ctrl-C must not stop the database before the server
    { ...home.account, env: environment(), detached: true, stdio: ["ignore", log, log], cwd: home.root },
  );
  fs.closeSync(log);
  let failure: string | undefined;
  child.once("error", (error) => {
    failure = error.message;
  });
  child.once("exit", (code, signal) => {
    failure ??= `exit ${code ?? signal}`;
  });
  for (let waitedMs = 0; ; waitedMs += 5) {
    const lines = pidFileLines(home);
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === "ready") break;
    if (failure !== undefined || waitedMs > READY_LIMIT_MS) {
      throw new DatabaseError(
        "postgres_start_failed",
        `PostgreSQL did not start (${failure ?? "not ready in time"}); its log ${logFile} ends: ${lastLines(logFile)}`,
      );
    }
    await sleep(5);
  }
  child.unref();
  return { pid: child.pid ?? 0, socketDir, adopted: false };
}

function pidFileLines(home: ClusterHome): string[] {
  try {
    return fs.readFileSync(path.join(home.root, "pg", "postmaster.pid"), "utf8").split("\n");
  } catch {
    return [];
  }
}

function lastLines(file: string): string {
  return fs.readFileSync(file, "utf8").trim().split("\n").slice(-4).join(" | ");
}

function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: "C.UTF-8", TZ: "UTC" }; // nothing of ours, least of all secrets
}

/** Whether the process runs; a zombie does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(fs.readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return true; // no /proc here
  }
}
