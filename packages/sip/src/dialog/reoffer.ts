import type { Clock } from "@svara/kernel";
import { SipError } from "../errors.ts";
import type { SipRequest, SipResponse } from "../message/message.ts";
import { type HeaderLines, respond } from "../message/respond.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import { AnswerRepeater } from "./answer-repeater.ts";

/** What a dialog lends to the reoffer it received. */
export interface ReofferHost {
  readonly clock: Clock;
  readonly toTag: string;
  /** Contact, Allow and Supported for an answer over this transaction's flow. */
  answerHeaders(transaction: ServerTransaction): HeaderLines;
  /** The exchange is over; `ackLost` when the peer never acknowledged. */
  reofferDone(reoffer: Reoffer, ackLost: boolean): void;
  /** `offer` is what the peer sent, `answer` ours; the other way round for an empty re-INVITE. */
  sessionChanged(sdp: { local: string; remote: string | undefined }): void;
}

/**
 * A re-INVITE or UPDATE of the peer, or its PRACK with a new offer, that wants to change the session, to be accepted or rejected once.
 *
 *   open --accept--> answered --ACK--> closed
 *     \--reject, CANCEL, end of dialog--> closed
 */
export class Reoffer {
  readonly method: string;
  /** The peer's SDP; undefined when it asks for our offer. */
  readonly offer: string | undefined;
  readonly #host: ReofferHost;
  readonly #transaction: ServerTransaction;
  #state: "open" | "answered" | "closed" = "open";
  #local = "";
  #repeater: AnswerRepeater | undefined;
  #resolve: ((answer: string | undefined) => void) | undefined;

  constructor(host: ReofferHost, transaction: ServerTransaction, offer: string | undefined) {
    this.#host = host;
    this.#transaction = transaction;
    this.method = transaction.request.method;
    this.offer = offer;
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  get request(): SipRequest {
    return this.#transaction.request;
  }

  /**
   * Answers 200 with `sdp`. Resolves at the ACK with the peer's answer when `offer` was undefined, else with undefined.
   * Throws SipError `sip.wrong_state` when decided already.
   */
  accept(sdp: string): Promise<string | undefined> {
    this.#decide();
    this.#state = "answered";
    this.#local = sdp;
    const headers = this.#host.answerHeaders(this.#transaction);
    const response = respond(this.request, 200, { toTag: this.#host.toTag, headers });
    response.setBody("application/sdp", sdp);
    if (this.method !== "INVITE") return this.#answerOnce(response);
    this.#repeater = new AnswerRepeater({
      clock: this.#host.clock,
      send: () => this.#transaction.respond(response),
      giveUp: () => this.#close(true),
    });
    this.#repeater.start();
    if (this.offer !== undefined) this.#host.sessionChanged({ local: sdp, remote: this.offer });
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Refuses with a status of 300 to 699; the session stays as it was. */
  reject(status: number, reason?: string, headers?: HeaderLines): void {
    this.#decide();
    const extra = {
      ...(reason === undefined ? {} : { reason }),
      ...(headers === undefined ? {} : { headers }),
    };
    this.#transaction.respond(respond(this.request, status, { toTag: this.#host.toTag, ...extra }));
    this.#close(false);
  }

  /** The ACK of our 200, from the dialog. */
  acknowledged(ack: SipRequest): void {
    if (this.#state !== "answered") return;
    const answer = ack.body.length > 0 ? ack.body.toString("utf8") : undefined;
    if (this.offer === undefined) this.#host.sessionChanged({ local: this.#local, remote: answer });
    this.#resolve?.(this.offer === undefined ? answer : undefined);
    this.#resolve = undefined;
    this.#close(false);
  }

  /** The dialog is over, or the peer cancelled. */
  abandon(status: number): void {
    if (this.#state === "open") this.reject(status);
    else this.#close(false);
  }

  #answerOnce(response: SipResponse): Promise<undefined> {
    this.#transaction.respond(response);
    this.#host.sessionChanged({ local: this.#local, remote: this.offer });
    this.#close(false);
    return Promise.resolve(undefined);
  }

  #decide(): void {
    if (this.#state !== "open")
      throw new SipError("sip.wrong_state", `this ${this.method} is ${this.#state} already`);
  }

  #close(ackLost: boolean): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#repeater?.stop();
    this.#resolve?.(undefined);
    this.#resolve = undefined;
    this.#host.reofferDone(this, ackLost);
  }
}
