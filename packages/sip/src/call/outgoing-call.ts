import { type Disposable, Signal } from "@svara/kernel";
import type { Dialog } from "../dialog/dialog.ts";
import { type SessionTimerOptions, timerRequest } from "../dialog/session-interval.ts";
import type { SipContext } from "../dialog/sip-context.ts";
import type { DiversionParts } from "../message/diversion.ts";
import type { SipResponse } from "../message/message.ts";
import { sdpOf } from "../message/sdp-body.ts";
import { reasonPhrase } from "../message/status.ts";
import { parseUri, type SipUri } from "../message/uri.ts";
import type { Binding } from "../registration/registrar.ts";
import type { ClientFailure } from "../transaction/client-transaction.ts";
import type { Flow } from "../transport/flow.ts";
import type { Route } from "../transport/route.ts";
import { type CallFailure, readReason } from "./call-end.ts";
import { type BranchOwner, type CancelReason, InviteBranch } from "./invite-branch.ts";
import { type InviteOptions, inviteRequest } from "./invite-request.ts";
import { Redirects, type RedirectTarget, redirectContacts } from "./redirects.ts";

/** Whom to call. */
export type InviteTarget =
  /** All phones registered for an address of record, rung together. */
  | { readonly kind: "aor"; readonly user: string }
  | { readonly kind: "binding"; readonly binding: Binding }
  | { readonly kind: "uri"; readonly uri: string };

/** A provisional response: it rings, or early media comes with `sdp`. */
export interface CallProgress {
  readonly status: number;
  readonly reason: string;
  readonly sdp: string | undefined;
  /** The Request-URI of the place that answered. */
  readonly target: string;
  /** Tells the places of a forked call apart; "" when the peer gave none. */
  readonly tag: string;
  /** The early dialog, from the first reliable response on: it takes and makes UPDATEs (RFC 3262, RFC 3311). */
  readonly dialog: Dialog | undefined;
}

export interface CallAccepted {
  readonly dialog: Dialog;
  readonly sdp: string | undefined;
  /** The binding that answered, when one was called. */
  readonly binding: Binding | undefined;
  /** The Request-URI of the place that answered. */
  readonly target: string;
}

/** A place to send the INVITE to. */
export interface BranchTarget {
  readonly uri: string;
  readonly flow: () => Flow | Promise<Flow>;
  /** All ways to a place that a name leads to; `first` is the one to try before them. */
  readonly route?: (first?: Flow) => Route;
  /** Route values between us and the place (RFC 3327). */
  readonly path?: readonly string[];
  readonly binding: Binding | undefined;
}

/** A branch's place and how the call came there. */
interface Place {
  readonly target: BranchTarget;
  readonly hops: number;
  readonly diversions: readonly DiversionParts[];
}

const DEFAULT_TIMEOUT_MS = 180_000; // the longest that carriers let a phone ring

/**
 * A call that we make to one place or to several at once; the first 200 wins, the others are cancelled, and a 200 that
 * comes too late is acknowledged and met with BYE.
 *
 *   calling -> ringing -> accepted | failed
 */
export class OutgoingCall implements BranchOwner {
  readonly id: string;
  readonly callId: string;
  /** The first response of any kind came, 100 too: the place lives. */
  readonly firstResponse = new Signal<void>();
  readonly progress = new Signal<CallProgress>();
  readonly accepted = new Signal<CallAccepted>();
  readonly failed = new Signal<CallFailure>();
  readonly #context: SipContext;
  readonly #branches = new Map<InviteBranch, Place>();
  readonly #options: InviteOptions;
  readonly #timerOptions: SessionTimerOptions;
  readonly #redirects: Redirects | undefined;
  /** Places that redirections named and that are not called yet, best first. */
  #redirected: RedirectTarget[] = [];
  readonly #worst: CallFailure[] = [];
  readonly #onDone: (call: OutgoingCall) => void;
  #timer: Disposable | undefined;
  #state: "calling" | "ringing" | "accepted" | "failed" = "calling";
  #dialog: Dialog | undefined;
  #heard = false;

