import type { Instant, OfferId } from "@svara/kernel";

/**
 * The id of the `count`-th offer of an epoch: has the form of a UUIDv7 (RFC 9562, section 5.7), sorts by time, and is
 * the same again in a replay. Its "random" bits are the epoch, a digest of the router's name and the count.
 */
export function offerId(at: Instant, epoch: number, routerDigest: string, count: number): OfferId {
  const time = at.toString(16).padStart(12, "0");
  const run = (epoch & 0xfff).toString(16).padStart(3, "0");
  const nth = count.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${run}-8${routerDigest}-${nth}`;
}

/** Three hexadecimal digits that tell routers of one centre apart (FNV-1a, folded to 12 bits). */
export function digest12(name: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return ((hash ^ (hash >>> 12) ^ (hash >>> 24)) & 0xfff).toString(16).padStart(3, "0");
}
