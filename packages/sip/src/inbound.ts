import type { Authority } from "./authority.ts";
import { IncomingCall, type ReplacedCall } from "./call/incoming-call.ts";
import type { OutgoingCall } from "./call/outgoing-call.ts";
import { capabilities } from "./dialog/dialog.ts";
import { parseReplaces } from "./dialog/refer.ts";
import { judgeRequest } from "./dialog/session-interval.ts";
import { ALLOW, KNOWN_EXTENSIONS, type SipContext } from "./dialog/sip-context.ts";
import type { Authenticator } from "./digest/authenticator.ts";
import { SipParseError } from "./errors.ts";
import type { SipLimits } from "./limits.ts";
import type { SipRequest, SipResponse } from "./message/message.ts";
import { type HeaderLines, respond } from "./message/respond.ts";
import { hasReadableBody } from "./message/sdp-body.ts";
import type { SipUri } from "./message/uri.ts";
import type { RegisterResult, Registrant, Registrar } from "./registration/registrar.ts";
import type { ServerTransaction } from "./transaction/server-transaction.ts";
import { sourceOf } from "./transport/flow.ts";

/** Methods of SIP that we know and do not take outside a dialog (405); others are unknown (501). */
const REFUSED_METHODS = new Set(["MESSAGE", "SUBSCRIBE", "PUBLISH", "REFER"]);

/** Methods that make sense only within a dialog (481 outside). */
const DIALOG_METHODS = new Set(["BYE", "INFO", "UPDATE", "PRACK", "NOTIFY"]);

const URI_SCHEMES = new Set(["sip", "sips", "tel"]);

interface InboundOptions {
  readonly context: SipContext;
  readonly authority: Authority;
  readonly authenticator: Authenticator;
  readonly registrar: Registrar;
  readonly limits: SipLimits;
  /** Undefined while new calls are welcome; else the seconds that callers shall wait. */
  readonly retryAfterSeconds: () => number | undefined;
  /** Calls that come through although we drain. */
  readonly isLetIn: (requestUri: SipUri) => boolean;
  /** Answers without keeping the transaction. */
  readonly respondOnce: (transaction: ServerTransaction, response: SipResponse) => void;
  readonly onCall: (call: IncomingCall) => void;
  readonly onCallDone: (call: IncomingCall) => void;
  /** A call of ours that still rings there. */
  readonly findEarly: (callId: string, localTag: string, remoteTag: string) => OutgoingCall | undefined;
  /** Whether a dialog of this name ended a short while ago. */
  readonly endedLately: (callId: string, localTag: string, remoteTag: string) => boolean;
}

/**
 * Decides what a new request gets, in the order of RFC 3261 section 8.2: dialog, method, Request-URI, hops,
 * extensions, who asks, body.
 */
export class Inbound {
  readonly #options: InboundOptions;
  readonly #calls = new Map<ServerTransaction, IncomingCall | "deciding" | "cancelled">();

  constructor(options: InboundOptions) {
    this.#options = options;
  }

  receive(transaction: ServerTransaction): void {
    const { request } = transaction;
    if (request.toTag !== "" && request.method !== "REGISTER") return this.#inDialog(transaction);
    const refusal = this.#refusal(request);
    if (refusal) return this.#answer(transaction, refusal.status, refusal);
    switch (request.method) {
      case "OPTIONS":
        return this.#answer(transaction, 200, { headers: capabilities() });
      case "REGISTER":
        return this.#guard(transaction, this.#register(transaction));
      case "INVITE":
        this.#calls.set(transaction, "deciding");
        return this.#guard(transaction, this.#invite(transaction));
      default:
        return this.#answer(transaction, 481);
    }
  }

  /** A CANCEL for an INVITE that has no final response yet. */
  cancel(invite: ServerTransaction, cancel: SipRequest): void {
    const call = this.#calls.get(invite);
    if (call instanceof IncomingCall) return call.cancelled(cancel);
    if (call === "deciding") {
      this.#calls.set(invite, "cancelled");
      return this.#answer(invite, 487);
    }
    const { request } = invite;
    this.#options.context.findDialog(request.callId, request.toTag, request.fromTag)?.cancelReoffer(invite);
  }

