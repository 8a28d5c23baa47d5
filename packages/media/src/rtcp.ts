import { readUint32, writeUint32 } from "./rtp-packet.ts";

/*
 * RTCP (RFC 3550, section 6). Compound packets of SR or RR and SDES go out; from what comes in we read what a call
 * needs: that the peer is alive, and BYE.
 */

const senderReport = 200;
const receiverReport = 201;
const sourceDescription = 202;
const goodbye = 203;

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

/** What we say about the stream we send; null when we send none. */
export interface SenderInfo {
  readonly now: number;
  readonly rtpTimestamp: number;
  readonly packets: number;
  readonly octets: number;
}

/** SR or RR with at most one report block, and an SDES with the CNAME. */
export function writeRtcpReport(
  ssrc: number,
  cname: string,
  sender: SenderInfo | null,
  report: ReceptionReport | null,
): Buffer {
  const name = Buffer.from(cname).subarray(0, 255);
  const reportLength = 8 + (sender ? 20 : 0) + (report ? 24 : 0);
  const sdesLength = 8 + ((2 + name.length + 1 + 3) & ~3);
  const packet = Buffer.alloc(reportLength + sdesLength);
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
  return packet;
}

/** What an incoming compound packet says to us. */
export interface RtcpNews {
  readonly bye: boolean;
  /** Middle 32 bits of the sender report's NTP time, or null. */
  readonly srTime: number | null;
}

/** Reads a compound packet; null when it is not RTCP. */
export function readRtcp(packet: Buffer): RtcpNews | null {
  let bye = false;
  let srTime: number | null = null;
  let at = 0;
  while (at + 4 <= packet.length) {
    if ((packet[at] ?? 0) >> 6 !== 2) return at === 0 ? null : { bye, srTime };
    const type = packet[at + 1] ?? 0;
    const end = at + 4 + packet.readUInt16BE(at + 2) * 4;
    if (end > packet.length || type < 192 || type > 223) return at === 0 ? null : { bye, srTime };
    if (type === goodbye) bye = true;
    if (type === senderReport && at + 16 <= end) {
      srTime = (((readUint32(packet, at + 8) & 0xffff) << 16) | (readUint32(packet, at + 12) >>> 16)) >>> 0;
    }
    at = end;
  }
  return at === 0 ? null : { bye, srTime };
}
