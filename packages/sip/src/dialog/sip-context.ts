import type { Clock, Random } from "@svara/kernel";
import type { Identity } from "../authority.ts";
import type { SipLog } from "../log.ts";
import type { SipRequest } from "../message/message.ts";
import type { SipUri } from "../message/uri.ts";
import type { ClientTransaction, ClientUser } from "../transaction/client-transaction.ts";
import type { Flow } from "../transport/flow.ts";
import type { Dialog } from "./dialog.ts";

/** What dialogs and calls use of the user agent that owns them. */
export interface SipContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: SipLog;
  readonly userAgentName: string;
  newTag(): string;
  newCallId(): string;
  /** The Via value of an ACK of ours that leaves by `flow`. */
  newVia(flow: Flow): string;
  contactFor(flow: Flow, user: string | undefined): SipUri;
  /** A flow to the next hop; rejects or throws SipError. */
  flowTo(uri: SipUri): Flow | Promise<Flow>;
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
export const SUPPORTED = "100rel, replaces";

/** Option tags that a request may require of us. */
export const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set(["100rel", "replaces"]);
