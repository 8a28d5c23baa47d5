import type { DtlsAssociation } from "./dtls.ts";
import { MediaError } from "./media-error.ts";
import type { SrtpKeys } from "./sdes.ts";
import type { Fingerprint, RemoteMedia, TransportAddress } from "./sdp.ts";
import { SrtpContext } from "./srtp.ts";
import { SrtpSession } from "./srtp-session.ts";

/** Opens DTLS servers under the host's certificate. */
export interface DtlsService {
  readonly fingerprint: string;
  open(fingerprints: readonly Fingerprint[], send: (datagram: Buffer) => void): DtlsAssociation;
}

/** Which of the two ports of a leg. */
export type RtpComponent = "rtp" | "rtcp";

export interface RtpSecurityOptions {
  /** Null: DTLS is refused. */
  readonly dtls: () => DtlsService | null;
  readonly send: (datagram: Buffer, to: TransportAddress, component: RtpComponent) => void;
  readonly onConnected: () => void;
  readonly onFailed: (reason: string) => void;
}

/** Strangers may begin so many handshakes in the party's name; who the SDP names may always begin its own. */
const maxStrangers = 8;

/**
 * What encrypts an `rtp` leg: keys from the SDPs (RFC 4568), or one DTLS handshake for each port (RFC 5763, 5764), ours to serve.
 *
 *    plain --SDP with keys--> sdes        plain --SDP with a fingerprint--> dtls (nothing passes until the handshake is done)
 */
export class RtpSecurity {
  readonly #options: RtpSecurityOptions;
  #mode: "plain" | "sdes" | "dtls" = "plain";
  #sdes = new SrtpSession();
  #prints = "";
  #ends: Record<RtpComponent, DtlsEnd> | null = null;
  readonly #associations: DtlsAssociation[] = [];

  constructor(options: RtpSecurityOptions) {
    this.#options = options;
  }