  #inDialog(transaction: ServerTransaction): void {
    const { callId, toTag, fromTag } = transaction.request;
    const dialog = this.#options.context.findDialog(callId, toTag, fromTag);
    if (dialog) dialog.receive(transaction);
    else this.#answer(transaction, 481);
  }

  #refusal(request: SipRequest): { status: number; headers?: HeaderLines } | undefined {
    const { method } = request;
    if (REFUSED_METHODS.has(method)) return { status: 405, headers: [["Allow", ALLOW]] };
    const known = method === "INVITE" || method === "REGISTER" || method === "OPTIONS";
    if (!known && !DIALOG_METHODS.has(method)) return { status: 501, headers: [["Allow", ALLOW]] };
    if (!URI_SCHEMES.has(request.requestUri.scheme)) return { status: 416 };
    if (method === "INVITE" && request.number("Max-Forwards") === 0) return { status: 483 };
    const unknown = request.list("Require").filter((tag) => !KNOWN_EXTENSIONS.has(tag.toLowerCase()));
    if (unknown.length > 0) return { status: 420, headers: [["Unsupported", unknown.join(", ")]] };
    const wait = this.#options.retryAfterSeconds();
    const isLetIn = method === "INVITE" && this.#options.isLetIn(request.requestUri);
    if (wait !== undefined && !isLetIn && (method === "INVITE" || method === "OPTIONS")) {
      return { status: 503, headers: [["Retry-After", String(wait)]] };
    }
    return undefined;
  }

  async #register(transaction: ServerTransaction): Promise<void> {
    const { request, flow } = transaction;
    const caller = await this.#identify(transaction);
    if (!caller) return;
    const result = this.#options.registrar.register(request, caller, flow);
    this.#answer(transaction, result.status, answerOf(result));
  }

  async #invite(transaction: ServerTransaction): Promise<void> {
    const caller = await this.#identify(transaction);
    if (this.#calls.get(transaction) === "cancelled" || !caller) {
      this.#calls.delete(transaction);
      return;
    }
    this.#calls.delete(transaction);
    const refusal = this.#contentRefusal(transaction.request);
    if (refusal) return this.#answer(transaction, refusal.status, refusal);
    const replaces = this.#replaced(transaction.request);
    if (typeof replaces === "number") return this.#answer(transaction, replaces);
    const call = new IncomingCall(this.#options.context, {
      transaction,
      caller: caller.identity,
      replaced: replaces,
      timeoutMs: this.#options.limits.incomingTimeoutMs,
      onDone: (done) => {
        this.#calls.delete(transaction);
        this.#options.onCallDone(done);
      },
    });
    this.#calls.set(transaction, call);
    this.#options.onCall(call);
  }

  /** Undefined when the request was answered: challenged or refused. */
  async #identify(transaction: ServerTransaction): Promise<Registrant | undefined> {
    const { request, flow } = transaction;
    if (flow.owner) return flow.owner;
    const { authenticator, authority } = this.#options;
    if (request.method !== "REGISTER" && !authenticator.hasCredentials(request)) {
      const trunk = await authority.identifyBySource(sourceOf(flow), request);
      if (trunk) return { identity: trunk, aors: [] };
    }
    const result = await authenticator.check(request, sourceOf(flow));
    switch (result.kind) {
      case "authenticated":
        return result.account;
      case "refused":
        this.#answer(transaction, 403);
        return undefined;
      case "challenge": {
        const headers = result.challenges.map((value) => ["WWW-Authenticate", value] as const);
        this.#options.respondOnce(transaction, respond(request, 401, { toTag: result.tag, headers }));
        return undefined;
      }
    }
  }

  #contentRefusal(request: SipRequest): { status: number; headers?: HeaderLines } | undefined {
    if (!hasReadableBody(request)) {
      return {
        status: 415,
        headers: [
          ["Accept", "application/sdp"],
          ["Accept-Encoding", "identity"],
        ],
      };
    }
    const accept = request.list("Accept").map((value) => value.split(";")[0]?.trim().toLowerCase() ?? "");
    const takes = ["application/sdp", "application/*", "*/*"];
    if (accept.length > 0 && !accept.some((type) => takes.includes(type))) return { status: 406 };
    const timer = judgeRequest(request, this.#options.context.sessionTimer);
    return timer.kind === "too_small" ? { status: 422, headers: timer.headers } : undefined;
  }

  /** What an INVITE with Replaces takes the place of, or the status when it cannot be had (RFC 3891 section 3). */
  #replaced(request: SipRequest): ReplacedCall | number {
    const value = request.headers.get("Replaces");
    if (value === undefined) return {};
    const target = parseReplaces(value);
    if (!target || request.headers.count("Replaces") > 1 || request.headers.count("Join") > 0) return 400;
    const { callId, toTag, fromTag, earlyOnly } = target;
    const dialog = this.#options.context.findDialog(callId, toTag, fromTag);
    const early = this.#options.findEarly(callId, toTag, fromTag);
    if (early) return { early };
    if (!dialog) return this.#options.endedLately(callId, toTag, fromTag) ? 603 : 481;
    if (dialog.state === "ended") return 603;
    // An early dialog may be replaced by its maker's side only; one that somebody else made is not there to be had.
    if (dialog.state === "early") return 481;
    return earlyOnly ? 486 : { dialog };
  }

  #answer(
    transaction: ServerTransaction,
    status: number,
    options: { reason?: string; headers?: HeaderLines } = {},
  ): void {
    const { context } = this.#options;
    const { reason, headers = [] } = options;
    const toTag = context.newTag();
    const lines: HeaderLines = [...headers, ["Server", context.userAgentName]];
    transaction.respond(
      respond(transaction.request, status, { toTag, headers: lines, ...(reason ? { reason } : {}) }),
    );
  }

  #guard(transaction: ServerTransaction, work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#calls.delete(transaction);
      if (error instanceof SipParseError) {
        return this.#answer(transaction, 400, { reason: `Bad ${error.field}` });
      }
      this.#options.context.log.warn(
        { err: error, method: transaction.request.method },
        "request failed inside",
      );
      this.#answer(transaction, 500);
    });
  }
}

function answerOf(result: RegisterResult): { reason?: string; headers?: HeaderLines } {
  switch (result.status) {
    case 200:
      return {
        headers: [...result.contacts.map((contact) => ["Contact", contact] as const), ...result.headers],
      };
    case 423:
      return { headers: [["Min-Expires", String(result.minExpires)]] };
    default:
      return { reason: result.reason };
  }
}
