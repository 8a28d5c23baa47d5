import type { LocalEndpoint } from "./leg-transport.ts";
import { MediaError } from "./media-error.ts";
import type { Codec, LegKind, MediaDirection } from "./media-host.ts";
import {
  commonDirection,
  type LocalMedia,
  offerCodecs,
  type RemoteCodec,
  type RemoteMedia,
  receives,
  reversed,
  sends,
  writeSdp,
} from "./sdp.ts";

/** What both sides settled on (RFC 3264). */
export interface Agreement {
  readonly remote: RemoteMedia;
  /** What we send. */
  readonly codec: RemoteCodec;
  /** What we may receive, by the numbers of our own SDP. */
  readonly accepted: readonly RemoteCodec[];
  readonly dtmfSendType: number | null;
  readonly dtmfReceiveType: number | null;
  /** Seen from us. */
  readonly direction: MediaDirection;
  /** The peer will not listen though we would speak: it put us on hold. */
  readonly remoteHold: boolean;
}

export interface NegotiationOptions {
  readonly kind: LegKind;
  readonly address: string;
  readonly codecs: readonly Codec[];
  readonly ssrc: number;
  readonly cname: string;
  readonly sessionId: number;
}

interface PendingOffer {
  readonly direction: MediaDirection;
  readonly codecs: readonly RemoteCodec[];
  readonly dtmfType: number;
  readonly sdp: string;
}

/** The offer/answer state of one leg (RFC 3264, RFC 9429 for browsers). Pure: it writes and reads SDP and touches no socket. */
export class LegNegotiation {
  readonly #options: NegotiationOptions;
  #version = 0;
  /** What we want; `sendonly` while we hold the peer. */
  #wish: MediaDirection = "sendrecv";
  #offer: PendingOffer | null = null;
  #agreement: Agreement | null = null;

  constructor(options: NegotiationOptions) {
    this.#options = options;
  }

  get agreement(): Agreement | null {
    return this.#agreement;
  }

  /** Our offer; it replaces one that was not answered. Within a call the payload numbers stay (RFC 3264, section 8.3.2). */
  offer(local: LocalEndpoint, direction: MediaDirection): string {
    const fresh = offerCodecs(this.#options.codecs);
    const agreed = this.#agreement;
    const codecs = agreed ? agreed.accepted : fresh.codecs;
    const dtmfType = agreed?.dtmfReceiveType ?? fresh.dtmfPayloadType;
    const sdp = this.#write(local, null, direction, codecs, dtmfType);
    this.#offer = { direction, codecs, dtmfType, sdp };
    return sdp;
  }

  /** The peer's answer to our last offer. Errors: `media.wrong_state`, `media.no_common_codec`. */
  accept(remote: RemoteMedia): Agreement {
    const offer = this.#offer;
    if (offer === null) throw new MediaError("media.wrong_state", "an answer came, but no offer was made");
    const codec = remote.codecs.find((c) => offer.codecs.some((o) => o.codec === c.codec));
    if (codec === undefined)
      throw new MediaError("media.no_common_codec", "the answer has no codec of our offer");
    this.#wish = offer.direction;
    return this.#agree(remote, codec, offer.codecs, remote.dtmfPayloadType, offer.dtmfType);
  }

  /** Our answer to the peer's offer, which discards an offer of ours that was not answered. */
  answer(remote: RemoteMedia, local: LocalEndpoint): string {
    const codec = remote.codecs.find((c) => this.#options.codecs.includes(c.codec));
    if (codec === undefined) throw new MediaError("media.no_common_codec", "the offer has no codec of ours");
    this.#offer = null;
    // Peers switch between the codecs they offered: we answer with one and understand all.
    const { direction } = this.#agree(
      remote,
      codec,
      remote.codecs,
      remote.dtmfPayloadType,
      remote.dtmfPayloadType,
    );
    return this.#write(local, remote, direction, [codec], remote.dtmfPayloadType);
  }

  #agree(
    remote: RemoteMedia,
    codec: RemoteCodec,
    accepted: readonly RemoteCodec[],
    dtmfSendType: number | null,
    dtmfReceiveType: number | null,
  ): Agreement {
    const theirs = remote.zeroAddress ? withoutListening(remote.direction) : remote.direction;
    this.#agreement = {
      remote,
      codec,
      accepted,
      dtmfSendType,
      dtmfReceiveType,
      direction: commonDirection(this.#wish, reversed(theirs)),
      remoteHold: sends(this.#wish) && !receives(theirs),
    };
    return this.#agreement;
  }

  #write(
    endpoint: LocalEndpoint,
    remote: RemoteMedia | null,
    direction: MediaDirection,
    codecs: readonly RemoteCodec[],
    dtmfPayloadType: number | null,
  ): string {
    const { kind, address, ssrc, cname, sessionId } = this.#options;
    const local: LocalMedia = {
      kind,
      address,
      port: endpoint.port,
      rtcpPort: endpoint.rtcpPort,
      sessionId,
      sessionVersion: ++this.#version,
      direction,
      codecs,
      dtmfPayloadType,
      ssrc,
      cname,
      security: endpoint.security && { ...endpoint.security, setup: remote === null ? "actpass" : "passive" },
      mid: (remote ?? this.#agreement?.remote)?.mid ?? "0",
    };
    return writeSdp(local, remote);
  }
}

function withoutListening(direction: MediaDirection): MediaDirection {
  return sends(direction) ? "sendonly" : "inactive";
}
