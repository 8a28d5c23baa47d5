import { type CipherGCM, createCipheriv, createDecipheriv, hash } from "node:crypto";
import { readUint32, rtpHeaderEnd, writeUint32 } from "./rtp-packet.ts";

/** The protection profiles we speak (RFC 4568, section 6.2; RFC 5764, section 4.1.2; RFC 7714, section 14). */
export type SrtpProfile =
  | "AES_CM_128_HMAC_SHA1_80"
  | "AES_CM_128_HMAC_SHA1_32"
  | "AEAD_AES_128_GCM"
  | "AEAD_AES_256_GCM";

/** Key and salt of one direction. */
export interface SrtpMaster {
  readonly key: Buffer;
  readonly salt: Buffer;
}

interface ProfileShape {
  /** Octets of master key (and session key), master salt, and of what is added to RTP and to RTCP. */
  readonly key: 16 | 32;
  readonly salt: 14 | 12;
  readonly tag: number;
  readonly rtcpTag: number;
  readonly gcm: boolean;
}

const cm = { key: 16, salt: 14, rtcpTag: 10, gcm: false } as const;
const gcm = { salt: 12, tag: 16, rtcpTag: 16, gcm: true } as const;

/** `_32` shortens the tag of RTP only (RFC 3711, section 5.2). */
export const srtpProfiles: Record<SrtpProfile, ProfileShape> = {
  AES_CM_128_HMAC_SHA1_80: { ...cm, tag: 10 },
  AES_CM_128_HMAC_SHA1_32: { ...cm, tag: 4 },
  AEAD_AES_128_GCM: { ...gcm, key: 16 },
  AEAD_AES_256_GCM: { ...gcm, key: 32 },
};

/** Octets of SHA-1's block and of HMAC-SHA1's key. */
const hmacBlock = 64;
const authKeyLength = 20;
/** Longer than any packet of voice; what is longer is refused. */
const maxPacket = 2048;
/** How many senders one peer may bring; more would be an attack on memory. */
const maxStreams = 64;
const windowSize = 128;
/** A party may have used its key before it came to us (a call that moved here): so many roll-overs, 7 hours, ... */
const maxFirstRollover = 20;
/** ... are tried on so many first packets: a stranger must not keep us busy. */
const searchedPackets = 32;
const sequenceSpace = 65_536;

/** Session key derivation, AES-CM PRF with a derivation rate of zero (RFC 3711, section 4.3; RFC 6188 for 256 bits). */
export function deriveSrtpKey(master: SrtpMaster, label: number, length: number): Buffer {
  const iv = Buffer.alloc(16);
  master.salt.copy(iv, 0, 0, Math.min(14, master.salt.length));
  iv[7] = (iv[7] ?? 0) ^ label;
  const cipher = createCipheriv(master.key.length === 32 ? "aes-256-ctr" : "aes-128-ctr", master.key, iv);
  return cipher.update(Buffer.alloc(length));
}

/** What one direction encrypts and signs with (RFC 3711, section 4.3.1); GCM has no use for `auth`. */
export interface SessionKeys {
  readonly cipher: Buffer;
  readonly auth: Buffer;
  readonly salt: Buffer;
}

/** Session keys of RTP (`firstLabel` 0) or RTCP (3). */
export function deriveSessionKeys(master: SrtpMaster, firstLabel: 0 | 3, profile: SrtpProfile): SessionKeys {
  const shape = srtpProfiles[profile];
  return {
    cipher: deriveSrtpKey(master, firstLabel, shape.key),
    auth: deriveSrtpKey(master, firstLabel + 1, authKeyLength),
    salt: deriveSrtpKey(master, firstLabel + 2, shape.salt),
  };
}

/** Remembers the last 128 indexes; refuses what was seen or is older (RFC 3711, section 3.3.2). */
class ReplayWindow {
  highest = -1;
  readonly #slots = new Float64Array(windowSize).fill(-1);

  allows(index: number): boolean {
    return index > this.highest - windowSize && this.#slots[index % windowSize] !== index;
  }

  add(index: number): void {
    if (index > this.highest) this.highest = index;
    this.#slots[index % windowSize] = index;
  }
}

