import { type Clock, type Random, randomHex, Signal } from "@svara/kernel";
import type { WebSocket } from "ws";
import type { Authority, Identity } from "./authority.ts";
import type { IncomingCall } from "./call/incoming-call.ts";
import type { InviteOptions } from "./call/invite-request.ts";
import { type BranchTarget, type InviteTarget, OutgoingCall } from "./call/outgoing-call.ts";
import { type Dialog, dialogId } from "./dialog/dialog.ts";
import { EndedDialogs } from "./dialog/ended-dialogs.ts";
import { DEFAULT_SESSION_TIMER, type SessionTimerOptions } from "./dialog/session-interval.ts";
import type { SipContext } from "./dialog/sip-context.ts";
import { Authenticator, DEFAULT_ALGORITHMS } from "./digest/authenticator.ts";
import type { DigestAlgorithm } from "./digest/digest.ts";
import { SipError, SipParseError } from "./errors.ts";
import type { Ban, BanEnd } from "./guard/ban.ts";
import { Overload } from "./guard/overload.ts";
import { SourceGuard } from "./guard/source-guard.ts";
import { watchedAuthority } from "./guard/watched-authority.ts";
import { Inbound } from "./inbound.ts";
import { DEFAULT_LIMITS, type SipLimits } from "./limits.ts";
import type { SipLog } from "./log.ts";
import type { SipRequest, SipResponse } from "./message/message.ts";
import { tryParse } from "./message/parse-message.ts";
import { respond } from "./message/respond.ts";
import { parseUri, type SipUri } from "./message/uri.ts";
import { type PingOutcome, ping } from "./registration/ping.ts";
import { type Binding, Registrar } from "./registration/registrar.ts";
import { TrunkRegistration, type TrunkRegistrationOptions } from "./registration/trunk-registration.ts";
import type { ServerTransaction } from "./transaction/server-transaction.ts";
import { hostPort, TransactionLayer } from "./transaction/transaction-layer.ts";
import { BigRequests } from "./transport/big-requests.ts";
import type { DatagramPort } from "./transport/datagram-flow.ts";
import { type DnsResolver, systemDns } from "./transport/dns-resolver.ts";
import type { Flow, Listener, TlsListener } from "./transport/flow.ts";
import type { TlsTrust } from "./transport/tls-trust.ts";
import { TransportHub } from "./transport/transport-hub.ts";
import type { WebSocketPeer } from "./transport/websocket-flow.ts";

export interface UserAgentOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: SipLog;
  readonly authority: Authority;
  /** Of digest challenges, and the host part of From where a call names none. */
  readonly realm: string;
  readonly userAgentName: string;
  /** The address that peers beyond this machine reach us by, when it is not that of the socket. */
  readonly advertisedAddress?: string;
  readonly limits?: Partial<SipLimits>;
  /** Algorithms of the challenges, in the order in which they are offered; default MD5, SHA-256. */
  readonly digestAlgorithms?: readonly DigestAlgorithm[];
  /**
   * A registration over TCP or TLS stays until it expires when its connection closes, and calls open a new one to the Contact.
   * Default false: who cannot be reached any more is told to be gone at once.
   */
  readonly bindingsOutliveConnections?: boolean;
  /** Name look-ups; default those of the system. What it answers is kept for its time, and longer when it falls silent. */
  readonly resolver?: DnsResolver;
  /** Whom TLS connections of ours believe, by the host of the URI; undefined means the system's authorities. */
  readonly tlsTrust?: (host: string) => TlsTrust | undefined;
  /** The share of time in which the event loop was at work since this was last asked; default the real one. */
  readonly loopLoad?: () => number;
  /** Session timers (RFC 4028) of all calls that say nothing else; default on, 1,800 s, at least 90 s. */
  readonly sessionTimer?: Partial<SessionTimerOptions>;
}

