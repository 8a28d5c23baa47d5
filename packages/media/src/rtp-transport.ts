import type { RemoteInfo } from "node:dgram";
import type { Clock } from "@svara/kernel";
import type { LegTransport, LocalEndpoint, TransportListener } from "./leg-transport.ts";
import { isRtcp, readUint32, rtpHeaderEnd } from "./rtp-packet.ts";
import type { RtpPorts, SocketPair } from "./rtp-ports.ts";
import type { RemoteMedia, TransportAddress } from "./sdp.ts";
import { SourceLatch } from "./source-latch.ts";

/** RTP/AVP over two UDP sockets of its own, with symmetric RTP. A latched socket is connected: a quarter less work a packet. */
export class RtpTransport implements LegTransport {
  readonly local: LocalEndpoint;
  refused = 0;
  readonly #clock: Clock;
  readonly #ports: RtpPorts;
  readonly #sockets: SocketPair;
  readonly #listener: TransportListener;
  readonly #latch = new SourceLatch();
  #rtcpTarget: TransportAddress | null = null;
  #rtcpMux = false;
  /** The RTP socket is connected to this address and hears nobody else. */
  #connectedTo: TransportAddress | null = null;
  #closed = false;
  #settled: Promise<void> = Promise.resolve();

  constructor(clock: Clock, ports: RtpPorts, sockets: SocketPair, listener: TransportListener) {
    this.#clock = clock;
    this.#ports = ports;
    this.#sockets = sockets;
    this.#listener = listener;
    this.local = { port: sockets.rtpPort, rtcpPort: sockets.rtcpPort, security: null };
    sockets.rtp.on("message", (packet, from) => this.#onRtpSocket(packet, from));
    sockets.rtcp.on("message", (packet, from) => this.#onRtcpSocket(packet, from));
    // A port that is closed on the other side comes back as ECONNREFUSED; the leg's time-out judges silence, not this.
    sockets.rtp.on("error", () => {});
    sockets.rtcp.on("error", () => {});
  }

  prepare(): void {}

  apply(remote: RemoteMedia): void {
    this.#latch.signal(remote.rtp);
    this.#rtcpMux = remote.rtcpMux;
    this.#rtcpTarget = remote.rtcp;
    const target = this.#latch.latched;
    if (this.#connectedTo && (target === null || this.#connectedTo !== target)) this.#disconnect();
  }

  send(packet: Buffer): boolean {
    if (this.#closed) return false;
    if (this.#connectedTo) {
      this.#sockets.rtp.send(packet);
      return true;
    }
    const target = this.#latch.target;
    if (target === null) return false;
    this.#sockets.rtp.send(packet, target.port, target.address);
    return true;
  }

  sendRtcp(packet: Buffer): void {
    if (this.#closed) return;
    if (this.#rtcpMux) this.send(packet);
    else if (this.#rtcpTarget)
      this.#sockets.rtcp.send(packet, this.#rtcpTarget.port, this.#rtcpTarget.address);
  }

  /** A connected socket cannot hear a party that has moved. */
  upkeep(now: number): void {
    if (this.#connectedTo && this.#latch.stale(now)) this.#disconnect();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const { rtp, rtcp, rtpPort } = this.#sockets;
    const closing = [rtp, rtcp].map(
      (socket) => new Promise<void>((resolve) => socket.close(() => resolve())),
    );
    this.#settled = Promise.all(closing).then(() => this.#ports.release(rtpPort));
  }

  settled(): Promise<void> {
    return this.#settled;
  }

  #onRtpSocket(packet: Buffer, from: RemoteInfo): void {
    if (this.#closed) return;
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
    this.#listener.onRtp(packet);
  }

  #onRtcpSocket(packet: Buffer, from: RemoteInfo): void {
    if (this.#closed) return;
    const heard = this.#latch.latched?.address;
    if (from.address !== heard && from.address !== this.#rtcpTarget?.address) {
      this.refused++;
      return;
    }
    // Behind a NAT the RTCP port, too, is the one we hear from.
    if (from.address === heard) this.#rtcpTarget = { address: from.address, port: from.port };
    this.#listener.onRtcp(packet);
  }

  #isParty(from: RemoteInfo): boolean {
    const target = this.#latch.target;
    return target?.port === from.port && target.address === from.address;
  }

  #connect(): void {
    if (this.#connectedTo) this.#disconnect();
    const target = this.#latch.latched;
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
