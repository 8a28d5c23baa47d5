// `node scripts/complete-lock.ts`: after `npm install` behind a registry that does not serve every platform's binaries, npm
// leaves those packages out of the lock file, and `npm ci` then refuses the lock everywhere. This writes them back.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** One package of a lock file, as far as this reads it. */
export interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** An optional package that another one pins and that the lock file lacks. */
export interface MissingOptional {
  readonly name: string;
  readonly version: string;
  readonly parent: string;
}

/** The optional packages that stand in somebody's manifest but not in the lock: `npm ci` refuses such a lock. */
export function missingOptionals(packages: Readonly<Record<string, LockEntry>>): MissingOptional[] {
  return Object.entries(packages).flatMap(([parent, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => resolve(packages, parent, name) === undefined)
      .map(([name, version]) => ({ name, version, parent })),
  );
}

/** Node's look-up: inside the parent first, then in each folder above it. */
function resolve(
  packages: Readonly<Record<string, LockEntry>>,
  parent: string,
  name: string,
): string | undefined {
  const folders = parent.split("/node_modules/");
  for (let depth = folders.length; depth >= 0; depth--) {
    const prefix = folders.slice(0, depth).join("/node_modules/");
    const path = prefix === "" ? `node_modules/${name}` : `${prefix}/node_modules/${name}`;
    if (path in packages) return path;
  }
  return undefined;
}

const SYSTEMS = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];
const PROCESSORS = ["arm64", "arm", "ia32", "ppc64", "riscv64", "s390x", "x64"];

/** The lock entry of a platform's binary, read from its name (`cli-linux-x64-musl`); undefined when the name says no platform. */
export function entryFor(missing: MissingOptional, dev: boolean): LockEntry | undefined {
  const words = missing.name.split("/").at(-1)?.split("-") ?? [];
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  if (os === undefined || cpu === undefined || !/^\d+\.\d+\.\d+/.test(missing.version)) return undefined;
  const libc = os !== "linux" ? undefined : words.some((word) => word.startsWith("musl")) ? "musl" : "glibc";
  return {
    version: missing.version,
    cpu: [cpu],
    ...(dev ? { dev } : {}),
    ...(libc === undefined ? {} : { libc: [libc] }),
    optional: true,
    os: [os],
  };
}

function completeLock(path: string): void {
  const lock = JSON.parse(readFileSync(path, "utf8")) as { packages: Record<string, LockEntry> };
  const before = missingOptionals(lock.packages);
  for (const missing of before) {
    const entry = entryFor(missing, lock.packages[missing.parent]?.dev === true);
    if (entry !== undefined) lock.packages[`node_modules/${missing.name}`] = entry;
  }
  lock.packages = Object.fromEntries(
    Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en")),
  );
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  const left = missingOptionals(lock.packages);
  console.log(`${before.length - left.length} optional packages added, ${left.length} left`);
  for (const { name, version, parent } of left) console.log(`${parent} pins ${name} ${version}: not added`);
}

if (import.meta.main) completeLock(join(dirname(import.meta.dirname), "package-lock.json"));
