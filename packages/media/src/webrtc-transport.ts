import type { RemoteInfo } from "node:dgram";
import type { Disposable, Random } from "@svara/kernel";
import { DtlsAssociation, type DtlsIdentity } from "./dtls.ts";
import type { LegTransport, LocalEndpoint, TransportListener } from "./leg-transport.ts";
import { MediaError } from "./media-error.ts";
import { isRtcp } from "./rtp-packet.ts";
import type { RemoteMedia, RemoteSecurity } from "./sdp.ts";
import { SrtpContext } from "./srtp.ts";
import {
  type IceCredentials,
  newIceCredentials,
  type PeerAddress,
  type WebRtcPort,
  type WebRtcReceiver,
} from "./webrtc-port.ts";

/** The browser's first flight may come before its answer does: so many datagrams are kept. */
const maxEarlyDtls = 4;
/** A handshake that broke under load is begun anew once; the browser repeats its ClientHello by itself. */
const maxDtlsAttempts = 2;

/** ICE-lite, DTLS server and SRTP of one browser on the shared port. */
export class WebRtcTransport implements LegTransport, WebRtcReceiver {
  refused = 0;
  readonly #random: Random;
  readonly #port: WebRtcPort;
  readonly #identity: DtlsIdentity;
  readonly #listener: TransportListener;
  #credentials: IceCredentials;
  #registrations: Disposable[] = [];
  #peer: RemoteSecurity | null = null;
  #selected: PeerAddress | null = null;
  #dtls: DtlsAssociation | null = null;
  readonly #associations: DtlsAssociation[] = [];
  #dtlsAttempts = 0;
  #earlyDtls: Buffer[] = [];
  #outbound: SrtpContext | null = null;
  #inbound: SrtpContext | null = null;
  #closed = false;

  constructor(random: Random, port: WebRtcPort, identity: DtlsIdentity, listener: TransportListener) {
    this.#random = random;
    this.#port = port;
    this.#identity = identity;
    this.#listener = listener;
    this.#credentials = newIceCredentials(random);
    this.#registrations.push(port.register(this.#credentials, this));
  }

  get local(): LocalEndpoint {
    return {
      port: this.#port.port,
      rtcpPort: this.#port.port,
      security: {
        iceUfrag: this.#credentials.ufrag,
        icePwd: this.#credentials.pwd,
        fingerprint: this.#identity.fingerprint,
      },
    };
  }

  prepare(remote: RemoteMedia): void {
    const security = required(remote);
    const before = this.#peer;
    if (before === null || (before.iceUfrag === security.iceUfrag && before.icePwd === security.icePwd))
      return;
    // ICE restart (RFC 8445, section 9): new credentials from us as well; the old ones stay good until the new are used.
    this.#credentials = newIceCredentials(this.#random);
    this.#registrations.push(this.#port.register(this.#credentials, this));
  }

  apply(remote: RemoteMedia): void {
    const security = required(remote);
    const before = this.#peer;
    this.#peer = security;
    if (before && samePrints(before, security)) return;
    // A new certificate is a new browser behind the same call: new keys (RFC 8842, section 5.1).
    this.#dtlsAttempts = 0;
    this.#startDtls(security);
  }

  send(packet: Buffer): boolean {
    const sealed = this.#outbound?.protect(packet);
    if (!sealed || this.#selected === null) return false;
    this.#port.send(sealed, this.#selected);
    return true;
  }

  sendRtcp(packet: Buffer): void {
    if (this.#outbound && this.#selected) this.#port.send(this.#outbound.protectRtcp(packet), this.#selected);
  }

  upkeep(): void {}

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#dtls?.close();
    for (const registration of this.#registrations) registration.dispose();
    this.#outbound = null;
    this.#inbound = null;
  }

  async settled(): Promise<void> {
    await Promise.all(this.#associations.map((dtls) => dtls.settled()));
  }

  onStun(from: PeerAddress, nominated: boolean, localUfrag: string): void {
    if (this.#closed) return;
    if (this.#selected === null || nominated) this.#selected = from;
    if (this.#registrations.length > 1 && localUfrag === this.#credentials.ufrag) {
      for (const old of this.#registrations.splice(0, this.#registrations.length - 1)) old.dispose();
    }
    this.#listener.onAlive();
  }

  onDtls(datagram: Buffer): void {
    if (this.#dtls) this.#dtls.receive(datagram);
    else if (this.#earlyDtls.length < maxEarlyDtls) this.#earlyDtls.push(datagram);
  }

  onSrtp(datagram: Buffer, _from: RemoteInfo): void {
    const inbound = this.#inbound;
    if (inbound === null) {
      this.refused++;
      return;
    }
    if (isRtcp(datagram)) {
      const packet = inbound.unprotectRtcp(datagram);
      if (packet) this.#listener.onRtcp(packet);
      else this.refused++;
      return;
    }
    const packet = inbound.unprotect(datagram);
    if (packet) this.#listener.onRtp(packet);
    else this.refused++;
  }

  #startDtls(security: RemoteSecurity): void {
    this.#dtls?.close();
    this.#inbound = null;
    this.#outbound = null;
    this.#dtlsAttempts++;
    const dtls = new DtlsAssociation({
      identity: this.#identity,
      fingerprints: security.fingerprints,
      send: (datagram) => {
        if (this.#selected) this.#port.send(datagram, this.#selected);
      },
    });
    this.#dtls = dtls;
    this.#associations.push(dtls);
    dtls.connected.on((keys) => {
      this.#outbound = SrtpContext.fromMaster(keys.local, keys.profile);
      this.#inbound = SrtpContext.fromMaster(keys.remote, keys.profile);
      this.#listener.onConnected();
    });
    dtls.failed.on(({ reason, retryable }) => {
      if (this.#closed || this.#dtls !== dtls) return;
      if (retryable && this.#dtlsAttempts < maxDtlsAttempts) this.#startDtls(security);
      else this.#listener.onFailed(reason);
    });
    for (const datagram of this.#earlyDtls.splice(0)) dtls.receive(datagram);
  }
}

function required(remote: RemoteMedia): RemoteSecurity {
  const { security } = remote;
  if (security === null) throw new MediaError("media.unsupported_sdp", "the SDP has no DTLS fingerprint");
  if (security.setup === "passive") {
    throw new MediaError(
      "media.unsupported_sdp",
      "the peer wants to be the DTLS server (a=setup:passive); so do we",
    );
  }
  return security;
}

function samePrints(a: RemoteSecurity, b: RemoteSecurity): boolean {
  const text = (s: RemoteSecurity): string => s.fingerprints.map((f) => `${f.algorithm} ${f.value}`).join();
  return text(a) === text(b);
}
