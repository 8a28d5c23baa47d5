import { addressBytes } from "./address-bytes.ts";

const MAGIC_COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const BINDING_REQUEST = 0x0001;
const BINDING_RESPONSE = 0x0101;
const XOR_MAPPED_ADDRESS = 0x0020;

/**
 * The answer to a STUN binding request among SIP datagrams, by which a phone keeps its flow alive and sees its address
 * (RFC 5626 section 3.5.2, RFC 8489 sections 5 and 14.2); undefined for everything else.
 *
 *    0                   1                   2                   3
 *   |0 0|     STUN Message Type     |         Message Length        |
 *   |                         Magic Cookie                          |
 *   |                     Transaction ID (96 bits)                  |
 */
export function answerStun(bytes: Uint8Array, host: string, port: number): Buffer | undefined {
  if (bytes[0] !== 0 || bytes.length < HEADER_BYTES) return undefined;
  const request = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = request.readUInt16BE(2) === bytes.length - HEADER_BYTES;
  if (!whole || request.readUInt16BE(0) !== BINDING_REQUEST || request.readUInt32BE(4) !== MAGIC_COOKIE) {
    return undefined;
  }
  const address = addressBytes(host);
  const answer = Buffer.alloc(HEADER_BYTES + 8 + address.length);
  answer.writeUInt16BE(BINDING_RESPONSE, 0);
  answer.writeUInt16BE(8 + address.length, 2);
  request.copy(answer, 4, 4, HEADER_BYTES);
  answer.writeUInt16BE(XOR_MAPPED_ADDRESS, 20);
  answer.writeUInt16BE(4 + address.length, 22);
  answer.writeUInt8(address.length === 4 ? 1 : 2, 25);
  answer.writeUInt16BE(port ^ (MAGIC_COOKIE >>> 16), 26);
  for (const [i, octet] of address.entries()) answer[28 + i] = octet ^ (request[4 + i] ?? 0);
  return answer;
}
