import { connect, isIPv6, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Clock, Random } from "@svara/kernel";
import type { WebSocket } from "ws";
import { SipError } from "../errors.ts";
import type { SourceGuard } from "../guard/source-guard.ts";
import type { SipLimits } from "../limits.ts";
import { bracketed, makeUri, type SipUri } from "../message/uri.ts";
import { formatVia, type Via } from "../message/via.ts";
import { networkOf } from "./address-bytes.ts";
import { Connections } from "./connections.ts";
import { DatagramFlow, type DatagramPort } from "./datagram-flow.ts";
import { DnsCache } from "./dns-cache.ts";
import type { DnsResolver } from "./dns-resolver.ts";
import type { Flow, FlowReceiver, Listener, TlsListener } from "./flow.ts";
import { isLoopback, localAddressFor } from "./local-address.ts";
import { type Destination, locate } from "./locate.ts";
import { LocatedRoute, type Route } from "./route.ts";
import { StreamFlow } from "./stream-flow.ts";
import { StreamListener, type TlsCertificate } from "./stream-listener.ts";
import { answerStun } from "./stun.ts";
import { TargetHealth } from "./target-health.ts";
import { type TlsTrust, tlsOptions } from "./tls-trust.ts";
import { plainAddress, UdpPort } from "./udp-port.ts";
import { WebSocketFlow, type WebSocketPeer } from "./websocket-flow.ts";

const ADDRESS_LIFE_MS = 60_000;
/** The part of all connections that strangers cannot take. */
const KEPT_FOR_KNOWN = 0.2;

interface HubOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: SipLimits;
  readonly resolver: DnsResolver;
  /** Whom TLS connections of ours believe, by the host of the URI. */
  readonly tlsTrust: (host: string) => TlsTrust | undefined;
  readonly advertisedAddress: string | undefined;
  readonly guard: SourceGuard;
  readonly receiver: FlowReceiver;
}

/** All sockets of a user agent: listeners, connections and the way to any destination. */
export class TransportHub {
  readonly health: TargetHealth;
  readonly #options: HubOptions;
  readonly #dns: DnsCache;
  readonly #ports: DatagramPort[] = [];
  readonly #listeners = new Set<StreamListener>();
  readonly #connections = new Connections();
  readonly #sockets = new Set<WebSocketFlow>();
  readonly #receiver: FlowReceiver;
  readonly #addresses = new Map<string, string>();
  #addressesSince = 0;
  #closed = false;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#dns = new DnsCache(options.clock, options.resolver);
    this.health = new TargetHealth(options.clock, options.limits.deadTargetMs);
    this.#receiver = {
      received: (flow, bytes) => this.#received(flow, bytes),
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
      if (bound.port) this.datagram(bound.port, bytes, host, from);
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

