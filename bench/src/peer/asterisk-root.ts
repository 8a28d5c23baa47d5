import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/** Making the root takes about a minute with a good line. */
const makeLimitMs = 600_000;

/** A file tree with Asterisk in it, or why there is none. */
export type AsteriskRoot =
  | { readonly kind: "ready"; readonly folder: string; readonly version: string }
  | { readonly kind: "missing"; readonly why: string };

/**
 * Debian has Asterisk in `sid` only: debootstrap makes a small root of it, once, kept in the user's cache folder
 * (`SVARA_BENCH_CACHE` names another). Needs root and debootstrap; the run goes on without the peer otherwise.
 */
export function asteriskRoot(say: (line: string) => void): AsteriskRoot {
  const cache = process.env.SVARA_BENCH_CACHE ?? path.join(homedir(), ".cache", "svara", "bench");
  const folder = path.join(cache, "asterisk-sid");
  if (process.getuid?.() !== 0) return missing("only root may enter its file tree");
  if (!existsSync(folder)) {
    if (spawnSync("debootstrap", ["--version"]).error) return missing("debootstrap is not installed");
    say(`making a Debian root with Asterisk in ${folder} (about a minute, once)`);
    mkdirSync(cache, { recursive: true });
    const half = `${folder}.part`;
    rmSync(half, { recursive: true, force: true });
    const made = spawnSync("debootstrap", ["--variant=minbase", "--include=asterisk", "sid", half], {
      timeout: makeLimitMs,
      encoding: "utf8",
    });
    if (made.status !== 0)
      return missing(`debootstrap ended with ${made.status}: ${lastLine(made.stdout + made.stderr)}`);
    renameSync(half, folder);
  }
  const asked = spawnSync("chroot", [folder, "/usr/sbin/asterisk", "-V"], { encoding: "utf8" });
  const version = /Asterisk ([\d.]+)/.exec(asked.stdout ?? "")?.[0];
  return version === undefined
    ? missing(`${folder} holds no Asterisk that runs`)
    : { kind: "ready", folder, version };
}

function missing(why: string): AsteriskRoot {
  return { kind: "missing", why };
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
