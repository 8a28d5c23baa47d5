import type { Disposable } from "@svara/kernel";
import type { Identity } from "../authority.ts";
import { Dialog } from "../dialog/dialog.ts";
import { callerRoutes, DialogPath, type PathSetup, retryOf } from "../dialog/dialog-path.ts";
import { agreementIn, minSeOf, type SessionTimerOptions, timerRequest } from "../dialog/session-interval.ts";
import type { SipContext } from "../dialog/sip-context.ts";
import { answerChallenge } from "../digest/answer-challenge.ts";
import type { Credentials } from "../digest/digest.ts";
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
import type { Flow } from "../transport/flow.ts";
import type { Route } from "../transport/route.ts";
import { formatReason } from "./call-end.ts";
import { GivenUpInvite, InviteAttempt, NO_USER } from "./given-up-invite.ts";

/** The call that a branch belongs to. */
export interface BranchOwner {
  /** Any response came, 100 too. */
  branchHeard(): void;
  /** `dialog` is the early one, from the first reliable response of its tag on. */
  branchProgress(branch: InviteBranch, response: SipResponse, dialog: Dialog | undefined): void;
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
  /** In place of `flow`: ways that are tried one after the other (RFC 3263 section 4.3). */
  readonly route?: (() => Route) | undefined;
  readonly contactUser: string | undefined;
  readonly peer: Identity | undefined;
  readonly credentials: Credentials | undefined;
  readonly timer: SessionTimerOptions;
}

/** Early dialogs of one INVITE that are told apart; a peer that makes more gains nothing. */
const MAX_FORKS = 20;

