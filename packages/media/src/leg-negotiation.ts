import type { Random } from "@svara/kernel";
import type { LocalEndpoint } from "./leg-transport.ts";
import { MediaError } from "./media-error.ts";
import type { Codec, LegCodec, LegKind, LegTerms, MediaDirection } from "./media-host.ts";
import { SdesExchange, type SrtpKeys } from "./sdes.ts";
import {
  commonDirection,
  type LocalKeys,
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
  /** G.711 that both have, for what is made here; null when the peer has none besides. */
  readonly spoken: (RemoteCodec & { readonly codec: Codec }) | null;
  /** Keys from the SDPs (RFC 4568); null when there are none, be it that DTLS will give them. */
  readonly keys: SrtpKeys | null;
  readonly encrypted: boolean;
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
  readonly terms: LegTerms;
  readonly random: Random;
}

/** Liked better than G.711 where they may be passed through. */
const wideband = ["OPUS", "G722"] as const;

interface PendingOffer {
  readonly direction: MediaDirection;
  readonly codecs: readonly RemoteCodec[];
  readonly dtmfType: number;
  readonly keys: LocalKeys;
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
  #passThrough: boolean;
  readonly #sdes: SdesExchange;

  constructor(options: NegotiationOptions) {
    this.#options = options;
    this.#passThrough = options.terms.passThrough ?? false;
    this.#sdes = new SdesExchange(options.random);
  }

  /** Whether codecs that we cannot decode may be agreed on from now on. */
  allowPassThrough(allowed: boolean): void {
    this.#passThrough = allowed;
  }

  get agreement(): Agreement | null {
    return this.#agreement;
  }

  /**
   * Our offer; it replaces one that was not answered. Within a call the payload numbers stay (RFC 3264, section 8.3.2).
   * Errors: `media.unsupported_sdp` when keys are required but others could read them.
   */
  offer(local: LocalEndpoint, direction: MediaDirection): string {
    const { codecs, dtmfType } = this.#numbered();
    const keys = this.#keysToOffer(local);
    const sdp = this.#write(local, null, direction, codecs, dtmfType, keys);
    this.#offer = { direction, codecs, dtmfType, keys, sdp };
    return sdp;
  }

  /** The peer's answer to our last offer. Errors: `media.wrong_state`, `media.no_common_codec`, `media.unsupported_sdp`. */
  accept(remote: RemoteMedia): Agreement {
    const offer = this.#offer;
    if (offer === null) throw new MediaError("media.wrong_state", "an answer came, but no offer was made");
    const common = remote.codecs.filter((c) => offer.codecs.some((o) => o.codec === c.codec));
    const [codec] = common;
    if (codec === undefined)
      throw new MediaError("media.no_common_codec", "the answer has no codec of our offer");
    const exchanged = offer.keys.type === "sdes" && remote.keys.type === "sdes";
    const keys = exchanged && remote.keys.type === "sdes" ? this.#sdes.accept(remote.keys.attributes) : null;
    if (remote.keys.type === "sdes" && remote.keys.secureProfile && keys === null)
      throw new MediaError("media.unsupported_sdp", "the answer has none of the keys that we offered");
    if (mustBeSecure(this.#options.terms) && keys === null && remote.keys.type !== "dtls")
      throw new MediaError("media.unsupported_sdp", "the answer is not encrypted");
    this.#wish = offer.direction;
    return this.#agree({
      remote,
      codec,
      spoken: common.find(isSpoken) ?? null,
      accepted: offer.codecs,
      dtmfSendType: remote.dtmfPayloadType,
      dtmfReceiveType: offer.dtmfType,
      keys,
    });
  }

