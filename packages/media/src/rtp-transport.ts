import type { RemoteInfo } from "node:dgram";
import type { Clock, Disposable } from "@svara/kernel";
import type { LegTransport, LocalEndpoint, TransportListener } from "./leg-transport.ts";
import { isRtcp, readUint32, rtpHeaderEnd } from "./rtp-packet.ts";
import type { RtpPorts, SocketPair } from "./rtp-ports.ts";
import { type DtlsService, RtpSecurity } from "./rtp-security.ts";
import type { SrtpKeys } from "./sdes.ts";
import type { RemoteMedia, TransportAddress } from "./sdp.ts";
import { SourceLatch } from "./source-latch.ts";

/** Seven packets of a party that has moved; the latch asks for four. */
const openMs = 150;

/**
 * RTP over two UDP sockets of its own, plain or encrypted, with symmetric RTP. A latched socket is connected: a quarter less work a
 * packet.
 */
export class RtpTransport implements LegTransport {
  refused = 0;
  readonly #clock: Clock;
  readonly #ports: RtpPorts;
  readonly #sockets: SocketPair;
  readonly #listener: TransportListener;
  readonly #latch = new SourceLatch();
  readonly #dtls: () => DtlsService | null;
  readonly #security: RtpSecurity;
  /** Null while the leg is plain: nothing more is asked for each packet. */
  #secure: RtpSecurity | null = null;
  #rtcpTarget: TransportAddress | null = null;
  #rtcpMux = false;
  /** The RTP socket is connected to this address and hears nobody else. */
  #connectedTo: TransportAddress | null = null;
  /** While the socket is open to everybody for a moment. */
  #open: Disposable | null = null;
  #closed = false;
  #settled: Promise<void> = Promise.resolve();

