import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify(argon2);

/** Cost by OWASP's password storage cheat sheet for argon2id: 19 MiB, two passes, one lane (about 30 ms). */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** A password's hash as `$argon2id$v=19$m=...,t=...,p=...$salt$tag` (the PHC string format). */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await tagOf(password, salt, { memory: MEMORY_KIB, passes: PASSES, lanes: LANES });
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${base64(salt)}$${base64(tag)}`;
}

/** Whether the password is the hash's. Takes as long for an account without a password as for one with. */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const known = parse(hash ?? DECOY);
  if (!known) return false;
  const tag = await tagOf(password, known.salt, known);
  return timingSafeEqual(tag, known.tag) && hash !== null;
}

/** Compared against where there is no account, so that time does not tell. */
const DECOY = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${base64(randomBytes(SALT_BYTES))}$${base64(randomBytes(TAG_BYTES))}`;

interface Cost {
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
}

function tagOf(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  return derive("argon2id", {
    message: password.normalize("NFC"), // the same word typed on two keyboards is the same password
    nonce: salt,
    parallelism: cost.lanes,
    tagLength: TAG_BYTES,
    memory: cost.memory,
    passes: cost.passes,
  });
}

function parse(hash: string): (Cost & { readonly salt: Buffer; readonly tag: Buffer }) | undefined {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(hash);
  if (!match) return undefined;
  const [, memory, passes, lanes, salt = "", tag = ""] = match;
  return {
    memory: Number(memory),
    passes: Number(passes),
    lanes: Number(lanes),
    salt: Buffer.from(salt, "base64"),
    tag: Buffer.from(tag, "base64"),
  };
}

function base64(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
