import { createHash, createPublicKey, type KeyObject, sign } from "node:crypto";
import { isIPv4 } from "node:net";
import type { Instant } from "@svara/kernel";
import {
  bitString,
  boolean,
  type Der,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  pem,
  sequence,
  set,
  time,
  utf8String,
} from "./der.ts";

/** The names that a server certificate vouches for. */
export interface CertifiedNames {
  readonly dns: readonly string[];
  /** IPv4 and IPv6 addresses without zone. */
  readonly ip: readonly string[];
}

/** What a certificate is for: an authority signs others, a server proves its names. */
export type CertificateRole =
  | { readonly kind: "authority" }
  | { readonly kind: "server"; readonly names: CertifiedNames };

/** One certificate to be signed. All keys are on the curve P-256. */
export interface CertificateRequest {
  readonly role: CertificateRole;
  readonly commonName: string;
  readonly issuerName: string;
  /** The private key of the subject; only its public half goes in. */
  readonly subjectKey: KeyObject;
  readonly issuerKey: KeyObject;
  /** At most 20 bytes (RFC 5280, 4.1.2.2). */
  readonly serial: Uint8Array;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
}

const OID = {
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
  commonName: "2.5.4.3",
  organization: "2.5.4.10",
  basicConstraints: "2.5.29.19",
  keyUsage: "2.5.29.15",
  extendedKeyUsage: "2.5.29.37",
  serverAuth: "1.3.6.1.5.5.7.3.1",
  subjectAltName: "2.5.29.17",
  subjectKeyId: "2.5.29.14",
  authorityKeyId: "2.5.29.35",
} as const;
const VERSION_3 = 2;
const POINT_BYTES = 65; // 0x04, x, y: an uncompressed point of P-256, the end of its SubjectPublicKeyInfo

/** Signs an X.509 version 3 certificate with ECDSA and SHA-256 (RFC 5280, section 4; RFC 5758, 3.2); PEM. */
export function signCertificate(request: CertificateRequest): string {
  const algorithm = sequence(objectIdentifier(OID.ecdsaWithSha256));
  const toBeSigned = sequence(
    explicit(0, integer(VERSION_3)),
    integer(request.serial),
    algorithm,
    distinguishedName(request.issuerName),
    sequence(time(request.notBefore), time(request.notAfter)),
    distinguishedName(request.commonName),
    publicKeyInfo(request.subjectKey),
    explicit(3, sequence(...extensions(request))),
  );
  const signature = sign("sha256", toBeSigned, { key: request.issuerKey, dsaEncoding: "der" });
  return pem("CERTIFICATE", sequence(toBeSigned, algorithm, bitString(signature)));
}

function extensions({ role, subjectKey, issuerKey }: CertificateRequest): Der[] {
  const identifiers = [
    extension(OID.subjectKeyId, octetString(keyIdentifier(subjectKey))),
    extension(OID.authorityKeyId, sequence(implicit(0, keyIdentifier(issuerKey)))),
  ];
  switch (role.kind) {
    case "authority":
      return [
        // path length 0: what it signs cannot sign others
        critical(OID.basicConstraints, sequence(boolean(true), integer(0))),
        critical(OID.keyUsage, bitString(Uint8Array.of(0b0000_0110), 1)), // keyCertSign, cRLSign
        ...identifiers,
      ];
    case "server":
      return [
        critical(OID.basicConstraints, sequence()),
        critical(OID.keyUsage, bitString(Uint8Array.of(0b1000_0000), 7)), // digitalSignature
        extension(OID.extendedKeyUsage, sequence(objectIdentifier(OID.serverAuth))),
        extension(OID.subjectAltName, alternativeNames(role.names)),
        ...identifiers,
      ];
  }
}

/** RFC 5280, 4.2.1.6: dNSName is [2], iPAddress is [7]. */
function alternativeNames({ dns, ip }: CertifiedNames): Der {
  return sequence(
    ...dns.map((name) => implicit(2, new TextEncoder().encode(name))),
    ...ip.map((address) => implicit(7, addressBytes(address))),
  );
}

/** The 4 or 16 bytes of an address in network order. */
export function addressBytes(address: string): Uint8Array {
  if (isIPv4(address)) return Uint8Array.from(address.split("."), Number);
  const lastColon = address.lastIndexOf(":");
  const tail = address.slice(lastColon + 1);
  if (isIPv4(tail)) {
    const [a = 0, b = 0, c = 0, d = 0] = addressBytes(tail);
    return addressBytes(
      `${address.slice(0, lastColon + 1)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`,
    );
  }
  const [head = "", rest] = address.split("::");
  const before = groups(head);
  const after = rest === undefined ? [] : groups(rest);
  const zeros = Array<number>(8 - before.length - after.length).fill(0);
  return Uint8Array.from([...before, ...zeros, ...after].flatMap((group) => [group >> 8, group & 0xff]));
}

function groups(text: string): number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}

function critical(oid: string, value: Der): Der {
  return sequence(objectIdentifier(oid), boolean(true), octetString(value));
}

function extension(oid: string, value: Der): Der {
  return sequence(objectIdentifier(oid), octetString(value));
}

function distinguishedName(commonName: string): Der {
  return sequence(
    set(sequence(objectIdentifier(OID.organization), utf8String("Svara"))),
    set(sequence(objectIdentifier(OID.commonName), utf8String(commonName))),
  );
}

function publicKeyInfo(key: KeyObject): Der {
  return Uint8Array.from(createPublicKey(key).export({ format: "der", type: "spki" }));
}

/** RFC 5280, 4.2.1.2, method 1: SHA-1 over the public key's bits. */
function keyIdentifier(key: KeyObject): Uint8Array {
  return createHash("sha1").update(publicKeyInfo(key).subarray(-POINT_BYTES)).digest();
}
