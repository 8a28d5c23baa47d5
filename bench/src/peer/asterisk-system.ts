import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Cost, costOf, residentMb } from "../server/process-cost.ts";
import type { CallSystem, LineKind, Surroundings } from "../telephony/call-system.ts";
import { asteriskConfig, peerNumbers } from "./asterisk-config.ts";

/** The music that our own callers hear: mu-law of 8 kHz, so neither system converts it. */
const music = new URL("../../../packages/flows/prompts/music/default.wav", import.meta.url);
const readyMs = 30_000;
const stopMs = 10_000;

/** Asterisk in its own file tree, with a configuration of ours that lives as long as the run. */
export class AsteriskSystem implements CallSystem {
  readonly name: string;
  readonly phones = [];
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(name: string, child: ChildProcess, folder: string) {
    this.name = name;
    this.#child = child;
    this.#folder = folder;
  }

  /** Errors: when it does not come up within half a minute. */
  static async start(
    root: { readonly folder: string; readonly version: string },
    around: Surroundings,
  ): Promise<AsteriskSystem> {
    for (const left of readdirSync(root.folder))
      if (left.startsWith("svara-bench-")) rmSync(path.join(root.folder, left), { recursive: true });
    const home = `/svara-bench-${process.pid}`;
    const folder = path.join(root.folder, home);
    for (const name of ["etc", "var", "run", "log/cdr-csv", "spool", "recordings", "music"])
      mkdirSync(path.join(folder, name), { recursive: true });
    for (const [name, text] of Object.entries(asteriskConfig({ ...around, home })))
      writeFileSync(path.join(folder, "etc", name), text);
    writeFileSync(path.join(folder, "music", "music.ulaw"), soundOf(readFileSync(music)));
    const command = ["/usr/sbin/asterisk", "-C", `${home}/etc/asterisk.conf`];
    const log = openSync(path.join(folder, "log", "console"), "w");
    const child = spawn("chroot", [root.folder, ...command, "-f"], { stdio: ["ignore", log, log] });
    closeSync(log);
    process.once("exit", () => child.kill("SIGKILL"));
    const until = performance.now() + readyMs;
    const booted = (): boolean =>
      spawnSync("chroot", [root.folder, ...command, "-rx", "core waitfullybooted"]).status === 0;
    while (!booted()) {
      if (child.exitCode !== null || performance.now() > until) {
        child.kill("SIGKILL");
        throw new Error(`the peer did not start: ${readFileSync(path.join(folder, "log", "console"))}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    return new AsteriskSystem(root.version, child, folder);
  }

  line(kind: LineKind): Promise<string> {
    return Promise.resolve(peerNumbers[kind]);
  }

  open(): Promise<void> {
    return Promise.resolve();
  }

  cost(): Cost {
    return costOf([this.#pid]);
  }

  helpersCost(): Cost {
    return costOf([]);
  }

  signallingCost(): null {
    return null;
  }

  get residentMb(): number {
    return residentMb(this.#pid);
  }

  async stop(): Promise<void> {
    const gone = new Promise<void>((resolve) => this.#child.once("exit", () => resolve()));
    const patience = setTimeout(() => this.#child.kill("SIGKILL"), stopMs);
    this.#child.kill("SIGTERM");
    await gone;
    clearTimeout(patience);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** `chroot` becomes Asterisk: one process. */
  get #pid(): number {
    return this.#child.pid ?? 0;
  }
}

/** The data of a WAV file, without its headers. */
function soundOf(wav: Buffer): Buffer {
  const at = wav.indexOf("data", 12, "latin1");
  return wav.subarray(at + 8, at + 8 + wav.readUInt32LE(at + 4));
}
