import type { Clock, Disposable, Signal } from "@svara/kernel";
import type { CallEnd } from "../call/call-end.ts";
import { SipError } from "../errors.ts";
import type { SipRequest, SipResponse } from "../message/message.ts";
import { type HeaderLines, respond } from "../message/respond.ts";
import { hasReadableBody, sdpOf } from "../message/sdp-body.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import type { DialogPath } from "./dialog-path.ts";
import { Reinvite, type ReinviteOutcome } from "./reinvite.ts";
import { Reoffer, type ReofferHost } from "./reoffer.ts";
import {
  agreementIn,
  judgeRequest,
  type SessionAgreement,
  type SessionTimerOptions,
  timerRequest,
} from "./session-interval.ts";
import { SessionTimer } from "./session-timer.ts";
import { ALLOW, SUPPORTED } from "./sip-context.ts";

/** Whose offer has no answer yet, before a dialog is confirmed. */
export type PendingOffer = "ours" | "theirs" | undefined;

/** What the exchange uses of its dialog. */
export interface ExchangeHost {
  readonly path: DialogPath;
  readonly localTag: string;
  readonly ownsCallId: boolean;
  readonly state: "early" | "unconfirmed" | "confirmed" | "ended";
  readonly pendingOffer: PendingOffer;
  readonly reoffer: Signal<Reoffer>;
  readonly answerChanged: Signal<string>;
  localSdp: string | undefined;
  remoteSdp: string | undefined;
  /** The PRACK at hand is answered. */
  prackDone(): void;
  /** The peer is gone; `sayBye` when it should be told. */
  lost(end: CallEnd, sayBye: boolean): void;
  ackLost(end: CallEnd): void;
}

/** Seconds the caller of a colliding re-INVITE is told to wait (RFC 3261 section 14.2). */
const RETRY_AFTER_MAX_S = 10;
/** After this a refresh that could not be sent, or was refused for the moment, is tried again. */
const REFRESH_RETRY_MS = 5_000;

/**
 * The offers and answers of one dialog after the first (RFC 3261 section 14, RFC 3311, RFC 3262 section 5), ours and
 * the peer's, and the session timer that they refresh (RFC 4028). At most one of ours and one of the peer's is open.
 */
export class SessionExchange implements ReofferHost {
  readonly #host: ExchangeHost;
  readonly #timer: SessionTimer;
  #timerOptions: SessionTimerOptions;
  #ours: Reinvite | undefined;
  #theirs: Reoffer | undefined;
  /** Whether `#ours` is a refresh that nobody asked for, and what waits behind it. */
  #refreshing = false;
  #behindRefresh: (() => void)[] = [];
  #retry: Disposable | undefined;
  #updateRefused = false;

