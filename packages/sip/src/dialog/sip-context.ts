import type { Clock, Random } from "@svara/kernel";
import type { Identity } from "../authority.ts";
import type { SipLog } from "../log.ts";
import type { SipRequest } from "../message/message.ts";
import type { SipUri } from "../message/uri.ts";
import type { ClientTransaction, ClientUser } from "../transaction/client-transaction.ts";
import type { Flow } from "../transport/flow.ts";
import type { Route } from "../transport/route.ts";
import type { Dialog } from "./dialog.ts";
import type { SessionTimerOptions } from "./session-interval.ts";

/** What dialogs and calls use of the user agent that owns them. */
export interface SipContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: SipLog;
  readonly userAgentName: string;
  /** Where a call names none of its own. */
  readonly sessionTimer: SessionTimerOptions;
  newTag(): string;
  newCallId(): string;
  /** The Via value of an ACK of ours that leaves by `flow`. */
  newVia(flow: Flow): string;
  /** `secure` asks for a sips Contact, where the connection has one (RFC 3261 section 12.1.1). */
  contactFor(flow: Flow, user: string | undefined, secure?: boolean): SipUri;
  /** A flow to the next hop; rejects or throws SipError. */
  flowTo(uri: SipUri): Flow | Promise<Flow>;
  /** All ways to the next hop, one after the other (RFC 3263 section 4.3); `first` before them while it is open. */
  routeTo(uri: SipUri, first?: Flow): Route;
  /** With a further way left: time without any answer after which it is tried. */
  readonly tryTimeoutMs: number;
  /** The newest flow of a registered endpoint, for one whose connection was lost. */
  flowOf(identity: Identity): Flow | undefined;
  send(request: SipRequest, flow: Flow, user: ClientUser): ClientTransaction;
  sendCancel(cancel: SipRequest, flow: Flow, user: ClientUser): void;
  addDialog(dialog: Dialog): void;
  removeDialog(dialog: Dialog): void;
  findDialog(callId: string, localTag: string, remoteTag: string): Dialog | undefined;
}

/** The methods we take, as they stand in Allow. */
export const ALLOW = "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE, REFER, NOTIFY, PRACK, REGISTER";

/** The extensions we know, as they stand in Supported. */
export const SUPPORTED = "100rel, replaces, timer, norefersub";

/** Option tags that a request may require of us. */
export const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set([
  "100rel",
  "replaces",
  "timer",
  "norefersub",
  "answermode", // RFC 5373
  "histinfo",
]);
