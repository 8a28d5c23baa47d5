import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { once } from "node:events";

const MAGIC_COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const BINDING_REQUEST = 0x0001;
const BINDING_RESPONSE = 0x0101;
const XOR_MAPPED_ADDRESS = 0x0020;
const FAMILY_IPV4 = 1;
const WAIT_MS = 700;
const TRIES = 3;
const STUN_PORT = 3478;

export interface TransportAddress {
  readonly address: string;
  readonly port: number;
}

/** What a STUN server said of one socket of ours. */
export type StunAnswer =
  | { readonly kind: "seen"; readonly url: string; readonly seen: TransportAddress; readonly tookMs: number }
  | { readonly kind: "silent"; readonly url: string; readonly reason: string };

/**
 * Asks each server (`stun:` or `turn:` URLs, over UDP) from one socket as which address it is seen (RFC 8489). TURN servers
 * answer a binding request, too.
 */
export async function askStun(urls: readonly string[]): Promise<StunAnswer[]> {
  const socket = createSocket("udp4");
  socket.bind(0);
  await once(socket, "listening");
  try {
    const answers = [];
    for (const url of urls) answers.push(await askOne(socket, url));
    return answers;
  } finally {
    socket.close();
  }
}

async function askOne(socket: ReturnType<typeof createSocket>, url: string): Promise<StunAnswer> {
  const { host, port } = serverOf(url);
  try {
    const { address } = await lookup(host, 4);
    const request = bindingRequest(randomBytes(12));
    for (let n = 0; n < TRIES; n++) {
      const began = performance.now();
      socket.send(request, port, address);
      const seen = await answerTo(socket, request);
      if (seen) return { kind: "seen", url, seen, tookMs: Math.round(performance.now() - began) };
    }
    return { kind: "silent", url, reason: "no answer over UDP" };
  } catch (error) {
    return { kind: "silent", url, reason: error instanceof Error ? error.message : String(error) };
  }
}

function answerTo(
  socket: ReturnType<typeof createSocket>,
  request: Buffer,
): Promise<TransportAddress | undefined> {
  return new Promise((resolve) => {
    const end = (seen: TransportAddress | undefined): void => {
      clearTimeout(timer);
      socket.off("message", look);
      resolve(seen);
    };
    const look = (message: Buffer): void => {
      const seen = mappedAddress(message, request);
      if (seen) end(seen);
    };
    const timer = setTimeout(() => end(undefined), WAIT_MS);
    socket.on("message", look);
  });
}

/** Host and port of `turn:host:port?transport=udp` (RFC 7064, RFC 7065). */
export function serverOf(url: string): { host: string; port: number } {
  const found = /^[a-z]+:(\[[^\]]+\]|[^:?]+)(?::(\d+))?/.exec(url);
  return { host: (found?.[1] ?? "").replace(/^\[|\]$/g, ""), port: Number(found?.[2] ?? STUN_PORT) };
}

function bindingRequest(transaction: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(BINDING_REQUEST, 0);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  transaction.copy(header, 8);
  return header;
}

/**
 * XOR-MAPPED-ADDRESS of the answer to `request`, IPv4 (RFC 8489, section 14.2); undefined for anything else.
 *
 *     0                   1                   2                   3
 *    |0 0 0 0 0 0 0 0|    Family     |         X-Port                |
 *    |                          X-Address                            |
 */
export function mappedAddress(message: Buffer, request: Buffer): TransportAddress | undefined {
  if (message.length < HEADER_BYTES || message.readUInt16BE(0) !== BINDING_RESPONSE) return undefined;
  if (message.compare(request, 4, HEADER_BYTES, 4, HEADER_BYTES) !== 0) return undefined;
  for (let at = HEADER_BYTES; at + 4 <= message.length; ) {
    const length = message.readUInt16BE(at + 2);
    if (message.readUInt16BE(at) === XOR_MAPPED_ADDRESS && length === 8 && at + 12 <= message.length) {
      if (message[at + 5] !== FAMILY_IPV4) return undefined;
      const port = message.readUInt16BE(at + 6) ^ (MAGIC_COOKIE >>> 16);
      const octets = [0, 1, 2, 3].map(
        (i) => (message[at + 8 + i] ?? 0) ^ ((MAGIC_COOKIE >>> (24 - 8 * i)) & 0xff),
      );
      return { address: octets.join("."), port };
    }
    at += 4 + length + (-length & 3);
  }
  return undefined;
}
