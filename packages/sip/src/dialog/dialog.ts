import { type Disposable, Signal } from "@svara/kernel";
import type { Identity } from "../authority.ts";
import { type CallEnd, formatReason, readReason } from "../call/call-end.ts";
import { SipError, SipParseError } from "../errors.ts";
import type { SipRequest } from "../message/message.ts";
import type { NameAddr } from "../message/name-addr.ts";
import { type HeaderLines, respond } from "../message/respond.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import type { Flow } from "../transport/flow.ts";
import { DialogPath, type PathSetup } from "./dialog-path.ts";
import { IncomingRefer, OutgoingRefer, readSipfrag, referToReplacing } from "./refer.ts";
import { Reinvite, type ReinviteOutcome } from "./reinvite.ts";
import { Reoffer, type ReofferHost } from "./reoffer.ts";
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
  /** PRACK of a reliable provisional response; true when it was awaited (RFC 3262). */
  onPrack(request: SipRequest): boolean;
  /** The ACK of the first 200. */
  onAck(request: SipRequest): void;
  /** The caller said BYE before its INVITE was answered, or before our 200 was acknowledged. */
  onEarlyBye(end: CallEnd): void;
  /** We hung up before the ACK; the 200 is to be repeated until it comes. */
  onLocalBye(end: CallEnd): void;
  /** The 200 need not be repeated any more. */
  stopRepeating(): void;
}

/** Seconds the caller of a colliding re-INVITE is told to wait (RFC 3261 section 14.2). */
const RETRY_AFTER_MAX_S = 10;

/**
 * A dialog made by INVITE (RFC 3261 sections 12 to 15), from either side.
 *
 *   early (incoming, before our 200) -> unconfirmed (200 sent, no ACK yet) -> confirmed -> ended
 *
 * Whatever its state, it is found by its three identifiers; in `ended` every request gets 481.
 */
export class Dialog implements ReofferHost {
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
  readonly info = new Signal<InfoMessage>();
  /** The peer wants us to call somebody. Nobody subscribed: 603. */
  readonly referred = new Signal<IncomingRefer>();
  /** The connection over which the peer was reached closed; the dialog lives and looks for the peer's next one. */
  readonly flowLost = new Signal<void>();
  readonly ended = new Signal<CallEnd>();
  readonly path: DialogPath;
  readonly #context: SipContext;
  readonly #ownsCallId: boolean;
  #state: "early" | "unconfirmed" | "confirmed" | "ended" = "early";
  #parent: DialogParent | undefined;
  #reinvite: Reinvite | undefined;
  #reoffer: Reoffer | undefined;
  /** REFERs under way; the first gets the NOTIFYs. */
  #refers: OutgoingRefer[] = [];
  /** The reason of a BYE that waits for the ACK of our 200; the dialog is `ended` and still listens for it. */
  #farewell: ByeReason | undefined;
  #flowWatch: Disposable | undefined;
  #watched: Flow | undefined;

  constructor(
    context: SipContext,
    setup: PathSetup,
    options: { readonly ownsCallId: boolean; readonly parent?: DialogParent },
  ) {
    this.callId = setup.callId;
    this.localTag = setup.localTag;
    this.remoteTag = setup.remoteTag;
    this.local = setup.local;
    this.remote = setup.remote;
    this.peer = setup.peer;
    this.path = new DialogPath(context, setup);
    this.#context = context;
    this.#ownsCallId = options.ownsCallId;
    this.#parent = options.parent;
    context.addDialog(this);
    this.#watchFlow(setup.flow);
  }

  get id(): string {
    return dialogId(this.callId, this.localTag, this.remoteTag);
  }

  get state(): "early" | "unconfirmed" | "confirmed" | "ended" {
    return this.#state;
  }

  get clock(): SipContext["clock"] {
    return this.#context.clock;
  }

  get toTag(): string {
    return this.localTag;
  }

  /** Where the peer is reached now. */
  get flow(): Flow {
    return this.path.flow;
  }