  constructor(
    clock: Clock,
    ports: RtpPorts,
    sockets: SocketPair,
    listener: TransportListener,
    dtls: () => DtlsService | null,
  ) {
    this.#dtls = dtls;
    this.#clock = clock;
    this.#ports = ports;
    this.#sockets = sockets;
    this.#listener = listener;
    this.#security = new RtpSecurity({
      dtls,
      send: (datagram, to, component) => this.#sendTo(datagram, to, component === "rtcp"),
      onConnected: () => listener.onConnected(),
      onFailed: (reason) => listener.onFailed(reason),
    });
    sockets.rtp.on("message", (packet, from) => this.#onRtpSocket(packet, from));
    sockets.rtcp.on("message", (packet, from) => this.#onRtcpSocket(packet, from));
    // A port that is closed on the other side comes back as ECONNREFUSED; the leg's time-out judges silence, not this.
    sockets.rtp.on("error", () => {});
    sockets.rtcp.on("error", () => {});
  }

  get local(): LocalEndpoint {
    const { rtpPort, rtcpPort } = this.#sockets;
    const endpoint = { port: rtpPort, rtcpPort, security: null };
    const fingerprint = this.#dtls()?.fingerprint;
    return fingerprint === undefined ? endpoint : { ...endpoint, fingerprint };
  }

  prepare(remote: RemoteMedia): void {
    this.#security.prepare(remote);
  }

  apply(remote: RemoteMedia, keys: SrtpKeys | null): void {
    this.#security.apply(remote, keys);
    this.#secure = this.#security.isPlain ? null : this.#security;
    this.#latch.signal(remote.rtp, this.#clock.now());
    this.#rtcpMux = remote.rtcpMux;
    this.#rtcpTarget = remote.rtcp;
    const target = this.#latch.latched;
    if (this.#connectedTo && (target === null || this.#connectedTo !== target)) this.#disconnect();
  }

  send(plain: Buffer): boolean {
    if (this.#closed) return false;
    const packet = this.#secure === null ? plain : this.#secure.protect(plain);
    return packet !== null && this.#sendRtp(packet);
  }

  #sendRtp(packet: Buffer): boolean {
    if (this.#connectedTo) {
      this.#sockets.rtp.send(packet);
      return true;
    }
    const target = this.#latch.target;
    if (target === null) return false;
    this.#sockets.rtp.send(packet, target.port, target.address);
    return true;
  }

  sendRtcp(plain: Buffer): void {
    if (this.#closed) return;
    const component = this.#rtcpMux ? "rtp" : "rtcp";
    const packet = this.#secure === null ? plain : this.#secure.protectRtcp(plain, component);
    if (packet === null) return;
    if (this.#rtcpMux) this.#sendRtp(packet);
    else if (this.#rtcpTarget)
      this.#sockets.rtcp.send(packet, this.#rtcpTarget.port, this.#rtcpTarget.address);
  }

  /**
   * A connected socket costs a quarter less for each packet sent, but cannot hear a party that has moved. So towards a party that says
   * nothing it is connected, and open to everybody for a moment each second: long enough for the packets that the latch asks for.
   */
  upkeep(now: number): void {
    if (!this.#latch.isSilent(now)) return;
    if (this.#connectedTo) this.#disconnect();
    this.#open ??= this.#clock.after(openMs, () => this.#endOpen());
  }

  /** Stays open while somebody who may be the party is on probation. */
  #endOpen(): void {
    this.#open = null;
    const now = this.#clock.now();
    if (this.#closed || !this.#latch.isSilent(now)) return;
    if (this.#latch.isProbing(now)) this.#open = this.#clock.after(openMs, () => this.#endOpen());
    else this.#connect();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#open?.dispose();
    this.#security.close();
    const { rtp, rtcp, rtpPort } = this.#sockets;
    const closing = [rtp, rtcp].map(
      (socket) => new Promise<void>((resolve) => socket.close(() => resolve())),
    );
    this.#settled = Promise.all(closing).then(() => this.#ports.release(rtpPort));
  }

  async settled(): Promise<void> {
    await Promise.all([this.#settled, this.#security.settled()]);
  }

  #onRtpSocket(packet: Buffer, from: RemoteInfo): void {
    if (this.#closed) return;
    if (this.#secure !== null) {
      this.#onSecureRtpSocket(packet, from, this.#secure);
      return;
    }
    if (isRtcp(packet) && this.#isParty(from)) {
      this.#listener.onRtcp(packet);
      return;
    }
    if (rtpHeaderEnd(packet) < 0) {
      this.refused++;
      return;
    }
    const sequence = packet.readUInt16BE(2);
    const now = this.#clock.now();
    if (!this.#latch.accept(from.address, from.port, readUint32(packet, 8), sequence, now)) {
      this.refused++;
      return;
    }
    if (this.#connectedTo !== this.#latch.latched) this.#connect();
    this.#listener.onRtp(packet, now);
  }

  /** Who has the keys is the party, wherever it is: no probation. */
  #onSecureRtpSocket(packet: Buffer, from: RemoteInfo, security: RtpSecurity): void {
    if (isDtls(packet)) {
      if (!security.receiveDtls(packet, from, "rtp")) this.refused++;
      return;
    }
    if (isRtcp(packet)) {
      const plain = security.unprotectRtcp(packet, "rtp");
      if (plain) this.#listener.onRtcp(plain);
      else this.refused++;
      return;
    }
    const plain = security.unprotect(packet);
    if (plain === null) {
      this.refused++;
      return;
    }
    const now = this.#clock.now();
    this.#latch.authenticated(from.address, from.port, readUint32(plain, 8), plain.readUInt16BE(2), now);
    if (this.#connectedTo !== this.#latch.latched) this.#connect();
    this.#listener.onRtp(plain, now);
  }

  #onRtcpSocket(received: Buffer, from: RemoteInfo): void {
    if (this.#closed) return;
    let packet: Buffer | null = received;
    if (this.#secure !== null) {
      if (isDtls(received) && this.#secure.receiveDtls(received, from, "rtcp")) return;
      packet = this.#secure.unprotectRtcp(received, "rtcp");
      if (packet === null) {
        this.refused++;
        return;
      }
    }
    const heard = this.#latch.latched?.address;
    if (from.address !== heard && from.address !== this.#rtcpTarget?.address) {
      this.refused++;
      return;
    }
    // Behind a NAT the RTCP port, too, is the one we hear from.
    if (from.address === heard) this.#rtcpTarget = { address: from.address, port: from.port };
    this.#listener.onRtcp(packet);
  }

  #sendTo(datagram: Buffer, to: TransportAddress, onRtcpPort: boolean): void {
    if (this.#closed) return;
    if (onRtcpPort) this.#sockets.rtcp.send(datagram, to.port, to.address);
    else if (this.#connectedTo) this.#sockets.rtp.send(datagram);
    else this.#sockets.rtp.send(datagram, to.port, to.address);
  }

  #isParty(from: RemoteInfo): boolean {
    const target = this.#latch.target;
    return target?.port === from.port && target.address === from.address;
  }

  #connect(): void {
    if (this.#connectedTo) this.#disconnect();
    const target = this.#latch.target;
    if (target === null) return;
    try {
      // With a literal address and our synchronous lookup the socket is connected when this returns, or not at all.
      this.#sockets.rtp.connect(target.port, target.address, () => {});
      this.#sockets.rtp.remoteAddress();
      this.#connectedTo = target;
    } catch {
      this.#connectedTo = null; // stay unconnected: slower, not wrong
    }
  }

  #disconnect(): void {
    this.#connectedTo = null;
    try {
      this.#sockets.rtp.disconnect();
    } catch {
      // it was not connected
    }
  }
}

/** Told apart from RTP by the first octet (RFC 7983, section 7). */
function isDtls(datagram: Buffer): boolean {
  const first = datagram[0] ?? 0;
  return first >= 20 && first < 64;
}
