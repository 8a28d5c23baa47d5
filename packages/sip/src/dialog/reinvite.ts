import type { Disposable } from "@svara/kernel";
import { answerChallenge } from "../digest/answer-challenge.ts";
import type { SipRequest, SipResponse } from "../message/message.ts";
import type { HeaderLines } from "../message/respond.ts";
import { sdpOf } from "../message/sdp-body.ts";
import {
  type ClientFailure,
  type ClientTransaction,
  type ClientUser,
  cancelOf,
} from "../transaction/client-transaction.ts";
import { TIMEOUT_MS } from "../transaction/timing.ts";
import { type DialogPath, retryOf } from "./dialog-path.ts";
import { minSeOf } from "./session-interval.ts";

/** What became of a re-INVITE or UPDATE of ours. */
export type ReinviteOutcome =
  | { readonly kind: "answered"; readonly sdp: string | undefined }
  | { readonly kind: "refused"; readonly status: number; readonly reason: string }
  /** The dialog is over, or ended by the answer (408, 481). */
  | { readonly kind: "gone" };

/** What a re-INVITE or UPDATE is made of. */
export interface ReinviteSetup {
  readonly path: DialogPath;
  readonly method: "INVITE" | "UPDATE";
  /** Undefined for an UPDATE that only refreshes. */
  readonly sdp: string | undefined;
  /** Session timer headers for the least interval that the peer takes. */
  readonly headers: (minSeconds: number) => HeaderLines;
  /** Whether we made the Call-ID, which decides the waiting time after 491. */
  readonly ownsCallId: boolean;
  /** `response` is the 2xx when answered; `asked` the session timer headers it answers. */
  readonly done: (outcome: ReinviteOutcome, response: SipResponse | undefined, asked: HeaderLines) => void;
}

const NO_USER: ClientUser = { onResponse() {}, onFailure() {} };

/** A re-INVITE that the peer holds without final answer is cancelled after this, and given up a transaction later. */
const PATIENCE_MS = 60_000;

/** Attempts against glare before a 491 is reported as refusal. */
const MAX_GLARE_RETRIES = 5;

/**
 * A re-INVITE or UPDATE of ours: its transaction, ACKs, challenges, the waiting after 491 (RFC 3261 section 14.1) and
 * the longer session interval after 422 (RFC 4028 section 7.3).
 */
export class Reinvite implements ClientUser {
  readonly #setup: ReinviteSetup;
  #request: SipRequest | undefined;
  #asked: HeaderLines = [];
  #minSeconds = 0;
  #glares = 0;
  #challenges = 0;
  #timer: Disposable | undefined;
  #patience: Disposable | undefined;
  #transaction: ClientTransaction | undefined;
  #settled = false;

  constructor(setup: ReinviteSetup) {
    this.#setup = setup;
  }

  get method(): "INVITE" | "UPDATE" {
    return this.#setup.method;
  }

  /** Whether it only refreshes and offers nothing new. */
  get hasOffer(): boolean {
    return this.#setup.sdp !== undefined;
  }

  /** Whether a request is under way now; false while it waits after a 491. */
  get isUnderWay(): boolean {
    return !this.#settled && this.#timer === undefined;
  }

  start(): void {
    this.#timer = undefined;
    const { path, method, sdp } = this.#setup;
    this.#asked = this.#setup.headers(this.#minSeconds);
    const parts = { headers: this.#asked, ...(sdp === undefined ? {} : { body: sdp }) };
    this.#send(path.build(method, path.nextSeq(), parts));
  }

  onResponse(response: SipResponse): void {
    const { status } = response;
    if (status < 200) {
      this.#patience ??= this.#setup.path.context.clock.after(PATIENCE_MS, () => this.#giveUp());
      return;
    }
    this.#patience?.dispose();
    this.#patience = undefined;
    if (status < 300) return this.#accepted(response);
    if (this.#settled) return;
    if ((status === 401 || status === 407) && this.#authenticate(response)) return;
    if (status === 422 && this.#askForMore(response)) return;
    if (status === 491 && this.#glares++ < MAX_GLARE_RETRIES) return this.#waitAfterGlare();
    if (status === 481 || status === 408) return this.#settle({ kind: "gone" });
    this.#settle({ kind: "refused", status, reason: response.reason });
  }

  onFailure(failure: ClientFailure): void {
    this.#patience?.dispose();
    if (failure === "timeout") return this.#settle({ kind: "gone" });
    this.#settle({ kind: "refused", status: 503, reason: "the connection is lost" });
  }

  /** The dialog is over. */
  abandon(): void {
    this.#settle({ kind: "gone" });
  }

  #send(request: SipRequest): void {
    this.#request = request;
    this.#setup.path.sendRequest(request, this, (transaction) => {
      this.#transaction = transaction;
    });
  }

  /** An INVITE transaction with a provisional response has no timer of its own (RFC 3261 section 17.1.1.2). */
  #giveUp(): void {
    const { context } = this.#setup.path;
    const transaction = this.#transaction;
    if (!this.#request || !transaction) return;
    if (this.#request.method === "INVITE")
      context.sendCancel(cancelOf(this.#request), transaction.flow, NO_USER);
    this.#patience = context.clock.after(TIMEOUT_MS, () => transaction.transportFailed());
  }

  #accepted(response: SipResponse): void {
    const { path, method } = this.#setup;
    if (this.#request && method === "INVITE") path.sendAck(this.#request);
    if (this.#settled) return;
    path.retarget(response);
    this.#settle({ kind: "answered", sdp: sdpOf(response) }, response);
  }

  #authenticate(response: SipResponse): boolean {
    const { path } = this.#setup;
    const { credentials } = path.setup;
    if (!credentials || !this.#request || this.#challenges++ > 1) return false;
    const again = retryOf(this.#request, path.nextSeq());
    if (!answerChallenge(again, response, credentials, path.context.random)) return false;
    this.#send(again);
    return true;
  }

  #askForMore(response: SipResponse): boolean {
    const least = minSeOf(response);
    if (least === undefined || least <= this.#minSeconds) return false;
    this.#minSeconds = least;
    this.start();
    return true;
  }

  #waitAfterGlare(): void {
    const { clock, random } = this.#setup.path.context;
    const share = random.next();
    const waitMs = this.#setup.ownsCallId ? 2_100 + share * 1_900 : share * 2_000;
    this.#timer = clock.after(Math.round(waitMs / 10) * 10, () => this.start());
  }

  #settle(outcome: ReinviteOutcome, response?: SipResponse): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#setup.done(outcome, response, this.#asked);
  }
}
