/*
 * RTP fixed header (RFC 3550, section 5.1)
 *
 *  0                   1                   2                   3
 *  |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 *  |                           timestamp                           |
 *  |           synchronization source (SSRC) identifier            |
 *  |                CSRC list (CC x 32 bits), extension if X        |
 */

/** Length of an RTP header without CSRC and extension. */
export const rtpHeaderLength = 12;

/** A parsed header; one object is reused for all packets of a host (`parseRtp` fills it). */
export interface RtpView {
  marker: boolean;
  payloadType: number;
  sequence: number;
  timestamp: number;
  ssrc: number;
  /** Where the payload begins and ends in the packet, without padding. */
  payloadStart: number;
  payloadEnd: number;
}

export function newRtpView(): RtpView {
  return {
    marker: false,
    payloadType: 0,
    sequence: 0,
    timestamp: 0,
    ssrc: 0,
    payloadStart: 0,
    payloadEnd: 0,
  };
}

/** Length of header, CSRC list and extension, or -1 when the packet cannot be RTP version 2. */
export function rtpHeaderEnd(packet: Uint8Array): number {
  const first = packet[0] ?? 0;
  if (packet.length < rtpHeaderLength || first >> 6 !== 2) return -1;
  let end = rtpHeaderLength + (first & 0x0f) * 4;
  if (first & 0x10) {
    if (packet.length < end + 4) return -1;
    end += 4 + (((packet[end + 2] ?? 0) << 8) | (packet[end + 3] ?? 0)) * 4;
  }
  return end <= packet.length ? end : -1;
}

/** Fills `view` from `packet`; false when it is not a well-formed RTP packet. */
export function parseRtp(packet: Uint8Array, view: RtpView): boolean {
  const start = rtpHeaderEnd(packet);
  if (start < 0) return false;
  let end = packet.length;
  if ((packet[0] ?? 0) & 0x20) {
    const padding = packet[end - 1] ?? 0;
    if (padding === 0 || start + padding > end) return false;
    end -= padding;
  }
  const second = packet[1] ?? 0;
  view.marker = second > 0x7f;
  view.payloadType = second & 0x7f;
  view.sequence = ((packet[2] ?? 0) << 8) | (packet[3] ?? 0);
  view.timestamp = readUint32(packet, 4);
  view.ssrc = readUint32(packet, 8);
  view.payloadStart = start;
  view.payloadEnd = end;
  return true;
}

/** Writes a 12-byte header at `at`. */
export function writeRtpHeader(
  packet: Uint8Array,
  at: number,
  marker: boolean,
  payloadType: number,
  sequence: number,
  timestamp: number,
  ssrc: number,
): void {
  packet[at] = 0x80;
  packet[at + 1] = (marker ? 0x80 : 0) | payloadType;
  packet[at + 2] = sequence >>> 8;
  packet[at + 3] = sequence;
  writeUint32(packet, at + 4, timestamp);
  writeUint32(packet, at + 8, ssrc);
}

/** True for RTCP on a port shared with RTP (RFC 5761, section 4). */
export function isRtcp(packet: Uint8Array): boolean {
  const type = packet[1] ?? 0;
  return type >= 192 && type <= 223;
}

export function readUint32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0)) >>>
    0
  );
}

export function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
