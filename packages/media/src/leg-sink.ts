import type { Leg } from "./leg.ts";
import type { Codec, WidebandCodec } from "./media-host.ts";
import type { RtpView } from "./rtp-packet.ts";

/** Where a leg's sound goes: the bridge it is in. */
export interface LegSink {
  /** A G.711 packet of the party; `stream` is its numbering. The packet may be rewritten. */
  audio(from: Leg, packet: Buffer, view: RtpView, codec: Codec, stream: object, now: number): void;
  /**
   * A packet in a codec that nobody decodes. False when it could not be passed on untouched to all who should hear it; the
   * packet may be rewritten.
   */
  wideband(
    from: Leg,
    packet: Buffer,
    view: RtpView,
    codec: WidebandCodec,
    stream: object,
    now: number,
  ): boolean;
  /** A telephone-event packet of the party. */
  event(from: Leg, packet: Buffer, view: RtpView, stream: object, now: number): void;
  /** The party is silent but for noise of this strength (RFC 3389). */
  noise(from: Leg, timestamp: number, rms: number, now: number): void;
  leave(leg: Leg): void;
}
