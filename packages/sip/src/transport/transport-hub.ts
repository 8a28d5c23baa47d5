import { connect, createServer, isIPv6, type Server, type Socket } from "node:net";
import type { Clock } from "@svara/kernel";
import type { WebSocket } from "ws";
import { SipError } from "../errors.ts";
import type { SipLimits } from "../limits.ts";
import { bracketed, makeUri, type SipUri } from "../message/uri.ts";
import { formatVia, type Via } from "../message/via.ts";
import { DatagramFlow, type DatagramPort } from "./datagram-flow.ts";
import type { Flow, FlowReceiver, Listener } from "./flow.ts";
import { listenError } from "./listen-error.ts";
import { isLoopback, localAddressFor } from "./local-address.ts";
import { type Destination, locate, type Resolver } from "./resolver.ts";
import { TcpFlow } from "./tcp-flow.ts";
import { plainAddress, UdpPort } from "./udp-port.ts";
import { WebSocketFlow, type WebSocketPeer } from "./websocket-flow.ts";

const ADDRESS_LIFE_MS = 60_000;

interface HubOptions {
  readonly clock: Clock;
  readonly limits: SipLimits;
  readonly resolver: Resolver;
  readonly advertisedAddress: string | undefined;
  readonly receiver: FlowReceiver;
}