  /** The peer's Contact URI. */
  get remoteTarget(): string {
    return this.path.target;
  }

  /**
   * Offers `sdp` by re-INVITE. A collision (491) is tried again inside. Throws SipError `sip.wrong_state` when another
   * re-INVITE of ours is under way.
   */
  reinvite(sdp: string): Promise<ReinviteOutcome> {
    if (this.#state === "ended") return Promise.resolve({ kind: "gone" });
    if (this.#reinvite) throw new SipError("sip.wrong_state", "a re-INVITE is under way");
    return new Promise((resolve) => {
      this.#reinvite = new Reinvite(this.path, sdp, this.#ownsCallId, (outcome) => {
        this.#reinvite = undefined;
        if (outcome.kind === "answered") {
          this.localSdp = sdp;
          this.remoteSdp = outcome.sdp ?? this.remoteSdp;
        }
        if (outcome.kind === "gone") this.end({ by: "remote", status: 481 });
        resolve(outcome);
      });
      this.#reinvite.start();
    });
  }

  /**
   * Hangs up: `ended` follows at once, whatever the peer answers. A callee's BYE waits for the ACK of its 200
   * (RFC 3261 section 15). Harmless when ended.
   */
  bye(reason: ByeReason = {}): void {
    if (this.#state === "ended") return;
    const end: CallEnd = { by: "local", ...(reason.q850 === undefined ? {} : { q850: reason.q850 }) };
    if (this.#state === "unconfirmed" && this.#parent) {
      this.#farewell = reason;
      this.#parent.onLocalBye(end);
    } else this.#sendBye(reason);
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
  refer(target: string, options: { replaces?: Dialog; referredBy?: string } = {}): OutgoingRefer {
    const { replaces, referredBy = `<${this.local.uri.text}>` } = options;
    const referTo = replaces ? referToReplacing(target, replaces.toReplaces()) : `<${target}>`;
    const refer = new OutgoingRefer();
    const headers = [
      ["Refer-To", referTo],
      ["Referred-By", referredBy],
    ] as const;
    const request = this.path.exchange("REFER", { headers });
    this.#refers.push(refer);
    void request.then((result) => {
      const status = statusOf(result);
      if (status < 300) return;
      this.#refers = this.#refers.filter((other) => other !== refer);
      refer.report({ status, reason: "", final: true });
    });
    return refer;
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

  /** Ends without a word to the peer; twice is harmless. */
  end(end: CallEnd): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#flowWatch?.dispose();
    if (!this.#farewell) this.#context.removeDialog(this);
    this.#reinvite?.abandon();
    this.#reoffer?.abandon(487);
    for (const refer of this.#refers) refer.report({ status: 487, reason: "the dialog ended", final: true });
    this.ended.emit(end);
  }

  receiveAck(ack: SipRequest, flow: Flow): void {
    this.path.learn(ack, flow, false);
    if (this.#farewell) this.sayFarewell();
    else if (this.#state === "unconfirmed") this.#parent?.onAck(ack);
    else if (this.#reoffer && this.#reoffer.request.cseq.seq === ack.cseq.seq)
      this.#reoffer.acknowledged(ack);
  }

  /** A CANCEL of the peer's re-INVITE. */
  cancelReoffer(invite: ServerTransaction): void {
    if (this.#reoffer?.request === invite.request) this.#reoffer.abandon(487);
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
        return this.#receiveReinvite(transaction);
      case "UPDATE":
        return this.#receiveUpdate(transaction);
      case "INFO":
        return this.#receiveInfo(transaction);
      case "OPTIONS":
        return this.#answer(transaction, 200, { headers: capabilities() });
      case "PRACK":
        return this.#answer(transaction, this.#parent?.onPrack(request) ? 200 : 481);
      case "REFER":
        return this.#receiveRefer(transaction);
      case "NOTIFY":
        return this.#receiveNotify(transaction);
      default:
        return this.#answer(transaction, 501, { headers: [["Allow", ALLOW]] });
    }
  }

  answerHeaders(transaction: ServerTransaction): HeaderLines {
    const contact = this.#context.contactFor(transaction.flow, this.local.uri.user);
    return [
      ["Contact", `<${contact.text}>`],
      ["Allow", ALLOW],
      ["Supported", SUPPORTED],
      ["Server", this.#context.userAgentName],
    ];
  }

  reofferDone(reoffer: Reoffer, ackLost: boolean): void {
    if (this.#reoffer === reoffer) this.#reoffer = undefined;
    if (ackLost && this.#state !== "ended") this.ackLost({ by: "timeout", status: 408, reason: "no ACK" });
  }

  sessionChanged(sdp: { local: string; remote: string | undefined }): void {
    this.localSdp = sdp.local;
    this.remoteSdp = sdp.remote ?? this.remoteSdp;
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

  #receiveReinvite(transaction: ServerTransaction): void {
    if (this.#reinvite?.isUnderWay) return this.#answer(transaction, 491);
    if (this.#reoffer || this.#state === "early") {
      const seconds = Math.floor(this.#context.random.next() * (RETRY_AFTER_MAX_S + 1));
      return this.#answer(transaction, 500, { headers: [["Retry-After", String(seconds)]] });
    }
    this.#receiveOffer(transaction);
  }

  #receiveUpdate(transaction: ServerTransaction): void {
    if (transaction.request.body.length === 0) {
      return this.#answer(transaction, 200, { headers: this.answerHeaders(transaction) });
    }
    if (this.#reinvite?.isUnderWay || this.#reoffer) return this.#answer(transaction, 491);
    this.#receiveOffer(transaction);
  }

  #receiveOffer(transaction: ServerTransaction): void {
    const { request } = transaction;
    const hasBody = request.body.length > 0;
    if (hasBody && request.contentType !== "application/sdp") {
      return this.#answer(transaction, 415, { headers: [["Accept", "application/sdp"]] });
    }
    const offer = hasBody ? request.body.toString("utf8") : undefined;
    const reoffer = new Reoffer(this, transaction, offer);
    if (this.reoffer.size === 0) return reoffer.reject(488);
    this.#reoffer = reoffer;
    this.reoffer.emit(reoffer);
    if (reoffer.isOpen && request.method === "INVITE") transaction.respond(respond(request, 100));
  }

  #receiveInfo(transaction: ServerTransaction): void {
    const { request } = transaction;
    this.#answer(transaction, 200);
    this.info.emit({ contentType: request.contentType ?? "", body: request.body.toString("utf8") });
  }

  #receiveRefer(transaction: ServerTransaction): void {
    const contact = (): string => this.#context.contactFor(transaction.flow, this.local.uri.user).text;
    try {
      const refer = new IncomingRefer(transaction, this.localTag, contact, (event, state, sipfrag) =>
        this.#notify(event, state, sipfrag),
      );
      if (this.referred.size === 0) refer.reject(603);
      else this.referred.emit(refer);
    } catch (error) {
      if (!(error instanceof SipParseError)) throw error;
      this.#answer(transaction, 400, { reason: `Bad ${error.field}` });
    }
  }

  #notify(event: string, state: string, sipfrag: string): void {
    if (this.#state === "ended") return;
    const headers = [
      ["Event", event],
      ["Subscription-State", state],
    ] as const;
    void this.path.exchange("NOTIFY", { headers, contentType: "message/sipfrag;version=2.0", body: sipfrag });
  }

  #receiveNotify(transaction: ServerTransaction): void {
    const { request } = transaction;
    const [event = ""] = (request.headers.get("Event") ?? "").split(";");
    const current = this.#refers[0];
    if (event.trim().toLowerCase() !== "refer") return this.#answer(transaction, 489);
    if (current === undefined) return this.#answer(transaction, 481);
    this.#answer(transaction, 200);
    const progress = readSipfrag(request);
    if (!progress) return;
    current.report(progress);
    if (progress.final) this.#refers = this.#refers.filter((refer) => refer !== current);
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
