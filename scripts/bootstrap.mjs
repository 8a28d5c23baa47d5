// The door behind `npm start`, `npm test` and their sisters. Plain JavaScript that any Node >= 20 runs: it brings what is
// missing (packages, the web build), finds the pinned Node, and hands over to it. Everything else is TypeScript run by that Node.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./bootstrap/install.mjs";
import { findNode, majorOf, OLDEST_BOOTSTRAP_NODE } from "./bootstrap/node-binary.mjs";
import { SetupError, say } from "./bootstrap/say.mjs";
import { ensureWebBuilt } from "./bootstrap/web-build.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** @type {Record<string, { script: string, web: boolean }>} What runs by another way than the `svara` command. */
const TASKS = {
  check: { script: "scripts/check.ts", web: false },
  test: { script: "scripts/test.ts", web: true },
  bench: { script: "bench/src/main.ts", web: false },
};
const PARENT_LOOK_MS = 500;
const COMMANDS_WITH_WEB = new Set(["start", "demo"]);

/** @param {string[]} argv */
function plan(argv) {
  const [name = "--help", ...rest] = argv;
  const args = rest[0] === "--" ? rest.slice(1) : rest;
  const task = TASKS[name];
  if (task !== undefined) return { script: task.script, web: task.web, args };
  const wantsHelp = args.includes("--help") || args.includes("-h");
  return {
    script: "apps/cli/src/main.ts",
    web: COMMANDS_WITH_WEB.has(name) && !wantsHelp,
    args: [name, ...args],
  };
}

/**
 * @param {string} node
 * @param {string} script
 * @param {string[]} args
 */
function handOver(node, script, args) {
  const path = [dirname(node), join(ROOT, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter);
  const child = spawn(node, [join(ROOT, script), ...args], {
    // The clone is home wherever one calls from: ./data means the same data. Files given as arguments are looked for at the caller's.
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, PATH: path, SVARA_CALLED_FROM: process.env.INIT_CWD ?? process.cwd() },
  });
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGINT", "SIGHUP"])) {
    process.on(signal, () => {
      // At a terminal Ctrl-C reaches the whole foreground group, so the child has it already.
      if (signal === "SIGINT" && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  if (process.env.npm_lifecycle_event !== undefined) watchParent(() => child.kill("SIGTERM"));
  child.on("error", (error) => {
    say(`could not start ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
  });
}

/**
 * npm passes SIGTERM to the shell between us and it; the shell dies of it and tells nobody. Whoever stops `npm start` means the server.
 * @param {() => void} gone
 */
function watchParent(gone) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    gone();
  }, PARENT_LOOK_MS);
  timer.unref();
}

async function main() {
  if (majorOf(process.version) < OLDEST_BOOTSTRAP_NODE) {
    throw new SetupError(
      `this is Node ${process.version}`,
      `install Node ${OLDEST_BOOTSTRAP_NODE} or later; it fetches the version that Svara itself needs`,
    );
  }
  const { script, web, args } = plan(process.argv.slice(2));
  await ensureInstalled(ROOT, process);
  const node = findNode({ root: ROOT, ...pick(process) });
  if (web) ensureWebBuilt(ROOT, node);
  handOver(node, script, args);
}

/** @param {NodeJS.Process} from */
function pick({ platform, arch, version, execPath }) {
  return { platform, arch, version, execPath };
}

main().catch((error) => {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  say(`what to do: ${error.remedy}`);
  process.exit(1);
});
