import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { DatabaseError } from "./database-error.ts";

const manifestSchema = z.object({
  format: z.literal(1),
  /** `physical`: files of an embedded cluster. `logical`: rows, for a database of your own. */
  kind: z.enum(["physical", "logical"]),
  /** `all`: database and files (recordings, prompts, key). `database`: made before a migration. */
  scope: z.enum(["all", "database"]),
  at: z.int(),
  serverVersion: z.int(),
  migrations: z.array(z.string()),
  /** Events up to this number are in the backup. */
  lastSeq: z.int(),
  /** Whether the key of sealed secrets is among the files. */
  withKey: z.boolean(),
  files: z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() })),
});

/** What a backup says about itself, in `manifest.json`. */
export type BackupManifest = z.output<typeof manifestSchema>;
export type BackupFile = BackupManifest["files"][number];

const MANIFEST = "manifest.json";
const FILES_AT_ONCE = 8;
/** Smaller files are read whole: a cluster has a thousand of a few kilobytes. */
const WHOLE_FILE_BYTES = 4 * 2 ** 20;

/** @throws DatabaseError `backup_broken` */
export function readManifest(folder: string): BackupManifest {
  try {
    return manifestSchema.parse(JSON.parse(fs.readFileSync(path.join(folder, MANIFEST), "utf8")));
  } catch (cause) {
    throw new DatabaseError(
      "backup_broken",
      `${folder} is not a backup of Svara: its ${MANIFEST} cannot be read`,
      cause,
    );
  }
}

export function writeManifest(folder: string, manifest: BackupManifest): void {
  fs.writeFileSync(path.join(folder, MANIFEST), JSON.stringify(manifest, null, 1), { flush: true });
}

/** Compares every file with the manifest. @throws DatabaseError `backup_broken`, naming the first bad file */
export async function verifyBackup(folder: string, manifest: BackupManifest): Promise<void> {
  await eachOf(manifest.files, async (file) => {
    const found = await hashFile(path.join(folder, file.path)).catch(() => undefined);
    if (found?.sha256 === file.sha256 && found.bytes === file.bytes) return;
    throw new DatabaseError(
      "backup_broken",
      `the backup ${folder} is damaged: ${file.path} is not as it was written`,
    );
  });
}

/** Copies a file and tells its size and sum; undefined when it is gone. Call `makeDurable` when all are copied. */
export async function copyHashed(
  from: string,
  to: string,
): Promise<{ bytes: number; sha256: string } | undefined> {
  try {
    const { size } = await fs.promises.stat(from);
    return size > WHOLE_FILE_BYTES ? await copyStream(from, to) : await copyWhole(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || fs.existsSync(from)) throw error;
    fs.rmSync(to, { force: true }); // removed while we came to it: recovery knows
    return undefined;
  }
}

/** Copies a folder's files below `name` in the backup; `skip` is asked with the path relative to `from`. */
export async function copyTree(
  from: string,
  backup: string,
  name: string,
  skip: (relative: string, isFolder: boolean) => boolean,
): Promise<BackupFile[]> {
  const wanted: string[] = [];
  const walk = (relative: string): void => {
    fs.mkdirSync(path.join(backup, name, relative), { recursive: true, mode: 0o700 });
    for (const entry of fs.readdirSync(path.join(from, relative), { withFileTypes: true })) {
      const inner = path.join(relative, entry.name);
      if (skip(inner, entry.isDirectory())) continue;
      if (entry.isDirectory()) walk(inner);
      else if (entry.isFile()) wanted.push(inner);
    }
  };
  walk("");
  const files: BackupFile[] = [];
  await eachOf(wanted, async (relative) => {
    const copied = await copyHashed(path.join(from, relative), path.join(backup, name, relative));
    if (copied) files.push({ path: path.join(name, relative), ...copied });
  });
  return files;
}

/** Brings everything below a folder to the disk: at one stroke where the system can, file by file elsewhere. */
export async function makeDurable(folder: string): Promise<void> {
  try {
    await promisify(execFile)("sync", ["--file-system", folder]);
  } catch {
    const names = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
    await eachOf(
      names.filter((entry) => entry.isFile()),
      async (entry) => {
        const handle = await fs.promises.open(path.join(entry.parentPath, entry.name), "r+");
        await handle.sync().finally(() => handle.close());
      },
    );
  }
}

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, worker));
}

async function copyWhole(from: string, to: string): Promise<{ bytes: number; sha256: string }> {
  const content = await fs.promises.readFile(from);
  await fs.promises.writeFile(to, content, { mode: 0o600 });
  return { bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") };
}

async function copyStream(from: string, to: string): Promise<{ bytes: number; sha256: string }> {
  const { tap, sum } = hasher();
  await pipeline(fs.createReadStream(from), tap, fs.createWriteStream(to, { mode: 0o600 }));
  return sum();
}

async function hashFile(file: string): Promise<{ bytes: number; sha256: string }> {
  const { tap, sum } = hasher();
  await pipeline(fs.createReadStream(file), tap.resume());
  return sum();
}

function hasher(): { tap: Transform; sum: () => { bytes: number; sha256: string } } {
  const hash = createHash("sha256");
  let bytes = 0;
  const tap = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { tap, sum: () => ({ bytes, sha256: hash.digest("hex") }) };
}