/** All sockets of a user agent: listeners, connections and the way to any destination. */
export class TransportHub {
  readonly #options: HubOptions;
  readonly #ports: DatagramPort[] = [];
  readonly #servers = new Map<Server, Listener>();
  readonly #connections = new Map<string, TcpFlow>();
  readonly #sockets = new Set<WebSocketFlow>();
  readonly #receiver: FlowReceiver;
  readonly #addresses = new Map<string, string>();
  #addressesSince = 0;
  #closed = false;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#receiver = {
      received: (flow, bytes) => options.receiver.received(flow, bytes),
      framingBroken: (flow, head, status) => options.receiver.framingBroken(flow, head, status),
      flowClosed: (flow) => this.#forget(flow),
    };
  }

  get connectionCount(): number {
    return this.#connections.size + this.#sockets.size;
  }

  async listenUdp(address: { host: string; port: number }): Promise<Listener> {
    const bound: { port?: DatagramPort } = {};
    const port = await UdpPort.bind(address, (bytes, host, from) => {
      if (bound.port) this.#receiver.received(new DatagramFlow(bound.port, { host, port: from }), bytes);
    });
    bound.port = port;
    return this.addDatagramPort(port);
  }

  /** Takes a bound datagram port; what it receives is to be given to `datagram`. */
  addDatagramPort(port: DatagramPort): Listener {
    this.#ports.push(port);
    const close = async (): Promise<void> => {
      const i = this.#ports.indexOf(port);
      if (i >= 0) this.#ports.splice(i, 1);
      await port.close();
    };
    return { protocol: "udp", host: port.host, port: port.port, close };
  }

  /** A datagram came in at `port`. */
  datagram(port: DatagramPort, bytes: Uint8Array, host: string, fromPort: number): void {
    this.#receiver.received(new DatagramFlow(port, { host, port: fromPort }), bytes);
  }

  async listenTcp(address: { host: string; port: number }): Promise<Listener> {
    const server = createServer((socket) => this.#accept(socket, server));
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error) => reject(listenError("tcp", address, error)));
      server.listen({ host: address.host, port: address.port, exclusive: true }, resolve);
    });
    server.removeAllListeners("error");
    server.on("error", () => {}); // accept errors (no descriptors left) pass
    const bound = server.address();
    const port = typeof bound === "object" && bound !== null ? bound.port : address.port;
    const listener: Listener = {
      protocol: "tcp",
      host: address.host,
      port,
      close: () => this.#closeServer(server),
    };
    this.#servers.set(server, listener);
    return listener;
  }

  attachWebSocket(socket: WebSocket, peer: WebSocketPeer): WebSocketFlow {
    const local = this.#ports[0] ?? { host: "0.0.0.0", port: 5060 };
    const flow = new WebSocketFlow(socket, peer, { host: local.host, port: local.port }, this.#flowOptions());
    this.#sockets.add(flow);
    return flow;
  }

  /** The next hop of a URI; rejects or throws SipError when there is none. */
  locate(uri: SipUri): Destination | Promise<Destination> {
    return locate(uri, this.#options.resolver);
  }

  /** A flow to `to`: an open connection, a new one, or a UDP port of the same address family. Throws SipError. */
  flowTo(to: Destination): Flow {
    if (this.#closed) throw new SipError("sip.closed", "the user agent is closed");
    if (to.protocol === "udp") {
      const port = this.#portFor(to.host);
      if (port) return new DatagramFlow(port, { host: to.host, port: to.port });
    }
    if (to.protocol === "tcp") return this.#connections.get(keyOf(to.host, to.port)) ?? this.#connect(to);
    throw new SipError("sip.no_transport", `no way to ${to.protocol} ${to.host}:${to.port}`);
  }

  /** Where the response to a request that came by `flow` goes (RFC 3261 section 18.2.2, RFC 3581 section 4). */
  replyFlow(flow: Flow, via: Via): Flow {
    if (flow.protocol === "udp") {
      const port = via.port ?? 5060;
      if (via.params.has("rport") || port === flow.remote.port) return flow;
      return new DatagramFlow(flow.local as DatagramPort, { host: flow.remote.host, port });
    }
    if (flow.isOpen || flow.protocol !== "tcp" || this.#closed) return flow;
    return this.flowTo({ protocol: "tcp", host: flow.remote.host, port: via.port ?? 5060 });
  }

  /** The Via value of a request of ours that leaves by `flow`. */
  viaFor(flow: Flow, branch: string): string {
    const { host, port } = this.#advertised(flow);
    const params = new Map([["branch", branch]]);
    if (flow.protocol === "udp") params.set("rport", "");
    return formatVia({
      transport: flow.protocol.toUpperCase(),
      version: "2.0",
      host: bracketed(host),
      port,
      params,
    });
  }

  /** The Contact by which the peer at the other end of `flow` reaches us. */
  contactFor(flow: Flow, user: string | undefined): SipUri {
    const { host, port } = this.#advertised(flow);
    // RFC 7118 section 5.2.4 knows "ws" only, also for WSS.
    const transport = flow.protocol === "wss" ? "ws" : flow.protocol;
    const params: Record<string, string> = flow.protocol === "udp" ? {} : { transport };
    return makeUri({ user, host, port, params });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const servers = [...this.#servers.keys()].map((server) => this.#closeServer(server));
    for (const flow of [...this.#connections.values(), ...this.#sockets]) flow.close();
    await Promise.all([...servers, ...this.#ports.splice(0).map((port) => port.close())]);
  }

  #accept(socket: Socket, server: Server): void {
    const listener = this.#servers.get(server);
    const { remoteAddress, remotePort } = socket;
    const full = this.#connections.size >= this.#options.limits.maxConnections;
    if (listener === undefined || remoteAddress === undefined || remotePort === undefined || full) {
      socket.destroy();
      return;
    }
    const remote = { host: plainAddress(remoteAddress), port: remotePort };
    const local = { host: plainAddress(socket.localAddress ?? listener.host), port: listener.port };
    const flow = new TcpFlow(socket, local, remote, this.#flowOptions());
    this.#connections.set(keyOf(remote.host, remote.port), flow);
  }

  #connect(to: Destination): TcpFlow {
    const listener = [...this.#servers.values()][0];
    const socket = connect({ host: to.host, port: to.port });
    const host = this.#portFor(to.host)?.host ?? "0.0.0.0";
    const local = { host: listener?.host ?? host, port: listener?.port ?? 5060 };
    const flow = new TcpFlow(socket, local, to, this.#flowOptions());
    this.#connections.set(keyOf(flow.remote.host, to.port), flow);
    return flow;
  }

  #flowOptions(): { clock: Clock; limits: SipLimits; receiver: FlowReceiver } {
    return { clock: this.#options.clock, limits: this.#options.limits, receiver: this.#receiver };
  }

  #portFor(host: string): DatagramPort | undefined {
    return this.#ports.find((port) => isIPv6(port.host) === isIPv6(host));
  }

  #advertised(flow: Flow): { host: string; port: number } {
    const { local, remote } = flow;
    const { advertisedAddress } = this.#options;
    const near = isLoopback(remote.host) && !isLoopback(advertisedAddress ?? "127.0.0.1");
    const host = near || !advertisedAddress ? this.#localAddress(local.host, remote.host) : advertisedAddress;
    return { host, port: local.port };
  }

  /** Asking the system for its interfaces is slow; they change seldom. */
  #localAddress(bound: string, remote: string): string {
    const now = this.#options.clock.now();
    if (now - this.#addressesSince > ADDRESS_LIFE_MS || this.#addresses.size > 10_000) {
      this.#addresses.clear();
      this.#addressesSince = now;
    }
    const key = `${bound} ${remote}`;
    let address = this.#addresses.get(key);
    if (address === undefined) {
      address = localAddressFor(bound, remote);
      this.#addresses.set(key, address);
    }
    return address;
  }

  #forget(flow: Flow): void {
    if (flow instanceof WebSocketFlow) this.#sockets.delete(flow);
    const key = keyOf(flow.remote.host, flow.remote.port);
    if (this.#connections.get(key) === flow) this.#connections.delete(key);
    this.#options.receiver.flowClosed(flow);
  }

  async #closeServer(server: Server): Promise<void> {
    if (!this.#servers.delete(server)) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      if (this.#closed) for (const flow of this.#connections.values()) flow.close();
    });
  }
}

function keyOf(host: string, port: number): string {
  return `${host} ${port}`;
}
