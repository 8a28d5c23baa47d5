import { type Clock, type Random, randomHex, Signal } from "@svara/kernel";
import type { WebSocket } from "ws";
import type { Authority, Identity } from "./authority.ts";
import type { IncomingCall } from "./call/incoming-call.ts";
import {
  type BranchTarget,
  type InviteOptions,
  type InviteTarget,
  OutgoingCall,
} from "./call/outgoing-call.ts";
import { type Dialog, dialogId } from "./dialog/dialog.ts";
import type { SipContext } from "./dialog/sip-context.ts";
import { Authenticator, DEFAULT_ALGORITHMS } from "./digest/authenticator.ts";
import type { DigestAlgorithm } from "./digest/digest.ts";
import { SipError, type SipParseError } from "./errors.ts";
import { Inbound } from "./inbound.ts";
import { DEFAULT_LIMITS, type SipLimits } from "./limits.ts";
import type { SipLog } from "./log.ts";
import type { SipRequest, SipResponse } from "./message/message.ts";
import { tryParse } from "./message/parse-message.ts";
import { respond } from "./message/respond.ts";
import { parseUri } from "./message/uri.ts";
import { type PingOutcome, ping } from "./registration/ping.ts";
import { type Binding, Registrar } from "./registration/registrar.ts";
import { TrunkRegistration, type TrunkRegistrationOptions } from "./registration/trunk-registration.ts";
import type { ServerTransaction } from "./transaction/server-transaction.ts";
import { hostPort, TransactionLayer } from "./transaction/transaction-layer.ts";
import type { DatagramPort } from "./transport/datagram-flow.ts";
import type { Flow, Listener } from "./transport/flow.ts";
import { type Resolver, SYSTEM_RESOLVER } from "./transport/resolver.ts";
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
  readonly resolver?: Resolver;
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
}

/**
 * The door of the stack: listens, registers phones, takes calls and makes them. Closing it says BYE and CANCEL to what
 * is left and then closes every socket and timer it opened.
 */
export class UserAgent {
  readonly registrar: Registrar;
  /** A call came in from somebody known. Nobody subscribed: 480. */
  readonly onInvite = new Signal<IncomingCall>();
  readonly realm: string;
  readonly #options: UserAgentOptions;
  readonly #limits: SipLimits;
  readonly #hub: TransportHub;
  readonly #transactions: TransactionLayer;
  readonly #inbound: Inbound;
  readonly #context: SipContext;
  readonly #dialogs = new Map<string, Dialog>();
  readonly #incoming = new Set<IncomingCall>();
  readonly #outgoing = new Set<OutgoingCall>();
  readonly #registrations = new Set<TrunkRegistration>();
  #retryAfterSeconds: number | undefined;
  #received = 0;
  #malformed = 0;
  #closed = false;

  constructor(options: UserAgentOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.realm = options.realm;
    const { clock, random, log, authority } = options;
    this.registrar = new Registrar({ clock, limits: this.#limits });
    this.#hub = new TransportHub({
      clock,
      limits: this.#limits,
      resolver: options.resolver ?? SYSTEM_RESOLVER,
      advertisedAddress: options.advertisedAddress,
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
      user: {
        onRequest: (transaction) => this.#onRequest(transaction),
        onAck: (request, flow) => this.#onAck(request, flow),
        onCancel: (invite, cancel) => this.#inbound.cancel(invite, cancel),
        onStrayResponse: (response, flow) => this.#onStray(response, flow),
      },
    });
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
      respondOnce: (transaction, response) => this.#transactions.respondOnce(transaction, response),
      onCall: (call) => this.#onCall(call),
      onCallDone: (call) => this.#incoming.delete(call),
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
      this.#outgoing.delete(done),
    );
    this.#outgoing.add(call);
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

  /** From now on new calls get 503 with Retry-After; dialogs and registrations go on. */
  drain(retryAfterSeconds = 30): void {
    this.#retryAfterSeconds = retryAfterSeconds;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.drain();
    for (const call of [...this.#incoming]) if (call.state !== "answered") call.reject(503);
    for (const call of [...this.#outgoing]) {
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
    if (result.kind !== "malformed" || !result.request) return;
    this.#refuseMalformed(flow, result.error, result.request, status);
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
    if (this.#retryAfterSeconds !== undefined) {
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
        return [{ uri: target.uri, flow: () => this.#context.flowTo(hop), binding: undefined }];
      }
      case "binding":
        return [bindingTarget(target.binding)];
      case "aor":
        return this.registrar.bindings(target.user).map(bindingTarget);
    }
  }

  #makeContext(): SipContext {
    const { clock, random, log, userAgentName } = this.#options;
    return {
      clock,
      random,
      log,
      userAgentName,
      newTag: () => this.#transactions.newTag(),
      newCallId: () => randomHex(random, 16),
      newVia: (flow) => this.#hub.viaFor(flow, this.#transactions.newBranch()),
      contactFor: (flow, user) => this.#hub.contactFor(flow, user),
      flowTo: (uri) => {
        const to = this.#hub.locate(uri);
        return to instanceof Promise ? to.then((found) => this.#hub.flowTo(found)) : this.#hub.flowTo(to);
      },
      flowOf: (identity) => this.#newestFlow(identity),
      send: (request, flow, user) => this.#transactions.send(request, flow, user),
      sendCancel: (cancel, flow, user) => this.#transactions.sendCancel(cancel, flow, user),
      addDialog: (dialog) => this.#dialogs.set(dialog.id, dialog),
      removeDialog: (dialog) => this.#dialogs.delete(dialog.id),
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

function bindingTarget(binding: Binding): BranchTarget {
  return { uri: binding.contact.text, flow: () => binding.flow, binding };
}

/** Blank lines, NULs and the "jaK" of some phones, sent to keep a router's mapping alive. */
function isKeepAlive(bytes: Uint8Array): boolean {
  return bytes.length <= 4 && (bytes.length === 0 || bytes[0] === 13 || bytes[0] === 0);
}
