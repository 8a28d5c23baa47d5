import type { CallerSpeech, SipServer } from "./callers.ts";
import type { PhoneAccount } from "./desk-phones.ts";
import type { Percentiles } from "./histogram.ts";
import type { MediaHeard, Speech } from "./media-ports.ts";

/** What the load generator is asked, and what it answers; plain data between two processes. */
export interface LoadCommands {
  /** Opens the sockets. */
  open: { readonly ask: { readonly server: SipServer }; readonly answer: { readonly phonesPort: number } };
  /** Registers desk phones. */
  register: { readonly ask: { readonly phones: readonly PhoneAccount[] }; readonly answer: null };
  /** Adds callers who stay until `release`; answers when all stand or are refused. */
  hold: {
    readonly ask: {
      readonly number: string;
      readonly calls: number;
      readonly perSecond: number;
      readonly speech: CallerSpeech;
    };
    readonly answer: { readonly up: number; readonly refused: number };
  };
  /** A port for a line without signalling, and that line. */
  port: { readonly ask: Record<string, never>; readonly answer: { readonly port: number } };
  attach: {
    readonly ask: { readonly port: number; readonly serverPort: number; readonly speech: Speech };
    readonly answer: null;
  };
  /** Counts packets for so long. */
  listen: { readonly ask: { readonly ms: number }; readonly answer: Heard };
  /** Everybody hangs up. */
  release: { readonly ask: Record<string, never>; readonly answer: { readonly released: number } };
  /** Calls at a steady rate that are answered by the phones and hang up after `talkMs`. */
  rush: {
    readonly ask: {
      readonly number: string;
      readonly calls: number;
      readonly perSecond: number;
      readonly talkMs: number;
    };
    readonly answer: RushResult;
  };
}

/** What both sides heard in a time of measuring. */
export interface Heard extends MediaHeard {
  /** From a caller's sending to the phone's, or in rooms another member's, hearing; zeros where nobody talks. Holds the generator's own delay, too. */
  readonly oneWayMs: Percentiles;
}

export interface RushResult {
  readonly calls: number;
  /** Calls that stood and reached a phone. */
  readonly answered: number;
  readonly refused: number;
  readonly retransmissions: number;
  readonly seconds: number;
  /** From the caller's INVITE to the INVITE at the phone. */
  readonly toAgentInviteMs: Percentiles;
  /** From the caller's INVITE to the caller's 200. */
  readonly toCallerOkMs: Percentiles;
}

export type LoadCommand = keyof LoadCommands;
export type LoadAsk<C extends LoadCommand> = LoadCommands[C]["ask"];
export type LoadAnswer<C extends LoadCommand> = LoadCommands[C]["answer"];

/** Messages of the process channel. */
export interface LoadRequest<C extends LoadCommand = LoadCommand> {
  readonly id: number;
  readonly command: C;
  readonly ask: LoadAsk<C>;
}
export type LoadReply =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string };
