import { type Disposable, Signal } from "@svara/kernel";
import type { Identity } from "../authority.ts";
import { type CallEnd, formatReason, readReason } from "../call/call-end.ts";
import { SipError } from "../errors.ts";
import type { SipRequest } from "../message/message.ts";
import type { NameAddr } from "../message/name-addr.ts";
import { type HeaderLines, respond } from "../message/respond.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import type { Flow } from "../transport/flow.ts";
import { DialogPath, type PathSetup } from "./dialog-path.ts";
import { type IncomingRefer, type OutgoingRefer, referToReplacing } from "./refer.ts";
import { type ReferOptions, Referring } from "./referring.ts";
import type { ReinviteOutcome } from "./reinvite.ts";
import type { Reoffer } from "./reoffer.ts";
import { type ExchangeHost, type PendingOffer, SessionExchange } from "./session-exchange.ts";
import type { SessionAgreement, SessionTimerOptions } from "./session-interval.ts";
import { ALLOW, KNOWN_EXTENSIONS, type SipContext, SUPPORTED } from "./sip-context.ts";

/** The INFO of a peer; its 200 is sent. */
export interface InfoMessage {
  readonly contentType: string;
  readonly body: string;
}

/** Why we hang up, told in the Reason header. */
export interface ByeReason {
  readonly q850?: number;
  readonly status?: number;
  readonly text?: string;
}

/** What the call that made a dialog does for it while it is not yet confirmed. */
export interface DialogParent {
  /** PRACK of a reliable provisional response: not awaited, taken, or with a new offer to decide on (RFC 3262). */
  onPrack(request: SipRequest): "unknown" | "taken" | "offer";
  /** The PRACK is answered. */
  prackDone(): void;
  /** Whose offer waits for its answer while the dialog is early or unconfirmed. */
  readonly pendingOffer: PendingOffer;
  /** The ACK of the first 200. */
  onAck(request: SipRequest): void;
  /** The caller said BYE before its INVITE was answered, or before our 200 was acknowledged. */
  onEarlyBye(end: CallEnd): void;
  /** We hung up before the ACK: the INVITE is refused, or its 200 repeated until the ACK comes. */
  onLocalBye(end: CallEnd): "refused" | "waits";
  /** The 200 need not be repeated any more. */
  stopRepeating(): void;
}

/**
 * A dialog made by INVITE (RFC 3261 sections 12 to 15), from either side.
 *
 *   early (incoming, before our 200) -> unconfirmed (200 sent, no ACK yet) -> confirmed -> ended
 *
 * Whatever its state, it is found by its three identifiers; in `ended` every request gets 481.
 */
export class Dialog implements ExchangeHost {
  /** The key it is found by. */
  readonly id: string;
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  readonly local: NameAddr;
  readonly remote: NameAddr;
  /** Who is at the other end, as far as proven or chosen by us. */
  readonly peer: Identity | undefined;
  /** Session descriptions in force. */
  localSdp: string | undefined;
  remoteSdp: string | undefined;
  /** The peer wants to change the session. Nobody subscribed: 488. */
  readonly reoffer = new Signal<Reoffer>();
  /** The peer answered a refresh of the session timer with another session description than before. */
  readonly answerChanged = new Signal<string>();
  readonly info = new Signal<InfoMessage>();
  /** The peer wants us to call somebody. Nobody subscribed: 603. */
  readonly referred = new Signal<IncomingRefer>();
  /** The connection over which the peer was reached closed; the dialog lives and looks for the peer's next one. */
  readonly flowLost = new Signal<void>();
  readonly ended = new Signal<CallEnd>();
  readonly path: DialogPath;
  readonly #context: SipContext;
  /** Whether we made the Call-ID. */
  readonly ownsCallId: boolean;
  readonly #session: SessionExchange;
  readonly #referring: Referring;
  #state: "early" | "unconfirmed" | "confirmed" | "ended" = "early";
  #parent: DialogParent | undefined;
  /** The reason of a BYE that waits for the ACK of our 200; the dialog is `ended` and still listens for it. */
  #farewell: ByeReason | undefined;
  #flowWatch: Disposable | undefined;
  #watched: Flow | undefined;

  constructor(
    context: SipContext,
    setup: PathSetup,
    options: { readonly ownsCallId: boolean; readonly parent?: DialogParent },
  ) {
    this.id = dialogId(setup.callId, setup.localTag, setup.remoteTag);
    this.callId = setup.callId;
    this.localTag = setup.localTag;
    this.remoteTag = setup.remoteTag;
    this.local = setup.local;
    this.remote = setup.remote;
    this.peer = setup.peer;
    this.path = new DialogPath(context, setup);
    this.#context = context;
    this.ownsCallId = options.ownsCallId;
    this.#parent = options.parent;
    this.#session = new SessionExchange(this, context.sessionTimer);
    this.#referring = new Referring(this);
    context.addDialog(this);
    this.#watchFlow(setup.flow);
  }

