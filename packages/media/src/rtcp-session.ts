import type { Clock, Disposable, Random } from "@svara/kernel";
import { type HeardReport, readRtcp, shortNtp, writeRtcpReport } from "./rtcp.ts";
import type { RtpReceiver } from "./rtp-receiver.ts";
import type { RtpSender } from "./rtp-sender.ts";

/** After so long without a packet of ours we report as a mere listener: two intervals (RFC 3550, section 6.4). */
const senderForMs = 10_000;
/** Between two reports of one party; the bandwidth of a call of two never asks for more (RFC 3550, section 6.2). */
const minIntervalMs = 5000;
/** e - 3/2: makes up for the reconsideration of timers converging below its mean (RFC 3550, section 6.3.1). */
const compensation = Math.E - 1.5;
/** A round trip longer than this is a peer that does not count right. */
const maxRoundTripMs = 10_000;

export interface RtcpSessionOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly cname: string;
  readonly sender: RtpSender;
  readonly receiver: RtpReceiver;
  readonly send: (packet: Buffer) => void;
}

/** Time to the next report: 5 s, the first time half of it, times 0.5 to 1.5 (RFC 3550, sections 6.2 and 6.3.1). */
export function reportIntervalMs(random: Random, isFirst: boolean): number {
  return Math.round((((isFirst ? 0.5 : 1) * minIntervalMs) / compensation) * (0.5 + random.next()));
}

/**
 * The RTCP of one leg (RFC 3550, section 6): reports to the peer at random intervals, reads the peer's, says BYE.
 *
 *    waiting --start()--> reporting --dispose()--> over
 */
export class RtcpSession implements Disposable {
  /** The last report about what we send. */
  heard: HeardReport | null = null;
  /** To the peer and back, by its last report. */
  roundTripMs: number | null = null;
  readonly #options: RtcpSessionOptions;
  #timer: Disposable | null = null;
  #state: "waiting" | "reporting" | "over" = "waiting";
  #lastSr = 0;
  #lastSrAt = 0;

  constructor(options: RtcpSessionOptions) {
    this.#options = options;
  }

  /** There is a peer to report to; again: no effect. */
  start(): void {
    if (this.#state !== "waiting") return;
    this.#state = "reporting";
    this.#arm(true);
  }

  /** A packet of the peer; false when it is no RTCP. */
  receive(packet: Buffer): boolean {
    const { clock, sender } = this.#options;
    const news = readRtcp(packet, sender.ssrc);
    if (news === null) return false;
    const now = clock.now();
    if (news.srTime !== null) {
      this.#lastSr = news.srTime;
      this.#lastSrAt = now;
    }
    if (news.heard) {
      this.heard = news.heard;
      this.roundTripMs = roundTrip(news.heard, now) ?? this.roundTripMs;
    }
    return true;
  }

  /** Says BYE, if anything was ever said, and ends. */
  dispose(): void {
    if (this.#state === "over") return;
    this.#timer?.dispose();
    if (this.#state === "reporting") this.#report(true);
    this.#state = "over";
  }

  #arm(isFirst: boolean): void {
    const { clock, random } = this.#options;
    this.#timer = clock.after(reportIntervalMs(random, isFirst), () => {
      this.#report(false);
      this.#arm(false);
    });
  }

  /** Nothing is said before anything was sent or heard. */
  #report(bye: boolean): void {
    const { clock, cname, sender, receiver, send } = this.#options;
    const { packets, octets } = sender;
    const isHeard = receiver.ssrc >= 0;
    if (packets === 0 && !isHeard) return;
    const now = clock.now();
    const elapsed = Math.max(0, now - sender.sentAt);
    const rtpTimestamp = (sender.timestamp + elapsed * 8) >>> 0;
    const sending = packets > 0 && elapsed < senderForMs ? { now, rtpTimestamp, packets, octets } : null;
    const since = { lastSr: this.#lastSr, delaySinceLastSrMs: now - this.#lastSrAt };
    const block = isHeard ? { ssrc: receiver.ssrc, ...receiver.report(), ...since } : null;
    send(writeRtcpReport(sender.ssrc, cname, sending, block, bye));
  }
}

/** Arrival - LSR - DLSR (RFC 3550, section 6.4.1), or null when it cannot be. */
function roundTrip({ lastSr, delaySinceLastSr }: HeardReport, now: number): number | null {
  if (lastSr === 0) return null;
  const units = (shortNtp(now) - lastSr - delaySinceLastSr) | 0;
  const ms = Math.round(units / 65.536);
  // A clock of milliseconds may see the answer before the question.
  return ms >= -2 && ms <= maxRoundTripMs ? Math.max(0, ms) : null;
}
