import type { Socket } from "node:net";
import type { StreamFlow } from "./stream-flow.ts";

/**
 * The TCP and TLS connections: those that are up, by the peer's address and port, and how many each network has opened,
 * counted from the first moment, since a handshake that is never finished costs as well.
 */
export class Connections {
  readonly #all = new Set<StreamFlow>();
  readonly #byPeer = new Map<string, StreamFlow>();
  readonly #perNetwork = new Map<string, number>();
  #incoming = 0;

  /** Connections that peers have opened, their handshakes done or not. */
  get incoming(): number {
    return this.#incoming;
  }

  get size(): number {
    return this.#all.size;
  }

  /** Those that one network has opened: an IPv4 address, or the /64 of an IPv6 one. */
  countOf(network: string): number {
    return this.#perNetwork.get(network) ?? 0;
  }

  [Symbol.iterator](): IterableIterator<StreamFlow> {
    return this.#all.values();
  }

  /** `name` is the host that a TLS connection of ours was verified for; "" for those the peer opened. */
  find(protocol: string, host: string, port: number, name: string): StreamFlow | undefined {
    return this.#byPeer.get(keyOf(protocol, host, port, name));
  }

  /** Counts a connection that a peer opened until it is closed. */
  count(network: string, socket: Socket): void {
    this.#incoming++;
    this.#perNetwork.set(network, this.countOf(network) + 1);
    socket.once("close", () => {
      this.#incoming--;
      const left = this.countOf(network) - 1;
      if (left > 0) this.#perNetwork.set(network, left);
      else this.#perNetwork.delete(network);
    });
  }

  add(flow: StreamFlow, name: string): void {
    this.#all.add(flow);
    const key = keyOf(flow.protocol, flow.remote.host, flow.remote.port, name);
    this.#byPeer.set(key, flow);
    flow.onClosed(() => {
      this.#all.delete(flow);
      if (this.#byPeer.get(key) === flow) this.#byPeer.delete(key);
    });
  }
}

function keyOf(protocol: string, host: string, port: number, name: string): string {
  return `${protocol} ${host} ${port} ${name}`;
}