/** Guesses the 48-bit index of a packet from its 16-bit sequence number (RFC 3711, section 3.3.1 and appendix A). */
export function guessIndex(highest: number, sequence: number): number {
  if (highest < 0) return sequence;
  const last = highest % sequenceSpace;
  const rollover = (highest - last) / sequenceSpace;
  if (last < 0x8000) {
    const before = sequence - last > 0x8000 && rollover > 0;
    return (before ? rollover - 1 : rollover) * sequenceSpace + sequence;
  }
  return (last - 0x8000 > sequence ? rollover + 1 : rollover) * sequenceSpace + sequence;
}

/**
 * One direction of an SRTP session (RFC 3711; AES-GCM by RFC 7714) on node:crypto. Keeps roll-over counter and replay
 * window for each SSRC; no state changes before a packet is authenticated. With `mki` each incoming packet has to carry that
 * identifier of the key (RFC 3711, section 3.1).
 */
export class SrtpContext {
  readonly profile: SrtpProfile;
  readonly #shape: ProfileShape;
  readonly #gcm: string;
  readonly #rtp: SessionKeys;
  readonly #rtcp: SessionKeys;
  readonly #rtpStream: CounterMode | null;
  readonly #rtcpStream: CounterMode | null;
  readonly #rtpTag: HmacSha1 | null;
  readonly #rtcpTag: HmacSha1 | null;
  readonly #mki: Buffer | null;
  readonly #streams = new Map<number, ReplayWindow>();
  readonly #rtcpStreams = new Map<number, ReplayWindow>();
  readonly #iv = Buffer.alloc(12);
  #rtcpIndex = 0;
  #searches = searchedPackets;

  constructor(
    keys: { readonly rtp: SessionKeys; readonly rtcp: SessionKeys },
    profile: SrtpProfile,
    mki: Buffer | null = null,
  ) {
    this.profile = profile;
    this.#shape = srtpProfiles[profile];
    this.#gcm = this.#shape.key === 32 ? "aes-256-gcm" : "aes-128-gcm";
    this.#rtp = keys.rtp;
    this.#rtcp = keys.rtcp;
    this.#mki = mki;
    const counter = !this.#shape.gcm;
    this.#rtpStream = counter ? new CounterMode(keys.rtp) : null;
    this.#rtcpStream = counter ? new CounterMode(keys.rtcp) : null;
    this.#rtpTag = counter ? new HmacSha1(keys.rtp.auth) : null;
    this.#rtcpTag = counter ? new HmacSha1(keys.rtcp.auth) : null;
  }

  /** A context from a master key of DTLS (RFC 5764, section 4.2) or SDP (RFC 4568). */
  static fromMaster(master: SrtpMaster, profile: SrtpProfile, mki: Buffer | null = null): SrtpContext {
    const rtp = deriveSessionKeys(master, 0, profile);
    return new SrtpContext({ rtp, rtcp: deriveSessionKeys(master, 3, profile) }, profile, mki);
  }

