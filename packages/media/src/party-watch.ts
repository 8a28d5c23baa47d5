import { readRtcp, writeRtcpReport } from "./rtcp.ts";
import type { RtpReceiver } from "./rtp-receiver.ts";
import type { RtpSender } from "./rtp-sender.ts";

/** After so long without a packet of ours we report as a mere listener (RFC 3550, section 6.4). */
const senderForMs = 10_000;

/** Whether the party is still there, and what RTCP says about it. Pure: times are passed in. */
export class PartyWatch {
  #heardAt = -1;
  /** The last sign of life, or report of its lack. */
  #signAt = 0;
  #lastSr = 0;
  #lastSrAt = 0;

  /** A media packet came; true for the first. */
  heard(now: number): boolean {
    const first = this.#heardAt < 0;
    this.#heardAt = now;
    return first;
  }

  /** Something else shows that the party is there, or the waiting begins anew. */
  alive(now: number): void {
    this.#signAt = now;
  }

  /** An RTCP packet; false when it is none. */
  rtcp(packet: Buffer, now: number): boolean {
    const news = readRtcp(packet);
    if (news === null) return false;
    this.#signAt = now;
    if (news.srTime !== null) {
      this.#lastSr = news.srTime;
      this.#lastSrAt = now;
    }
    return true;
  }

  /** How long nothing was heard, once for each `timeoutMs` of it; otherwise null. */
  silence(now: number, timeoutMs: number): number | null {
    const since = Math.max(this.#signAt, this.#heardAt);
    if (now - since < timeoutMs) return null;
    this.#signAt = now;
    return now - (this.#heardAt < 0 ? since : this.#heardAt);
  }

  /** The RTCP report that is due, or null when there is nothing to say. */
  report(sender: RtpSender, receiver: RtpReceiver, cname: string, now: number): Buffer | null {
    const { packets, octets } = sender;
    const heard = receiver.ssrc >= 0;
    if (packets === 0 && !heard) return null;
    const elapsed = Math.max(0, now - sender.sentAt);
    const rtpTimestamp = (sender.timestamp + elapsed * 8) >>> 0;
    const sending = packets > 0 && elapsed < senderForMs ? { now, rtpTimestamp, packets, octets } : null;
    const since = { lastSr: this.#lastSr, delaySinceLastSrMs: now - this.#lastSrAt };
    const block = heard ? { ssrc: receiver.ssrc, ...receiver.report(), ...since } : null;
    return writeRtcpReport(sender.ssrc, cname, sending, block);
  }
}
