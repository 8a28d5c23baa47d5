import type { EndpointId, Signal, TrunkId } from "@svara/kernel";
import type { SrtpPolicy } from "@svara/media";
import type { TlsTrust } from "@svara/sip";

/** A phone or browser that may register. */
export interface EndpointAccount {
  readonly endpointId: EndpointId;
  /** The user part of its address of record; also its digest user name. */
  readonly user: string;
  /** Browsers come over an authenticated WebSocket, phones by digest. */
  readonly kind: "browser" | "phone";
  /** Devices that may be registered at once; default five. */
  readonly maxDevices?: number;
  /** Digest account by which we answer a phone that challenges our calls, such as a gateway. */
  readonly outbound?: { readonly username: string; readonly password: string };
  /** Lower-case hexadecimal H(user:realm:password); phones only. */
  readonly ha1?: { readonly md5?: string; readonly sha256?: string };
  /** Whether its sound is encrypted; keys go over TLS only. Default: where the phone wants it, and offered over TLS. */
  readonly srtp?: SrtpPolicy;
}

/** Where a carrier takes calls. */
export interface TrunkPeer {
  readonly host: string;
  /** 0: as DNS says (SRV records of the host). */
  readonly port: number;
  readonly transport: "udp" | "tcp" | "tls";
}

/** A carrier's line. */
export interface TrunkAccount {
  readonly trunkId: TrunkId;
  /** Where outbound calls go; absent on a trunk that only brings calls in. */
  readonly peer?: TrunkPeer;
  /** Tried in this order when `peer` does not take a call. */
  readonly morePeers?: readonly TrunkPeer[];
  /** Whether sound is encrypted; keys go over TLS only. Default `off` for our calls, as the carrier wants it for its calls. */
  readonly srtp?: SrtpPolicy;
  /** Whom to believe at the carrier's end of TLS; default: the authorities of the system. */
  readonly tlsTrust?: TlsTrust;
  /** How often the peer is asked by OPTIONS whether it lives; 0 never. Default: as the switch is set. */
  readonly keepAliveMs?: number;
  /** Source addresses that are this trunk: an IP address, with `:port` where the address alone would say too much. */
  readonly addresses: readonly string[];
  /** Digest account by which the carrier signs in to us. */
  readonly inbound?: {
    readonly username: string;
    readonly ha1: { readonly md5?: string; readonly sha256?: string };
  };
  /** Digest account by which we sign in to the carrier. */
  readonly outbound?: { readonly username: string; readonly password: string };
  /** Registers with the carrier and keeps registered. */
  readonly register: boolean;
}

/** What the embedded switch must know of the world; kept in memory by its owner, read at each call. */
export interface Directory {
  /** The digest realm. */
  readonly realm: string;
  /** Trunks or endpoints have changed. */
  readonly changed: Signal<void>;
  endpoint(id: EndpointId): EndpointAccount | undefined;
  endpointByUser(user: string): EndpointAccount | undefined;
  trunk(id: TrunkId): TrunkAccount | undefined;
  trunks(): readonly TrunkAccount[];
}
