import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Clock, Instant, Random } from "@svara/kernel";
import { type CertifiedNames, signCertificate } from "./certificate.ts";

/** Where a server's certificate and its private key lie, both PEM. */
export interface CertificateFiles {
  readonly certPath: string;
  readonly keyPath: string;
}

/** A certificate for this machine, signed by an authority of its own that devices have to be told to trust once. */
export interface LocalCertificate extends CertificateFiles {
  /** The authority's certificate: what other devices import. */
  readonly authorityPath: string;
  /** Whether the authority was made now; then devices that trust an earlier one have to import this one. */
  readonly authorityIsNew: boolean;
  readonly names: CertifiedNames;
  readonly validUntil: Instant;
}

const DAY_MS = 86_400_000;
const SERVER_DAYS = 397; // browsers refuse longer-lived ones of public authorities, some of any
const AUTHORITY_DAYS = 3650;
const BACKDATED_MS = DAY_MS; // devices whose clock is behind
const FOLDER = "tls";

/** The files under the data folder, whether they exist or not. */
function filesIn(dataDir: string) {
  const folder = join(dataDir, FOLDER);
  return {
    folder,
    authorityPath: join(folder, "ca.pem"),
    authorityKeyPath: join(folder, "ca-key.pem"),
    certPath: join(folder, "server.pem"),
    keyPath: join(folder, "server-key.pem"),
  };
}

/** The certificate that the server uses when no setting names another; undefined when none was made. */
export function findCertificate(dataDir: string): CertificateFiles | undefined {
  const { certPath, keyPath } = filesIn(dataDir);
  return existsSync(certPath) && existsSync(keyPath) ? { certPath, keyPath } : undefined;
}

/**
 * Makes a certificate for `names` in the folder `tls` of the data folder, replacing one made before. The authority is kept
 * while it outlives what it signs, so that devices need to trust it only once. Private keys are readable by their owner only.
 */
export function makeCertificate(
  {
    dataDir,
    names,
    renewAuthority = false,
  }: { dataDir: string; names: CertifiedNames; renewAuthority?: boolean },
  { clock, random }: { clock: Clock; random: Random },
): LocalCertificate {
  const files = filesIn(dataDir);
  mkdirSync(files.folder, { recursive: true, mode: 0o700 });
  const now = clock.now();
  const validUntil = now + SERVER_DAYS * DAY_MS;
  const kept = renewAuthority ? undefined : readAuthority(files, validUntil);
  const authority = kept ?? makeAuthority(files, now, random);

  const serverKey = newKey();
  const certificate = signCertificate({
    role: { kind: "server", names },
    commonName: names.dns.find((name) => name !== "localhost") ?? "localhost",
    issuerName: authority.name,
    subjectKey: serverKey,
    issuerKey: authority.key,
    serial: newSerial(random),
    notBefore: now - BACKDATED_MS,
    notAfter: validUntil,
  });
  writeFile(files.keyPath, privatePem(serverKey), 0o600);
  writeFile(files.certPath, certificate, 0o644);
  const { authorityPath, certPath, keyPath } = files;
  return { authorityPath, certPath, keyPath, names, validUntil, authorityIsNew: kept === undefined };
}

interface Authority {
  readonly name: string;
  readonly key: KeyObject;
}

/** The authority of the data folder, unless it is absent, does not fit its key, or ends before `until`. */
function readAuthority(files: ReturnType<typeof filesIn>, until: Instant): Authority | undefined {
  if (!existsSync(files.authorityPath) || !existsSync(files.authorityKeyPath)) return undefined;
  const certificate = new X509Certificate(readFileSync(files.authorityPath));
  const key = createPrivateKey(readFileSync(files.authorityKeyPath));
  const name = /^CN=(.*)$/m.exec(certificate.subject)?.[1];
  if (name === undefined || !certificate.checkPrivateKey(key)) return undefined;
  return certificate.validToDate.getTime() < until ? undefined : { name, key };
}

function makeAuthority(files: ReturnType<typeof filesIn>, now: Instant, random: Random): Authority {
  const key = newKey();
  const serial = newSerial(random);
  // The serial keeps two authorities of one machine apart in a device's list.
  const name = `Svara local authority ${hostname()} ${Buffer.from(serial.subarray(0, 3)).toString("hex")}`;
  const certificate = signCertificate({
    role: { kind: "authority" },
    commonName: name,
    issuerName: name,
    subjectKey: key,
    issuerKey: key,
    serial,
    notBefore: now - BACKDATED_MS,
    notAfter: now + AUTHORITY_DAYS * DAY_MS,
  });
  writeFile(files.authorityKeyPath, privatePem(key), 0o600);
  writeFile(files.authorityPath, certificate, 0o644);
  return { name, key };
}

function newKey(): KeyObject {
  return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
}

function newSerial(random: Random): Uint8Array {
  const bytes = random.bytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40; // positive, and never shorter
  return bytes;
}

function privatePem(key: KeyObject): string {
  return key.export({ format: "pem", type: "pkcs8" }).toString();
}

/** Whole or not at all: a server that starts meanwhile reads the old file or the new one. */
function writeFile(path: string, text: string, mode: number): void {
  const half = `${path}.new`;
  rmSync(half, { force: true }); // one left by a crash would keep its mode
  writeFileSync(half, text, { mode });
  renameSync(half, path);
}
