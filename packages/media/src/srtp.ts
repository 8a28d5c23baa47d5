import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from "node:crypto";
import { readUint32, rtpHeaderEnd } from "./rtp-packet.ts";

/** The protection profiles we speak (RFC 5764, section 4.1.2; RFC 7714, section 14.2). */
export type SrtpProfile = "AES_CM_128_HMAC_SHA1_80" | "AEAD_AES_128_GCM";

/** Key and salt of one direction. */
export interface SrtpMaster {
  readonly key: Buffer;
  readonly salt: Buffer;
}

/** Octets of master key and master salt. */
export const srtpKeyLengths: Record<SrtpProfile, { readonly key: number; readonly salt: number }> = {
  AES_CM_128_HMAC_SHA1_80: { key: 16, salt: 14 },
  AEAD_AES_128_GCM: { key: 16, salt: 12 },
};

const hmacTagLength = 10;
const gcmTagLength = 16;
/** How many senders one peer may bring; more would be an attack on memory. */
const maxStreams = 16;
const windowSize = 128;
const sequenceSpace = 65_536;

/** Session key derivation, AES-CM PRF with a derivation rate of zero (RFC 3711, section 4.3). */
export function deriveSrtpKey(master: SrtpMaster, label: number, length: number): Buffer {
  const iv = Buffer.alloc(16);
  master.salt.copy(iv, 0, 0, Math.min(14, master.salt.length));
  iv[7] = (iv[7] ?? 0) ^ label;
  const cipher = createCipheriv("aes-128-ctr", master.key, iv);
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
  return {
    cipher: deriveSrtpKey(master, firstLabel, 16),
    auth: deriveSrtpKey(master, firstLabel + 1, 20),
    salt: deriveSrtpKey(master, firstLabel + 2, srtpKeyLengths[profile].salt),
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
 * window for each SSRC; no state changes before a packet is authenticated.
 */
export class SrtpContext {
  readonly profile: SrtpProfile;
  readonly #rtp: SessionKeys;
  readonly #rtcp: SessionKeys;
  readonly #streams = new Map<number, ReplayWindow>();
  readonly #rtcpStreams = new Map<number, ReplayWindow>();
  readonly #iv: Buffer;
  readonly #rollover = Buffer.alloc(4);
  #rtcpIndex = 0;

  constructor(keys: { readonly rtp: SessionKeys; readonly rtcp: SessionKeys }, profile: SrtpProfile) {
    this.profile = profile;
    this.#rtp = keys.rtp;
    this.#rtcp = keys.rtcp;
    this.#iv = Buffer.alloc(profile === "AEAD_AES_128_GCM" ? 12 : 16);
  }

  /** A context from what the DTLS handshake gave (RFC 5764, section 4.2). */
  static fromMaster(master: SrtpMaster, profile: SrtpProfile): SrtpContext {
    const rtp = deriveSessionKeys(master, 0, profile);
    return new SrtpContext({ rtp, rtcp: deriveSessionKeys(master, 3, profile) }, profile);
  }

  /** RTP -> SRTP; null when the packet's index was used before (never encrypt twice under one nonce). */
  protect(packet: Buffer): Buffer | null {
    const header = rtpHeaderEnd(packet);
    if (header < 0) return null;
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
    if (this.profile === "AEAD_AES_128_GCM") {
      const iv = this.#gcmIv(this.#rtp.salt, ssrc, rollover, sequence);
      const cipher = createCipheriv("aes-128-gcm", this.#rtp.cipher, iv);
      cipher.setAAD(packet.subarray(0, header));
      const out = Buffer.allocUnsafe(packet.length + gcmTagLength);
      packet.copy(out, 0, 0, header);
      cipher.update(packet.subarray(header)).copy(out, header);
      cipher.final();
      cipher.getAuthTag().copy(out, packet.length);
      return out;
    }
    const cipher = createCipheriv(
      "aes-128-ctr",
      this.#rtp.cipher,
      this.#counterIv(this.#rtp.salt, ssrc, index),
    );
    const out = Buffer.allocUnsafe(packet.length + hmacTagLength);
    packet.copy(out, 0, 0, header);
    cipher.update(packet.subarray(header)).copy(out, header);
    this.#rollover.writeUInt32BE(rollover);
    this.#tag(this.#rtp.auth, out.subarray(0, packet.length), this.#rollover).copy(out, packet.length);
    return out;
  }

  /**
   * SRTP -> RTP, or null when it is forged, replayed or broken. The result has room of its own: it may be rewritten in
   * place.
   */
  unprotect(packet: Buffer): Buffer | null {
    const header = rtpHeaderEnd(packet);
    const gcm = this.profile === "AEAD_AES_128_GCM";
    const end = packet.length - (gcm ? gcmTagLength : hmacTagLength);
    if (header < 0 || end < header) return null;
    const sequence = packet.readUInt16BE(2);
    const ssrc = readUint32(packet, 8);
    const known = this.#streams.get(ssrc);
    if (known === undefined && this.#streams.size >= maxStreams) return null;
    const index = guessIndex(known?.highest ?? -1, sequence);
    if (known && !known.allows(index)) return null;
    const rollover = Math.floor(index / sequenceSpace);
    if (gcm) {
      const iv = this.#gcmIv(this.#rtp.salt, ssrc, rollover, sequence);
      const plain = openGcm(this.#rtp.cipher, iv, packet.subarray(0, header), packet.subarray(header));
      if (plain === null) return null;
      plain.copy(packet, header);
    } else {
      this.#rollover.writeUInt32BE(rollover);
      const tag = this.#tag(this.#rtp.auth, packet.subarray(0, end), this.#rollover);
      if (!timingSafeEqual(tag, packet.subarray(end))) return null;
      const iv = this.#counterIv(this.#rtp.salt, ssrc, index);
      createDecipheriv("aes-128-ctr", this.#rtp.cipher, iv)
        .update(packet.subarray(header, end))
        .copy(packet, header);
    }
    const stream = known ?? new ReplayWindow();
    if (known === undefined) this.#streams.set(ssrc, stream);
    stream.add(index);
    return packet.subarray(0, end);
  }

  /** RTCP -> SRTCP (RFC 3711, section 3.4; RFC 7714, section 9). */
  protectRtcp(packet: Buffer): Buffer {
    const index = ++this.#rtcpIndex;
    const ssrc = readUint32(packet, 4);
    const trailer = Buffer.alloc(4);
    trailer.writeUInt32BE((0x8000_0000 | index) >>> 0);
    const header = packet.subarray(0, 8);
    if (this.profile === "AEAD_AES_128_GCM") {
      const cipher = createCipheriv("aes-128-gcm", this.#rtcp.cipher, this.#gcmRtcpIv(ssrc, index));
      cipher.setAAD(Buffer.concat([header, trailer]));
      const body = cipher.update(packet.subarray(8));
      cipher.final();
      return Buffer.concat([header, body, cipher.getAuthTag(), trailer]);
    }
    const iv = this.#counterIv(this.#rtcp.salt, ssrc, index);
    const body = createCipheriv("aes-128-ctr", this.#rtcp.cipher, iv).update(packet.subarray(8));
    const covered = Buffer.concat([header, body, trailer]);
    return Buffer.concat([covered, this.#tag(this.#rtcp.auth, covered, null)]);
  }

  /** SRTCP -> RTCP, or null when it is forged, replayed or broken. */
  unprotectRtcp(packet: Buffer): Buffer | null {
    const gcm = this.profile === "AEAD_AES_128_GCM";
    if (packet.length < 8 + 4 + (gcm ? gcmTagLength : hmacTagLength)) return null;
    const trailerAt = packet.length - 4 - (gcm ? 0 : hmacTagLength);
    const word = packet.readUInt32BE(trailerAt);
    const index = word & 0x7fff_ffff;
    const encrypted = word >>> 31 === 1;
    const ssrc = readUint32(packet, 4);
    const known = this.#rtcpStreams.get(ssrc);
    if (known === undefined && this.#rtcpStreams.size >= maxStreams) return null;
    if (known && !known.allows(index)) return null;
    const header = packet.subarray(0, 8);
    let body: Buffer | null;
    if (gcm) {
      if (!encrypted) return null;
      const aad = Buffer.concat([header, packet.subarray(trailerAt)]);
      body = openGcm(this.#rtcp.cipher, this.#gcmRtcpIv(ssrc, index), aad, packet.subarray(8, trailerAt));
    } else {
      const tag = this.#tag(this.#rtcp.auth, packet.subarray(0, trailerAt + 4), null);
      if (!timingSafeEqual(tag, packet.subarray(trailerAt + 4))) return null;
      const iv = this.#counterIv(this.#rtcp.salt, ssrc, index);
      body = packet.subarray(8, trailerAt);
      if (encrypted) body = createDecipheriv("aes-128-ctr", this.#rtcp.cipher, iv).update(body);
    }
    if (body === null) return null;
    const stream = known ?? new ReplayWindow();
    if (known === undefined) this.#rtcpStreams.set(ssrc, stream);
    stream.add(index);
    return Buffer.concat([header, body]);
  }

  #tag(key: Buffer, covered: Buffer, rollover: Buffer | null): Buffer {
    const hmac = createHmac("sha1", key).update(covered);
    if (rollover) hmac.update(rollover);
    return hmac.digest().subarray(0, hmacTagLength);
  }

  /** IV = (k_s * 2^16) XOR (SSRC * 2^64) XOR (i * 2^16) (RFC 3711, section 4.1.1). */
  #counterIv(salt: Buffer, ssrc: number, index: number): Buffer {
    const iv = this.#iv;
    salt.copy(iv, 0);
    iv[14] = 0;
    iv[15] = 0;
    xorUint32(iv, 4, ssrc);
    xorUint32(iv, 8, Math.floor(index / sequenceSpace));
    iv[12] = (iv[12] ?? 0) ^ ((index >> 8) & 0xff);
    iv[13] = (iv[13] ?? 0) ^ (index & 0xff);
    return iv;
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

function openGcm(key: Buffer, iv: Buffer, aad: Buffer, sealed: Buffer): Buffer | null {
  const end = sealed.length - gcmTagLength;
  const cipher = createDecipheriv("aes-128-gcm", key, iv, { authTagLength: gcmTagLength });
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
