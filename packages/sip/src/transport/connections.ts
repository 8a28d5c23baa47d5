import type { StreamFlow } from "./stream-flow.ts";

/** The open TCP and TLS connections: all of them, by the peer's address and port, and how many each address has. */
export class Connections {
  readonly #all = new Set<StreamFlow>();
  readonly #byPeer = new Map<string, StreamFlow>();
  readonly #perHost = new Map<string, number>();

  get size(): number {
    return this.#all.size;
  }

  /** Connections of one address. */
  countOf(host: string): number {
    return this.#perHost.get(host) ?? 0;
  }

  [Symbol.iterator](): IterableIterator<StreamFlow> {
    return this.#all.values();
  }

  /** `name` is the host that a TLS connection of ours was verified for; "" for those the peer opened. */
  find(protocol: string, host: string, port: number, name: string): StreamFlow | undefined {
    return this.#byPeer.get(keyOf(protocol, host, port, name));
  }

  add(flow: StreamFlow, name: string): void {
    this.#all.add(flow);
    const { host, port } = flow.remote;
    const key = keyOf(flow.protocol, host, port, name);
    this.#byPeer.set(key, flow);
    this.#perHost.set(host, this.countOf(host) + 1);
    flow.onClosed(() => {
      if (!this.#all.delete(flow)) return;
      if (this.#byPeer.get(key) === flow) this.#byPeer.delete(key);
      const left = this.countOf(host) - 1;
      if (left > 0) this.#perHost.set(host, left);
      else this.#perHost.delete(host);
    });
  }
}

function keyOf(protocol: string, host: string, port: number, name: string): string {
  return `${protocol} ${host} ${port} ${name}`;
}
