import type { Disposable } from "@svara/kernel";
import type { Identity } from "../authority.ts";
import { callerRoutes, DialogPath, type PathSetup, retryOf } from "../dialog/dialog-path.ts";
import type { SipContext } from "../dialog/sip-context.ts";
import { answerChallenge } from "../digest/answer-challenge.ts";
import type { Credentials } from "../digest/digest.ts";
import type { SipRequest, SipResponse } from "../message/message.ts";
import { sdpOf } from "../message/sdp-body.ts";
import {
  type ClientFailure,
  type ClientTransaction,
  type ClientUser,
  cancelOf,
} from "../transaction/client-transaction.ts";
import { TIMEOUT_MS } from "../transaction/timing.ts";
import type { Flow } from "../transport/flow.ts";
import { formatReason } from "./call-end.ts";

/** The call that a branch belongs to. */
export interface BranchOwner {
  branchProgress(branch: InviteBranch, response: SipResponse): void;
  /** A 2xx came; true when it wins the call. The branch sends ACK in any case, and BYE when it lost. */
  branchAccepted(branch: InviteBranch, response: SipResponse): boolean;
  branchFailed(branch: InviteBranch, failure: { response: SipResponse } | { cause: ClientFailure }): void;
}

/** Why a branch is cancelled, told in its Reason header. */
export interface CancelReason {
  readonly cause: number;
  readonly text: string;
}

/** A branch to one place: what is sent, over what. */
export interface BranchSetup {
  /** The INVITE without Via and Contact. */
  readonly request: SipRequest;
  readonly flow: () => Flow | Promise<Flow>;
  readonly contactUser: string | undefined;
  readonly peer: Identity | undefined;
  readonly credentials: Credentials | undefined;
}

const NO_USER: ClientUser = { onResponse() {}, onFailure() {} };

/**
 * One INVITE of ours to one place, with the repetitions that challenges ask for.
 *
 *   trying -> accepted | failed;  trying -> cancelling -> failed, or accepted late: ACK and BYE
 */
export class InviteBranch implements ClientUser {
  readonly #context: SipContext;
  readonly #owner: BranchOwner;
  readonly #setup: BranchSetup;
  #state: "trying" | "cancelling" | "accepted" | "failed" = "trying";
  #request: SipRequest;
  #transaction: ClientTransaction | undefined;
  #provisional = false;
  #cancel: { reason: CancelReason | undefined; sent: boolean } | undefined;
  #cancelTimer: Disposable | undefined;
  #challenges = 0;
  /** Paths by remote tag: of early dialogs that PRACK was sent in, and of 2xx that were acknowledged. */
  readonly #paths = new Map<string, DialogPath>();
  readonly #lastRSeq = new Map<string, number>();
  readonly #won = new Set<string>();
  /** Session descriptions of reliable provisional responses by remote tag: they are the answer (RFC 3262 section 5). */
  readonly #earlySdp = new Map<string, string>();

  constructor(context: SipContext, owner: BranchOwner, setup: BranchSetup) {
    this.#context = context;
    this.#owner = owner;
    this.#setup = setup;
    this.#request = setup.request;
  }

  get isOver(): boolean {
    return this.#state === "accepted" || this.#state === "failed";
  }

  /** The answer to our offer: in `response`, or earlier in a reliable provisional response of the same dialog. */
  answerIn(response: SipResponse): string | undefined {
    return sdpOf(response) ?? this.#earlySdp.get(response.toTag);
  }

