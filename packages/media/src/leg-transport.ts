import type { SrtpKeys } from "./sdes.ts";
import type { RemoteMedia } from "./sdp.ts";

/** What a transport tells its leg. Packets may be rewritten in place by the leg. */
export interface TransportListener {
  /** A plain RTP packet from the party; `now` where the transport has asked the clock already. */
  onRtp(packet: Buffer, now?: number): void;
  /** A plain RTCP compound packet from the party. */
  onRtcp(packet: Buffer): void;
  /** Something else from the party that proves it alive (ICE consent). */
  onAlive(): void;
  /** Media can flow; `rtp` legs never say so. */
  onConnected(): void;
  onFailed(reason: string): void;
}

/** The addresses and keys for our SDP. */
export interface LocalEndpoint {
  readonly port: number;
  readonly rtcpPort: number;
  readonly security: {
    readonly iceUfrag: string;
    readonly icePwd: string;
    readonly fingerprint: string;
  } | null;
  /** Of our certificate, for a phone that asked for DTLS. */
  readonly fingerprint?: string;
}

/** The way of one leg's packets. */
export interface LegTransport {
  readonly local: LocalEndpoint;
  /** Datagrams that were not let through. */
  readonly refused: number;
  /** Prepares for an offer of the peer before our answer is written (ICE restart). Errors: `media.unsupported_sdp`. */
  prepare(remote: RemoteMedia): void;
  /** The negotiated peer, with the keys that its SDP brought; again after each renegotiation. */
  apply(remote: RemoteMedia, keys: SrtpKeys | null): void;
  /** Sends an RTP packet; it may be changed by this. False when there is nowhere to send to. */
  send(packet: Buffer): boolean;
  sendRtcp(packet: Buffer): void;
  /** Called each second. */
  upkeep(now: number): void;
  close(): void;
  /** Resolves when, after `close`, nothing of it is left. */
  settled(): Promise<void>;
}
