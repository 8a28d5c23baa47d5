import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { DatagramPort } from "./datagram-flow.ts";
import { listenError } from "./listen-error.ts";

/** Receives datagrams: octets and where they came from. */
export type DatagramSink = (bytes: Uint8Array, host: string, port: number) => void;

/** A UDP socket. */
export class UdpPort implements DatagramPort {
  readonly host: string;
  readonly port: number;
  readonly #socket: Socket;
  #closed = false;

  private constructor(socket: Socket, host: string, port: number) {
    this.#socket = socket;
    this.host = host;
    this.port = port;
  }

  /** Binds; throws SipError `sip.port_taken` or `sip.listen_failed`. */
  static async bind(address: { host: string; port: number }, sink: DatagramSink): Promise<UdpPort> {
    const socket = createSocket({
      type: isIPv6(address.host) ? "udp6" : "udp4",
      recvBufferSize: 4 * 1024 * 1024, // a burst of calls must not be lost while a report is made
      // Addresses are numeric here: the look-up that dgram makes for each datagram is saved.
      lookup: (host, _options, done) => done(null, host, isIPv6(host) ? 6 : 4),
    });
    await new Promise<void>((resolve, reject) => {
      socket.once("error", (error) => {
        socket.close();
        reject(listenError("udp", address, error));
      });
      socket.bind({ address: address.host, port: address.port, exclusive: true }, resolve);
    });
    socket.removeAllListeners("error");
    socket.on("error", () => {}); // an ICMP error concerns one peer; its transaction times out
    socket.on("message", (bytes, from) => sink(bytes, plainAddress(from.address), from.port));
    return new UdpPort(socket, address.host, socket.address().port);
  }

  send(bytes: Uint8Array, host: string, port: number, failed: ((error: Error) => void) | undefined): void {
    if (this.#closed) return;
    if (port === 0) return failed?.(new Error("port 0"));
    this.#socket.send(bytes, port, host, (error) => {
      if (error) failed?.(error);
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }
}

/** An IPv4 address that a dual-stack socket shows as IPv6, in its own form. */
export function plainAddress(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}
