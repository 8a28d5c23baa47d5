import { createHash, randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { DatabaseError } from "./database-error.ts";

/** The account under which PostgreSQL runs, when it may not be our own. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Where the embedded cluster lives, and as whom. */
export interface ClusterHome {
  /** Holds `pg` (the cluster), `run` (the socket), the binaries, the log and the passwords. */
  readonly root: string;
  /** Where the program's copy of the binaries goes. */
  readonly binaries: string;
  readonly account: Account | undefined;
  /** True when `root` is not inside the data folder. */
  readonly elsewhere: boolean;
}

/** In the data folder: names the cluster's home when that lies elsewhere. */
export const HOME_POINTER = "database-location.json";
const OWNER_FILE = "belongs-to.json";
/** Where a root-owned installation keeps a cluster whose data folder the database's account cannot enter. */
const SYSTEM_PLACE = "/var/lib/svara";
/** `sun_path` holds 108 bytes with its final zero; PostgreSQL adds `/.s.PGSQL.5432`. */
const LONGEST_SOCKET_DIR = 107 - "/.s.PGSQL.5432".length;

/** Whether opening the database of this folder would find one; opening a folder without one makes it. */
export function hasCluster(dataDir: string): boolean {
  const signs = [path.join("postgres", "pg", "PG_VERSION"), HOME_POINTER];
  return signs.some((sign) => fs.existsSync(path.join(dataDir, sign)));
}

/**
 * Finds or makes the cluster's home. As a normal user that is `<dataDir>/postgres`. PostgreSQL refuses to run as root, so
 * root starts it as `postgres` or `nobody`; where that account cannot enter the data folder (a clone under /root, say),
 * the home is a folder of its own under /var/lib/svara and the data folder keeps a pointer to it.
 */
export function clusterHome(dataDir: string, systemPlace = SYSTEM_PLACE): ClusterHome {
  const data = path.resolve(dataDir);
  fs.mkdirSync(data, { recursive: true });
  const account = unprivilegedAccount();
  const pointer = path.join(data, HOME_POINTER);
  if (fs.existsSync(pointer)) return pointedHome(data, pointer, account);
  const inside = path.join(data, "postgres");
  if (
    account === undefined ||
    fs.existsSync(path.join(inside, "pg", "PG_VERSION")) ||
    canEnter(data, account)
  ) {
    own(inside, account);
    return { root: inside, binaries: inside, account, elsewhere: false };
  }
  const root = path.join(
    systemPlace,
    `${path.basename(path.dirname(data))}-${randomBytes(4).toString("hex")}`,
  );
  try {
    fs.mkdirSync(systemPlace, { recursive: true, mode: 0o755 });
    sweep(systemPlace);
    own(root, account);
  } catch (cause) {
    throw new DatabaseError(
      "postgres_no_place",
      `The account that runs PostgreSQL (uid ${account.uid}) cannot enter ${data}, and ${root} cannot be made. Set SVARA_DATA_DIR to a folder that every account may enter, or use SVARA_DATABASE_URL.`,
      cause,
    );
  }
  fs.writeFileSync(path.join(root, OWNER_FILE), JSON.stringify({ dataDir: data }));
  fs.writeFileSync(pointer, `${JSON.stringify({ postgres: root }, null, 2)}\n`);
  return { root, binaries: path.dirname(root), account, elsewhere: true };
}

/** A folder for the socket: inside the home, or, when its path is too long for a socket, a private one under the system's. */
export function socketFolder(home: ClusterHome): string {
  const inside = path.join(home.root, "run");
  if (Buffer.byteLength(inside) <= LONGEST_SOCKET_DIR) {
    own(inside, home.account);
    return inside;
  }
  const digest = createHash("sha256").update(home.root).digest("hex").slice(0, 12);
  const short = path.join(os.tmpdir(), `svara-${digest}`);
  own(short, home.account);
  const stat = fs.lstatSync(short);
  const uid = home.account?.uid ?? process.getuid?.();
  if (!stat.isDirectory() || (uid !== undefined && stat.uid !== uid)) {
    throw new DatabaseError("postgres_no_place", `${short} belongs to somebody else; remove it.`);
  }
  return short;
}

/** The account for PostgreSQL when we are root; initdb needs it to have a name, so these two are looked for. */
function unprivilegedAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = fs.readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of ["postgres", "nobody"]) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(":");
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new DatabaseError(
    "postgres_no_account",
    "PostgreSQL does not run as root, and this machine has neither an account `postgres` nor `nobody`. Start Svara as another user, or set SVARA_DATABASE_URL.",
  );
}

/** Whether the account may pass through every folder on the way to `dir` (mode bits; access lists are not read). */
function canEnter(dir: string, account: Account): boolean {
  for (let at = path.resolve(dir); ; at = path.dirname(at)) {
    const stat = fs.statSync(at);
    const bit = stat.uid === account.uid ? 0o100 : stat.gid === account.gid ? 0o010 : 0o001;
    if ((stat.mode & bit) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

function pointedHome(data: string, pointer: string, account: Account | undefined): ClusterHome {
  const root = (JSON.parse(fs.readFileSync(pointer, "utf8")) as { postgres: string }).postgres;
  const ownerFile = path.join(root, OWNER_FILE);
  if (!fs.existsSync(ownerFile)) {
    throw new DatabaseError(
      "postgres_no_place",
      `${pointer} says that the database is in ${root}, but nothing is there. Restore a backup, or remove the pointer to begin anew.`,
    );
  }
  const owner = (JSON.parse(fs.readFileSync(ownerFile, "utf8")) as { dataDir: string }).dataDir;
  if (owner !== data && fs.existsSync(path.join(owner, HOME_POINTER))) {
    throw new DatabaseError(
      "postgres_no_place",
      `${data} looks like a copy of ${owner}: both point to the database in ${root}. Use svara backup and svara restore to copy a centre.`,
    );
  }
  if (owner !== data) fs.writeFileSync(ownerFile, JSON.stringify({ dataDir: data })); // the data folder was moved
  return { root, binaries: path.dirname(root), account, elsewhere: true };
}

/** Removes homes of data folders that were temporary and are gone. Others stay: a volume may just not be mounted. */
function sweep(systemPlace: string): void {
  for (const name of fs.readdirSync(systemPlace)) {
    const root = path.join(systemPlace, name);
    const ownerFile = path.join(root, OWNER_FILE);
    if (!fs.existsSync(ownerFile) || fs.existsSync(path.join(root, "pg", "postmaster.pid"))) continue;
    const { dataDir } = JSON.parse(fs.readFileSync(ownerFile, "utf8")) as { dataDir: string };
    const temporary = dataDir.startsWith(os.tmpdir() + path.sep);
    if (temporary && !fs.existsSync(dataDir)) fs.rmSync(root, { recursive: true, force: true });
  }
}

function own(dir: string, account: Account | undefined): void {
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (account && fs.lstatSync(dir).uid === 0) fs.chownSync(dir, account.uid, account.gid);
}
