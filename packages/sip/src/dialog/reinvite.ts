import type { Disposable } from "@svara/kernel";
import { answerChallenge } from "../digest/answer-challenge.ts";
import type { SipRequest, SipResponse } from "../message/message.ts";
import type { ClientFailure, ClientUser } from "../transaction/client-transaction.ts";
import { type DialogPath, retryOf } from "./dialog-path.ts";

/** What became of a re-INVITE of ours. */
export type ReinviteOutcome =
  | { readonly kind: "answered"; readonly sdp: string | undefined }
  | { readonly kind: "refused"; readonly status: number; readonly reason: string }
  /** The dialog is over, or ended by the answer (408, 481). */
  | { readonly kind: "gone" };

/** Attempts against glare before a 491 is reported as refusal. */
const MAX_GLARE_RETRIES = 5;

/** A re-INVITE of ours: its transaction, ACKs, challenges, and the waiting after 491 (RFC 3261 section 14.1). */
export class Reinvite implements ClientUser {
  readonly #path: DialogPath;
  readonly #sdp: string;
  /** Whether we made the Call-ID, which decides the waiting time after 491. */
  readonly #ownsCallId: boolean;
  readonly #done: (outcome: ReinviteOutcome) => void;
  #request: SipRequest | undefined;
  #glares = 0;
  #challenges = 0;
  #timer: Disposable | undefined;
  #settled = false;

  constructor(path: DialogPath, sdp: string, ownsCallId: boolean, done: (outcome: ReinviteOutcome) => void) {
    this.#path = path;
    this.#sdp = sdp;
    this.#ownsCallId = ownsCallId;
    this.#done = done;
  }

  /** Whether an INVITE is under way now; false while it waits after a 491. */
  get isUnderWay(): boolean {
    return !this.#settled && this.#timer === undefined;
  }

  start(): void {
    this.#timer = undefined;
    this.#send(this.#path.build("INVITE", this.#path.nextSeq(), { body: this.#sdp }));
  }

  onResponse(response: SipResponse): void {
    const { status } = response;
    if (status < 200) return;
    if (status < 300) return this.#accepted(response);
    if (this.#settled) return;
    if ((status === 401 || status === 407) && this.#authenticate(response)) return;
    if (status === 491 && this.#glares++ < MAX_GLARE_RETRIES) return this.#waitAfterGlare();
    if (status === 481 || status === 408) return this.#settle({ kind: "gone" });
    this.#settle({ kind: "refused", status, reason: response.reason });
  }

  onFailure(failure: ClientFailure): void {
    if (failure === "timeout") return this.#settle({ kind: "gone" });
    this.#settle({ kind: "refused", status: 503, reason: "the connection is lost" });
  }

  /** The dialog is over. */
  abandon(): void {
    this.#settle({ kind: "gone" });
  }

  #send(request: SipRequest): void {
    this.#request = request;
    this.#path.sendRequest(request, this);
  }

  #accepted(response: SipResponse): void {
    if (this.#request) this.#path.sendAck(this.#request);
    if (this.#settled) return;
    this.#path.retarget(response);
    const sdp = response.body.length > 0 ? response.body.toString("utf8") : undefined;
    this.#settle({ kind: "answered", sdp });
  }

  #authenticate(response: SipResponse): boolean {
    const { credentials } = this.#path.setup;
    if (!credentials || !this.#request || this.#challenges++ > 1) return false;
    const again = retryOf(this.#request, this.#path.nextSeq());
    if (!answerChallenge(again, response, credentials, this.#path.context.random)) return false;
    this.#send(again);
    return true;
  }

  #waitAfterGlare(): void {
    const { clock, random } = this.#path.context;
    const share = random.next();
    const waitMs = this.#ownsCallId ? 2_100 + share * 1_900 : share * 2_000;
    this.#timer = clock.after(Math.round(waitMs / 10) * 10, () => this.start());
  }

  #settle(outcome: ReinviteOutcome): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#done(outcome);
  }
}