  get state(): "early" | "unconfirmed" | "confirmed" | "ended" {
    return this.#state;
  }

  /** Where the peer is reached now. */
  get flow(): Flow {
    return this.path.flow;
  }

  /** The peer's Contact URI. */
  get remoteTarget(): string {
    return this.path.target;
  }

  /** Whose offer has no answer yet; only before the dialog is confirmed. */
  get pendingOffer(): PendingOffer {
    if (this.#state === "confirmed" || this.#state === "ended") return undefined;
    if (this.#parent) return this.#parent.pendingOffer;
    return this.remoteSdp === undefined ? "ours" : undefined;
  }

  /** The session timer in force (RFC 4028). */
  get sessionTimer(): SessionAgreement | undefined {
    return this.#session.agreement;
  }

  /**
   * Offers `sdp` by re-INVITE. A collision (491) is tried again inside. Throws SipError `sip.wrong_state` when another
   * offer, ours or the peer's, is under way.
   */
  reinvite(sdp: string): Promise<ReinviteOutcome> {
    if (this.#state === "ended") return Promise.resolve({ kind: "gone" });
    return this.#session.offer("INVITE", sdp);
  }

  /**
   * Offers `sdp` by UPDATE (RFC 3311), as an early dialog needs it. Throws SipError `sip.wrong_state` when an offer is
   * under way or the first is not yet answered.
   */
  update(sdp: string): Promise<ReinviteOutcome> {
    if (this.#state === "ended") return Promise.resolve({ kind: "gone" });
    if (this.pendingOffer) throw new SipError("sip.wrong_state", "the first offer is not answered yet");
    return this.#session.offer("UPDATE", sdp);
  }

  /**
   * Hangs up: `ended` follows at once, whatever the peer answers. A callee's BYE waits for the ACK of its 200
   * (RFC 3261 section 15). Harmless when ended.
   */
  bye(reason: ByeReason = {}): void {
    if (this.#state === "ended") return;
    const end: CallEnd = { by: "local", ...(reason.q850 === undefined ? {} : { q850: reason.q850 }) };
    if (!this.#parent) this.#sendBye(reason);
    else if (this.#parent.onLocalBye(end) === "waits") this.#farewell = reason;
    this.end(end);
  }

  #sendBye(reason: ByeReason): void {
    const headers: [string, string][] = [];
    if (reason.status !== undefined) headers.push(["Reason", formatReason(reason.status, reason.text ?? "")]);
    if (reason.q850 !== undefined)
      headers.push(["Reason", formatReason(reason.q850, reason.text ?? "", "Q.850")]);
    void this.path.exchange("BYE", { headers });
  }

  /** Sends INFO (RFC 6086); gives its final status, 408 or 503 when there is none. */
  async infoRequest(contentType: string, body: string): Promise<number> {
    if (this.#state === "ended") return 481;
    const result = await this.path.exchange("INFO", { contentType, body });
    return statusOf(result);
  }

  /** Asks the peer to call `target`, or to call the peer of `replaces` and take its place there. */
  refer(target: string, options: ReferOptions & { readonly replaces?: Dialog } = {}): OutgoingRefer {
    const { replaces } = options;
    const referTo = replaces ? referToReplacing(target, replaces.toReplaces()) : `<${target}>`;
    return this.#referring.refer(referTo, options);
  }

  /** The Replaces value that names this dialog to our peer's own user agent (RFC 3891). */
  toReplaces(): string {
    return `${this.callId};to-tag=${this.remoteTag};from-tag=${this.localTag}`;
  }

  // From here on: for the calls and the user agent of this package.

  /** Says the BYE that waited for an ACK, which came or never will. */
  sayFarewell(): void {
    const reason = this.#farewell;
    if (reason === undefined) return;
    this.#farewell = undefined;
    this.#parent?.stopRepeating();
    this.#context.removeDialog(this);
    this.#sendBye(reason);
  }

  /** The ACK of our 200 never came. */
  ackLost(end: CallEnd): void {
    if (this.#farewell) return this.sayFarewell();
    this.#sendBye({ status: 408, text: "no ACK" });
    this.end(end);
  }

  /** The one door for the state before the end. */
  enter(next: "unconfirmed" | "confirmed"): void {
    if (this.#state === "ended" || this.#state === "confirmed") return;
    this.#state = next;
    if (next === "confirmed") this.#parent = undefined;
  }

  /** The session began with this agreement on its timer. */
  startTimer(agreement: SessionAgreement | undefined, options: SessionTimerOptions): void {
    if (this.#state !== "ended") this.#session.startTimer(agreement, options);
  }

  prackDone(): void {
    this.#parent?.prackDone();
  }

  /** The peer does not answer any more, or not to this dialog. */
  lost(end: CallEnd, sayBye: boolean): void {
    if (this.#state === "ended") return;
    this.#parent?.onEarlyBye(end);
    if (sayBye) this.#sendBye({ status: 408, ...(end.reason === undefined ? {} : { text: end.reason }) });
    this.end(end);
  }

  /** Ends without a word to the peer; twice is harmless. */
  end(end: CallEnd): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#flowWatch?.dispose();
    if (!this.#farewell) this.#context.removeDialog(this);
    this.#session.abandon();
    this.#referring.abandon();
    this.ended.emit(end);
  }

  receiveAck(ack: SipRequest, flow: Flow): void {
    this.path.learn(ack, flow, false);
    if (this.#farewell) this.sayFarewell();
    else if (this.#state === "unconfirmed") this.#parent?.onAck(ack);
    else this.#session.acknowledged(ack);
  }

  /** A CANCEL of the peer's re-INVITE. */
  cancelReoffer(invite: ServerTransaction): void {
    this.#session.cancelled(invite);
  }

  receive(transaction: ServerTransaction): void {
    const { request, flow } = transaction;
    if (this.#state === "ended") {
      if (request.method === "BYE") this.#forget();
      return this.#answer(transaction, request.method === "BYE" ? 200 : 481);
    }
    if (request.cseq.seq < this.path.remoteSeq) {
      return this.#answer(transaction, 500, { reason: "CSeq Out Of Order" });
    }
    const unknown = request.list("Require").filter((tag) => !KNOWN_EXTENSIONS.has(tag.toLowerCase()));
    if (unknown.length > 0) {
      return this.#answer(transaction, 420, { headers: [["Unsupported", unknown.join(", ")]] });
    }
    const refresh = request.method === "INVITE" || request.method === "UPDATE";
    this.path.learn(request, flow, refresh);
    this.#watchFlow(flow);
    switch (request.method) {
      case "BYE":
        return this.#receiveBye(transaction);
      case "INVITE":
        return this.#session.receiveReinvite(transaction);
      case "UPDATE":
        return this.#session.receiveUpdate(transaction);
      case "INFO":
        return this.#receiveInfo(transaction);
      case "OPTIONS":
        return this.#answer(transaction, 200, { headers: capabilities() });
      case "PRACK":
        return this.#receivePrack(transaction);
      case "REFER":
        return this.#referring.receiveRefer(transaction);
      case "NOTIFY":
        return this.#referring.receiveNotify(transaction);
      default:
        return this.#answer(transaction, KNOWN_METHODS.has(request.method) ? 405 : 501, {
          headers: [["Allow", ALLOW]],
        });
    }
  }

  #forget(): void {
    this.#farewell = undefined;
    this.#parent?.stopRepeating();
    this.#context.removeDialog(this);
  }

  #receiveBye(transaction: ServerTransaction): void {
    this.#answer(transaction, 200);
    const end: CallEnd = { by: "remote", ...readReason(transaction.request) };
    if (this.#state === "early" || this.#state === "unconfirmed") this.#parent?.onEarlyBye(end);
    this.end(end);
  }

  #receivePrack(transaction: ServerTransaction): void {
    switch (this.#parent?.onPrack(transaction.request) ?? "unknown") {
      case "unknown":
        return this.#answer(transaction, 481);
      case "taken":
        this.#answer(transaction, 200);
        return this.prackDone();
      case "offer":
        return this.#session.receivePrackOffer(transaction);
    }
  }

  #receiveInfo(transaction: ServerTransaction): void {
    const { request } = transaction;
    this.#answer(transaction, 200);
    this.info.emit({ contentType: request.contentType ?? "", body: request.body.toString("utf8") });
  }

  #answer(
    transaction: ServerTransaction,
    status: number,
    options: { reason?: string; headers?: HeaderLines } = {},
  ): void {
    transaction.respond(respond(transaction.request, status, { toTag: this.localTag, ...options }));
  }

  #watchFlow(flow: Flow): void {
    if (flow === this.#watched || !flow.reliable) return;
    this.#flowWatch?.dispose();
    this.#watched = flow;
    this.#flowWatch = flow.onClosed(() => {
      if (this.#state !== "ended" && this.path.flow === flow) this.flowLost.emit();
    });
  }
}

/** Methods of SIP that no dialog made by INVITE takes here (405); others are unknown (501). */
const KNOWN_METHODS: ReadonlySet<string> = new Set(["MESSAGE", "SUBSCRIBE", "PUBLISH", "REGISTER"]);

/** The key of a dialog. */
export function dialogId(callId: string, localTag: string, remoteTag: string): string {
  return `${callId} ${localTag} ${remoteTag}`;
}

/** What we can do, as the answer to OPTIONS tells it (RFC 3261 section 11.2). */
export function capabilities(): HeaderLines {
  return [
    ["Allow", ALLOW],
    ["Accept", "application/sdp"],
    ["Accept-Encoding", "identity"],
    ["Accept-Language", "en"],
    ["Supported", SUPPORTED],
  ];
}

function statusOf(result: { status: number } | "timeout" | "transport"): number {
  if (result === "timeout") return 408;
  return result === "transport" ? 503 : result.status;
}
