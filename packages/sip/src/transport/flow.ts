import type { Disposable } from "@svara/kernel";
import type { Identity, Protocol, SourceAddress } from "../authority.ts";

/** Who has proven at the WebSocket's upgrade to be at the other end. */
export interface FlowOwner {
  readonly identity: Identity;
  /** The user parts it may register. */
  readonly aors: readonly string[];
}

/**
 * A way to one peer: a connection, or a UDP socket of ours with the peer's address. Replies and requests to phones go
 * back over the flow they came by (RFC 3581, RFC 5626 section 3, RFC 7118 section 5).
 */
export interface Flow {
  readonly protocol: Protocol;
  /** False on UDP, where transactions repeat messages. */
  readonly reliable: boolean;
  /** Our end as the listener that took it knows it; host may be a wildcard. */
  readonly local: { readonly host: string; readonly port: number };
  readonly remote: { readonly host: string; readonly port: number };
  readonly owner: FlowOwner | undefined;
  readonly isOpen: boolean;
  /** Sends one message; `failed` is called when the network refuses it, now or later. */
  send(bytes: Uint8Array, failed?: (error: Error) => void): void;
  /** Calls `listener` once when the connection closes; never for UDP. */
  onClosed(listener: () => void): Disposable;
  /** Closes a connection on which nothing came for `ms`; absent where silence is watched otherwise. */
  expectTraffic?(ms: number): void;
  /** Asks the other end of a connection for a sign of life; without one within `withinMs` it is closed. */
  ping?(withinMs: number): void;
  close(): void;
}

export function sourceOf(flow: Flow): SourceAddress {
  return { protocol: flow.protocol, host: flow.remote.host, port: flow.remote.port };
}

/** Something that accepts messages on a port of ours. */
export interface Listener {
  readonly protocol: Protocol;
  readonly host: string;
  /** The port in fact bound, also when 0 was asked. */
  readonly port: number;
  close(): Promise<void>;
}

/** A port that speaks TLS. */
export interface TlsListener extends Listener {
  /** New connections get this certificate (PEM); open ones stay. Throws SipError `sip.listen_failed` when it cannot be used. */
  updateCertificate(certificate: { readonly cert: string; readonly key: string }): void;
}

/** Who takes what the transports receive. */
export interface FlowReceiver {
  /** One whole message, or what was meant to be one. */
  received(flow: Flow, bytes: Uint8Array): void;
  /** A message whose framing is broken; `head` is its header section, after this the connection is closed. */
  framingBroken(flow: Flow, head: Uint8Array, status: number): void;
  /** The connection is no more. */
  flowClosed(flow: Flow): void;
}
