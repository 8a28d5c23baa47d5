import type { Identity } from "../authority.ts";
import { answerChallenge } from "../digest/answer-challenge.ts";
import type { Credentials } from "../digest/digest.ts";
import { tryNameAddr } from "../message/caller-identity.ts";
import { SipHeaders } from "../message/headers.ts";
import { type SipMessage, SipRequest, type SipResponse } from "../message/message.ts";
import { formatNameAddr, type NameAddr } from "../message/name-addr.ts";
import type { HeaderLines } from "../message/respond.ts";
import { oneLine } from "../message/respond.ts";
import { parseUri, type SipUri } from "../message/uri.ts";
import type { ClientFailure, ClientTransaction, ClientUser } from "../transaction/client-transaction.ts";
import type { Flow } from "../transport/flow.ts";
import { ALLOW, type SipContext, SUPPORTED } from "./sip-context.ts";

/** What a dialog is made of (RFC 3261 section 12): identifiers, sequence numbers, route set and target. */
export interface PathSetup {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  readonly local: NameAddr;
  readonly remote: NameAddr;
  readonly localSeq: number;
  readonly remoteSeq: number;
  /** Route values in the order in which we send them. */
  readonly routes: readonly string[];
  /** The peer's Contact URI. */
  readonly target: string;
  readonly flow: Flow;
  readonly peer: Identity | undefined;
  readonly credentials: Credentials | undefined;
}

/** What a request in a dialog carries beside the dialog's own headers. */
export interface RequestParts {
  readonly headers?: HeaderLines;
  readonly contentType?: string;
  readonly body?: string;
}

/** Builds and sends the requests of one dialog, early or confirmed (RFC 3261 section 12.2.1). */
export class DialogPath {
  readonly context: SipContext;
  readonly setup: PathSetup;
  remoteSeq: number;
  target: string;
  flow: Flow;
  /** Whether the peer's last Allow names UPDATE. */
  peerTakesUpdate = false;
  #localSeq: number;
  /** Route values in the order in which we send them, and the first one read. */
  #routes: readonly string[] = [];
  #firstHop: SipUri | undefined;

  constructor(context: SipContext, setup: PathSetup) {
    this.context = context;
    this.setup = setup;
    this.remoteSeq = setup.remoteSeq;
    this.target = setup.target;
    this.flow = setup.flow;
    this.routes = setup.routes;
    this.#localSeq = setup.localSeq;
  }

  get routes(): readonly string[] {
    return this.#routes;
  }

  /** A value that is no address leads nowhere and is left out. */
  set routes(values: readonly string[]) {
    const addresses = values.map((value) => tryNameAddr(value, "Route"));
    this.#routes = values.filter((_, i) => addresses[i] !== undefined);
    this.#firstHop = addresses.find((address) => address !== undefined)?.uri;
  }

  /** Keeps what a request from the peer tells: its newest flow and, with `refresh`, its new Contact. */
  learn(request: SipRequest, flow: Flow, refresh: boolean): void {
    if (request.cseq.seq > this.remoteSeq) this.remoteSeq = request.cseq.seq;
    this.flow = flow;
    if (refresh) this.retarget(request);
  }

  /** Takes the Contact of a target refresh (section 12.2); one that cannot be read leaves the target as it was. */
  retarget(message: SipMessage): void {
    const [contact] = message.list("Contact");
    const first = contact === undefined || contact === "*" ? undefined : tryNameAddr(contact, "Contact");
    if (first) this.target = first.uri.text;
    this.learnAllow(message);
  }

  /** Keeps what the peer's Allow tells, if it tells anything. */
  learnAllow(message: SipMessage): void {
    const allow = message.headers.get("Allow");
    if (allow === undefined) return;
    this.peerTakesUpdate = message.headers.all("Allow").some((line) => line.includes("UPDATE"));
  }

  /** Sends a request of the dialog and gives its final response, having answered a challenge where it can. */
  exchange(method: string, parts: RequestParts): Promise<SipResponse | ClientFailure> {
    return new Promise((resolve) => {
      new ExchangeUser(this, resolve).start(this.build(method, this.nextSeq(), parts));
    });
  }

  /** The CSeq of our last request. */
  get localSeq(): number {
    return this.#localSeq;
  }

  nextSeq(): number {
    this.#localSeq++;
    return this.#localSeq;
  }