/**
 * One INVITE of ours to one place, with the repetitions that challenges and session timers ask for.
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
  #attempt: InviteAttempt | undefined;
  #route: Route | undefined;
  #patience: Disposable | undefined;
  #provisional = false;
  #cancel: { reason: CancelReason | undefined; sent: boolean } | undefined;
  #cancelTimer: Disposable | undefined;
  #challenges = 0;
  #minSeconds = 0;
  #rang = false;
  /** Paths by remote tag: of early dialogs that PRACK was sent in, and of 2xx that were acknowledged. */
  readonly #paths = new Map<string, DialogPath>();
  readonly #lastRSeq = new Map<string, number>();
  readonly #won = new Set<string>();
  /** Tags of provisional responses. */
  readonly #tags = new Set<string>();
  /** Early dialogs by remote tag, each from its first reliable response on. */
  readonly #early = new Map<string, Dialog>();
  /** What provisional responses described, by remote tag; the answer, where the 200 brings none. */
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

  /** The INVITE's CSeq, which a further INVITE of the same call has to exceed. */
  get seq(): number {
    return this.#request.cseq.seq;
  }

  /** Whether the place rang. */
  get rang(): boolean {
    return this.#rang;
  }

  /** Whether a provisional response of ours had this tag, so that it names an early dialog. */
  hasEarlyDialog(remoteTag: string): boolean {
    return !this.isOver && this.#tags.has(remoteTag);
  }

  /** The dialog made by a 2xx, in force: the early one where there is one (RFC 3261 section 13.2.2.4). */
  confirmedDialog(response: SipResponse, offer: string): Dialog {
    const early = this.#early.get(response.toTag);
    const dialog = early ?? new Dialog(this.#context, this.#pathSetup(response), { ownsCallId: true });
    this.#early.delete(response.toTag);
    if (early) early.path.routes = callerRoutes(response);
    dialog.path.learnAllow(response);
    dialog.localSdp ??= offer;
    // What a reliable response answered stands; the 200 only repeats it (RFC 3262 section 5).
    dialog.remoteSdp ??= sdpOf(response) ?? this.#earlySdp.get(response.toTag);
    dialog.startTimer(agreementIn(response, this.#timerHeaders()), this.#setup.timer);
    dialog.enter("confirmed");
    return dialog;
  }

  /** What a dialog made by `response` starts from. */
  #pathSetup(response: SipResponse): PathSetup {
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
      flow: this.#flow(),
      peer: this.#setup.peer,
      credentials: this.#setup.credentials,
    };
  }

  start(): void {
    try {
      const flow = this.#way();
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
    this.#endEarly();
    this.#cancel = { reason, sent: false };
    if (this.#provisional) this.#sendCancel();
  }

  dispose(): void {
    this.#cancelTimer?.dispose();
    this.#patience?.dispose();
    this.#endEarly();
  }

  onResponse(response: SipResponse): void {
    const { status } = response;
    this.#patience?.dispose();
    this.#owner.branchHeard();
    if (status === 503 && this.#goAnotherWay()) return;
    if (status !== 503) this.#route?.worked();
    if (status < 200) return this.#onProvisional(response);
    if (status < 300) return this.#onSuccess(response);
    this.#cancelTimer?.dispose();
    if (this.isOver) return;
    const challenged = status === 401 || status === 407;
    if (challenged && this.#state === "trying" && this.#authenticate(response)) return;
    if (status === 422 && this.#state === "trying" && this.#askForLonger(response)) return;
    this.#state = "failed";
    this.#endEarly();
    this.#owner.branchFailed(this, { response });
  }

  onFailure(failure: ClientFailure): void {
    this.#cancelTimer?.dispose();
    this.#patience?.dispose();
    if (!this.#goAnotherWay()) this.#fail(failure);
  }

  #flow(): Flow {
    if (!this.#transaction) throw new Error("a response came before the request was sent");
    return this.#transaction.flow;
  }

  /** A further attempt on behalf of a challenge goes where the challenge came from. */
  #way(): Flow | undefined | Promise<Flow | undefined> {
    const { route, flow } = this.#setup;
    if (!route) return flow();
    if (this.#route && this.#transaction?.flow.isOpen) return this.#transaction.flow;
    this.#route ??= route();
    return this.#route.next();
  }

  /** The way failed; true when the same INVITE goes by the next one. */
  #goAnotherWay(): boolean {
    if (!this.#route || this.#state !== "trying") return false;
    this.#route.failed();
    if (!this.#route.hasNext) return false;
    this.#request = retryOf(this.#request, this.seq);
    this.#transaction = undefined;
    this.#provisional = false;
    this.start();
    return true;
  }

  /** Nothing came at all: another way is tried, and this one is looked after by itself. */
  #tired(): void {
    const attempt = this.#attempt;
    const transaction = this.#transaction;
    if (!attempt || !transaction || this.#provisional || this.#state !== "trying") return;
    const flow = transaction.flow;
    attempt.user = new GivenUpInvite(this.#context, transaction, (response) => ({
      ...this.#pathSetup(response),
      flow,
    }));
    if (!this.#goAnotherWay()) attempt.user = this;
  }

  #send(flow: Flow | undefined): void {
    if (this.#state !== "trying") return this.#fail("timeout");
    if (!flow) return this.#fail("transport");
    const contact = this.#context.contactFor(flow, this.#setup.contactUser);
    this.#request.headers.set("Contact", `<${contact.text}>`);
    const attempt = new InviteAttempt(this);
    this.#attempt = attempt;
    if (this.#route?.hasNext) {
      this.#patience = this.#context.clock.after(this.#context.tryTimeoutMs, () => this.#tired());
    }
    this.#transaction = this.#context.send(this.#request, flow, attempt);
  }

  #onProvisional(response: SipResponse): void {
    this.#provisional = true;
    if (this.#state === "cancelling" && !this.#cancel?.sent) return this.#sendCancel();
    if (response.status === 100 || this.#state !== "trying") return;
    this.#rang = true;
    const { toTag } = response;
    if (toTag !== "" && this.#tags.size < MAX_FORKS) this.#tags.add(toTag);
    if (!this.#acknowledgeProvisional(response)) return;
    const sdp = sdpOf(response);
    if (sdp !== undefined && this.#tags.has(toTag) && !this.#early.get(toTag)?.remoteSdp) {
      this.#earlySdp.set(toTag, sdp);
    }
    this.#owner.branchProgress(this, response, this.#early.get(toTag));
  }

  /** False for a copy of a reliable response that was acknowledged already (RFC 3262 section 4). */
  #acknowledgeProvisional(response: SipResponse): boolean {
    const rseq = response.number("RSeq");
    if (rseq === undefined || response.toTag === "") return true;
    if (!response.list("Require").some((tag) => tag.toLowerCase() === "100rel")) return true;
    const last = this.#lastRSeq.get(response.toTag);
    // Section 4: one that came too early is not acknowledged either; the one before it will be sent again.
    if (last !== undefined && rseq !== last + 1) return false;
    const dialog = this.#earlyDialog(response);
    if (!dialog) return true;
    this.#lastRSeq.set(response.toTag, rseq);
    dialog.remoteSdp ??= sdpOf(response);
    void dialog.path.exchange("PRACK", { headers: [["RAck", `${rseq} ${this.seq} INVITE`]] });
    return true;
  }

  #earlyDialog(response: SipResponse): Dialog | undefined {
    const known = this.#early.get(response.toTag);
    if (known || this.#early.size >= MAX_FORKS) return known;
    const dialog = new Dialog(this.#context, this.#pathSetup(response), { ownsCallId: true });
    dialog.path.learnAllow(response);
    dialog.localSdp = this.#request.body.toString("utf8");
    this.#early.set(response.toTag, dialog);
    this.#paths.set(response.toTag, dialog.path);
    return dialog;
  }

  /** No early dialog outlives the INVITE but the one that was confirmed. */
  #endEarly(): void {
    for (const dialog of [...this.#early.values()]) dialog.end({ by: "remote", status: 487 });
    this.#early.clear();
  }

  #onSuccess(response: SipResponse): void {
    this.#cancelTimer?.dispose();
    const known = this.#paths.has(response.toTag) && (this.#won.has(response.toTag) || this.isOver);
    const path = this.#pathOf(response);
    path.retarget(response);
    path.routes = callerRoutes(response);
    path.sendAck(this.#request);
    if (known) return; // a copy: our ACK was lost
    const first = this.#state === "trying";
    this.#state = "accepted";
    const won = first && this.#owner.branchAccepted(this, response);
    this.#endEarly();
    if (won) this.#won.add(response.toTag);
    else void path.exchange("BYE", { headers: [["Reason", formatReason(487, "call was given up")]] });
  }

  #pathOf(response: SipResponse): DialogPath {
    let path = this.#paths.get(response.toTag);
    if (!path) {
      path = new DialogPath(this.#context, this.#pathSetup(response));
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

  /** The callee wants a longer session interval (RFC 4028 section 7.3). */
  #askForLonger(response: SipResponse): boolean {
    const least = minSeOf(response);
    if (least === undefined || least <= this.#minSeconds) return false;
    this.#minSeconds = least;
    const again = retryOf(this.#request, this.seq + 1);
    for (const name of ["Session-Expires", "Min-SE"]) again.headers.remove(name);
    for (const [name, value] of this.#timerHeaders()) again.headers.add(name, value);
    this.#request = again;
    this.#provisional = false;
    this.start();
    return true;
  }

  #timerHeaders(): HeaderLines {
    return timerRequest(
      this.#setup.timer,
      undefined,
      Math.max(this.#minSeconds, this.#setup.timer.minSeconds),
    );
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
    this.#endEarly();
    this.#owner.branchFailed(this, { cause });
  }
}
