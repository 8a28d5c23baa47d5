import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
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
  for (const file of manifest.files) {
    const found = await hashFile(path.join(folder, file.path)).catch(() => undefined);
    if (found?.sha256 === file.sha256 && found.bytes === file.bytes) continue;
    throw new DatabaseError(
      "backup_broken",
      `the backup ${folder} is damaged: ${file.path} is not as it was written`,
    );
  }
}

/** Copies a file durably and tells its size and sum; undefined when it is gone. */
export async function copyHashed(
  from: string,
  to: string,
  mode = 0o600,
): Promise<{ bytes: number; sha256: string } | undefined> {
  const { tap, sum } = hasher();
  try {
    await pipeline(fs.createReadStream(from), tap, fs.createWriteStream(to, { mode, flush: true }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || fs.existsSync(from)) throw error;
    fs.rmSync(to, { force: true }); // removed while we came to it: recovery knows
    return undefined;
  }
  return sum();
}

/** Copies a folder's files below `name` in the backup; `skip` is asked with the path relative to `from`. */
export async function copyTree(
  from: string,
  backup: string,
  name: string,
  skip: (relative: string, isFolder: boolean) => boolean,
): Promise<BackupFile[]> {
  const files: BackupFile[] = [];
  const walk = async (relative: string): Promise<void> => {
    fs.mkdirSync(path.join(backup, name, relative), { recursive: true, mode: 0o700 });
    for (const entry of fs.readdirSync(path.join(from, relative), { withFileTypes: true })) {
      const inner = path.join(relative, entry.name);
      if (skip(inner, entry.isDirectory())) continue;
      if (entry.isDirectory()) await walk(inner);
      else if (entry.isFile()) {
        const copied = await copyHashed(path.join(from, inner), path.join(backup, name, inner));
        if (copied) files.push({ path: path.join(name, inner), ...copied });
      }
    }
  };
  await walk("");
  return files;
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
