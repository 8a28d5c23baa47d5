import type { LegSink } from "./leg-sink.ts";

/** Gives a party back what it says, packet by packet. */
export const echo: LegSink = {
  audio: (from, packet, view, codec, stream, now) => from.relay(packet, view, codec, stream, now),
  wideband: (from, packet, view, codec, stream, now) => from.relayWideband(packet, view, codec, stream, now),
  event: (from, packet, view, stream, now) => from.relayEvent(packet, view, stream, now),
  noise: () => {},
  leave: () => {},
};
