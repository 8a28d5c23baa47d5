import { type Disposable, Signal } from "@svara/kernel";
import type { Identity, SourceAddress } from "../authority.ts";
import { AnswerRepeater } from "../dialog/answer-repeater.ts";
import { Dialog, type DialogParent } from "../dialog/dialog.ts";
import type { PendingOffer } from "../dialog/session-exchange.ts";
import { judgeRequest, type SessionTimerOptions } from "../dialog/session-interval.ts";
import { ALLOW, type SipContext, SUPPORTED } from "../dialog/sip-context.ts";
import { SipError, SipParseError } from "../errors.ts";
import type { SipRequest, SipResponse } from "../message/message.ts";
import { type NameAddr, parseNameAddr } from "../message/name-addr.ts";
import { type HeaderLines, respond } from "../message/respond.ts";
import { sdpOf } from "../message/sdp-body.ts";
import type { SipUri } from "../message/uri.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import { sourceOf } from "../transport/flow.ts";
import { type CallEnd, readReason } from "./call-end.ts";
import { CallerFacts } from "./caller-facts.ts";
import type { OutgoingCall } from "./outgoing-call.ts";

/** What `answer` came to. */
export type AnswerOutcome =
  /** The ACK came; `remoteSdp` is the answer in it when the INVITE had no offer. */
  | { readonly kind: "confirmed"; readonly dialog: Dialog; readonly remoteSdp: string | undefined }
  | { readonly kind: "lost"; readonly end: CallEnd };

export interface RingOptions {
  readonly sdp?: string;
  /** Ask for PRACK where the caller can (RFC 3262); done unasked where the caller requires it. */
  readonly reliable?: boolean;
  readonly status?: 180 | 181 | 182 | 183;
}

/** How an answer differs from the user agent's usual ways. */
export interface AnswerOptions {
  readonly sessionTimer?: Partial<SessionTimerOptions>;
}

/** What an INVITE with Replaces takes the place of (RFC 3891). */
export interface ReplacedCall {
  readonly dialog?: Dialog | undefined;
  /** A call of ours that still rings, which is to be cancelled once the new one is answered. */
  readonly early?: OutgoingCall | undefined;
}

/** A 100 is owed only when nothing else goes out by then (RFC 3261, section 17.2.1). */
const TRYING_AFTER_MS = 200;

interface CallSetup {
  readonly transaction: ServerTransaction;
  readonly caller: Identity;
  readonly replaced: ReplacedCall;
  readonly timeoutMs: number;
  readonly onDone: (call: IncomingCall) => void;
}

/**
 * A call that somebody makes to us.
 *
 *   received -> ringing -> answered (200 sent) -> confirmed (ACK came)
 *   each of the first three -> ended: rejected, cancelled, expired, or no ACK in time
 */
export class IncomingCall extends CallerFacts implements DialogParent {
  readonly caller: Identity;
  readonly source: SourceAddress;
  readonly callId: string;
  readonly to: NameAddr;
  readonly requestUri: SipUri;
  /** The caller's session description; undefined for a late offer, which wants ours in `answer`. */
  readonly offer: string | undefined;
  /** The dialog that this call shall take the place of (RFC 3891). */
  readonly replaces: Dialog | undefined;
  /** The call of ours, not yet answered, that this call shall take the place of: answer, then cancel that one. */
  readonly replacesEarly: OutgoingCall | undefined;
  /** The answer to our offer in a reliable `ring({ sdp })`, when the INVITE had no offer (RFC 3262 section 5). */
  readonly earlyAnswer = new Signal<string>();
  /** The call ended before it was answered: CANCEL, loss of the caller's socket, or nobody decided in time. */
  readonly withdrawn = new Signal<CallEnd>();
  readonly #context: SipContext;
  readonly #setup: CallSetup;
  readonly #tag: string;
  readonly #timer: Disposable;
  /** Our 100 is on its way unless something better comes first. */
  readonly #trying: Disposable;
  readonly #flowWatch: Disposable;
  #state: "received" | "ringing" | "answered" | "confirmed" | "ended" = "received";
  #dialog: Dialog | undefined;
  #resolve: ((outcome: AnswerOutcome) => void) | undefined;
  #repeater: AnswerRepeater | undefined;
  /** The reliable provisional response that waits for its PRACK, and what waits behind it. */
  #unacked: { rseq: number; repeater: AnswerRepeater; hasSdp: boolean } | undefined;
  /** Whether offer and answer went by a reliable provisional response and its PRACK. */
  #settledEarly = false;
  /** Our offer, in a reliable provisional response, awaits the answer in PRACK. */
  #offeredEarly = false;
  #behindPrack: (() => void)[] = [];
  #rseq: number;
  /** Whether the 200 is on its way; an answer that waits for a PRACK may still be taken back. */
  #finalSent = false;
  #end: CallEnd | undefined;