  /** Errors: `media.unsupported_sdp` when the peer wants of DTLS what we do not do. */
  prepare(remote: RemoteMedia): void {
    const { keys } = remote;
    if (keys.type !== "dtls") return;
    if (this.#options.dtls() === null)
      throw new MediaError("media.unsupported_sdp", "DTLS is not to be had here");
    if (keys.setup === "passive") {
      throw new MediaError(
        "media.unsupported_sdp",
        "the peer wants to be the DTLS server (a=setup:passive); so do we",
      );
    }
  }

  get isPlain(): boolean {
    return this.#mode === "plain";
  }

  apply(remote: RemoteMedia, keys: SrtpKeys | null): void {
    if (keys !== null) {
      this.#endDtls();
      this.#mode = "sdes";
      this.#sdes.apply(keys);
    } else if (remote.keys.type === "dtls") {
      const prints = remote.keys.fingerprints.map((f) => `${f.algorithm} ${f.value}`).join();
      if (this.#mode === "dtls" && prints === this.#prints) return;
      this.#endDtls();
      this.#mode = "dtls";
      this.#prints = prints;
      const { fingerprints } = remote.keys;
      this.#ends = {
        rtp: this.#dtlsEnd("rtp", fingerprints, remote.rtp),
        rtcp: this.#dtlsEnd("rtcp", fingerprints, remote.rtcp),
      };
    } else {
      this.#endDtls();
      this.#mode = "plain";
      this.#sdes = new SrtpSession();
    }
  }

  protect(packet: Buffer): Buffer | null {
    if (this.#ends) return this.#ends.rtp.outbound?.protect(packet) ?? null;
    return this.#sdes.protect(packet);
  }

  unprotect(packet: Buffer): Buffer | null {
    if (this.#ends) return this.#ends.rtp.inbound?.unprotect(packet) ?? null;
    return this.#sdes.unprotect(packet);
  }

  protectRtcp(packet: Buffer, component: RtpComponent): Buffer | null {
    if (this.#ends) return this.#ends[component].outbound?.protectRtcp(packet) ?? null;
    return this.#sdes.protectRtcp(packet);
  }

  unprotectRtcp(packet: Buffer, component: RtpComponent): Buffer | null {
    if (this.#ends) return this.#ends[component].inbound?.unprotectRtcp(packet) ?? null;
    return this.#sdes.unprotectRtcp(packet);
  }

  /** A datagram that looks like DTLS (RFC 7983); false when none is awaited. */
  receiveDtls(datagram: Buffer, from: TransportAddress, component: RtpComponent): boolean {
    if (this.#ends === null) return false;
    this.#ends[component].receive(datagram, from);
    return true;
  }

  close(): void {
    this.#endDtls();
  }

  /** Resolves when, after `close`, no timer of a handshake is left. */
  async settled(): Promise<void> {
    await Promise.all(this.#associations.map((dtls) => dtls.settled()));
  }

  #endDtls(): void {
    this.#ends?.rtp.close();
    this.#ends?.rtcp.close();
    this.#ends = null;
  }

  #dtlsEnd(
    component: RtpComponent,
    fingerprints: readonly Fingerprint[],
    named: TransportAddress | null,
  ): DtlsEnd {
    const { dtls, send, onConnected, onFailed } = this.#options;
    return new DtlsEnd({
      named,
      open: (to) => {
        const opened = (dtls() as DtlsService).open(fingerprints, (datagram) =>
          send(datagram, to, component),
        );
        this.#associations.push(opened);
        return opened;
      },
      onConnected: () => {
        if (component === "rtp") onConnected();
      },
      onFailed: (reason) => {
        if (component === "rtp") onFailed(reason);
      },
    });
  }
}

interface DtlsEndOptions {
  /** Where the SDP says that the peer is. */
  readonly named: TransportAddress | null;
  readonly open: (to: TransportAddress) => DtlsAssociation;
  readonly onConnected: () => void;
  readonly onFailed: (reason: string) => void;
}

/** DTLS on one port, without ICE: whoever comes may try, and who the SDP names takes precedence. The certificate decides. */
class DtlsEnd {
  outbound: SrtpContext | null = null;
  inbound: SrtpContext | null = null;
  readonly #options: DtlsEndOptions;
  #association: DtlsAssociation | null = null;
  #peer: TransportAddress | null = null;
  #strangers = 0;
  #closed = false;

  constructor(options: DtlsEndOptions) {
    this.#options = options;
  }

  receive(datagram: Buffer, from: TransportAddress): void {
    if (this.#closed) return;
    if (this.#peer && !same(this.#peer, from)) {
      // A stranger's handshake gives way to the party's own.
      if (this.inbound || !same(this.#options.named, from)) return;
      this.#drop();
    }
    if (this.#association === null && !this.#begin(from)) return;
    this.#association?.receive(datagram);
  }

  close(): void {
    this.#closed = true;
    this.#drop();
  }

  #begin(from: TransportAddress): boolean {
    const isNamed = same(this.#options.named, from);
    if (!isNamed && this.#strangers++ >= maxStrangers) return false;
    const dtls = this.#options.open(from);
    this.#association = dtls;
    this.#peer = from;
    dtls.connected.on((keys) => {
      this.outbound = SrtpContext.fromMaster(keys.local, keys.profile);
      this.inbound = SrtpContext.fromMaster(keys.remote, keys.profile);
      this.#options.onConnected();
    });
    dtls.failed.on(({ reason }) => {
      if (this.#closed || this.#association !== dtls) return;
      const final = isNamed || this.inbound;
      this.#drop();
      if (final) this.#options.onFailed(reason);
    });
    return true;
  }

  #drop(): void {
    const association = this.#association;
    this.#association = null;
    this.#peer = null;
    association?.close();
  }
}

function same(a: TransportAddress | null, b: TransportAddress): boolean {
  return a !== null && a.port === b.port && a.address === b.address;
}