  /** A datagram came in at `port`. What is not wanted costs as little as can be. */
  datagram(port: DatagramPort, bytes: Uint8Array, host: string, fromPort: number): void {
    if (!this.#options.guard.admits(host, fromPort, bytes)) return;
    const stun = answerStun(bytes, host, fromPort);
    if (stun) return port.send(stun, host, fromPort, undefined);
    this.#options.receiver.received(new DatagramFlow(port, { host, port: fromPort }), bytes);
  }

  listenTcp(address: { host: string; port: number }): Promise<Listener> {
    return this.#listen(address, undefined);
  }

  listenTls(address: { host: string; port: number }, certificate: TlsCertificate): Promise<TlsListener> {
    return this.#listen(address, certificate);
  }

  attachWebSocket(socket: WebSocket, peer: WebSocketPeer): WebSocketFlow {
    const local = peer.local ?? this.#ports[0] ?? { host: "0.0.0.0", port: 5060 };
    const flow = new WebSocketFlow(
      socket,
      peer,
      { host: local.host, port: local.port },
      {
        clock: this.#options.clock,
        limits: this.#options.limits,
        receiver: this.#receiver,
      },
    );
    this.#sockets.add(flow);
    return flow;
  }

  /** The ways to a URI, by RFC 3263; `first` before all others while it is open. */
  routeTo(uri: SipUri, first?: Flow): Route {
    const names = { dns: this.#dns, random: this.#options.random };
    return new LocatedRoute(this, () => locate(uri, names), first);
  }

  targetWorked(to: Destination): void {
    this.health.worked(to);
    this.#options.guard.vouch(to.host); // a carrier whom we chose may send its calls as fast as it likes
  }

  /** A flow to `to`: an open connection, a new one, or a UDP port of the same address family. Throws SipError. */
  flowTo(to: Destination): Flow {
    if (this.#closed) throw new SipError("sip.closed", "the user agent is closed");
    const { protocol, host, port } = to;
    if (protocol === "udp") {
      const own = this.#portFor(host);
      if (own) return new DatagramFlow(own, { host, port }, to.pinned ? undefined : to.name);
    }
    if (protocol === "tcp" || protocol === "tls") {
      return (
        this.#connections.find(protocol, host, port, protocol === "tls" ? to.name : "") ??
        this.#connect(to, protocol)
      );
    }
    throw new SipError("sip.no_transport", `no way to ${protocol} ${host}:${port}`);
  }

  /** The first of the ways to a URI that can be taken; throws or rejects with SipError. */
  flowToUri(uri: SipUri): Flow | Promise<Flow> {
    const flow = this.routeTo(uri).next();
    return flow instanceof Promise ? flow.then(present) : present(flow);
  }

  /** Closes the connections of an address, or of an IPv6 network, or only that from one port. */
  closeHost(address: string, port: number | undefined): void {
    for (const flow of [...this.#connections]) {
      const { host } = flow.remote;
      const same =
        port === undefined ? networkOf(host) === address : host === address && flow.remote.port === port;
      if (same) flow.close();
    }
  }

  /** Where the response to a request that came by `flow` goes (RFC 3261 section 18.2.2, RFC 3581 section 4). */
  replyFlow(flow: Flow, via: Via): Flow {
    if (flow.protocol === "udp") {
      const port = via.port ?? 5060;
      if (via.params.has("rport") || port === flow.remote.port) return flow;
      return new DatagramFlow(flow.local as DatagramPort, { host: flow.remote.host, port });
    }
    const { protocol, remote } = flow;
    if (flow.isOpen || (protocol !== "tcp" && protocol !== "tls") || this.#closed) return flow;
    const port = via.port ?? (protocol === "tls" ? 5061 : 5060);
    return this.flowTo({ protocol, host: remote.host, port, name: remote.host, pinned: true });
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

  /** The Contact by which the peer at the other end of `flow` reaches us; `secure` where a sips URI demands the same. */
  contactFor(flow: Flow, user: string | undefined, secure = false): SipUri {
    const { host, port } = this.#advertised(flow);
    if (secure && flow.protocol === "tls") return makeUri({ scheme: "sips", user, host, port });
    // RFC 7118 section 5.2.4 knows "ws" only, also for WSS.
    const transport = flow.protocol === "wss" ? "ws" : flow.protocol;
    const params: Record<string, string> = flow.protocol === "udp" ? {} : { transport };
    return makeUri({ user, host, port, params });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#dns.close();
    const listeners = [...this.#listeners].map((listener) => listener.close());
    for (const flow of [...this.#connections, ...this.#sockets]) flow.close();
    await Promise.all([...listeners, ...this.#ports.splice(0).map((port) => port.close())]);
  }

  async #listen(
    address: { host: string; port: number },
    certificate: TlsCertificate | undefined,
  ): Promise<StreamListener> {
    const { clock, limits } = this.#options;
    const listener = await StreamListener.open(address, certificate, {
      clock,
      handshakeTimeoutMs: limits.tlsHandshakeTimeoutMs,
      admits: (socket) => this.#admits(socket),
      opened: (socket, at) => this.#accept(socket, at),
      closed: (closed) => this.#listeners.delete(closed),
    });
    this.#listeners.add(listener);
    return listener;
  }

  #admits(socket: Socket): boolean {
    const { remoteAddress, remotePort } = socket;
    const { guard, limits } = this.#options;
    if (this.#closed || remoteAddress === undefined || remotePort === undefined) return false;
    const host = plainAddress(remoteAddress);
    const isKnown = guard.isKnown(host, remotePort);
    const kept = isKnown ? 0 : Math.floor(limits.maxConnections * KEPT_FOR_KNOWN);
    if (this.#connections.incoming >= limits.maxConnections - kept) return false;
    if (!guard.admitsConnection(host, remotePort)) return false;
    const network = networkOf(host);
    const hasShare = this.#connections.countOf(network) < limits.maxConnectionsPerSource;
    if (!hasShare && !isKnown) return false;
    this.#connections.count(network, socket);
    return true;
  }

  #accept(socket: Socket, listener: StreamListener): void {
    const { remoteAddress, remotePort } = socket;
    const gone = remoteAddress === undefined || remotePort === undefined;
    if (this.#closed || gone || this.#options.guard.isBanned(plainAddress(remoteAddress), remotePort)) {
      socket.destroy();
      return;
    }
    const flow = new StreamFlow({
      ...this.#options,
      receiver: this.#receiver,
      protocol: listener.protocol,
      socket,
      local: { host: plainAddress(socket.localAddress ?? listener.host), port: listener.port },
      remote: { host: plainAddress(remoteAddress), port: remotePort },
      incoming: true,
    });
    this.#connections.add(flow, "");
    this.#endStranger(flow);
  }

  /** One whole message is all that a connection needs to stay: strangers must not hold the places for ever. */
  #endStranger(flow: StreamFlow): void {
    const { clock, guard, limits } = this.#options;
    const { host, port } = flow.remote;
    if (guard.isKnown(host, port)) return;
    const timer = clock.after(limits.strangerTimeoutMs, () => {
      if (!guard.isKnown(host, port)) flow.close();
    });
    flow.onClosed(() => timer.dispose());
  }

  #connect(to: Destination, protocol: "tcp" | "tls"): StreamFlow {
    const { host, port, name } = to;
    const secure = protocol === "tls";
    const socket = secure
      ? connectTls({ ...tlsOptions(name, this.#options.tlsTrust(name) ?? { kind: "system" }), host, port })
      : connect({ host, port });
    const own = [...this.#listeners].find((listener) => listener.protocol === protocol);
    const flow = new StreamFlow({
      ...this.#options,
      receiver: this.#receiver,
      protocol,
      socket,
      local: {
        host: own?.host ?? this.#portFor(host)?.host ?? "0.0.0.0",
        port: own?.port ?? (secure ? 5061 : 5060),
      },
      remote: { host, port },
      incoming: false,
      readyEvent: secure ? "secureConnect" : "connect",
    });
    this.#connections.add(flow, secure ? name : "");
    return flow;
  }

  #received(flow: Flow, bytes: Uint8Array): void {
    const { host, port } = flow.remote;
    // Over a WebSocket somebody has signed in already.
    if (flow.owner === undefined && !this.#options.guard.admits(host, port, bytes, true)) return;
    this.#options.receiver.received(flow, bytes);
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
    this.#options.receiver.flowClosed(flow);
  }
}

/** The first way of a route is always one. */
function present(flow: Flow | undefined): Flow {
  if (!flow) throw new SipError("sip.no_transport", "no target can be reached");
  return flow;
}
