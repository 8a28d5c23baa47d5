import { createHmac, timingSafeEqual } from "node:crypto";
import { isIPv4 } from "node:net";
import { crc32 } from "node:zlib";

/*
 * STUN (RFC 8489, section 5), the part an ICE-lite agent needs (RFC 8445, section 2.5): answer Binding requests.
 *
 *  |0 0|  message type (14)        |  length without header (16)   |
 *  |                  magic cookie 0x2112A442                      |
 *  |                  transaction id (96)                          |
 */

const headerLength = 20;
const magicCookie = 0x2112a442;
const bindingRequest = 0x0001;
const bindingSuccess = 0x0101;

const attributeUsername = 0x0006;
const attributeMessageIntegrity = 0x0008;
const attributeXorMappedAddress = 0x0020;
const attributeUseCandidate = 0x0025;
const attributeFingerprint = 0x8028;

const integrityLength = 20;
const fingerprintXor = 0x5354554e;

/** A Binding request whose integrity has not been checked yet. */
export interface BindingRequest {
  /** The receiver's ufrag: the part of USERNAME before the colon (RFC 8445, section 7.2.2). */
  readonly localUfrag: string;
  readonly remoteUfrag: string;
  readonly useCandidate: boolean;
  /** Offset of the MESSAGE-INTEGRITY attribute. */
  readonly integrityAt: number;
}

/** Reads a Binding request that carries USERNAME and MESSAGE-INTEGRITY; anything else gives null. */
export function parseBindingRequest(packet: Buffer): BindingRequest | null {
  if (packet.length < headerLength || packet.readUInt16BE(0) !== bindingRequest) return null;
  if (packet.readUInt32BE(4) !== magicCookie || packet.readUInt16BE(2) + headerLength !== packet.length)
    return null;
  let username = "";
  let useCandidate = false;
  let at = headerLength;
  while (at + 4 <= packet.length) {
    const type = packet.readUInt16BE(at);
    const length = packet.readUInt16BE(at + 2);
    const end = at + 4 + length;
    if (end > packet.length) return null;
    if (type === attributeUsername) username = packet.toString("utf8", at + 4, end);
    else if (type === attributeUseCandidate) useCandidate = true;
    else if (type === attributeMessageIntegrity) {
      const colon = username.indexOf(":");
      if (length !== integrityLength || colon < 1) return null;
      // What stands after MESSAGE-INTEGRITY is not protected and, but for FINGERPRINT, ignored (section 14.5).
      return {
        localUfrag: username.slice(0, colon),
        remoteUfrag: username.slice(colon + 1),
        useCandidate,
        integrityAt: at,
      };
    }
    at = end + ((4 - (length & 3)) & 3);
  }
  return null;
}

/** Whether MESSAGE-INTEGRITY was made with `password` (RFC 8489, section 14.5). */
export function hasIntegrity(packet: Buffer, request: BindingRequest, password: string): boolean {
  const covered = Buffer.from(packet.subarray(0, request.integrityAt));
  covered.writeUInt16BE(request.integrityAt + 4 + integrityLength - headerLength, 2);
  const expected = createHmac("sha1", password).update(covered).digest();
  const at = request.integrityAt + 4;
  return timingSafeEqual(expected, packet.subarray(at, at + integrityLength));
}

/** The success response: XOR-MAPPED-ADDRESS, MESSAGE-INTEGRITY, FINGERPRINT. */
export function bindingResponse(request: Buffer, address: string, port: number, password: string): Buffer {
  const transaction = request.subarray(4, headerLength);
  const mapped = xorMappedAddress(transaction, address, port);
  const response = Buffer.alloc(headerLength + mapped.length + 4 + integrityLength + 8);
  response.writeUInt16BE(bindingSuccess, 0);
  transaction.copy(response, 4);
  mapped.copy(response, headerLength);
  const integrityAt = headerLength + mapped.length;
  response.writeUInt16BE(integrityAt + 4 + integrityLength - headerLength, 2);
  const integrity = createHmac("sha1", password).update(response.subarray(0, integrityAt)).digest();
  response.writeUInt16BE(attributeMessageIntegrity, integrityAt);
  response.writeUInt16BE(integrityLength, integrityAt + 2);
  integrity.copy(response, integrityAt + 4);
  const fingerprintAt = integrityAt + 4 + integrityLength;
  response.writeUInt16BE(response.length - headerLength, 2);
  response.writeUInt16BE(attributeFingerprint, fingerprintAt);
  response.writeUInt16BE(4, fingerprintAt + 2);
  const crc = (crc32(response.subarray(0, fingerprintAt)) ^ fingerprintXor) >>> 0;
  response.writeUInt32BE(crc, fingerprintAt + 4);
  return response;
}

/** A Binding request as a full ICE agent sends it; what our tests speak. */
export function bindingRequestPacket(options: {
  readonly transactionId: Uint8Array;
  readonly username: string;
  readonly password: string | null;
  readonly useCandidate: boolean;
}): Buffer {
  const name = Buffer.from(options.username);
  const parts = [attribute(attributeUsername, name)];
  if (options.useCandidate) parts.push(attribute(attributeUseCandidate, Buffer.alloc(0)));
  const body = Buffer.concat(parts);
  const header = Buffer.alloc(headerLength);
  header.writeUInt16BE(bindingRequest, 0);
  header.writeUInt32BE(magicCookie, 4);
  header.set(options.transactionId.subarray(0, 12), 8);
  if (options.password === null) {
    header.writeUInt16BE(body.length, 2);
    return Buffer.concat([header, body]);
  }
  header.writeUInt16BE(body.length + 4 + integrityLength, 2);
  const covered = Buffer.concat([header, body]);
  const integrity = createHmac("sha1", options.password).update(covered).digest();
  return Buffer.concat([covered, attribute(attributeMessageIntegrity, integrity)]);
}

function attribute(type: number, value: Buffer): Buffer {
  const padded = Buffer.alloc(4 + value.length + ((4 - (value.length & 3)) & 3));
  padded.writeUInt16BE(type, 0);
  padded.writeUInt16BE(value.length, 2);
  value.copy(padded, 4);
  return padded;
}

function xorMappedAddress(transaction: Buffer, address: string, port: number): Buffer {
  const bytes = isIPv4(address) ? address.split(".").map(Number) : ipv6Bytes(address);
  const value = Buffer.alloc(4 + bytes.length);
  value[1] = bytes.length === 4 ? 1 : 2;
  value.writeUInt16BE(port ^ (magicCookie >>> 16), 2);
  for (let i = 0; i < bytes.length; i++) value[4 + i] = (bytes[i] ?? 0) ^ (transaction[i] ?? 0);
  return attribute(attributeXorMappedAddress, value);
}

function ipv6Bytes(address: string): number[] {
  const [head = "", tail] = (address.split("%")[0] ?? "").split("::");
  const words = (part: string): string[] => (part === "" ? [] : part.split(":"));
  const left = words(head);
  const right = tail === undefined ? [] : words(tail);
  const zeros = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...zeros, ...right].flatMap((word) => {
    const value = Number.parseInt(word, 16);
    return [value >> 8, value & 0xff];
  });
}