  constructor(host: ExchangeHost, timerOptions: SessionTimerOptions) {
    this.#host = host;
    this.#timerOptions = timerOptions;
    this.#timer = new SessionTimer({
      clock: host.path.context.clock,
      refreshSession: () => this.#refresh(),
      sessionExpired: () => this.#host.lost({ by: "timeout", status: 408, reason: "session expired" }, true),
    });
  }

  get clock(): Clock {
    return this.#host.path.context.clock;
  }

  get toTag(): string {
    return this.#host.localTag;
  }

  get agreement(): SessionAgreement | undefined {
    return this.#timer.agreement;
  }

  /** The first exchange of the dialog agreed on this. */
  startTimer(agreement: SessionAgreement | undefined, options: SessionTimerOptions): void {
    this.#timerOptions = options;
    this.#timer.restart(agreement);
  }

  /** Throws SipError `sip.wrong_state` when an offer is under way, ours or the peer's. */
  offer(method: "INVITE" | "UPDATE", sdp: string): Promise<ReinviteOutcome> {
    // RFC 3261 section 14.1: neither while one of ours nor while one of the peer's is under way.
    if ((this.#ours && !this.#refreshing) || this.#theirs) {
      throw new SipError("sip.wrong_state", `a re-INVITE or UPDATE is under way`);
    }
    return new Promise((resolve) => {
      const start = (): void => {
        if (this.#host.state === "ended") return resolve({ kind: "gone" });
        this.#start(method, sdp, (outcome) => {
          if (outcome.kind === "answered") this.sessionChanged({ local: sdp, remote: outcome.sdp });
          if (outcome.kind === "gone") this.#host.lost({ by: "remote", status: 481 }, false);
          resolve(outcome);
        });
      };
      if (this.#refreshing) this.#behindRefresh.push(start);
      else start();
    });
  }

  receiveReinvite(transaction: ServerTransaction): void {
    if (this.#ours?.isUnderWay) return this.#answer(transaction, 491);
    if (this.#theirs || this.#host.state === "early") return this.#comeBackLater(transaction);
    if (this.#host.pendingOffer === "ours") return this.#answer(transaction, 491);
    this.#receiveOffer(transaction);
  }

  receiveUpdate(transaction: ServerTransaction): void {
    const { request } = transaction;
    if (request.body.length === 0) {
      const verdict = judgeRequest(request, this.#timerOptions);
      if (verdict.kind === "too_small") return this.#answer(transaction, 422, verdict.headers);
      return this.#answer(transaction, 200, this.answerHeaders(transaction));
    }
    const { pendingOffer } = this.#host;
    // RFC 3311 section 5.2.
    if (pendingOffer === "theirs") return this.#comeBackLater(transaction);
    if (pendingOffer === "ours" || this.#theirs || (this.#ours?.isUnderWay && this.#ours.hasOffer)) {
      return this.#answer(transaction, 491);
    }
    this.#receiveOffer(transaction);
  }

  /** A PRACK that carries a new offer (RFC 3262 section 5). */
  receivePrackOffer(transaction: ServerTransaction): void {
    if (this.#theirs) this.#answer(transaction, 491);
    else this.#receiveOffer(transaction);
    // Refused as it stands: what waits for the PRACK need not wait for a decision.
    if (this.#theirs?.request !== transaction.request) this.#host.prackDone();
  }

  /** An ACK, perhaps that of the re-INVITE at hand. */
  acknowledged(ack: SipRequest): void {
    if (this.#theirs?.method === "INVITE" && this.#theirs.request.cseq.seq === ack.cseq.seq) {
      this.#theirs.acknowledged(ack);
    }
  }

  /** A CANCEL of the peer's re-INVITE. */
  cancelled(invite: ServerTransaction): void {
    if (this.#theirs?.request === invite.request) this.#theirs.abandon(487);
  }

  /** The dialog is over. */
  abandon(): void {
    this.#timer.stop();
    this.#retry?.dispose();
    this.#ours?.abandon();
    this.#theirs?.abandon(487);
    for (const waiting of this.#behindRefresh.splice(0)) waiting();
  }

  /** Contact, Allow, Supported and the session timer; from now on the timer runs as they say. */
  answerHeaders(transaction: ServerTransaction): HeaderLines {
    const { path } = this.#host;
    if (transaction.request.method === "PRACK") return [];
    const contact = path.context.contactFor(transaction.flow, path.setup.local.uri.user);
    const headers: HeaderLines = [
      ["Contact", `<${contact.text}>`],
      ["Allow", ALLOW],
      ["Supported", SUPPORTED],
      ["Server", path.context.userAgentName],
    ];
    if (this.#host.state === "early") return headers; // the session has not begun
    const verdict = judgeRequest(transaction.request, this.#timerOptions);
    this.#timer.restart(verdict.kind === "agreed" ? verdict.agreement : undefined);
    return verdict.kind === "agreed" ? [...headers, ...verdict.headers] : headers;
  }

  reofferDone(reoffer: Reoffer, ackLost: boolean): void {
    if (this.#theirs === reoffer) this.#theirs = undefined;
    if (reoffer.method === "PRACK") this.#host.prackDone();
    if (ackLost && this.#host.state !== "ended") {
      this.#host.ackLost({ by: "timeout", status: 408, reason: "no ACK" });
    }
  }

  sessionChanged(sdp: { local: string; remote: string | undefined }): void {
    this.#host.localSdp = sdp.local;
    this.#host.remoteSdp = sdp.remote ?? this.#host.remoteSdp;
  }

  #receiveOffer(transaction: ServerTransaction): void {
    const { request } = transaction;
    if (!hasReadableBody(request)) {
      return this.#answer(transaction, 415, [
        ["Accept", "application/sdp"],
        ["Accept-Encoding", "identity"],
      ]);
    }
    const verdict = judgeRequest(request, this.#timerOptions);
    if (verdict.kind === "too_small" && request.method !== "PRACK") {
      return this.#answer(transaction, 422, verdict.headers);
    }
    const reoffer = new Reoffer(this, transaction, sdpOf(request));
    if (this.#host.reoffer.size === 0) {
      // Between our 200 and its ACK the owner of the call may not have subscribed yet.
      return reoffer.reject(this.#host.state === "unconfirmed" ? 491 : 488);
    }
    this.#theirs = reoffer;
    this.#host.reoffer.emit(reoffer);
    if (reoffer.isOpen && request.method === "INVITE") transaction.respond(respond(request, 100));
  }

  /** RFC 4028 section 10: by UPDATE where the peer takes it, which leaves the session alone, else by re-INVITE. */
  #refresh(): void {
    if (this.#host.state === "ended") return;
    if (this.#ours || this.#theirs) return this.#refreshLater();
    const byUpdate = (this.#host.path.peerTakesUpdate && !this.#updateRefused) || !this.#host.localSdp;
    this.#refreshing = true;
    this.#start(byUpdate ? "UPDATE" : "INVITE", byUpdate ? undefined : this.#host.localSdp, (outcome) => {
      this.#refreshing = false;
      this.#refreshed(outcome, byUpdate);
      for (const waiting of this.#behindRefresh.splice(0)) waiting();
    });
  }

  #refreshed(outcome: ReinviteOutcome, byUpdate: boolean): void {
    switch (outcome.kind) {
      case "gone":
        return this.#host.lost({ by: "timeout", status: 408, reason: "no answer to a refresh" }, true);
      case "answered": {
        const changed = outcome.sdp !== undefined && outcome.sdp !== this.#host.remoteSdp;
        if (!changed || outcome.sdp === undefined) return;
        this.#host.remoteSdp = outcome.sdp;
        return this.#host.answerChanged.emit(outcome.sdp);
      }
      case "refused":
        if (byUpdate && (outcome.status === 405 || outcome.status === 501)) {
          this.#updateRefused = true;
          return this.#refresh();
        }
        if (this.agreement?.mutual === false && outcome.status !== 503) {
          return this.#timer.restart(this.agreement);
        }
        return this.#refreshLater();
    }
  }

  #refreshLater(): void {
    this.#retry?.dispose();
    this.#retry = this.clock.after(REFRESH_RETRY_MS, () => this.#refresh());
  }

  #start(
    method: "INVITE" | "UPDATE",
    sdp: string | undefined,
    done: (outcome: ReinviteOutcome) => void,
  ): void {
    this.#ours = new Reinvite({
      path: this.#host.path,
      method,
      sdp,
      ownsCallId: this.#host.ownsCallId,
      headers: (minSeconds) => this.#timerHeaders(minSeconds),
      done: (outcome, response, asked) => {
        this.#ours = undefined;
        if (response) this.#agreed(response, asked);
        done(outcome);
      },
    });
    this.#ours.start();
  }

  #timerHeaders(minSeconds: number): HeaderLines {
    if (this.#host.state === "early") return [];
    return timerRequest(
      this.#timerOptions,
      this.agreement,
      Math.max(minSeconds, this.#timerOptions.minSeconds),
    );
  }

  #agreed(response: SipResponse, asked: HeaderLines): void {
    if (this.#host.state === "early") return;
    this.#retry?.dispose();
    this.#timer.restart(agreementIn(response, asked));
  }

  #comeBackLater(transaction: ServerTransaction): void {
    const seconds = Math.floor(this.#host.path.context.random.next() * (RETRY_AFTER_MAX_S + 1));
    this.#answer(transaction, 500, [["Retry-After", String(seconds)]]);
  }

  #answer(transaction: ServerTransaction, status: number, headers: HeaderLines = []): void {
    transaction.respond(respond(transaction.request, status, { toTag: this.toTag, headers }));
  }
}