  /** What a dialog made by `response` starts from. */
  pathSetup(response: SipResponse): PathSetup {
    const { contacts } = response;
    const contact = contacts === "*" ? undefined : contacts[0];
    return {
      callId: this.#request.callId,
      localTag: this.#request.fromTag,
      remoteTag: response.toTag,
      local: this.#request.from,
      remote: this.#request.to,
      // PRACK has counted on in the early dialog.
      localSeq: this.#paths.get(response.toTag)?.localSeq ?? this.#request.cseq.seq,
      remoteSeq: 0,
      routes: callerRoutes(response),
      target: contact?.uri.text ?? this.#request.uri,
      flow: (this.#transaction as ClientTransaction).flow,
      peer: this.#setup.peer,
      credentials: this.#setup.credentials,
    };
  }

  start(): void {
    try {
      const flow = this.#setup.flow();
      if (flow instanceof Promise)
        flow.then((found) => this.#send(found)).catch(() => this.#fail("transport"));
      else this.#send(flow);
    } catch {
      queueMicrotask(() => this.#fail("transport"));
    }
  }

  /** Withdraws the INVITE (RFC 3261 section 9.1): CANCEL goes out once a provisional response came. */
  cancel(reason: CancelReason | undefined): void {
    if (this.#state !== "trying") return;
    this.#state = "cancelling";
    this.#cancel = { reason, sent: false };
    if (this.#provisional) this.#sendCancel();
  }

  dispose(): void {
    this.#cancelTimer?.dispose();
  }

  onResponse(response: SipResponse): void {
    const { status } = response;
    if (status < 200) return this.#onProvisional(response);
    if (status < 300) return this.#onSuccess(response);
    this.#cancelTimer?.dispose();
    if (this.isOver) return;
    const challenged = status === 401 || status === 407;
    if (challenged && this.#state === "trying" && this.#authenticate(response)) return;
    this.#state = "failed";
    this.#owner.branchFailed(this, { response });
  }

  onFailure(failure: ClientFailure): void {
    this.#cancelTimer?.dispose();
    this.#fail(failure);
  }

  #send(flow: Flow): void {
    if (this.#state !== "trying") return this.#fail("timeout");
    const contact = this.#context.contactFor(flow, this.#setup.contactUser);
    this.#request.headers.set("Contact", `<${contact.text}>`);
    this.#transaction = this.#context.send(this.#request, flow, this);
  }

  #onProvisional(response: SipResponse): void {
    this.#provisional = true;
    if (this.#state === "cancelling" && !this.#cancel?.sent) return this.#sendCancel();
    if (response.status === 100 || this.#state !== "trying") return;
    if (!this.#acknowledgeProvisional(response)) return;
    this.#owner.branchProgress(this, response);
  }

  /** False for a copy of a reliable response that was acknowledged already (RFC 3262 section 4). */
  #acknowledgeProvisional(response: SipResponse): boolean {
    const reliable = response.list("Require").some((tag) => tag.toLowerCase() === "100rel");
    const rseq = response.number("RSeq");
    if (!reliable || rseq === undefined || response.toTag === "") return true;
    const last = this.#lastRSeq.get(response.toTag);
    if (last !== undefined && rseq <= last) return false;
    this.#lastRSeq.set(response.toTag, rseq);
    const sdp = sdpOf(response);
    if (sdp !== undefined) this.#earlySdp.set(response.toTag, sdp);
    const path = this.#pathOf(response);
    void path.exchange("PRACK", { headers: [["RAck", `${rseq} ${this.#request.cseq.seq} INVITE`]] });
    return true;
  }

  #onSuccess(response: SipResponse): void {
    this.#cancelTimer?.dispose();
    const known = this.#paths.has(response.toTag) && (this.#won.has(response.toTag) || this.isOver);
    const path = this.#pathOf(response);
    path.retarget(response);
    path.sendAck(this.#request);
    if (known) return; // a copy: our ACK was lost
    const first = this.#state === "trying";
    this.#state = "accepted";
    if (first && this.#owner.branchAccepted(this, response)) this.#won.add(response.toTag);
    else void path.exchange("BYE", { headers: [["Reason", formatReason(487, "call was given up")]] });
  }

  #pathOf(response: SipResponse): DialogPath {
    let path = this.#paths.get(response.toTag);
    if (!path) {
      path = new DialogPath(this.#context, this.pathSetup(response));
      this.#paths.set(response.toTag, path);
    }
    return path;
  }

  #authenticate(response: SipResponse): boolean {
    const { credentials } = this.#setup;
    if (!credentials || this.#challenges++ > 1) return false;
    const again = retryOf(this.#request, this.#request.cseq.seq + 1);
    if (!answerChallenge(again, response, credentials, this.#context.random)) return false;
    this.#request = again;
    this.#provisional = false;
    this.start();
    return true;
  }

  #sendCancel(): void {
    if (!this.#cancel || this.#cancel.sent || !this.#transaction) return;
    this.#cancel.sent = true;
    const cancel = cancelOf(this.#request);
    const { reason } = this.#cancel;
    if (reason) cancel.headers.add("Reason", formatReason(reason.cause, reason.text));
    const transaction = this.#transaction;
    this.#context.sendCancel(cancel, transaction.flow, NO_USER);
    // A peer of RFC 2543 may never answer the INVITE after its CANCEL (section 9.1).
    this.#cancelTimer = this.#context.clock.after(TIMEOUT_MS, () => transaction.transportFailed());
  }

  #fail(cause: ClientFailure): void {
    if (this.isOver) return;
    this.#state = "failed";
    this.#owner.branchFailed(this, { cause });
  }
}
