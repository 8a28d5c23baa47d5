import { timingSafeEqual } from "node:crypto";
import type { Random } from "@svara/kernel";
import { type SrtpMaster, type SrtpProfile, srtpProfiles } from "./srtp.ts";

/** One usable `a=crypto` line (RFC 4568, section 4). */
export interface CryptoAttribute {
  readonly tag: number;
  readonly profile: SrtpProfile;
  readonly master: SrtpMaster;
  /** What the sender's packets carry to name this key, when it said so. */
  readonly mki: Buffer | null;
}

/** The keys of an encrypted leg, from its SDPs. */
export interface SrtpKeys {
  readonly profile: SrtpProfile;
  readonly local: SrtpMaster;
  readonly remote: SrtpMaster;
  readonly remoteMki: Buffer | null;
}

/** In order of liking: what costs least a packet first; who wants more asks for it in its own order. */
const offered: readonly SrtpProfile[] = [
  "AES_CM_128_HMAC_SHA1_80",
  "AES_CM_128_HMAC_SHA1_32",
  "AEAD_AES_128_GCM",
  "AEAD_AES_256_GCM",
];

/**
 * Reads the value behind `a=crypto:`; null when it is none of ours: another suite, a key of a wrong length, a session parameter that changes
 * the packets (RFC 4568, sections 6.3 and 9.1). Of several keys in a line the first counts.
 */
export function parseCryptoAttribute(value: string): CryptoAttribute | null {
  const [tagText = "", suite = "", keyParams = "", ...session] = value.trim().split(/\s+/);
  if (!/^[1-9]\d{0,8}$|^0$/.test(tagText)) return null;
  if (!Object.hasOwn(srtpProfiles, suite)) return null;
  const profile = suite as SrtpProfile;
  // WSH is a hint, "-" marks what may be ignored; all else must be understood.
  if (session.some((parameter) => !parameter.startsWith("WSH=") && !parameter.startsWith("-"))) return null;
  const inline = /^inline:([A-Za-z0-9+/=]+)((?:\|[^|;]*)*)(?:;.*)?$/.exec(keyParams);
  if (inline === null) return null;
  const bytes = Buffer.from(inline[1] ?? "", "base64");
  const { key, salt } = srtpProfiles[profile];
  if (bytes.length !== key + salt) return null;
  const rest = parseLifetimeAndMki((inline[2] ?? "").split("|").slice(1));
  if (rest === null) return null;
  const master = { key: bytes.subarray(0, key), salt: bytes.subarray(key) };
  return { tag: Number(tagText), profile, master, mki: rest.mki };
}

/** `["lifetime" "|"] MKI ":" length` (RFC 4568, section 6.1), each may be missing. */
function parseLifetimeAndMki(parts: readonly string[]): { mki: Buffer | null } | null {
  let mki: Buffer | null = null;
  if (parts.length > 2) return null;
  for (const [index, part] of parts.entries()) {
    const named = /^(\d{1,39}):(\d{1,3})$/.exec(part);
    if (named) {
      const length = Number(named[2]);
      if (length < 1 || length > 128) return null;
      const digits = BigInt(named[1] ?? "0").toString(16);
      if (digits.length > length * 2) return null;
      mki = Buffer.from(digits.padStart(length * 2, "0"), "hex");
    } else if (index > 0 || !isLifetime(part)) return null;
  }
  return { mki };
}

/** Packets a key may protect: more than none, at most 2^48 (RFC 3711, section 9.2). We never get near it. */
function isLifetime(text: string): boolean {
  const power = /^2\^(\d{1,3})$/.exec(text);
  if (power) return Number(power[1]) >= 1 && Number(power[1]) <= 48;
  return /^[1-9]\d{0,14}$/.test(text) && Number(text) <= 2 ** 48;
}

/** The line's value, as it stands behind `a=crypto:`. */
export function writeCryptoAttribute(attribute: Pick<CryptoAttribute, "tag" | "profile" | "master">): string {
  const { tag, profile, master } = attribute;
  return `${tag} ${profile} inline:${Buffer.concat([master.key, master.salt]).toString("base64")}`;
}

/**
 * The exchange of keys of one leg (RFC 4568, section 7). Our keys stay as long as the peer's do; when the peer brings new
 * ones with an offer, it may be somebody else behind the same call, and gets new ones from us.
 */
export class SdesExchange {
  readonly #random: Random;
  #own = new Map<SrtpProfile, SrtpMaster>();
  #offer: readonly CryptoAttribute[] = [];
  #remote: CryptoAttribute | null = null;

  constructor(random: Random) {
    this.#random = random;
  }

  /** The lines of our offer; the same each time, within a call the agreed one alone. */
  offer(): readonly CryptoAttribute[] {
    const profiles = this.#remote ? [this.#remote.profile] : offered;
    this.#offer = profiles.map((profile, i) => ({
      tag: i + 1,
      profile,
      master: this.#ownMaster(profile),
      mki: null,
    }));
    return this.#offer;
  }

  /** The peer's answer: the line of ours that it chose, with its key. Null when it chose none. */
  accept(remote: readonly CryptoAttribute[]): SrtpKeys | null {
    for (const line of remote) {
      const ours = this.#offer.find((own) => own.tag === line.tag && own.profile === line.profile);
      if (ours === undefined) continue;
      this.#remote = line;
      return keysOf(ours.master, line);
    }
    return null;
  }

  /** Our answer to the peer's offer: its first line that we know, under its tag. */
  answer(
    remote: readonly CryptoAttribute[],
  ): { readonly line: CryptoAttribute; readonly keys: SrtpKeys } | null {
    const [line] = remote;
    if (line === undefined) return null;
    if (this.#remote && !sameKey(this.#remote, line)) this.#own = new Map();
    this.#remote = line;
    const master = this.#ownMaster(line.profile);
    return { line: { tag: line.tag, profile: line.profile, master, mki: null }, keys: keysOf(master, line) };
  }

  #ownMaster(profile: SrtpProfile): SrtpMaster {
    const known = this.#own.get(profile);
    if (known) return known;
    const { key, salt } = srtpProfiles[profile];
    const bytes = Buffer.from(this.#random.bytes(key + salt));
    const master = { key: bytes.subarray(0, key), salt: bytes.subarray(key) };
    this.#own.set(profile, master);
    return master;
  }
}

function keysOf(local: SrtpMaster, remote: CryptoAttribute): SrtpKeys {
  return { profile: remote.profile, local, remote: remote.master, remoteMki: remote.mki };
}

function sameKey(a: CryptoAttribute, b: CryptoAttribute): boolean {
  return a.profile === b.profile && sameMaster(a.master, b.master);
}

/** Whether two masters are one; for equal lengths in constant time. */
export function sameMaster(a: SrtpMaster, b: SrtpMaster): boolean {
  return (
    a.key.length === b.key.length &&
    a.salt.length === b.salt.length &&
    timingSafeEqual(a.key, b.key) &&
    timingSafeEqual(a.salt, b.salt)
  );
}