  constructor(
    context: SipContext,
    targets: readonly BranchTarget[],
    options: InviteOptions,
    onDone: (call: OutgoingCall) => void,
  ) {
    this.#context = context;
    this.callId = context.newCallId();
    this.id = context.newTag();
    this.#options = options;
    this.#timerOptions = { ...context.sessionTimer, ...options.sessionTimer };
    this.#redirects = options.followRedirects && new Redirects(options.followRedirects);
    this.#onDone = onDone;
    for (const target of targets) {
      this.#redirects?.visited(parseUri(target.uri, "Request-URI"));
      this.#newBranch({ target, hops: 0, diversions: [] }, 1, undefined);
    }
    this.#timer = context.clock.after(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, () => this.#timeOut());
    // After the caller had its chance to subscribe: a send may fail, and a loop-back may answer, at once.
    queueMicrotask(() => this.#start());
  }

  get state(): "calling" | "ringing" | "accepted" | "failed" {
    return this.#state;
  }

  /** Whether any place has answered anything at all, 100 included: until then it may as well be dead. */
  get heard(): boolean {
    return this.#heard;
  }

  /** Set when accepted. */
  get dialog(): Dialog | undefined {
    return this.#dialog;
  }

  /** Gives the call up: `failed` by "local" follows at once. Harmless once decided. */
  cancel(reason?: CancelReason): void {
    if (this.#isDecided) return;
    this.#fail({ by: "local", status: 487, reason: reason?.text ?? reasonPhrase(487) }, reason);
  }

  /** Whether one of the places answered provisionally with this tag, so that it names an early dialog of ours. */
  hasEarlyDialog(remoteTag: string): boolean {
    if (this.#isDecided) return false;
    return [...this.#branches.keys()].some((branch) => branch.hasEarlyDialog(remoteTag));
  }

  branchHeard(): void {
    if (this.#heard) return;
    this.#heard = true;
    this.firstResponse.emit();
  }

  branchProgress(branch: InviteBranch, response: SipResponse, dialog: Dialog | undefined): void {
    if (this.#isDecided) return;
    this.#state = "ringing";
    const target = this.#branches.get(branch)?.target.uri ?? "";
    const { status, reason, toTag: tag } = response;
    this.progress.emit({ status, reason, sdp: sdpOf(response), target, tag, dialog });
  }

  branchAccepted(branch: InviteBranch, response: SipResponse): boolean {
    if (this.#isDecided) return false;
    this.#enter("accepted");
    const dialog = branch.confirmedDialog(response, this.#options.offer);
    this.#dialog = dialog;
    const place = this.#branches.get(branch)?.target;
    this.#cancelOthers(branch, { cause: 200, text: "Call completed elsewhere" });
    const target = place?.uri ?? "";
    this.accepted.emit({ dialog, sdp: dialog.remoteSdp, binding: place?.binding, target });
    return true;
  }

  branchFailed(branch: InviteBranch, failure: { response: SipResponse } | { cause: ClientFailure }): void {
    const described = describe(failure);
    const place = this.#branches.get(branch);
    this.#branches.delete(branch);
    if (this.#isDecided) return;
    if (place && "response" in failure && this.#redirects) {
      const from = { ...place, uri: parseUri(place.target.uri, "Request-URI"), rang: branch.rang };
      this.#redirected.unshift(...this.#redirects.next(failure.response, from));
    }
    this.#worst.push(described);
    // RFC 3261 section 16.7: a 6xx speaks for all places.
    if (described.status >= 600) return this.#fail(described, undefined);
    if (this.#branches.size > 0) return;
    this.#tryRedirected(branch.seq);
    if (this.#branches.size === 0) this.#fail(best(this.#worst), undefined);
  }

  /** The user agent closes. */
  dispose(): void {
    this.#timer?.dispose();
    for (const branch of this.#branches.keys()) branch.dispose();
  }

  get #isDecided(): boolean {
    return this.#state === "accepted" || this.#state === "failed";
  }

  #start(): void {
    if (this.#isDecided) return;
    if (this.#branches.size === 0) {
      this.#fail({ by: "local", status: 480, reason: "not registered" }, undefined);
    }
    for (const branch of [...this.#branches.keys()]) branch.start();
  }

  #timeOut(): void {
    this.#fail({ by: "timeout", status: 408, reason: "no answer" }, undefined);
  }

  #enter(next: "accepted" | "failed"): void {
    this.#state = next;
    this.#timer?.dispose();
    this.#onDone(this);
  }

  #fail(failure: CallFailure, reason: CancelReason | undefined): void {
    if (this.#isDecided) return;
    this.#enter("failed");
    this.#cancelOthers(undefined, reason);
    this.failed.emit(failure);
  }

  #cancelOthers(winner: InviteBranch | undefined, reason: CancelReason | undefined): void {
    for (const branch of this.#branches.keys()) if (branch !== winner) branch.cancel(reason);
  }

  /** Calls the next place that a redirection named; one after the other, the best first. */
  #tryRedirected(lastSeq: number): void {
    const next = this.#redirected.shift();
    if (!next) return;
    const { uri, proxy, hops, diversions } = next;
    const hop: SipUri = proxy === undefined ? this.#hopOf(uri) : parseUri(proxy, "Contact");
    const target: BranchTarget = {
      uri: uri.text,
      flow: () => this.#context.flowTo(hop),
      route: () => this.#context.routeTo(hop),
      binding: undefined,
    };
    this.#newBranch({ target, hops, diversions }, lastSeq + 1, proxy).start();
  }

  #hopOf(uri: SipUri): SipUri {
    const { outboundProxy } = this.#options;
    return outboundProxy === undefined ? uri : parseUri(outboundProxy, "Route");
  }

  #newBranch(place: Place, seq: number, proxy: string | undefined): InviteBranch {
    const { target, diversions } = place;
    const timer = this.#timerOptions;
    const request = inviteRequest(
      {
        uri: target.uri,
        callId: this.callId,
        localTag: this.id,
        seq,
        userAgentName: this.#context.userAgentName,
        timerHeaders: timerRequest(timer, undefined, timer.minSeconds),
        diversions,
        proxy,
        path: target.path ?? [],
      },
      this.#options,
    );
    const branch = new InviteBranch(this.#context, this, {
      request,
      flow: target.flow,
      route: target.route,
      contactUser: this.#options.from.user,
      peer: target.binding?.identity,
      credentials: this.#options.credentials,
      timer,
    });
    this.#branches.set(branch, place);
    return branch;
  }
}

function describe(failure: { response: SipResponse } | { cause: ClientFailure }): CallFailure {
  if ("cause" in failure) {
    if (failure.cause === "timeout") return { by: "timeout", status: 408, reason: "the peer is silent" };
    return { by: "transport", status: 503, reason: "the peer cannot be reached" };
  }
  const { response } = failure;
  const told = readReason(response);
  const redirect = response.status < 400 ? response.headers.get("Contact") : undefined;
  const contacts = response.status < 400 ? redirectContacts(response) : [];
  return {
    by: "remote",
    ...told,
    status: response.status,
    reason: response.reason,
    ...(redirect === undefined ? {} : { redirect }),
    ...(contacts.length === 0 ? {} : { contacts }),
  };
}

/** What several places said, in one word: 6xx, then busy, then other 4xx, then the rest (after section 16.7). */
function best(failures: readonly CallFailure[]): CallFailure {
  const rank = ({ status }: CallFailure): number => {
    if (status >= 600) return 0;
    if (status === 486) return 1;
    if (status === 408 || status === 480 || status === 482) return 4;
    if (status >= 400 && status < 500) return 2;
    return status < 400 ? 3 : 5;
  };
  const [first] = [...failures].sort((a, b) => rank(a) - rank(b));
  return first ?? { by: "local", status: 480, reason: "nobody to call" };
}