  /** Sends over the dialog's way; a way that cannot be found is a transport failure. */
  sendRequest(
    request: SipRequest,
    user: ClientUser,
    sent: (transaction: ClientTransaction) => void = () => {},
  ): void {
    this.#withFlow(
      (flow) => {
        this.#addContact(request, flow);
        sent(this.context.send(request, flow, user));
      },
      () => user.onFailure("transport"),
    );
  }

  /** Sends the ACK of a 2xx (section 13.2.2.4); made anew for each copy of the 2xx. */
  sendAck(invite: SipRequest, body?: { contentType: string; text: string }): void {
    const ack = this.build("ACK", invite.cseq.seq, {});
    for (const name of ["Authorization", "Proxy-Authorization"]) {
      const value = invite.headers.get(name);
      if (value !== undefined) ack.headers.add(name, value);
    }
    if (body) ack.setBody(body.contentType, body.text);
    this.#withFlow(
      (flow) => {
        ack.headers.prepend("Via", this.context.newVia(flow));
        flow.send(ack.toBytes());
      },
      () => {},
    );
  }

  build(method: string, seq: number, parts: RequestParts): SipRequest {
    const { callId, local, remote } = this.setup;
    const { routes } = this;
    const headers = new SipHeaders();
    const hop = this.#firstHop;
    const strict = hop !== undefined && !hop.params.has("lr");
    const uri = strict ? hop.text : this.target;
    for (const route of strict ? [...routes.slice(1), `<${this.target}>`] : routes)
      headers.add("Route", route);
    headers.add("Max-Forwards", "70");
    headers.add("From", withTag(local, this.setup.localTag));
    headers.add("To", withTag(remote, this.setup.remoteTag));
    headers.add("Call-ID", callId).add("CSeq", `${seq} ${method}`);
    headers.add("User-Agent", this.context.userAgentName);
    for (const [name, value] of parts.headers ?? []) headers.add(name, oneLine(value));
    const request = new SipRequest(method, uri, headers);
    if (parts.body !== undefined) request.setBody(parts.contentType ?? "application/sdp", parts.body);
    return request;
  }

  #addContact(request: SipRequest, flow: Flow): void {
    if (request.method === "BYE" || request.headers.get("Contact") !== undefined) return;
    const contact = this.context.contactFor(flow, this.setup.local.uri.user);
    request.headers.add("Contact", `<${contact.text}>`);
    if (request.method === "INVITE" || request.method === "UPDATE") {
      request.headers.add("Allow", ALLOW).add("Supported", SUPPORTED);
    }
  }

  #withFlow(use: (flow: Flow) => void, fail: () => void): void {
    try {
      const flow = this.#nextFlow();
      if (flow instanceof Promise) flow.then(use).catch(fail);
      else use(flow);
    } catch {
      fail();
    }
  }

  /**
   * Phones and connections are reached the way they came, since a Contact behind a router or in a browser leads
   * nowhere; carriers by their route set or Contact.
   */
  #nextFlow(): Flow | Promise<Flow> {
    const { flow } = this;
    const { peer } = this.setup;
    const endpoint = peer?.kind === "endpoint";
    if (flow.isOpen && (flow.reliable || endpoint)) return flow;
    const again = endpoint && !flow.isOpen ? this.context.flowOf(peer) : undefined;
    if (again) {
      this.flow = again;
      return again;
    }
    const hop = this.#firstHop ?? parseUri(this.target);
    return this.context.flowTo(hop);
  }
}

/** The user of a request whose final response somebody awaits. */
class ExchangeUser implements ClientUser {
  readonly #path: DialogPath;
  readonly #resolve: (result: SipResponse | ClientFailure) => void;
  #last: SipRequest | undefined;
  #retries = 0;

  constructor(path: DialogPath, resolve: (result: SipResponse | ClientFailure) => void) {
    this.#path = path;
    this.#resolve = resolve;
  }

  start(request: SipRequest): void {
    this.#last = request;
    this.#path.sendRequest(request, this);
  }

  onResponse(response: SipResponse): void {
    if (response.status < 200) return;
    const again = response.status === 401 || response.status === 407 ? this.#retry(response) : undefined;
    if (again) this.start(again);
    else this.#resolve(response);
  }

  onFailure(failure: ClientFailure): void {
    this.#resolve(failure);
  }

  #retry(response: SipResponse): SipRequest | undefined {
    const { credentials } = this.#path.setup;
    if (credentials === undefined || this.#retries++ > 1) return undefined;
    const again = this.#last && retryOf(this.#last, this.#path.nextSeq());
    if (!again || !answerChallenge(again, response, credentials, this.#path.context.random)) return undefined;
    return again;
  }
}

/** The same request with a new sequence number, without Via and Contact, which the sending adds. */
export function retryOf(request: SipRequest, seq: number): SipRequest {
  const headers = request.headers.clone();
  headers.remove("Via").set("CSeq", `${seq} ${request.method}`);
  return new SipRequest(request.method, request.uri, headers, request.body);
}

/** Record-Route values as the caller sends them: those of the response, backwards (section 12.1.2). */
export function callerRoutes(response: SipResponse): string[] {
  return response.list("Record-Route").reverse();
}

function withTag(value: NameAddr, tag: string): string {
  const params = new Map(value.params);
  params.delete("tag");
  if (tag !== "") params.set("tag", tag);
  return formatNameAddr({ displayName: value.displayName, uri: value.uri, params });
}
