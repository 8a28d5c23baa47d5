import type { Disposable } from "@svara/kernel";
import type { Flow } from "./flow.ts";

/** A bound datagram socket, or something that behaves like one. */
export interface DatagramPort {
  readonly host: string;
  readonly port: number;
  send(bytes: Uint8Array, host: string, port: number, failed: ((error: Error) => void) | undefined): void;
  close(): Promise<void>;
}

const NOTHING: Disposable = { dispose() {} };

/** A datagram port of ours together with a peer's address. */
export class DatagramFlow implements Flow {
  readonly protocol = "udp";
  readonly reliable = false;
  readonly owner = undefined;
  readonly isOpen = true;
  readonly local: DatagramPort;
  readonly remote: { readonly host: string; readonly port: number };
  /** The host of the URI that led here, when a request too big for a datagram may go to it by TCP (RFC 3261 section 18.1.1). */
  readonly tcpName: string | undefined;

  constructor(port: DatagramPort, remote: { host: string; port: number }, tcpName?: string) {
    this.local = port;
    this.remote = remote;
    this.tcpName = tcpName;
  }

  send(bytes: Uint8Array, failed?: (error: Error) => void): void {
    this.local.send(bytes, this.remote.host, this.remote.port, failed);
  }

  onClosed(): Disposable {
    return NOTHING;
  }

  close(): void {}
}