  /** RTP -> SRTP; null when the packet's index was used before (never encrypt twice under one nonce). */
  protect(packet: Buffer): Buffer | null {
    const header = rtpHeaderEnd(packet);
    if (header < 0 || packet.length > maxPacket) return null;
    const sequence = packet.readUInt16BE(2);
    const ssrc = readUint32(packet, 8);
    let stream = this.#streams.get(ssrc);
    if (stream === undefined) {
      stream = new ReplayWindow();
      this.#streams.set(ssrc, stream);
    }
    const index = guessIndex(stream.highest, sequence);
    if (!stream.allows(index)) return null;
    stream.add(index);
    const rollover = Math.floor(index / sequenceSpace);
    const { length } = packet;
    const out = Buffer.allocUnsafe(length + this.#shape.tag);
    packet.copy(out, 0, 0, header);
    if (this.#rtpStream === null || this.#rtpTag === null) {
      const iv = this.#gcmIv(this.#rtp.salt, ssrc, rollover, sequence);
      const cipher = gcmCipher(this.#gcm, this.#rtp.cipher, iv);
      cipher.setAAD(packet.subarray(0, header));
      cipher.update(packet.subarray(header)).copy(out, header);
      cipher.final();
      cipher.getAuthTag().copy(out, length);
      return out;
    }
    this.#rtpStream.apply(packet, header, length, out, ssrc, index);
    this.#rtpTag.write(out, length, rollover, out, this.#shape.tag);
    return out;
  }

  /**
   * SRTP -> RTP, or null when it is forged, replayed or broken. The result lies where the packet was and may be rewritten.
   */
  unprotect(received: Buffer): Buffer | null {
    const packet = this.#withoutMki(received, this.#shape.gcm ? 0 : this.#shape.tag);
    if (packet === null) return null;
    const header = rtpHeaderEnd(packet);
    const end = packet.length - this.#shape.tag;
    if (header < 0 || end < header || end > maxPacket) return null;
    const sequence = packet.readUInt16BE(2);
    const ssrc = readUint32(packet, 8);
    const known = this.#streams.get(ssrc);
    if (known === undefined && this.#streams.size >= maxStreams) return null;
    let index = guessIndex(known?.highest ?? -1, sequence);
    if (known && !known.allows(index)) return null;
    if (!this.#open(packet, header, end, ssrc, index)) {
      if (known || this.#searches === 0) return null;
      this.#searches--;
      const found = this.#search(packet, header, end, ssrc, sequence);
      if (found < 0) return null;
      index = found;
    }
    const stream = known ?? new ReplayWindow();
    if (known === undefined) this.#streams.set(ssrc, stream);
    stream.add(index);
    return packet.subarray(0, end);
  }

  /** Checks and decrypts in place under that index; nothing is changed when the packet is forged. */
  #open(packet: Buffer, header: number, end: number, ssrc: number, index: number): boolean {
    const rollover = Math.floor(index / sequenceSpace);
    if (this.#rtpStream === null || this.#rtpTag === null) {
      const iv = this.#gcmIv(this.#rtp.salt, ssrc, rollover, index % sequenceSpace);
      const sealed = packet.subarray(header);
      const plain = openGcm(this.#gcm, this.#rtp.cipher, iv, packet.subarray(0, header), sealed);
      plain?.copy(packet, header);
      return plain !== null;
    }
    if (!this.#rtpTag.matches(packet, end, rollover, this.#shape.tag)) return false;
    this.#rtpStream.apply(packet, header, end, packet, ssrc, index);
    return true;
  }

  /** The index of a first packet whose sender began long ago; -1 when there is none. */
  #search(packet: Buffer, header: number, end: number, ssrc: number, sequence: number): number {
    for (let rollover = 1; rollover <= maxFirstRollover; rollover++) {
      const index = rollover * sequenceSpace + sequence;
      if (this.#open(packet, header, end, ssrc, index)) return index;
    }
    return -1;
  }

  /** RTCP -> SRTCP (RFC 3711, section 3.4; RFC 7714, section 9). */
  protectRtcp(packet: Buffer): Buffer {
    const index = ++this.#rtcpIndex;
    const ssrc = readUint32(packet, 4);
    const trailer = Buffer.alloc(4);
    writeUint32(trailer, 0, (0x8000_0000 | index) >>> 0);
    const header = packet.subarray(0, 8);
    if (this.#rtcpStream === null || this.#rtcpTag === null) {
      const cipher = gcmCipher(this.#gcm, this.#rtcp.cipher, this.#gcmRtcpIv(ssrc, index));
      cipher.setAAD(Buffer.concat([header, trailer]));
      const body = cipher.update(packet.subarray(8));
      cipher.final();
      return Buffer.concat([header, body, cipher.getAuthTag(), trailer]);
    }
    const covered = Buffer.concat([packet, trailer]);
    this.#rtcpStream.apply(packet, 8, packet.length, covered, ssrc, index);
    const out = Buffer.allocUnsafe(covered.length + this.#shape.rtcpTag);
    covered.copy(out);
    this.#rtcpTag.write(covered, covered.length, null, out, this.#shape.rtcpTag);
    return out;
  }

  /** SRTCP -> RTCP, or null when it is forged, replayed or broken. */
  unprotectRtcp(received: Buffer): Buffer | null {
    const { gcm, rtcpTag } = this.#shape;
    const packet = this.#withoutMki(received, gcm ? 0 : rtcpTag);
    if (packet === null || packet.length < 8 + 4 + rtcpTag || packet.length > maxPacket) return null;
    const trailerAt = packet.length - 4 - (gcm ? 0 : rtcpTag);
    const word = readUint32(packet, trailerAt);
    const index = word & 0x7fff_ffff;
    const encrypted = word >>> 31 === 1;
    const ssrc = readUint32(packet, 4);
    const known = this.#rtcpStreams.get(ssrc);
    if (known === undefined && this.#rtcpStreams.size >= maxStreams) return null;
    if (known && !known.allows(index)) return null;
    const header = packet.subarray(0, 8);
    let plain: Buffer;
    if (this.#rtcpStream === null || this.#rtcpTag === null) {
      if (!encrypted) return null;
      const aad = Buffer.concat([header, packet.subarray(trailerAt)]);
      const sealed = packet.subarray(8, trailerAt);
      const body = openGcm(this.#gcm, this.#rtcp.cipher, this.#gcmRtcpIv(ssrc, index), aad, sealed);
      if (body === null) return null;
      plain = Buffer.concat([header, body]);
    } else {
      if (!this.#rtcpTag.matches(packet, trailerAt + 4, null, rtcpTag)) return null;
      plain = Buffer.from(packet.subarray(0, trailerAt));
      if (encrypted) this.#rtcpStream.apply(packet, 8, trailerAt, plain, ssrc, index);
    }
    const stream = known ?? new ReplayWindow();
    if (known === undefined) this.#rtcpStreams.set(ssrc, stream);
    stream.add(index);
    return plain;
  }

  /** The packet with the key's identifier cut out, which stands before a tag of `behind` octets; null when it is another. */
  #withoutMki(packet: Buffer, behind: number): Buffer | null {
    const mki = this.#mki;
    if (mki === null) return packet;
    const end = packet.length - behind;
    const at = end - mki.length;
    if (at < 0 || mki.compare(packet, at, end) !== 0) return null;
    packet.copyWithin(at, end);
    return packet.subarray(0, packet.length - mki.length);
  }

  /** 00 00, SSRC, ROC, SEQ, XOR salt (RFC 7714, section 8.1). */
  #gcmIv(salt: Buffer, ssrc: number, rollover: number, sequence: number): Buffer {
    const iv = this.#iv;
    salt.copy(iv, 0);
    xorUint32(iv, 2, ssrc);
    xorUint32(iv, 6, rollover);
    iv[10] = (iv[10] ?? 0) ^ (sequence >> 8);
    iv[11] = (iv[11] ?? 0) ^ (sequence & 0xff);
    return iv;
  }

  /** 00 00, SSRC, 00 00, 0 and SRTCP index, XOR salt (RFC 7714, section 9.1). */
  #gcmRtcpIv(ssrc: number, index: number): Buffer {
    const iv = this.#iv;
    this.#rtcp.salt.copy(iv, 0);
    xorUint32(iv, 2, ssrc);
    xorUint32(iv, 8, index);
    return iv;
  }
}

/** Counter blocks of one packet, filled anew for each; one thread, one packet at a time. */
const blocks = Buffer.alloc(maxPacket);
const blockView = new DataView(blocks.buffer, blocks.byteOffset, blocks.byteLength);

/**
 * AES in counter mode for many short packets. A cipher object lives as long as the key and encrypts the counters themselves (ECB):
 * making one for each packet costs more than the whole encryption.
 */
class CounterMode {
  readonly #cipher: ReturnType<typeof createCipheriv>;
  readonly #salt: DataView;

  constructor(keys: SessionKeys) {
    this.#cipher = createCipheriv("aes-128-ecb", keys.cipher, null);
    this.#cipher.setAutoPadding(false);
    const salt = Buffer.alloc(16);
    keys.salt.copy(salt, 0, 0, 14);
    this.#salt = new DataView(salt.buffer, salt.byteOffset, 16);
  }

  /**
   * Encrypts or decrypts `[from, to)` of `source` to the same place of `target`.
   * IV = (k_s * 2^16) XOR (SSRC * 2^64) XOR (i * 2^16) (RFC 3711, section 4.1.1); its last 16 bits count the blocks.
   */
  apply(source: Buffer, from: number, to: number, target: Buffer, ssrc: number, index: number): void {
    const length = to - from;
    const size = (length + 15) & ~15;
    const first = this.#salt.getUint32(0);
    const second = this.#salt.getUint32(4) ^ ssrc;
    const third = this.#salt.getUint32(8) ^ Math.floor(index / sequenceSpace);
    const fourth = this.#salt.getUint32(12) ^ ((index % sequenceSpace) << 16);
    for (let at = 0; at < size; at += 16) {
      blockView.setUint32(at, first);
      blockView.setUint32(at + 4, second);
      blockView.setUint32(at + 8, third);
      blockView.setUint32(at + 12, fourth | (at >> 4));
    }
    const stream = this.#cipher.update(blocks.subarray(0, size));
    for (let i = 0; i < length; i++) target[from + i] = (source[from + i] ?? 0) ^ (stream[i] ?? 0);
  }
}

const inner = Buffer.alloc(hmacBlock + maxPacket + 4);
const outer = Buffer.alloc(hmacBlock + 20);

/** HMAC-SHA1 (RFC 2104) by two plain hashes over prepared blocks: a third of what an Hmac object for each packet costs. */
class HmacSha1 {
  readonly #inner = Buffer.alloc(hmacBlock, 0x36);
  readonly #outer = Buffer.alloc(hmacBlock, 0x5c);

  constructor(key: Buffer) {
    for (let i = 0; i < key.length; i++) {
      this.#inner[i] = 0x36 ^ (key[i] ?? 0);
      this.#outer[i] = 0x5c ^ (key[i] ?? 0);
    }
  }

  /** The tag over `covered[0, end)` and the roll-over counter, to `target[end, end + length)`. */
  write(covered: Buffer, end: number, rollover: number | null, target: Buffer, length: number): void {
    target.write(this.#digest(covered, end, rollover), end, length, "latin1");
  }

  /** Whether the tag stands at `packet[end]`; takes as long for a wrong one. */
  matches(packet: Buffer, end: number, rollover: number | null, length: number): boolean {
    const tag = this.#digest(packet, end, rollover);
    let difference = 0;
    for (let i = 0; i < length; i++) difference |= tag.charCodeAt(i) ^ (packet[end + i] ?? 0);
    return difference === 0;
  }

  #digest(covered: Buffer, end: number, rollover: number | null): string {
    this.#inner.copy(inner);
    covered.copy(inner, hmacBlock, 0, end);
    let length = hmacBlock + end;
    if (rollover !== null) {
      writeUint32(inner, length, rollover);
      length += 4;
    }
    this.#outer.copy(outer);
    outer.write(hash("sha1", inner.subarray(0, length), "binary"), hmacBlock, "latin1");
    return hash("sha1", outer, "binary");
  }
}

function gcmCipher(name: string, key: Buffer, iv: Buffer): CipherGCM {
  return createCipheriv(name as "aes-128-gcm", key, iv);
}

function openGcm(name: string, key: Buffer, iv: Buffer, aad: Buffer, sealed: Buffer): Buffer | null {
  const end = sealed.length - 16;
  const cipher = createDecipheriv(name as "aes-128-gcm", key, iv, { authTagLength: 16 });
  cipher.setAAD(aad);
  cipher.setAuthTag(sealed.subarray(end));
  const plain = cipher.update(sealed.subarray(0, end));
  try {
    cipher.final();
  } catch {
    return null; // the only reason is a wrong tag
  }
  return plain;
}

function xorUint32(bytes: Buffer, at: number, value: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ (value >>> 24);
  bytes[at + 1] = (bytes[at + 1] ?? 0) ^ ((value >>> 16) & 0xff);
  bytes[at + 2] = (bytes[at + 2] ?? 0) ^ ((value >>> 8) & 0xff);
  bytes[at + 3] = (bytes[at + 3] ?? 0) ^ (value & 0xff);
}
