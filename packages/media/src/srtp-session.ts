import { type SrtpKeys, sameMaster } from "./sdes.ts";
import { SrtpContext } from "./srtp.ts";

/**
 * Both directions of an encrypted leg, through changes of keys. Until the first packet under the peer's new key has come, its old
 * one still counts: packets and SDP travel by different ways.
 */
export class SrtpSession {
  #keys: SrtpKeys | null = null;
  #outbound: SrtpContext | null = null;
  #inbound: SrtpContext | null = null;
  #previous: SrtpContext | null = null;

  /** New keys; what has not changed goes on with its counters (RFC 4568, section 7.1.4). */
  apply(keys: SrtpKeys): void {
    const before = this.#keys;
    this.#keys = keys;
    const sameProfile = before?.profile === keys.profile;
    if (!sameProfile || !sameMaster(before.local, keys.local)) {
      this.#outbound = SrtpContext.fromMaster(keys.local, keys.profile);
    }
    if (sameProfile && sameMaster(before.remote, keys.remote)) return;
    this.#previous = this.#inbound;
    this.#inbound = SrtpContext.fromMaster(keys.remote, keys.profile, keys.remoteMki);
  }

  protect(packet: Buffer): Buffer | null {
    return this.#outbound?.protect(packet) ?? null;
  }

  protectRtcp(packet: Buffer): Buffer | null {
    return this.#outbound?.protectRtcp(packet) ?? null;
  }

  /** Null when the packet is not the peer's. */
  unprotect(packet: Buffer): Buffer | null {
    const previous = this.#previous;
    if (previous === null) return this.#inbound?.unprotect(packet) ?? null;
    // the old key first: to the new one its late packets would look like those of a sender that began long ago
    const late = previous.unprotect(Buffer.from(packet)); // a copy: looking for the key's identifier may move octets
    if (late !== null) return late;
    const plain = this.#inbound?.unprotect(packet) ?? null;
    if (plain !== null) this.#previous = null;
    return plain;
  }

  unprotectRtcp(packet: Buffer): Buffer | null {
    const copy = this.#previous && Buffer.from(packet);
    const plain = this.#inbound?.unprotectRtcp(packet) ?? null;
    return plain ?? (copy && (this.#previous?.unprotectRtcp(copy) ?? null));
  }
}