  /** Throws SipParseError when the INVITE lacks what a dialog needs. */
  constructor(context: SipContext, setup: CallSetup) {
    const { request, flow } = setup.transaction;
    super(request);
    const { contacts } = request;
    if (contacts === "*" || contacts[0] === undefined) throw new SipParseError("Contact", "one expected");
    for (const route of request.list("Record-Route")) parseNameAddr(route, "Record-Route");
    this.caller = setup.caller;
    this.source = sourceOf(flow);
    this.callId = request.callId;
    this.to = request.to;
    this.requestUri = request.requestUri;
    this.offer = sdpOf(request);
    this.replaces = setup.replaced.dialog;
    this.replacesEarly = setup.replaced.early;
    this.#context = context;
    this.#setup = setup;
    this.#tag = context.newTag();
    this.#rseq = 1 + Math.floor(context.random.next() * 0x7fff_ffff);
    this.#timer = context.clock.after(setup.timeoutMs, () => this.#expire());
    this.#flowWatch = flow.onClosed(() => {
      if (flow.protocol !== "tcp") this.#withdraw({ by: "transport" }, 480);
    });
    setup.transaction.onFailure = () => this.#withdraw({ by: "transport" }, undefined);
    this.#trying = context.clock.after(TRYING_AFTER_MS, () => this.#respond(respond(request, 100)));
  }

  /** Unique among all calls: the tag of ours. */
  get id(): string {
    return this.#tag;
  }

  get state(): "received" | "ringing" | "answered" | "confirmed" | "ended" {
    return this.#state;
  }

  /** Set from the first `ring` or from `answer` on. */
  get dialog(): Dialog | undefined {
    return this.#dialog;
  }

  /** The number or name called; a tel URI's without its visual separators (RFC 3966 section 5.1.1). */
  get dialledUser(): string {
    const { scheme, user = "" } = this.requestUri;
    return scheme === "tel" ? user.replaceAll(/[-.()]/g, "") : user;
  }

  /** Whose offer has no answer yet. */
  get pendingOffer(): PendingOffer {
    if (this.#settledEarly) return undefined;
    if (this.offer !== undefined) return this.#state === "answered" ? undefined : "theirs";
    return this.#state === "answered" || this.#offeredEarly ? "ours" : "theirs";
  }

  /** Tells the caller that it rings (180), or with `sdp` plays early media (183). Harmless once decided. */
  ring(options: RingOptions = {}): void {
    if (this.#state !== "received" && this.#state !== "ringing") return;
    this.#state = "ringing";
    if (this.#unacked) {
      this.#behindPrack.push(() => this.ring(options));
      return;
    }
    const status = options.status ?? (options.sdp === undefined ? 180 : 183);
    const response = this.#response(status);
    if (options.sdp !== undefined) {
      response.setBody("application/sdp", options.sdp);
      this.#ensureDialog().localSdp = options.sdp;
    }
    this.#ensureDialog();
    if (this.#mustBeReliable(options.reliable === true))
      this.#sendReliably(response, options.sdp !== undefined);
    else this.#respond(response);
  }

  /**
   * Takes the call with `sdp`, which may be left out after a `ring` with the same. Resolves when the ACK came, or with
   * `lost` when the caller hung up meanwhile, never acknowledged, or left our offer without answer. `dialog` is set at
   * once. Throws SipError `sip.wrong_state` when the call is decided already, or has no session description.
   */
  answer(sdp?: string, headers: HeaderLines = [], options: AnswerOptions = {}): Promise<AnswerOutcome> {
    if (this.#state === "ended") return Promise.resolve({ kind: "lost", end: this.#end ?? { by: "remote" } });
    if (this.#state !== "received" && this.#state !== "ringing") {
      throw new SipError("sip.wrong_state", `the call is ${this.#state} already`);
    }
    const local = sdp ?? this.#dialog?.localSdp;
    if (local === undefined) throw new SipError("sip.wrong_state", "an answer needs a session description");
    this.#state = "answered";
    this.#timer.dispose();
    const dialog = this.#ensureDialog();
    dialog.localSdp = local;
    dialog.remoteSdp ??= this.offer;
    const timed = this.#agreeOnTimer(dialog, options.sessionTimer);
    dialog.enter("unconfirmed");
    const response = this.#response(200, [...timed, ...headers]);
    response.headers.add("Accept", "application/sdp");
    // What PRACK settled need not be said again (RFC 3262 section 5).
    if (sdp !== undefined || !this.#settledEarly) response.setBody("application/sdp", local);
    this.#repeater = new AnswerRepeater({
      clock: this.#context.clock,
      send: () => this.#respond(response),
      giveUp: () => this.#ackLost(),
    });
    // RFC 3262 section 3: no 2xx before the PRACK of a provisional response that carried a session description.
    const send = (): void => {
      this.#finalSent = true;
      this.#repeater?.start();
    };
    if (this.#unacked) this.#behindPrack.push(send);
    else send();
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Refuses with a final status of 300 to 699. Harmless when the call has ended; throws when it is answered. */
  reject(status: number, reason?: string, headers: HeaderLines = []): void {
    if (this.#state === "ended") return;
    if (this.#state === "answered" || this.#state === "confirmed") {
      throw new SipError("sip.wrong_state", `the call is ${this.#state} already`);
    }
    this.#finish({ by: "local", status });
    const options = { toTag: this.#tag, headers, ...(reason === undefined ? {} : { reason }) };
    this.#respond(respond(this.request, status, options));
  }

  // From here on: for the user agent and the dialog.

  cancelled(cancel: SipRequest): void {
    this.#withdraw({ by: "remote", status: 487, ...readReason(cancel) }, 487);
  }

  onAck(ack: SipRequest): void {
    if (this.#state !== "answered" || !this.#finalSent || !this.#dialog) return;
    const wanted = this.offer === undefined && !this.#settledEarly;
    const remoteSdp = wanted ? sdpOf(ack) : this.offer === undefined ? this.#dialog.remoteSdp : undefined;
    this.#state = "confirmed";
    this.#repeater?.stop();
    if (remoteSdp !== undefined) this.#dialog.remoteSdp = remoteSdp;
    this.#dialog.enter("confirmed");
    this.#close();
    if (wanted && remoteSdp === undefined) return this.#unanswered(this.#dialog);
    this.#resolve?.({ kind: "confirmed", dialog: this.#dialog, remoteSdp });
  }

  onPrack(request: SipRequest): "unknown" | "taken" | "offer" {
    const [rseq, cseq, method] = (request.headers.get("RAck") ?? "").trim().split(/\s+/, 3);
    const unacked = this.#unacked;
    if (!unacked || Number(rseq) !== unacked.rseq) return "unknown";
    if (Number(cseq) !== this.request.cseq.seq || method !== "INVITE") return "unknown";
    unacked.repeater.stop();
    this.#unacked = undefined;
    const sdp = sdpOf(request);
    if (this.#offeredEarly && !this.#settledEarly) {
      if (sdp === undefined || !this.#dialog) return "taken"; // the answer is still owed, in the ACK at last
      this.#settledEarly = true;
      this.#dialog.remoteSdp = sdp;
      this.earlyAnswer.emit(sdp);
      return "taken";
    }
    if (unacked.hasSdp && this.#dialog) {
      this.#settledEarly = true;
      this.#dialog.remoteSdp ??= this.offer;
    }
    return sdp === undefined ? "taken" : "offer";
  }

  prackDone(): void {
    const waiting = this.#behindPrack.splice(0);
    // The 200 of the PRACK goes first; what waited follows in its order.
    queueMicrotask(() => {
      for (const task of waiting) task();
    });
  }

  onEarlyBye(end: CallEnd): void {
    if (this.#isUndecided) return this.#withdraw(end, 487);
    this.#repeater?.stop();
    this.#finish(end);
  }

  onLocalBye(end: CallEnd): "refused" | "waits" {
    if (this.#isUndecided) {
      this.#withdraw(end, 480);
      return "refused";
    }
    this.#state = "ended";
    this.#end = end;
    this.#setup.onDone(this);
    this.#resolve?.({ kind: "lost", end });
    return "waits";
  }

  stopRepeating(): void {
    this.#close();
  }

  /** The ACK of a 200 with our offer brought no answer (RFC 3261 section 13.2.1): there is no session. */
  #unanswered(dialog: Dialog): void {
    const end: CallEnd = { by: "remote", status: 488, reason: "no answer in the ACK" };
    dialog.bye({ status: 488, text: "no answer in the ACK" });
    this.#resolve?.({ kind: "lost", end });
  }

  /** Starts the session timer and gives its headers for the 200 (RFC 4028 section 9). */
  #agreeOnTimer(dialog: Dialog, own: Partial<SessionTimerOptions> | undefined): HeaderLines {
    const options = { ...this.#context.sessionTimer, ...own };
    const verdict = judgeRequest(this.request, options);
    if (verdict.kind !== "agreed") return [];
    dialog.startTimer(verdict.agreement, options);
    return verdict.headers;
  }

  #respond(response: SipResponse): void {
    this.#trying.dispose();
    this.#setup.transaction.respond(response);
  }

  #expire(): void {
    this.#withdraw({ by: "timeout", status: 480 }, 480);
  }

  #ackLost(): void {
    const end: CallEnd = { by: "timeout", status: 408, reason: "no ACK" };
    const dialog = this.#dialog;
    this.#finish(end);
    dialog?.ackLost(end);
  }

  /** The caller never acknowledged a provisional response; an answer that waited for it is lost, too (RFC 3262). */
  #prackLost(): void {
    this.#withdraw({ by: "timeout", status: 504, reason: "no PRACK" }, 504);
  }

  /** No final response has left, whatever the user decided. */
  get #isUndecided(): boolean {
    if (this.#state === "answered") return !this.#finalSent;
    return this.#state === "received" || this.#state === "ringing";
  }

  #withdraw(end: CallEnd, status: number | undefined): void {
    if (!this.#isUndecided) return;
    const told = this.#state !== "answered"; // then the promise of `answer` tells
    const dialog = this.#dialog;
    this.#finish(end);
    if (status !== undefined) {
      this.#respond(respond(this.request, status, { toTag: this.#tag }));
    }
    dialog?.end(end);
    if (told && end.by !== "local") this.withdrawn.emit(end);
  }

  /** The one door to `ended`. */
  #finish(end: CallEnd): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#end = end;
    this.#close();
    if (end.by === "local") this.#dialog?.end(end);
    this.#resolve?.({ kind: "lost", end });
  }

  #close(): void {
    this.#timer.dispose();
    this.#flowWatch.dispose();
    this.#repeater?.stop();
    this.#unacked?.repeater.stop();
    this.#unacked = undefined;
    this.#behindPrack = [];
    this.#setup.onDone(this);
  }

  #response(status: number, extra: HeaderLines = []): SipResponse {
    const contact = this.#context.contactFor(this.#setup.transaction.flow, this.requestUri.user);
    const headers: [string, string][] = [
      ["Contact", `<${contact.text}>`],
      ["Allow", ALLOW],
      ["Supported", SUPPORTED],
      ["Server", this.#context.userAgentName],
      ...extra.map(([name, value]): [string, string] => [name, value]),
    ];
    return respond(this.request, status, { toTag: this.#tag, headers });
  }

  #ensureDialog(): Dialog {
    if (this.#dialog) return this.#dialog;
    const { request } = this;
    const contact = request.contacts === "*" ? undefined : request.contacts[0];
    this.#dialog = new Dialog(
      this.#context,
      {
        callId: this.callId,
        localTag: this.#tag,
        remoteTag: request.fromTag,
        local: this.to,
        remote: this.from,
        localSeq: Math.floor(this.#context.random.next() * 0x7fff) + 1,
        remoteSeq: request.cseq.seq,
        routes: request.list("Record-Route"),
        target: contact?.uri.text ?? this.from.uri.text,
        flow: this.#setup.transaction.flow,
        peer: this.caller,
        credentials: undefined,
      },
      { ownsCallId: false, parent: this },
    );
    this.#dialog.path.learnAllow(request);
    return this.#dialog;
  }

  #mustBeReliable(wished: boolean): boolean {
    const has = (name: string): boolean =>
      this.request.list(name).some((tag) => tag.toLowerCase() === "100rel");
    return has("Require") || (wished && has("Supported"));
  }

  #sendReliably(response: SipResponse, hasSdp: boolean): void {
    const rseq = this.#rseq++;
    if (hasSdp && this.offer === undefined) this.#offeredEarly = true;
    response.headers.add("Require", "100rel").add("RSeq", String(rseq));
    const repeater = new AnswerRepeater({
      clock: this.#context.clock,
      send: () => this.#respond(response),
      giveUp: () => this.#prackLost(),
      bounded: false,
    });
    this.#unacked = { rseq, repeater, hasSdp };
    repeater.start();
  }
}
