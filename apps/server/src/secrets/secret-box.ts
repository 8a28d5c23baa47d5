import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { SvaraError } from "@svara/kernel";

export type SecretErrorCode = "secret_key_invalid" | "secret_key_unknown" | "secret_broken";

/** An error of keys or sealed secrets; never quotes a key or a secret. */
class SecretError extends SvaraError {
  constructor(code: SecretErrorCode, message: string, cause?: unknown) {
    super(message, { code, httpStatus: 500, cause });
    this.name = "SecretError";
  }
}

/** Seals small secrets (trunk passwords, HA1 of phones, tokens) for storage in the database. */
export interface SecretBox {
  /** Names the key that seals now, without telling anything of it. */
  readonly keyId: string;
  /** Where that key comes from: a backup carries a key file, but never the environment's key. */
  readonly source: "environment" | "file";
  /** Seals `text`. `context` (such as `trunk/<id>/password`) binds it to its place: it opens nowhere else. */
  seal(text: string, context: string): string;
  /** @throws SecretError `secret_key_unknown`, `secret_broken` */
  open(sealed: string, context: string): string;
}

/** Name of the key's file in the data folder. */
export const SECRET_KEY_FILE = "secret.key";
const KEY_BYTES = 32;
const IV_BYTES = 12; // NIST SP 800-38D, section 8.2.2: random, far below 2^32 seals under one key
const TAG_BYTES = 16;
const FORMAT = "s1";

/**
 * Opens the box with the key of SVARA_SECRET_KEY (32 bytes as base64 or hex), else with that of `<dataDir>/secret.key`,
 * which is made (0600) when it is missing. A key file beside a key of the environment still opens what it sealed earlier.
 * @throws SecretError `secret_key_invalid`
 */
export function openSecretBox(options: { readonly dataDir: string; readonly secretKey?: string }): SecretBox {
  const file = path.join(options.dataDir, SECRET_KEY_FILE);
  const keys = new Map<string, Buffer>();
  const add = (key: Buffer): string => {
    const id = createHash("sha256").update("svara key id").update(key).digest("hex").slice(0, 8);
    keys.set(id, key);
    return id;
  };
  if (options.secretKey !== undefined && options.secretKey !== "") {
    if (fs.existsSync(file)) add(readKeyFile(file));
    return new AesBox(add(parseKey(options.secretKey, "SVARA_SECRET_KEY")), "environment", keys);
  }
  return new AesBox(add(readKeyFile(file)), "file", keys);
}

class AesBox implements SecretBox {
  readonly keyId: string;
  readonly source: "environment" | "file";
  readonly #keys: ReadonlyMap<string, Buffer>;

  constructor(keyId: string, source: "environment" | "file", keys: ReadonlyMap<string, Buffer>) {
    this.keyId = keyId;
    this.source = source;
    this.#keys = keys;
  }

  seal(text: string, context: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#key(this.keyId), iv);
    cipher.setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return [FORMAT, this.keyId, iv.toString("base64url"), body.toString("base64url")].join(".");
  }

  open(sealed: string, context: string): string {
    const [format, keyId, iv, body] = sealed.split(".");
    if (format !== FORMAT || keyId === undefined || iv === undefined || body === undefined) {
      throw new SecretError("secret_broken", `the sealed secret of ${context} is not in a known format`);
    }
    const key = this.#key(keyId);
    try {
      const bytes = Buffer.from(body, "base64url");
      const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(iv, "base64url"), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString(
        "utf8",
      );
    } catch (cause) {
      throw new SecretError(
        "secret_broken",
        `the sealed secret of ${context} was changed or belongs elsewhere`,
        cause,
      );
    }
  }

  #key(id: string): Buffer {
    const key = this.#keys.get(id);
    if (key) return key;
    throw new SecretError(
      "secret_key_unknown",
      `A secret was sealed with the key ${id}, which is not here. Set SVARA_SECRET_KEY to it, or put back the file ${SECRET_KEY_FILE}.`,
    );
  }
}

function readKeyFile(file: string): Buffer {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, `${randomBytes(KEY_BYTES).toString("base64")}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  if ((fs.statSync(file).mode & 0o077) !== 0) fs.chmodSync(file, 0o600); // copied about by somebody
  return parseKey(fs.readFileSync(file, "utf8"), file);
}

function parseKey(text: string, source: string): Buffer {
  const trimmed = text.trim();
  const key = /^[0-9a-fA-F]{64}$/.test(trimmed)
    ? Buffer.from(trimmed, "hex")
    : Buffer.from(trimmed, "base64");
  if (key.length === KEY_BYTES) return key;
  throw new SecretError(
    "secret_key_invalid",
    `${source} must hold 32 bytes as base64 or hex, as \`openssl rand -base64 32\` prints them`,
  );
}
