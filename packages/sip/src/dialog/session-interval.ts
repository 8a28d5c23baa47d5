import type { SipMessage, SipRequest, SipResponse } from "../message/message.ts";
import type { HeaderLines } from "../message/respond.ts";
import { isDigits } from "../message/text.ts";

/** How we want session timers (RFC 4028). */
export interface SessionTimerOptions {
  /** False asks for none; a peer that asks still gets them. */
  readonly enabled: boolean;
  /** The interval we ask for, seconds. */
  readonly expiresSeconds: number;
  /** The least that we agree to, seconds; RFC 4028 section 4 allows no less than 90. */
  readonly minSeconds: number;
  /** Who shall refresh in calls of ours; undefined leaves it to the peer. */
  readonly refresher?: "us" | "peer" | undefined;
}

const LEAST_MIN_SE = 90; // section 4

export const DEFAULT_SESSION_TIMER: SessionTimerOptions = {
  enabled: true,
  expiresSeconds: 1_800, // RFC 4028 section 4
  minSeconds: LEAST_MIN_SE,
};

/** What both sides agreed on. */
export interface SessionAgreement {
  readonly seconds: number;
  readonly weRefresh: boolean;
  /** False when only we know session timers: then any answer of the peer to a refresh shows that it lives. */
  readonly mutual: boolean;
}

/** A Session-Expires as read. */
export interface SessionExpires {
  readonly seconds: number;
  readonly refresher: "uac" | "uas" | undefined;
}

/** What a request's session timer headers get. */
export type TimerVerdict =
  | { readonly kind: "too_small"; readonly headers: HeaderLines }
  /** No timer: neither side wants one. */
  | { readonly kind: "none" }
  | { readonly kind: "agreed"; readonly agreement: SessionAgreement; readonly headers: HeaderLines };

/** Reads Session-Expires; undefined when absent or malformed. */
function sessionExpiresOf(message: SipMessage): SessionExpires | undefined {
  const value = message.headers.get("Session-Expires");
  if (value === undefined) return undefined;
  const [digits = "", ...params] = value.split(";").map((part) => part.trim().toLowerCase());
  if (!isDigits(digits) || digits.length > 10) return undefined;
  const refresher = params.find((param) => param.startsWith("refresher="))?.slice(10);
  return {
    seconds: Number(digits),
    refresher: refresher === "uac" || refresher === "uas" ? refresher : undefined,
  };
}

/** Whether the sender knows session timers. */
function supportsTimer(message: SipMessage): boolean {
  return hasTag(message, "Supported", "timer") || hasTag(message, "Require", "timer");
}

/** The headers by which a request of ours asks for a timer; `current` is the one in force. */
export function timerRequest(
  options: SessionTimerOptions,
  current: SessionAgreement | undefined,
  minSeconds: number,
): HeaderLines {
  if (!options.enabled && current === undefined) return [];
  const seconds = Math.max(current?.seconds ?? options.expiresSeconds, minSeconds);
  const headers: [string, string][] = [["Session-Expires", `${seconds}${refresherParam(options, current)}`]];
  if (minSeconds > LEAST_MIN_SE) headers.push(["Min-SE", String(minSeconds)]);
  return headers;
}

/**
 * Decides on the session timer of a request as its UAS (RFC 4028 section 9). A peer without timers is refreshed by us
 * where `options` want one.
 */
export function judgeRequest(request: SipRequest, options: SessionTimerOptions): TimerVerdict {
  const asked = sessionExpiresOf(request);
  const supports = supportsTimer(request);
  if (asked && supports && asked.seconds < options.minSeconds) {
    return { kind: "too_small", headers: [["Min-SE", String(options.minSeconds)]] };
  }
  if (!asked && !options.enabled) return { kind: "none" };
  const least = Math.max(options.minSeconds, request.number("Min-SE") ?? 0);
  const wanted = Math.min(asked?.seconds ?? options.expiresSeconds, options.expiresSeconds);
  const seconds = Math.max(wanted, least);
  const refresher = supports ? (asked?.refresher ?? ours(options)) : "uas";
  const headers: [string, string][] = [["Session-Expires", `${seconds};refresher=${refresher}`]];
  // Section 9: Require only where the caller has to refresh.
  if (refresher === "uac") headers.push(["Require", "timer"]);
  const agreement = { seconds, weRefresh: refresher === "uas", mutual: supports };
  return { kind: "agreed", agreement, headers };
}

/**
 * What a 2xx agreed to, as its UAC (section 7.2). A peer that names no interval knows no timers: we refresh what we
 * asked for.
 */
export function agreementIn(response: SipResponse, askedHeaders: HeaderLines): SessionAgreement | undefined {
  const told = sessionExpiresOf(response);
  if (told) {
    const seconds = Math.max(told.seconds, LEAST_MIN_SE);
    return { seconds, weRefresh: told.refresher !== "uas", mutual: true };
  }
  const asked = askedHeaders.find(([name]) => name === "Session-Expires")?.[1];
  return asked === undefined
    ? undefined
    : { seconds: Number.parseInt(asked, 10), weRefresh: true, mutual: false };
}

/** The least interval that a 422 asks for; undefined when it tells none that we could take. */
export function minSeOf(response: SipResponse): number | undefined {
  const seconds = response.number("Min-SE");
  return seconds !== undefined && seconds <= LONGEST_S ? seconds : undefined;
}

const LONGEST_S = 86_400 * 7; // a timer beyond a week guards nothing

/** Milliseconds from a refresh to the next, and to the end when none comes (section 10). */
export function sessionDelays({ seconds }: SessionAgreement): { refreshMs: number; endMs: number } {
  const bounded = Math.min(seconds, LONGEST_S);
  return { refreshMs: bounded * 500, endMs: (bounded - Math.min(32, bounded / 3)) * 1_000 };
}

function ours(options: SessionTimerOptions): "uac" | "uas" {
  return options.refresher === "peer" ? "uac" : "uas"; // we rather trust ourselves
}

function refresherParam(options: SessionTimerOptions, current: SessionAgreement | undefined): string {
  // The roles of RFC 4028 are those of the request at hand, whose UAC we are.
  const who = current ? (current.weRefresh ? "us" : "peer") : options.refresher;
  if (who === undefined) return "";
  return who === "us" ? ";refresher=uac" : ";refresher=uas";
}

function hasTag(message: SipMessage, name: string, tag: string): boolean {
  if (message.headers.get(name) === undefined) return false;
  return message.list(name).some((value) => value.toLowerCase() === tag);
}
