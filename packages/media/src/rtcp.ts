import { readUint32, writeUint32 } from "./rtp-packet.ts";

/*
 * RTCP (RFC 3550, section 6). Compound packets of SR or RR, SDES and at the end BYE go out; what comes in may be of reduced
 * size (RFC 5506).
 *
 *  |V=2|P|   RC    |    PT         |             length            |
 *  |                         SSRC of sender                        |
 *  |              SR only: NTP time (64), RTP time, packets, octets |
 *  RC times:
 *  |                     SSRC the block is about                   |
 *  | fraction lost |       cumulative number of packets lost       |
 *  |           extended highest sequence number received           |
 *  |                      interarrival jitter                      |
 *  |                         last SR (LSR)                         |
 *  |                   delay since last SR (DLSR)                  |
 */

const senderReport = 200;
const receiverReport = 201;
const sourceDescription = 202;
const goodbye = 203;

const senderInfoLength = 20;
const blockLength = 24;

/** Seconds between 1900 (NTP) and 1970. */
const ntpOffset = 2_208_988_800;

/** One block about the stream we hear. */
export interface ReceptionReport {
  readonly ssrc: number;
  readonly fractionLost: number;
  readonly lost: number;
  readonly highestSequence: number;
  readonly jitter: number;
  /** Middle 32 bits of the NTP time of the last SR heard, and how long ago that was; 0 when none came. */
  readonly lastSr: number;
  readonly delaySinceLastSrMs: number;
}

/** The middle 32 bits of the NTP time of an instant: units of 1/65536 s (RFC 3550, section 4). */
export function shortNtp(now: number): number {
  return (Math.floor((now / 1000) * 65_536) + ntpOffset * 65_536) % 2 ** 32;
}

/** What we say about the stream we send; null when we send none. */
export interface SenderInfo {
  readonly now: number;
  readonly rtpTimestamp: number;
  readonly packets: number;
  readonly octets: number;
}

/** SR or RR with at most one report block, an SDES with the CNAME, and with `bye` a BYE. */
export function writeRtcpReport(
  ssrc: number,
  cname: string,
  sender: SenderInfo | null,
  report: ReceptionReport | null,
  bye = false,
): Buffer {
  const name = Buffer.from(cname).subarray(0, 255);
  const reportLength = 8 + (sender ? 20 : 0) + (report ? 24 : 0);
  const sdesLength = 8 + ((2 + name.length + 1 + 3) & ~3);
  const packet = Buffer.alloc(reportLength + sdesLength + (bye ? 8 : 0));
  packet[0] = 0x80 | (report ? 1 : 0);
  packet[1] = sender ? senderReport : receiverReport;
  packet.writeUInt16BE(reportLength / 4 - 1, 2);
  writeUint32(packet, 4, ssrc);
  let at = 8;
  if (sender) {
    writeUint32(packet, at, Math.floor(sender.now / 1000) + ntpOffset);
    writeUint32(packet, at + 4, Math.floor(((sender.now % 1000) / 1000) * 2 ** 32));
    writeUint32(packet, at + 8, sender.rtpTimestamp);
    writeUint32(packet, at + 12, sender.packets);
    writeUint32(packet, at + 16, sender.octets);
    at += 20;
  }
  if (report) {
    writeUint32(packet, at, report.ssrc);
    writeUint32(
      packet,
      at + 4,
      ((report.fractionLost << 24) | (Math.min(report.lost, 0x7f_ffff) & 0xff_ffff)) >>> 0,
    );
    writeUint32(packet, at + 8, report.highestSequence);
    writeUint32(packet, at + 12, report.jitter);
    writeUint32(packet, at + 16, report.lastSr);
    writeUint32(packet, at + 20, report.lastSr === 0 ? 0 : Math.round(report.delaySinceLastSrMs * 65.536));
    at += 24;
  }
  packet[at] = 0x81;
  packet[at + 1] = sourceDescription;
  packet.writeUInt16BE(sdesLength / 4 - 1, at + 2);
  writeUint32(packet, at + 4, ssrc);
  packet[at + 8] = 1; // CNAME
  packet[at + 9] = name.length;
  name.copy(packet, at + 10);
  if (bye) {
    at += sdesLength;
    packet[at] = 0x81;
    packet[at + 1] = goodbye;
    packet.writeUInt16BE(1, at + 2);
    writeUint32(packet, at + 4, ssrc);
  }
  return packet;
}

/** What the peer says about the stream that we send. */
export interface HeardReport {
  /** Since its last report, 0 to 1. */
  readonly fractionLost: number;
  /** Since the beginning; negative when duplicates came. */
  readonly lost: number;
  readonly highestSequence: number;
  /** In timestamp units. */
  readonly jitter: number;
  /** Middle 32 bits of our last SR's time, and how long the peer had it, in 1/65536 s; 0 when it had none. */
  readonly lastSr: number;
  readonly delaySinceLastSr: number;
}

/** What an incoming packet says to us. */
export interface RtcpNews {
  readonly bye: boolean;
  /** Middle 32 bits of the sender report's NTP time, or null. */
  readonly srTime: number | null;
  /** The block about our stream, if there is one. */
  readonly heard: HeardReport | null;
}

/** Reads a compound or reduced-size packet for the sender `ourSsrc`; null when it is not RTCP. */
export function readRtcp(packet: Buffer, ourSsrc = -1): RtcpNews | null {
  let bye = false;
  let srTime: number | null = null;
  let heard: HeardReport | null = null;
  let at = 0;
  while (at + 4 <= packet.length) {
    const type = packet[at + 1] ?? 0;
    const end = at + 4 + packet.readUInt16BE(at + 2) * 4;
    if ((packet[at] ?? 0) >> 6 !== 2 || end > packet.length || type < 192 || type > 223) break;
    if (type === goodbye) bye = true;
    if (type === senderReport && at + 8 + senderInfoLength <= end) {
      srTime = (((readUint32(packet, at + 8) & 0xffff) << 16) | (readUint32(packet, at + 12) >>> 16)) >>> 0;
    }
    if (type === senderReport)
      heard = readBlock(packet, at, at + 8 + senderInfoLength, end, ourSsrc) ?? heard;
    if (type === receiverReport) heard = readBlock(packet, at, at + 8, end, ourSsrc) ?? heard;
    at = end;
  }
  return at === 0 ? null : { bye, srTime, heard };
}

/** The block about `ssrc` among those of the report that begins at `head`. */
function readBlock(
  packet: Buffer,
  head: number,
  first: number,
  end: number,
  ssrc: number,
): HeardReport | null {
  const count = (packet[head] ?? 0) & 0x1f;
  for (let i = 0; i < count; i++) {
    const at = first + i * blockLength;
    if (at + blockLength > end) return null;
    if (readUint32(packet, at) !== ssrc) continue;
    return {
      fractionLost: (packet[at + 4] ?? 0) / 256,
      lost: packet.readIntBE(at + 5, 3),
      highestSequence: readUint32(packet, at + 8),
      jitter: readUint32(packet, at + 12),
      lastSr: readUint32(packet, at + 16),
      delaySinceLastSr: readUint32(packet, at + 20),
    };
  }
  return null;
}
