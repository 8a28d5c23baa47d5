import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SetupError, say } from "./say.mjs";

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, link?: boolean, os?: string | string[],
 *   cpu?: string | string[], libc?: string | string[] } & Record<string, unknown> & { optionalDependencies?: Record<string, string> }} LockEntry
 * @typedef {Record<string, LockEntry>} LockPackages
 * @typedef {{ platform: string, arch: string }} Platform
 */

const STAMP = join("node_modules", ".svara-install");
const DEPENDENCY_KINDS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

/**
 * Brings `node_modules` to what the lock file says; does nothing, within milliseconds, when it is there already.
 * @param {string} root
 * @param {Platform} platform
 */
export async function ensureInstalled(root, platform) {
  const lockText = readFileSync(join(root, "package-lock.json"), "utf8");
  const fingerprint = createHash("sha256").update(lockText).digest("hex");
  if (readIfThere(join(root, STAMP)) === fingerprint) return;

  const locked = packagesOf(lockText);
  const installed = readIfThere(join(root, "node_modules", ".package-lock.json"));
  if (installed !== undefined && isInstalled(locked, packagesOf(installed), platform)) {
    writeStamp(root, fingerprint);
    return;
  }
  const stale = staleManifest(locked, (path) => readIfThere(join(root, path, "package.json")));
  const count = Object.keys(locked).filter((path) => path.includes("node_modules/")).length;
  if (stale === undefined) {
    say(`installing up to ${count} packages into node_modules (only now, and when they change)`);
    await npm(root, ["ci"]);
  } else {
    say(`package-lock.json is out of step with ${stale}: running "npm install", which brings it up to date`);
    await npm(root, ["install"]);
  }
  const after = readFileSync(join(root, "package-lock.json"));
  writeStamp(root, createHash("sha256").update(after).digest("hex"));
}

/**
 * Whether what npm says it installed is what the lock asks for on this platform. Lets an installation made by a plain
 * `npm ci` count, so that the bootstrap does not make it again.
 * @param {LockPackages} locked
 * @param {LockPackages} installed npm's own record, `node_modules/.package-lock.json`
 * @param {Platform} platform
 */
export function isInstalled(locked, installed, platform) {
  for (const [path, wanted] of Object.entries(locked)) {
    if (!path.includes("node_modules/")) continue;
    const present = installed[path];
    if (present === undefined) {
      if (wanted.optional && !suits(wanted, platform)) continue;
      return false;
    }
    if (present.version !== wanted.version || present.integrity !== wanted.integrity) return false;
  }
  return true;
}

/**
 * The first manifest whose dependencies are not those the lock recorded (what makes `npm ci` refuse), or undefined.
 * @param {LockPackages} locked
 * @param {(path: string) => string | undefined} readManifest the text of `<path>/package.json`
 */
export function staleManifest(locked, readManifest) {
  for (const [path, recorded] of Object.entries(locked)) {
    if (path.includes("node_modules/")) {
      if (lacksOptional(locked, path, recorded)) return `${path}/package.json`;
      continue;
    }
    const name = path === "" ? "package.json" : `${path}/package.json`;
    const text = readManifest(path);
    if (text === undefined) return name;
    const manifest = JSON.parse(text);
    for (const kind of DEPENDENCY_KINDS) {
      if (sorted(manifest[kind]) !== sorted(recorded[kind])) return name;
    }
  }
  return undefined;
}

/**
 * Whether an installed package has an optional companion that the lock forgot, at the top or in any folder.
 * @param {LockPackages} locked
 * @param {string} path
 * @param {LockEntry} entry
 */
function lacksOptional(locked, path, entry) {
  return Object.keys(entry.optionalDependencies ?? {}).some(
    (name) => !(`node_modules/${name}` in locked) && !(`${path}/node_modules/${name}` in locked),
  );
}

/**
 * Whether an optional package is one of those that this platform cannot do without.
 * @param {LockEntry} entry
 * @param {Platform} platform
 */
function suits(entry, { platform, arch }) {
  // What names no platform came along with something optional that does.
  if (entry.os === undefined && entry.cpu === undefined) return false;
  // Which C library runs here is not worth finding out: npm decides about those packages.
  if (entry.libc !== undefined) return false;
  return lists(entry.os, platform) && lists(entry.cpu, arch);
}

/**
 * @param {string | string[] | undefined} allowed npm's `os` or `cpu` field; `!x` excludes x
 * @param {string} value
 */
function lists(allowed, value) {
  if (allowed === undefined) return true;
  const items = [allowed].flat();
  if (items.includes(`!${value}`)) return false;
  return items.every((item) => item.startsWith("!")) || items.includes(value);
}

/** @param {unknown} dependencies */
function sorted(dependencies) {
  return JSON.stringify(Object.entries(dependencies ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * @param {string} lockText
 * @returns {LockPackages}
 */
function packagesOf(lockText) {
  return JSON.parse(lockText).packages ?? {};
}

/** @param {string} path */
function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/**
 * @param {string} root
 * @param {string} fingerprint
 */
function writeStamp(root, fingerprint) {
  mkdirSync(join(root, "node_modules"), { recursive: true });
  writeFileSync(join(root, STAMP), fingerprint);
}

/**
 * Runs npm, shows that it is alive, and throws when it fails.
 * @param {string} root
 * @param {string[]} args
 */
async function npm(root, args) {
  const startedAt = Date.now();
  // Under `npm start` npm names its own script: the same npm is used. Its settings for the outer run do not bind ours.
  const script = process.env.npm_execpath;
  const viaScript = script !== undefined && /npm-cli\.c?js$/.test(script);
  const command = viaScript ? (process.env.npm_node_execpath ?? process.execPath) : "npm";
  const all = [
    ...(viaScript ? [script] : []),
    ...args,
    "--include=dev",
    "--include=optional",
    "--no-audit",
    "--no-fund",
    "--loglevel=error", // under an older Node every package would warn; they run on the pinned one
  ];
  const child = spawn(command, all, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: !viaScript && process.platform === "win32",
  });
  const heartbeat = setInterval(() => {
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    say(`still installing, ${seconds} s`);
  }, 10_000);
  const code = await new Promise((resolve) => {
    child.on("error", () => resolve(-1));
    child.on("exit", (exitCode) => resolve(exitCode ?? 1));
  });
  clearInterval(heartbeat);
  if (code === -1)
    throw new SetupError("npm was not found", "install npm (it comes with Node) and run this again");
  if (code !== 0) {
    throw new SetupError(
      `npm ${args.join(" ")} failed (exit ${code}); what it said stands above`,
      "most often the package registry cannot be reached: check the network or npm's proxy settings, then run this again",
    );
  }
  say(`installed in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}
