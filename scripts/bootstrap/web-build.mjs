import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, relative } from "node:path";
import { SetupError, say } from "./say.mjs";

const WEB = join("apps", "web");
const STAMP = join(WEB, "dist", ".svara-build");
const NOT_SOURCES = new Set(["node_modules", "dist", "coverage", "test-results"]);

/**
 * Builds the web application unless what stands in `dist` was built from the present sources.
 * @param {string} root
 * @param {string} node the Node to build with
 */
export function ensureWebBuilt(root, node) {
  const fingerprint = fingerprintOf(root, webSources(root));
  const stamp = join(root, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint) return;

  const startedAt = Date.now();
  say("building the web application");
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const result = spawnSync(node, [vite, "build", "--logLevel", "warn"], {
    cwd: join(root, WEB),
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, NODE_ENV: "production", PATH: `${dirname(node)}${delimiter}${process.env.PATH}` },
  });
  if (result.status !== 0) {
    throw new SetupError(
      "the web application could not be built; what Vite said stands above",
      'if the sources are unchanged, delete "node_modules" and run this again',
    );
  }
  writeFileSync(stamp, fingerprint);
  say(`built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

/**
 * The folders and files the build depends on: the application, the workspace packages it reaches, and the lock file.
 * @param {string} root
 */
export function webSources(root) {
  const found = new Set([WEB]);
  const pending = [WEB];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const { dependencies = {} } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    for (const name of Object.keys(dependencies)) {
      if (!name.startsWith("@svara/")) continue;
      const next = join("packages", name.slice("@svara/".length));
      if (found.has(next) || !existsSync(join(root, next))) continue;
      found.add(next);
      pending.push(next);
    }
  }
  return [...found, "package-lock.json"].sort();
}

/**
 * A hash over the names and contents of all files under `paths`; tests do not count.
 * @param {string} root
 * @param {string[]} paths
 */
export function fingerprintOf(root, paths) {
  const hash = createHash("sha256");
  for (const path of paths) addTo(hash, root, join(root, path));
  return hash.digest("hex");
}

/**
 * @param {import("node:crypto").Hash} hash
 * @param {string} root
 * @param {string} path
 */
function addTo(hash, root, path) {
  if (path.endsWith(".json")) return addFile(hash, root, path);
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) {
      if (!NOT_SOURCES.has(entry.name)) addTo(hash, root, child);
    } else if (!/\.test\.tsx?$|\.md$/.test(entry.name)) {
      addFile(hash, root, child);
    }
  }
}

/**
 * @param {import("node:crypto").Hash} hash
 * @param {string} root
 * @param {string} path
 */
function addFile(hash, root, path) {
  hash.update(relative(root, path)).update("\0").update(readFileSync(path)).update("\0");
}
