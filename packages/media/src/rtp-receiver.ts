import type { RtpView } from "./rtp-packet.ts";

/** How far behind the newest packet one may still arrive. Ten packets are 200 ms at 20 ms a packet. */
const reorderWindow = 10;
/** A jump further than this is a new stream under the same SSRC, not loss (60 s at 20 ms a packet; RFC 3550, A.1). */
const maxDropout = 3000;

/** What to do with a packet: `new_stream` means that sequence and timestamps have no relation to those before. */
export type Arrival = "in_stream" | "new_stream" | "late" | "duplicate";

/**
 * The receiving side of one party's stream: order, duplicates, loss and jitter (RFC 3550, appendices A.1, A.3, A.8).
 * Pure: the arrival time is passed in.
 */
export class RtpReceiver {
  received = 0;
  /** Gaps in the numbers when they were first seen: runs of loss, and now and then a packet that only came late. */
  lossRuns = 0;
  #ssrc = -1;
  #highest = 0;
  #cycles = 0;
  #base = 0;
  #seen = 0; // bit n: packet (highest - n) was seen
  #jumpTo = -1;
  #transit = Number.NaN;
  #jitter = 0; // in timestamp units of 1/8000 s
  #lostBefore = 0;
  #inStream = 0;
  #expectedPrior = 0;
  #receivedPrior = 0;

  get ssrc(): number {
    return this.#ssrc;
  }

  /** Packets that should have come and did not. */
  get lost(): number {
    return this.#lostBefore + Math.max(0, this.#expected() - this.#inStream);
  }

  get jitterMs(): number {
    return this.#jitter / 8;
  }

  /** Classifies the packet and counts it when it is to be used. */
  accept(view: RtpView, now: number): Arrival {
    const arrival = this.#classify(view);
    if (arrival === "late" || arrival === "duplicate") return arrival;
    this.received++;
    this.#inStream++;
    this.#measureJitter(view.timestamp, now);
    return arrival;
  }

  /** The figures of one reception report block (RFC 3550, section 6.4.1), of the present source; resets the interval. */
  report(): { fractionLost: number; lost: number; highestSequence: number; jitter: number } {
    const expected = this.#expected();
    const expectedNow = expected - this.#expectedPrior;
    const lostNow = expectedNow - (this.#inStream - this.#receivedPrior);
    this.#expectedPrior = expected;
    this.#receivedPrior = this.#inStream;
    return {
      fractionLost:
        expectedNow > 0 && lostNow > 0 ? Math.min(255, Math.floor((lostNow * 256) / expectedNow)) : 0,
      lost: Math.max(0, expected - this.#inStream),
      highestSequence: this.#cycles * 65_536 + this.#highest,
      jitter: Math.round(this.#jitter),
    };
  }

  #classify(view: RtpView): Arrival {
    if (view.ssrc !== this.#ssrc) return this.#restart(view);
    const step = ((view.sequence - this.#highest + 0x8000) & 0xffff) - 0x8000;
    if (step > 0 && step < maxDropout) {
      if (step > 1) this.lossRuns++;
      this.#seen = step > 31 ? 1 : (this.#seen << step) | 1;
      if (view.sequence < this.#highest) this.#cycles++;
      this.#highest = view.sequence;
      this.#jumpTo = -1;
      return "in_stream";
    }
    if (step <= 0 && -step < reorderWindow) {
      const bit = 1 << -step;
      if (this.#seen & bit) return "duplicate";
      this.#seen |= bit;
      return "in_stream";
    }
    // Far away: the sender began anew if the next packet follows this one, else it is a stray.
    if (view.sequence === this.#jumpTo) return this.#restart(view);
    this.#jumpTo = (view.sequence + 1) & 0xffff;
    return "late";
  }

  #restart(view: RtpView): Arrival {
    this.#lostBefore = this.lost;
    this.#ssrc = view.ssrc;
    this.#highest = view.sequence;
    this.#base = view.sequence;
    this.#cycles = 0;
    this.#seen = 1;
    this.#inStream = 0;
    this.#expectedPrior = 0;
    this.#receivedPrior = 0;
    this.#jumpTo = -1;
    this.#transit = Number.NaN;
    return "new_stream";
  }

  #expected(): number {
    return this.#ssrc < 0 ? 0 : this.#cycles * 65_536 + this.#highest - this.#base + 1;
  }

  #measureJitter(timestamp: number, now: number): void {
    const transit = now * 8 - timestamp;
    const difference = Math.abs(transit - this.#transit);
    // A difference over two seconds is a timestamp jump, not jitter.
    if (difference < 16_000) this.#jitter += (difference - this.#jitter) / 16;
    this.#transit = transit;
  }
}
