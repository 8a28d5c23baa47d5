import { makeUri } from "@svara/sip";
import type { TrunkAccount, TrunkPeer } from "./directory.ts";

/** Where a trunk takes calls, in order. */
export function peersOf({ peer, morePeers = [] }: TrunkAccount): readonly TrunkPeer[] {
  return peer ? [peer, ...morePeers] : morePeers;
}

/** As an address of that carrier; with `user` a number there. */
export function peerUri({ host, port, transport }: TrunkPeer, user?: string): string {
  return makeUri({ user, host, ...(port === 0 ? {} : { port }), params: { transport } }).text;
}
