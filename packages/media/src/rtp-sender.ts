import type { Random } from "@svara/kernel";
import { type RtpView, rtpHeaderLength, writeRtpHeader } from "./rtp-packet.ts";

/** Samples of G.711 in one millisecond. */
const samplesPerMs = 8;
/** After a longer pause of a relayed party the timestamps catch up with the host's clock. */
const maxPauseMs = 300;
/** What is made here comes each 20 ms; what is later than this the ticker has left out (its catch-up and one period). */
const maxStallMs = 120;

/**
 * The sending side of one party's stream. Whatever the source (a relayed party, a playback, the mixer, DTMF), the party
 * sees one SSRC, rising sequence numbers and timestamps that follow the host's clock across changes of source. A
 * sequence number is never used twice: SRTP's safety rests on that (RFC 3711, section 9.1).
 */
export class RtpSender {
  readonly ssrc: number;
  packets = 0;
  octets = 0;
  #sequence: number;
  #timestamp: number;
  #samples = 0;
  #sentAt = -1;
  /** Whose packet was the last; a change begins a talk-spurt. */
  #source: unknown = null;
  #sequenceOffset = 0;
  #timestampOffset = 0;
  /** Lowest extended distance a relayed packet may have: nothing at or below what was sent before the present source. */
  #floor = 0;

  constructor(random: Random) {
    const seed = random.bytes(10);
    const view = new DataView(seed.buffer, seed.byteOffset, seed.byteLength);
    this.ssrc = view.getUint32(0);
    // Low start values: the roll-over counter of SRTP stays unambiguous at the beginning (RFC 3711, section 3.3.1).
    this.#sequence = view.getUint16(4) & 0x7fff;
    this.#timestamp = view.getUint32(6);
  }

  get timestamp(): number {
    return this.#timestamp;
  }

  get sentAt(): number {
    return this.#sentAt;
  }

  /** Writes the header of the next packet of `source`, `samples` long, clocked by the host. */
  stamp(packet: Uint8Array, source: unknown, payloadType: number, samples: number, now: number): void {
    const first = source !== this.#source || now - this.#sentAt > maxStallMs;
    this.#timestamp = first ? this.#resume(now) : (this.#timestamp + this.#samples) >>> 0;
    this.#source = source;
    this.#samples = samples;
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#count(packet, now);
    writeRtpHeader(packet, 0, first, payloadType, this.#sequence, this.#timestamp, this.ssrc);
  }

  /**
   * Writes a header for a packet of another party just in front of its payload, keeping that stream's gaps, order and
   * timing. Returns where the header begins, or -1 when the packet is older than the change of source. `source` is
   * the other party's stream: a new one for each restart of its numbering.
   */
  relay(packet: Uint8Array, view: RtpView, source: unknown, payloadType: number, now: number): number {
    let marker = view.marker;
    if (source !== this.#source || now - this.#sentAt > maxPauseMs) {
      this.#sequenceOffset = this.#sequence + 1 - view.sequence;
      this.#timestampOffset = this.#resume(now) - view.timestamp;
      this.#floor = this.#sequence;
      this.#source = source;
      marker = true;
    }
    const sequence = (view.sequence + this.#sequenceOffset) & 0xffff;
    const ahead = ((sequence - this.#sequence + 0x8000) & 0xffff) - 0x8000;
    if (ahead <= 0 && ((sequence - this.#floor + 0x8000) & 0xffff) - 0x8000 <= 0) return -1;
    const timestamp = (view.timestamp + this.#timestampOffset) >>> 0;
    if (ahead > 0) {
      this.#sequence = sequence;
      // The floor trails: distances beyond half the number space would read as negative.
      if (((sequence - this.#floor) & 0xffff) > 0x4000) this.#floor = (sequence - 0x2000) & 0xffff;
      this.#timestamp = timestamp;
      this.#samples = view.payloadEnd - view.payloadStart;
    }
    this.#count(packet, now);
    const at = view.payloadStart - rtpHeaderLength;
    writeRtpHeader(packet, at, marker, payloadType, sequence, timestamp, this.ssrc);
    return at;
  }

  /** A DTMF packet (RFC 4733): its timestamp stays that of the key press. */
  stampEvent(packet: Uint8Array, payloadType: number, timestamp: number, marker: boolean, now: number): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp = timestamp;
    this.#samples = 0;
    this.#source = "dtmf";
    this.#count(packet, now);
    writeRtpHeader(packet, 0, marker, payloadType, this.#sequence, timestamp, this.ssrc);
  }

  /** The timestamp for something that begins now: after what was sent, as much later as time has passed. */
  beginAt(now: number): number {
    return this.#resume(now);
  }

  #resume(now: number): number {
    if (this.#sentAt < 0) return this.#timestamp;
    const elapsed = Math.max(this.#samples, (now - this.#sentAt) * samplesPerMs);
    return (this.#timestamp + elapsed) >>> 0;
  }

  #count(packet: Uint8Array, now: number): void {
    this.packets++;
    this.octets += packet.length - rtpHeaderLength;
    this.#sentAt = now;
  }
}
