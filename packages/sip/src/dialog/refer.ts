import { Signal } from "@svara/kernel";
import { SipError, SipParseError } from "../errors.ts";
import { uriHeaders } from "../message/history-info.ts";
import type { SipRequest } from "../message/message.ts";
import { type NameAddr, parseNameAddr } from "../message/name-addr.ts";
import { respond } from "../message/respond.ts";
import { reasonPhrase } from "../message/status.ts";
import { parseUri } from "../message/uri.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";

/** The dialog that a Replaces header names (RFC 3891), its tags as its owner sees them. */
export interface ReplacesTarget {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
  readonly earlyOnly: boolean;
}

/** Progress of a transfer, as the sipfrag of a NOTIFY tells it (RFC 3515). */
export interface ReferProgress {
  readonly status: number;
  readonly reason: string;
  /** Whether the subscription is over. */
  readonly final: boolean;
}

/** Sends the NOTIFY of a transfer within the dialog. */
export type NotifySender = (event: string, state: string, sipfrag: string) => void;

/** A REFER of the peer (RFC 3515): it asks us to call `target`. To be accepted or rejected once. */
export class IncomingRefer {
  readonly target: NameAddr;
  /** The user part of the target, which is the number to call. */
  readonly targetUser: string;
  readonly referredBy: string | undefined;
  /** The dialog that the new call shall take the place of, for an attended transfer. */
  readonly replaces: ReplacesTarget | undefined;
  /** Whether the peer wants to hear how the new call goes; not with `Refer-Sub: false` (RFC 4488). */
  readonly wantsNotify: boolean;
  readonly #transaction: ServerTransaction;
  readonly #toTag: string;
  readonly #contact: () => string;
  readonly #notify: NotifySender;
  #state: "open" | "accepted" | "done" = "open";

  /** Throws SipParseError for a bad Refer-To. */
  constructor(transaction: ServerTransaction, toTag: string, contact: () => string, notify: NotifySender) {
    const { request } = transaction;
    const values = request.headers.all("Refer-To");
    if (values.length !== 1) throw new SipParseError("Refer-To", "one expected");
    this.target = parseNameAddr(values[0] ?? "", "Refer-To");
    this.targetUser = this.target.uri.user ?? "";
    this.referredBy = request.headers.get("Referred-By");
    this.replaces = replacesOf(this.target);
    this.wantsNotify = !request.headers.get("Refer-Sub")?.trim().toLowerCase().startsWith("false");
    this.#transaction = transaction;
    this.#toTag = toTag;
    this.#contact = contact;
    this.#notify = notify;
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  /** Answers 202 and tells the peer "100 Trying" as RFC 3515 asks. */
  accept(): void {
    this.#decide("accepted");
    const headers: [string, string][] = [["Contact", `<${this.#contact()}>`]];
    if (!this.wantsNotify) headers.push(["Refer-Sub", "false"]);
    this.#transaction.respond(respond(this.#transaction.request, 202, { toTag: this.#toTag, headers }));
    this.notify(100);
  }

  /** Tells how the new call goes; a status of 200 or more is the last word. */
  notify(status: number, reason = reasonPhrase(status)): void {
    if (this.#state !== "accepted" || !this.wantsNotify) return;
    if (status >= 200) this.#state = "done";
    const state = status >= 200 ? "terminated;reason=noresource" : "active;expires=60";
    const event = `refer;id=${this.#transaction.request.cseq.seq}`;
    this.#notify(event, state, `SIP/2.0 ${status} ${reason}\r\n`);
  }

  reject(status: number): void {
    this.#decide("done");
    this.#transaction.respond(respond(this.#transaction.request, status, { toTag: this.#toTag }));
  }

  #decide(next: "accepted" | "done"): void {
    if (this.#state !== "open") throw new SipError("sip.wrong_state", `this REFER is ${this.#state} already`);
    this.#state = next;
  }
}

/** A REFER of ours and what the peer reports of it. */
export class OutgoingRefer {
  /** Also tells the final failure of the REFER itself. */
  readonly progress = new Signal<ReferProgress>();
  #over = false;

  get isOver(): boolean {
    return this.#over;
  }

  /** From the dialog: a NOTIFY, or the REFER's own failure. */
  report(progress: ReferProgress): void {
    if (this.#over) return;
    this.#over = progress.final;
    this.progress.emit(progress);
  }
}

/** Reads the sipfrag of a NOTIFY; undefined when it holds no status line. */
export function readSipfrag(notify: SipRequest): ReferProgress | undefined {
  const line = notify.body.toString("utf8").split("\r\n", 1)[0] ?? "";
  const status = Number(line.slice(8, 11));
  const over = notify.headers.get("Subscription-State")?.toLowerCase().startsWith("terminated") === true;
  if (!line.startsWith("SIP/2.0 ") || !(status >= 100 && status <= 699)) {
    // A subscription that ends without a word leaves the outcome open.
    return over ? { status: 487, reason: "the subscription ended", final: true } : undefined;
  }
  return { status, reason: line.slice(12).trim(), final: over || status >= 200 };
}

/** Parses the value of a Replaces header; undefined when it is malformed. */
export function parseReplaces(text: string): ReplacesTarget | undefined {
  const [callId = "", ...rest] = text.split(";").map((part) => part.trim());
  const params = new Map(rest.map((part) => pair(part)));
  const toTag = params.get("to-tag");
  const fromTag = params.get("from-tag");
  if (callId === "" || toTag === undefined || fromTag === undefined) return undefined;
  return { callId, toTag, fromTag, earlyOnly: params.has("early-only") };
}

/** The value of a Replaces header. */
export function formatReplaces(target: ReplacesTarget): string {
  const { callId, toTag, fromTag, earlyOnly } = target;
  return `${callId};to-tag=${toTag};from-tag=${fromTag}${earlyOnly ? ";early-only" : ""}`;
}

function replacesOf(target: NameAddr): ReplacesTarget | undefined {
  const value = uriHeaders(target.uri).get("replaces");
  return value === undefined ? undefined : parseReplaces(value);
}

function pair(text: string): [name: string, value: string] {
  const equals = text.indexOf("=");
  if (equals < 0) return [text.toLowerCase(), ""];
  return [text.slice(0, equals).toLowerCase(), text.slice(equals + 1)];
}

/** `target` as a Refer-To value that lets the new call replace a dialog. */
export function referToReplacing(target: string, replaces: string): string {
  const uri = parseUri(target, "Refer-To");
  const glue = uri.headers === undefined ? "?" : "&";
  return `<${uri.text}${glue}Replaces=${encodeURIComponent(replaces)}>`;
}
