import { type Clock, type Random, randomHex } from "@svara/kernel";
import type { SipLog } from "../log.ts";
import type { SipRequest, SipResponse } from "../message/message.ts";
import { respond } from "../message/respond.ts";
import { bracketed, unbracketed } from "../message/uri.ts";
import { BRANCH_COOKIE, type Via } from "../message/via.ts";
import type { Flow } from "../transport/flow.ts";
import type { TransportHub } from "../transport/transport-hub.ts";
import {
  type ClientTransaction,
  type ClientUser,
  InviteClientTransaction,
  RequestClientTransaction,
} from "./client-transaction.ts";
import {
  InviteServerTransaction,
  RequestServerTransaction,
  type ServerTransaction,
} from "./server-transaction.ts";

/** Takes what belongs to no transaction yet. */
export interface TransactionUser {
  onRequest(transaction: ServerTransaction): void;
  /** An ACK of a 2xx. */
  onAck(request: SipRequest, flow: Flow): void;
  /** A CANCEL that matches an INVITE still in work; its 200 is sent. */
  onCancel(invite: ServerTransaction, cancel: SipRequest): void;
  /** A response no transaction waits for; 2xx to INVITE may be a late fork. */
  onStrayResponse(response: SipResponse, flow: Flow): void;
}

/** Matches messages to transactions and runs them (RFC 3261 sections 17.1.3, 17.2.3 and 9.2). */
export class TransactionLayer {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #hub: TransportHub;
  readonly #user: TransactionUser;
  readonly #log: SipLog;
  readonly #maxTransactions: number;
  readonly #refuses: () => number | undefined;
  readonly #clients = new Map<string, ClientTransaction>();
  readonly #servers = new Map<string, ServerTransaction>();
  /** First request of each (Call-ID, From tag, CSeq) without To tag, to see merged requests (section 8.2.2.2). */
  readonly #initial = new Map<string, ServerTransaction>();
  readonly #clientEnded = (transaction: ClientTransaction): void => {
    this.#clients.delete(transaction.key);
  };
  readonly #serverEnded = (transaction: ServerTransaction): void => this.#forget(transaction);

  constructor(options: {
    clock: Clock;
    random: Random;
    hub: TransportHub;
    user: TransactionUser;
    log: SipLog;
    maxTransactions: number;
    /** Seconds after which a new call is to be tried again; undefined while it is welcome. */
    refuses: () => number | undefined;
  }) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#hub = options.hub;
    this.#user = options.user;
    this.#log = options.log;
    this.#maxTransactions = options.maxTransactions;
    this.#refuses = options.refuses;
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  get serverCount(): number {
    return this.#servers.size;
  }

  /** Sends `request` over `flow` with a Via of ours on top. An ACK must not come here. */
  send(request: SipRequest, flow: Flow, user: ClientUser): ClientTransaction {
    const branch = this.newBranch();
    request.headers.prepend("Via", this.#hub.viaFor(flow, branch));
    return this.#start(request, flow, `${branch} ${request.method}`, user);
  }

  /** Sends a CANCEL, which carries the Via of its INVITE. */
  sendCancel(cancel: SipRequest, flow: Flow, user: ClientUser): void {
    const branch = cancel.via.params.get("branch") ?? "";
    if (!this.#clients.has(`${branch} CANCEL`)) this.#start(cancel, flow, `${branch} CANCEL`, user);
  }

  newBranch(): string {
    return BRANCH_COOKIE + randomHex(this.#random, 12);
  }

  receiveResponse(response: SipResponse, flow: Flow): void {
    const branch = response.via.params.get("branch") ?? "";
    const transaction = this.#clients.get(`${branch} ${response.cseq.method}`);
    if (transaction) transaction.receive(response);
    else this.#user.onStrayResponse(response, flow);
  }

  receiveRequest(request: SipRequest, flow: Flow): void {
    markSource(request, flow);
    const key = serverKey(request, flow, request.method === "ACK" ? "INVITE" : request.method);
    const known = this.#servers.get(key);
    if (known) {
      known.receive(request);
      if (request.method !== "ACK" || known.state !== "accepted") return;
    }
    if (request.method === "ACK") return this.#user.onAck(request, flow);
    const isNewCall = request.method === "INVITE" && request.toTag === "";
    const waitSeconds = isNewCall ? this.#refuses() : undefined;
    if (waitSeconds !== undefined) return this.#overloaded(request, flow, waitSeconds);
    if (this.#servers.size >= this.#maxTransactions) return this.#overloaded(request, flow, 10);
    const transaction = this.#newServer(request, flow, key);
    if (request.method === "CANCEL") return this.#cancel(transaction);
    if (request.toTag === "" && this.#isMerged(transaction)) {
      transaction.respond(respond(request, 482, { toTag: this.newTag(), reason: "Merged Request" }));
      return;
    }
    this.#user.onRequest(transaction);
  }

  newTag(): string {
    return randomHex(this.#random, 8);
  }

  /**
   * Answers once and forgets the request: a challenge must not cost memory, nor be repeated at a source that may be
   * forged (RFC 3261 section 8.2.7). A copy of the request is answered anew.
   */
  respondOnce(transaction: ServerTransaction, response: SipResponse): void {
    transaction.dispose();
    this.#forget(transaction);
    this.respondStateless(transaction.request, transaction.flow, response);
  }

  /** Answers without a transaction, as to what does not parse. */
  respondStateless(request: SipRequest, flow: Flow, response: SipResponse): void {
    try {
      markSource(request, flow);
      response.headers.set("Via", request.headers.get("Via") ?? "");
      this.#hub.replyFlow(flow, request.via).send(response.toBytes());
    } catch {
      this.#log.debug({ source: flow.remote }, "no way to answer a malformed request");
    }
  }

  /** The connection is lost: requests under way on it will not be answered. */
  flowClosed(flow: Flow): void {
    for (const transaction of [...this.#clients.values()]) {
      if (transaction.flow === flow) transaction.transportFailed();
    }
  }

  close(): void {
    for (const transaction of [...this.#clients.values()]) {
      transaction.transportFailed(); // whoever waits for an answer learns that none will come
      transaction.dispose();
    }
    for (const transaction of this.#servers.values()) transaction.dispose();
    this.#clients.clear();
    this.#servers.clear();
    this.#initial.clear();
  }

  #start(request: SipRequest, flow: Flow, key: string, user: ClientUser): ClientTransaction {
    const setup = { clock: this.#clock, key, request, flow, user, onEnd: this.#clientEnded };
    const transaction =
      request.method === "INVITE" ? new InviteClientTransaction(setup) : new RequestClientTransaction(setup);
    this.#clients.set(key, transaction);
    transaction.start();
    return transaction;
  }

  #newServer(request: SipRequest, flow: Flow, key: string): ServerTransaction {
    const reply = (): Flow => this.#hub.replyFlow(flow, request.via);
    const setup = { clock: this.#clock, key, request, flow, reply, onEnd: this.#serverEnded };
    const transaction =
      request.method === "INVITE" ? new InviteServerTransaction(setup) : new RequestServerTransaction(setup);
    this.#servers.set(key, transaction);
    return transaction;
  }

  #isMerged(transaction: ServerTransaction): boolean {
    const key = mergeKey(transaction.request);
    if (this.#initial.has(key)) return true;
    this.#initial.set(key, transaction);
    return false;
  }

  #forget(transaction: ServerTransaction): void {
    this.#servers.delete(transaction.key);
    if (transaction.request.toTag !== "") return;
    const key = mergeKey(transaction.request);
    if (this.#initial.get(key) === transaction) this.#initial.delete(key);
  }

  #cancel(transaction: ServerTransaction): void {
    const { request } = transaction;
    const invite = this.#servers.get(serverKey(request, transaction.flow, "INVITE"));
    if (invite === undefined || invite.state === "terminated" || invite.state === "accepted") {
      transaction.respond(respond(request, 481, { toTag: this.newTag() }));
      return;
    }
    transaction.respond(respond(request, 200, { toTag: this.newTag() }));
    if (invite.state === "proceeding") this.#user.onCancel(invite, request);
  }

  #overloaded(request: SipRequest, flow: Flow, waitSeconds: number): void {
    const headers = [["Retry-After", String(waitSeconds)]] as const;
    this.respondStateless(request, flow, respond(request, 503, { toTag: this.newTag(), headers }));
  }
}

/** Writes `received` and `rport` into the top Via as the source demands (RFC 3261 section 18.2.1, RFC 3581). */
function markSource(request: SipRequest, flow: Flow): void {
  const { via } = request;
  const { host, port } = flow.remote;
  const wantsPort = via.params.has("rport");
  const same = unbracketed(via.host) === host;
  if (same && !wantsPort) return;
  const params = new Map(via.params);
  params.set("received", host);
  if (wantsPort) params.set("rport", String(port));
  const marked: Via = { ...via, params };
  request.setTopVia(marked);
}

/** RFC 3261 section 17.2.3; without the cookie, the fields that RFC 2543 compares. */
function serverKey(request: SipRequest, flow: Flow, method: string): string {
  const { via } = request;
  const branch = via.params.get("branch") ?? "";
  const sentBy = `${flow.protocol} ${via.host}:${via.port ?? ""}`;
  if (branch.length > BRANCH_COOKIE.length && branch.toLowerCase().startsWith("z9hg4bk")) {
    return `${branch} ${sentBy} ${method}`;
  }
  return `${branch} ${sentBy} ${method} ${request.uri} ${request.fromTag} ${request.callId} ${request.cseq.seq}`;
}

function mergeKey(request: SipRequest): string {
  return `${request.callId} ${request.fromTag} ${request.cseq.seq} ${request.method}`;
}

/** `host:port` for logs. */
export function hostPort(flow: Flow): string {
  return `${bracketed(flow.remote.host)}:${flow.remote.port}`;
}