  /**
   * Our answer to the peer's offer, which discards an offer of ours that was not answered. Errors: `media.no_common_codec`,
   * `media.unsupported_sdp`.
   */
  answer(remote: RemoteMedia, local: LocalEndpoint): string {
    const common = remote.codecs.filter((c) => this.#wanted().includes(c.codec));
    const [codec] = common;
    if (codec === undefined) throw new MediaError("media.no_common_codec", "the offer has no codec of ours");
    const spoken = common.find(isSpoken) ?? null;
    const { local: localKeys, srtp } = this.#answerKeys(remote, local);
    this.#offer = null;
    // Peers switch between the codecs they offered: we answer with one and understand all.
    const { direction } = this.#agree({
      remote,
      codec,
      spoken,
      accepted: common,
      dtmfSendType: remote.dtmfPayloadType,
      dtmfReceiveType: remote.dtmfPayloadType,
      keys: srtp,
    });
    // Beside a codec that we only pass through there is one for what we say ourselves.
    const answered = spoken === null || spoken === codec ? [codec] : [codec, spoken];
    return this.#write(local, remote, direction, answered, remote.dtmfPayloadType, localKeys);
  }

  #wanted(): readonly LegCodec[] {
    return this.#passThrough ? [...wideband, ...this.#options.codecs] : this.#options.codecs;
  }

  /** The codecs of an offer with their numbers: those that were agreed on, for others such that are free. */
  #numbered(): { readonly codecs: readonly RemoteCodec[]; readonly dtmfType: number } {
    const fresh = offerCodecs(this.#wanted());
    const agreed = this.#agreement;
    if (agreed === null) return { codecs: fresh.codecs, dtmfType: fresh.dtmfPayloadType };
    const dtmfType = agreed.dtmfReceiveType ?? fresh.dtmfPayloadType;
    const taken = new Set([dtmfType, ...agreed.accepted.map((c) => c.payloadType)]);
    const codecs = fresh.codecs.flatMap((ours) => {
      const known = agreed.accepted.find((c) => c.codec === ours.codec);
      if (known) return [known];
      // G.711 that was not agreed on stays away, unless nothing else would be left.
      if (isSpoken(ours) && agreed.accepted.some(isSpoken)) return [];
      let payloadType = ours.payloadType;
      while (taken.has(payloadType)) payloadType = payloadType < 96 ? 97 : payloadType + 1;
      taken.add(payloadType);
      return [{ codec: ours.codec, payloadType }];
    });
    return { codecs, dtmfType };
  }

  #keysToOffer(local: LocalEndpoint): LocalKeys {
    const { kind, terms } = this.#options;
    const agreed = this.#agreement;
    if (kind === "webrtc" || terms.srtp === "off" || (agreed && !agreed.encrypted)) return { type: "none" };
    const before = agreed?.remote.keys;
    if ((before?.type ?? terms.carried) === "dtls")
      return { type: "dtls", fingerprint: local.fingerprint ?? "", setup: "actpass" };
    if (terms.secureSignalling === false) {
      if (!mustBeSecure(terms)) return { type: "none" };
      throw new MediaError("media.unsupported_sdp", "keys are required, but others could read them");
    }
    const secureProfile = before?.type === "sdes" ? before.secureProfile : mustBeSecure(terms);
    return { type: "sdes", lines: this.#sdes.offer(), secureProfile };
  }

  #answerKeys(remote: RemoteMedia, endpoint: LocalEndpoint): { local: LocalKeys; srtp: SrtpKeys | null } {
    const theirs = remote.keys;
    if (theirs.type === "none") return { local: theirs, srtp: null };
    if (theirs.type === "dtls") {
      const fingerprint = endpoint.fingerprint ?? null;
      if (fingerprint === null) throw new MediaError("media.unsupported_sdp", "DTLS is not to be had here");
      return { local: { type: "dtls", fingerprint, setup: "passive" }, srtp: null };
    }
    const answered = this.#sdes.answer(theirs.attributes);
    if (answered === null) throw new MediaError("media.unsupported_sdp", "the offer has no keys of ours");
    const lines = [answered.line];
    return { local: { type: "sdes", lines, secureProfile: theirs.secureProfile }, srtp: answered.keys };
  }

  #agree(agreed: Omit<Agreement, "direction" | "encrypted" | "remoteHold">): Agreement {
    const { remote, keys } = agreed;
    const theirs = remote.zeroAddress ? withoutListening(remote.direction) : remote.direction;
    this.#agreement = {
      ...agreed,
      encrypted: this.#options.kind === "webrtc" || keys !== null || remote.keys.type === "dtls",
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
    keys: LocalKeys,
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
      keys,
      mid: (remote ?? this.#agreement?.remote)?.mid ?? "0",
    };
    return writeSdp(local, remote);
  }
}

/** What was encrypted at one host is so at the next. */
function mustBeSecure({ srtp, carried }: LegTerms): boolean {
  return srtp === "required" || carried !== undefined;
}

function isSpoken(codec: RemoteCodec): codec is RemoteCodec & { readonly codec: Codec } {
  return codec.codec === "PCMA" || codec.codec === "PCMU";
}

function withoutListening(direction: MediaDirection): MediaDirection {
  return sends(direction) ? "sendonly" : "inactive";
}