/** Counters since the start, and what is alive now. */
export interface SipStats {
  readonly received: number;
  readonly malformed: number;
  readonly dialogs: number;
  readonly callsInSetup: number;
  readonly clientTransactions: number;
  readonly serverTransactions: number;
  readonly connections: number;
  /** Addresses that are remembered, for what they did or because somebody logged in from there. */
  readonly sources: number;
  readonly bans: number;
}

/**
 * The door of the stack: listens, registers phones, takes calls and makes them. Closing it says BYE and CANCEL to what
 * is left and then closes every socket and timer it opened.
 */
export class UserAgent {
  readonly registrar: Registrar;
  /** A call came in from somebody known. Nobody subscribed: 480. */
  readonly onInvite = new Signal<IncomingCall>();
  /** An address is not heard any more. */
  readonly onBan: Signal<Ban>;
  readonly onUnban: Signal<BanEnd>;
  readonly realm: string;
  readonly #options: UserAgentOptions;
  readonly #limits: SipLimits;
  readonly #guard: SourceGuard;
  readonly #overload: Overload;
  readonly #bigRequests: BigRequests;
  readonly #hub: TransportHub;
  readonly #transactions: TransactionLayer;
  readonly #inbound: Inbound;
  readonly #context: SipContext;
  readonly #dialogs = new Map<string, Dialog>();
  readonly #incoming = new Set<IncomingCall>();
  /** By Call-ID. */
  readonly #outgoing = new Map<string, OutgoingCall>();
  readonly #ended: EndedDialogs;
  readonly #registrations = new Set<TrunkRegistration>();
  #retryAfterSeconds: number | undefined;
  #isLetIn: (requestUri: SipUri) => boolean = () => false;
  #received = 0;
  #malformed = 0;
  #closed = false;

