import { type Disposable, Signal } from "@svara/kernel";
import { Dialog } from "../dialog/dialog.ts";
import { ALLOW, type SipContext, SUPPORTED } from "../dialog/sip-context.ts";
import type { Credentials } from "../digest/digest.ts";
import { SipHeaders } from "../message/headers.ts";
import { SipRequest, type SipResponse } from "../message/message.ts";
import { formatNameAddr } from "../message/name-addr.ts";
import { type HeaderLines, oneLine } from "../message/respond.ts";
import { sdpOf } from "../message/sdp-body.ts";
import { reasonPhrase } from "../message/status.ts";
import { makeUri, parseUri } from "../message/uri.ts";
import type { Binding } from "../registration/registrar.ts";
import type { ClientFailure } from "../transaction/client-transaction.ts";
import type { Flow } from "../transport/flow.ts";
import { type CallFailure, readReason } from "./call-end.ts";
import { type BranchOwner, type CancelReason, InviteBranch } from "./invite-branch.ts";

/** Whom to call. */
export type InviteTarget =
  /** All phones registered for an address of record, rung together. */
  | { readonly kind: "aor"; readonly user: string }
  | { readonly kind: "binding"; readonly binding: Binding }
  | { readonly kind: "uri"; readonly uri: string };

export interface InviteOptions {
  /** Our session description. */
  readonly offer: string;
  /** The caller as shown; `host` defaults to our own address. */
  readonly from: { readonly user: string; readonly displayName?: string; readonly host?: string };
  readonly toDisplayName?: string;
  readonly headers?: HeaderLines;
  /** For a carrier that challenges. */
  readonly credentials?: Credentials;
  /** P-Asserted-Identity, as a name-addr (RFC 3325). */
  readonly assertedIdentity?: string;
  /** Withholds the number: From anonymous and Privacy: id (RFC 3323). */
  readonly anonymous?: boolean;
  /** A URI that becomes the first Route. */
  readonly outboundProxy?: string;
  /** Unanswered after this, the call is cancelled and failed by "timeout". */
  readonly timeoutMs?: number;
}

/** A provisional response: it rings, or early media comes with `sdp`. */
export interface CallProgress {
  readonly status: number;
  readonly reason: string;
  readonly sdp: string | undefined;
  /** The Request-URI of the place that answered. */
  readonly target: string;
}

export interface CallAccepted {
  readonly dialog: Dialog;
  readonly sdp: string | undefined;
  /** The binding that answered, when one was called. */
  readonly binding: Binding | undefined;
}

/** A place to send the INVITE to. */
export interface BranchTarget {
  readonly uri: string;
  readonly flow: () => Flow | Promise<Flow>;
  readonly binding: Binding | undefined;
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
  readonly progress = new Signal<CallProgress>();
  readonly accepted = new Signal<CallAccepted>();
  readonly failed = new Signal<CallFailure>();
  readonly #context: SipContext;
  readonly #branches = new Map<InviteBranch, BranchTarget>();
  readonly #worst: CallFailure[] = [];
  readonly #onDone: (call: OutgoingCall) => void;
  readonly #offer: string;
  #timer: Disposable | undefined;
  #state: "calling" | "ringing" | "accepted" | "failed" = "calling";
  #dialog: Dialog | undefined;

  constructor(
    context: SipContext,
    targets: readonly BranchTarget[],
    options: InviteOptions,
    onDone: (call: OutgoingCall) => void,
  ) {
    this.#context = context;
    this.callId = context.newCallId();
    this.id = context.newTag();
    this.#offer = options.offer;
    this.#onDone = onDone;
    for (const target of targets) this.#branches.set(this.#newBranch(target, options), target);
    this.#timer = context.clock.after(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, () => this.#timeOut());
    // After the caller had its chance to subscribe: a send may fail, and a loop-back may answer, at once.
    queueMicrotask(() => this.#start());
  }

  get state(): "calling" | "ringing" | "accepted" | "failed" {
    return this.#state;
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

  branchProgress(branch: InviteBranch, response: SipResponse): void {
    if (this.#isDecided) return;
    this.#state = "ringing";
    const target = this.#branches.get(branch)?.uri ?? "";
    this.progress.emit({ status: response.status, reason: response.reason, sdp: sdpOf(response), target });
  }

  branchAccepted(branch: InviteBranch, response: SipResponse): boolean {
    if (this.#isDecided) return false;
    this.#enter("accepted");
    const dialog = new Dialog(this.#context, branch.pathSetup(response), { ownsCallId: true });
    const sdp = branch.answerIn(response);
    dialog.localSdp = this.#offer;
    dialog.remoteSdp = sdp;
    dialog.enter("confirmed");
    this.#dialog = dialog;
    const binding = this.#branches.get(branch)?.binding;
    this.#cancelOthers(branch, { cause: 200, text: "Call completed elsewhere" });
    this.accepted.emit({ dialog, sdp, binding });
    return true;
  }

  branchFailed(branch: InviteBranch, failure: { response: SipResponse } | { cause: ClientFailure }): void {
    const described = describe(failure);
    this.#branches.delete(branch);
    if (this.#isDecided) return;
    this.#worst.push(described);
    // RFC 3261 section 16.7: a 6xx speaks for all places.
    if (described.status >= 600) return this.#fail(described, undefined);
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

  #newBranch(target: BranchTarget, options: InviteOptions): InviteBranch {
    const request = this.#invite(target, options);
    return new InviteBranch(this.#context, this, {
      request,
      flow: target.flow,
      contactUser: options.from.user,
      peer: target.binding?.identity,
      credentials: options.credentials,
    });
  }

  #invite(target: BranchTarget, options: InviteOptions): SipRequest {
    const { from, anonymous, assertedIdentity } = options;
    const headers = new SipHeaders();
    const fromUri = anonymous
      ? makeUri({ user: "anonymous", host: "anonymous.invalid" })
      : makeUri({ user: from.user, host: from.host ?? "localhost" });
    const displayName = anonymous ? "Anonymous" : from.displayName;
    if (options.outboundProxy) headers.add("Route", looseRoute(options.outboundProxy));
    headers.add("Max-Forwards", "70");
    headers.add("From", formatNameAddr({ displayName, uri: fromUri, params: new Map([["tag", this.id]]) }));
    const to = parseUri(target.uri, "Request-URI");
    headers.add("To", formatNameAddr({ displayName: options.toDisplayName, uri: to }));
    headers.add("Call-ID", this.callId).add("CSeq", "1 INVITE");
    headers.add("Allow", ALLOW).add("Supported", SUPPORTED).add("User-Agent", this.#context.userAgentName);
    if (assertedIdentity) headers.add("P-Asserted-Identity", oneLine(assertedIdentity));
    if (anonymous) headers.add("Privacy", "id");
    for (const [name, value] of options.headers ?? []) headers.add(name, oneLine(value));
    const request = new SipRequest("INVITE", target.uri, headers);
    request.setBody("application/sdp", options.offer);
    return request;
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
  return {
    by: "remote",
    ...told,
    status: response.status,
    reason: response.reason,
    ...(redirect === undefined ? {} : { redirect }),
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

function looseRoute(uri: string): string {
  const parsed = parseUri(uri, "Route");
  return parsed.params.has("lr") ? `<${parsed.text}>` : `<${parsed.text};lr>`;
}