  constructor(options: UserAgentOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.realm = options.realm;
    const { clock, random, log } = options;
    this.#guard = new SourceGuard({
      clock,
      limits: this.#limits,
      isTrusted: (host, port) => options.authority.isTrusted?.({ host, port }) ?? false,
    });
    this.onBan = this.#guard.onBan;
    this.onUnban = this.#guard.onUnban;
    this.onBan.on(({ address, port }) => this.#hub.closeHost(address, port));
    this.#overload = new Overload({
      clock,
      limits: this.#limits,
      transactions: () => this.#transactions.serverCount,
      load: options.loopLoad,
    });
    const authority = watchedAuthority(options.authority, this.#guard);
    this.registrar = new Registrar({
      clock,
      limits: this.#limits,
      outliveConnections: options.bindingsOutliveConnections ?? false,
    });
    this.#hub = new TransportHub({
      clock,
      random,
      limits: this.#limits,
      resolver: options.resolver ?? systemDns(),
      tlsTrust: options.tlsTrust ?? (() => undefined),
      advertisedAddress: options.advertisedAddress,
      guard: this.#guard,
      receiver: {
        received: (flow, bytes) => this.#receive(flow, bytes),
        framingBroken: (flow, head, status) => this.#framingBroken(flow, head, status),
        flowClosed: (flow) => this.#transactions.flowClosed(flow),
      },
    });
    this.#transactions = new TransactionLayer({
      clock,
      random,
      hub: this.#hub,
      log,
      maxTransactions: this.#limits.maxTransactions,
      refuses: () => this.#overload.refuses(),
      user: {
        onRequest: (transaction) => this.#onRequest(transaction),
        onAck: (request, flow) => this.#onAck(request, flow),
        onCancel: (invite, cancel) => this.#inbound.cancel(invite, cancel),
        onStrayResponse: (response, flow) => this.#onStray(response, flow),
      },
    });
    this.#bigRequests = new BigRequests({ clock, hub: this.#hub, transactions: this.#transactions });
    this.#ended = new EndedDialogs(clock);
    this.#context = this.#makeContext();
    this.#inbound = new Inbound({
      context: this.#context,
      authority,
      authenticator: new Authenticator({
        ...this.#limits,
        clock,
        random,
        authority,
        realm: options.realm,
        algorithms: options.digestAlgorithms ?? DEFAULT_ALGORITHMS,
      }),
      registrar: this.registrar,
      limits: this.#limits,
      retryAfterSeconds: () => this.#retryAfterSeconds,
      isLetIn: (requestUri) => this.#isLetIn(requestUri),
      respondOnce: (transaction, response) => this.#transactions.respondOnce(transaction, response),
      onCall: (call) => this.#onCall(call),
      onCallDone: (call) => this.#incoming.delete(call),
      findEarly: (callId, localTag, remoteTag) => {
        const call = this.#outgoing.get(callId);
        return call?.id === localTag && call.hasEarlyDialog(remoteTag) ? call : undefined;
      },
      endedLately: (callId, localTag, remoteTag) => this.#ended.has(dialogId(callId, localTag, remoteTag)),
    });
  }

  get draining(): boolean {
    return this.#retryAfterSeconds !== undefined;
  }

  /** Dialogs and calls in set-up. */
  get activeCalls(): number {
    return this.#dialogs.size + this.#incoming.size + this.#outgoing.size;
  }

  get stats(): SipStats {
    return {
      received: this.#received,
      malformed: this.#malformed,
      dialogs: this.#dialogs.size,
      callsInSetup: this.#incoming.size + this.#outgoing.size,
      clientTransactions: this.#transactions.clientCount,
      serverTransactions: this.#transactions.serverCount,
      connections: this.#hub.connectionCount,
      sources: this.#guard.size,
      bans: this.#guard.bans().length,
    };
  }

  /** Opens a UDP port. Throws SipError `sip.port_taken` or `sip.listen_failed`, naming the port. */
  listenUdp(address: { host: string; port: number }): Promise<Listener> {
    return this.#hub.listenUdp(address);
  }

  /** Opens a TCP port; errors as `listenUdp`. */
  listenTcp(address: { host: string; port: number }): Promise<Listener> {
    return this.#hub.listenTcp(address);
  }

  /**
   * Opens a port for SIP over TLS; `cert` and `key` are PEM texts. Errors as `listenUdp`, `sip.listen_failed` also for a
   * certificate that cannot be used.
   */
  listenTls(at: { host: string; port: number; cert: string; key: string }): Promise<TlsListener> {
    const { host, port, cert, key } = at;
    return this.#hub.listenTls({ host, port }, { cert, key });
  }

  /** Addresses that are not heard now. */
  bans(): readonly Ban[] {
    return this.#guard.bans();
  }

  /** Does not listen to an address for `forMs`. */
  ban(address: string, forMs: number): void {
    this.#guard.ban(address, forMs);
  }

  /** Listens to an address again; false when it was not banned. */
  unban(address: string): boolean {
    return this.#guard.unban(address);
  }

  /**
   * Takes a datagram port that somebody else bound, such as a simulated network; the function given back is to be
   * called with each datagram.
   */
  attachDatagramPort(port: DatagramPort): (bytes: Uint8Array, host: string, fromPort: number) => void {
    this.#hub.addDatagramPort(port);
    return (bytes, host, fromPort) => this.#hub.datagram(port, bytes, host, fromPort);
  }

  /** Takes an upgraded WebSocket (RFC 7118) whose owner is known: it registers and calls as that owner, unasked. */
  attachWebSocket(socket: WebSocket, peer: WebSocketPeer): Flow {
    return this.#hub.attachWebSocket(socket, peer);
  }

  /** Calls somebody. Throws SipError `sip.closed`, or SipParseError for a bad URI; all else comes by signal. */
  invite(target: InviteTarget, options: InviteOptions): OutgoingCall {
    if (this.#closed) throw new SipError("sip.closed", "the user agent is closed");
    const from = {
      ...options.from,
      host: options.from.host ?? this.#options.advertisedAddress ?? this.realm,
    };
    const targets = this.#targetsOf(target, options.outboundProxy);
    const call = new OutgoingCall(this.#context, targets, { ...options, from }, (done) =>
      this.#outgoing.delete(done.callId),
    );
    this.#outgoing.set(call.callId, call);
    return call;
  }

  /** Keeps us registered with a carrier until stopped. */
  registerTrunk(options: TrunkRegistrationOptions): TrunkRegistration {
    if (this.#closed) throw new SipError("sip.closed", "the user agent is closed");
    const registration = new TrunkRegistration(this.#context, options, (done) =>
      this.#registrations.delete(done),
    );
    this.#registrations.add(registration);
    return registration;
  }

  /** Asks a peer by OPTIONS whether it lives. */
  ping(uri: string): Promise<PingOutcome> {
    return ping(this.#context, uri, this.realm);
  }

  findDialog(callId: string, localTag: string, remoteTag: string): Dialog | undefined {
    return this.#dialogs.get(dialogId(callId, localTag, remoteTag));
  }

  /** From now on new calls get 503 with Retry-After, but those that `isLetIn`; dialogs and registrations go on. */
  drain(retryAfterSeconds = 30, isLetIn: (requestUri: SipUri) => boolean = () => false): void {
    this.#retryAfterSeconds = retryAfterSeconds;
    this.#isLetIn = isLetIn;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.drain();
    for (const call of [...this.#incoming]) if (call.state !== "answered") call.reject(503);
    for (const call of [...this.#outgoing.values()]) {
      call.cancel();
      call.dispose();
    }
    for (const dialog of [...this.#dialogs.values()]) {
      dialog.bye();
      dialog.sayFarewell();
    }
    for (const registration of [...this.#registrations]) registration.dispose();
    this.#closed = true;
    this.registrar.close();
    await this.#hub.close();
    this.#transactions.close();
    this.#guard.close();
    this.#overload.close();
  }

  #receive(flow: Flow, bytes: Uint8Array): void {
    this.#received++;
    if (isKeepAlive(bytes)) return this.#keepAlive(flow, bytes);
    try {
      this.#dispatch(flow, bytes);
    } catch (error) {
      // A fault of ours or of a subscriber costs this message, not all calls.
      this.#options.log.warn({ err: error, source: hostPort(flow) }, "a message could not be handled");
    }
  }

  #dispatch(flow: Flow, bytes: Uint8Array): void {
    const result = tryParse(bytes);
    if (result.kind === "malformed") return this.#refuseMalformed(flow, result.error, result.request);
    const { message } = result;
    if (message.kind === "response") return this.#transactions.receiveResponse(message, flow);
    this.#transactions.receiveRequest(message, flow);
  }

  #framingBroken(flow: Flow, head: Uint8Array, status: number): void {
    this.#received++;
    if (head.length === 0) return;
    const result = tryParse(head);
    if (result.kind === "malformed") {
      if (result.request) this.#refuseMalformed(flow, result.error, result.request, status);
    } else if (result.message.kind === "request") {
      const error = new SipParseError("Content-Length", "missing on a stream");
      this.#refuseMalformed(flow, error, result.message, status);
    }
  }

  #refuseMalformed(flow: Flow, error: SipParseError, request: SipRequest | undefined, status?: number): void {
    this.#malformed++;
    this.#options.log.debug({ source: hostPort(flow), field: error.field }, "malformed message");
    if (!request || request.method === "ACK") return;
    const code = status ?? error.sipStatus;
    const reason = code === 400 ? `Bad ${error.field}` : undefined;
    const response = respond(request, code, { toTag: this.#context.newTag(), ...(reason ? { reason } : {}) });
    this.#transactions.respondStateless(request, flow, response);
  }

  #keepAlive(flow: Flow, bytes: Uint8Array): void {
    if (flow.protocol !== "udp" && bytes.length === 4) flow.send(PONG);
  }

  #onRequest(transaction: ServerTransaction): void {
    if (this.#closed) return;
    this.#inbound.receive(transaction);
  }

  #onAck(request: SipRequest, flow: Flow): void {
    this.findDialog(request.callId, request.toTag, request.fromTag)?.receiveAck(request, flow);
  }

  #onStray(response: SipResponse, flow: Flow): void {
    this.#options.log.debug({ source: hostPort(flow), status: response.status }, "stray response dropped");
  }

  #onCall(call: IncomingCall): void {
    if (this.#retryAfterSeconds !== undefined && !this.#isLetIn(call.requestUri)) {
      return call.reject(503, undefined, [["Retry-After", String(this.#retryAfterSeconds)]]);
    }
    this.#incoming.add(call);
    if (this.onInvite.size === 0) call.reject(480);
    else this.onInvite.emit(call);
  }

  #targetsOf(target: InviteTarget, proxy: string | undefined): BranchTarget[] {
    switch (target.kind) {
      case "uri": {
        const hop = parseUri(proxy ?? target.uri, proxy ? "Route" : "Request-URI");
        parseUri(target.uri, "Request-URI");
        return [
          {
            uri: target.uri,
            flow: () => this.#context.flowTo(hop),
            route: (first) => this.#context.routeTo(hop, first),
            binding: undefined,
          },
        ];
      }
      case "binding":
        return [this.#bindingTarget(target.binding)];
      case "aor":
        return onePerDevice(this.registrar.bindings(target.user)).map((binding) =>
          this.#bindingTarget(binding),
        );
    }
  }

  /** A phone is called over the connection it registered by, or at its Contact when that is closed and the binding stayed. */
  #bindingTarget(binding: Binding): BranchTarget {
    const { contact, path, flow } = binding;
    const open = (): Flow | Promise<Flow> => (flow.isOpen ? flow : this.#context.flowTo(contact));
    return { uri: contact.text, flow: open, path, binding };
  }

  #makeContext(): SipContext {
    const { clock, random, log, userAgentName } = this.#options;
    return {
      clock,
      random,
      log,
      userAgentName,
      sessionTimer: { ...DEFAULT_SESSION_TIMER, ...this.#options.sessionTimer },
      newTag: () => this.#transactions.newTag(),
      newCallId: () => randomHex(random, 16),
      newVia: (flow) => this.#hub.viaFor(flow, this.#transactions.newBranch()),
      contactFor: (flow, user, secure) => this.#hub.contactFor(flow, user, secure),
      flowTo: (uri) => this.#hub.flowToUri(uri),
      routeTo: (uri, first) => this.#hub.routeTo(uri, first),
      tryTimeoutMs: this.#limits.tryTimeoutMs,
      flowOf: (identity) => this.#newestFlow(identity),
      send: (request, flow, user) => this.#bigRequests.send(request, flow, user),
      sendCancel: (cancel, flow, user) => this.#transactions.sendCancel(cancel, flow, user),
      addDialog: (dialog) => this.#dialogs.set(dialog.id, dialog),
      removeDialog: (dialog) => {
        if (this.#dialogs.delete(dialog.id)) this.#ended.add(dialog.id);
      },
      findDialog: (callId, localTag, remoteTag) => this.findDialog(callId, localTag, remoteTag),
    };
  }

  #newestFlow(identity: Identity): Flow | undefined {
    let newest: Binding | undefined;
    for (const binding of this.registrar.all()) {
      const same = binding.identity.kind === identity.kind && binding.identity.id === identity.id;
      if (same && binding.flow.isOpen) newest = binding;
    }
    return newest?.flow;
  }
}

const PONG = Buffer.from("\r\n");

/** A device that keeps several flows is rung over the newest, never twice (RFC 5626 section 7). */
function onePerDevice(bindings: readonly Binding[]): Binding[] {
  const newest = new Map<string, Binding>();
  for (const binding of bindings) {
    const { instanceId, regId } = binding;
    const device =
      instanceId === undefined || regId === undefined ? binding.contact.text : `instance ${instanceId}`;
    newest.set(device, binding);
  }
  return [...newest.values()];
}

/** Blank lines, NULs and the "jaK" of some phones, sent to keep a router's mapping alive. */
function isKeepAlive(bytes: Uint8Array): boolean {
  return bytes.length <= 4 && (bytes.length === 0 || bytes[0] === 13 || bytes[0] === 0);
}
