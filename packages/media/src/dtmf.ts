import type { DtmfDigit } from "./media-host.ts";

/*
 * Telephone event payload (RFC 4733, section 2.3)
 *
 *  |     event     |E|R| volume    |          duration             |
 */

const keys = "0123456789*#ABCD";
/** Volume -10 dBm0, what most phones send. */
const eventVolume = 10;
/** The final packet is sent three times (RFC 4733, section 2.5.1.4). */
const endRepeats = 3;
/** Silence between two keys. */
const gapFrames = 3;
const frameSamples = 160;

/** Length of a telephone event payload. */
const dtmfPayloadLength = 4;

/** Turns event packets into key presses: one per event timestamp, whatever is lost, doubled or reordered. */
export class DtmfReceiver {
  #timestamp = -1;
  #event = -1;
  #duration = 0;
  #ended = true;
  #at = 0;

  /** The key whose press begins with this packet, or null. `now` in ms. */
  receive(payload: Uint8Array, timestamp: number, now: number): DtmfDigit | null {
    if (payload.length < dtmfPayloadLength) return null;
    const event = payload[0] ?? 255;
    const digit = keys[event];
    if (digit === undefined) return null;
    const end = ((payload[1] ?? 0) & 0x80) !== 0;
    const duration = ((payload[2] ?? 0) << 8) | (payload[3] ?? 0);
    if (timestamp === this.#timestamp && event === this.#event) {
      this.#duration = Math.max(this.#duration, duration);
      this.#ended ||= end;
      this.#at = now;
      return null;
    }
    const behind = this.#timestamp >= 0 && ((timestamp - this.#timestamp) | 0) < 0;
    if (behind && now - this.#at < 1000) return null; // a straggler of an earlier event
    // Some senders move the timestamp within one press and never end it (RFC 4733, section 2.5.1.3 forbids, gateways do):
    // an unfinished press of the same key that goes on within its own duration is the same press.
    const gap = (timestamp - this.#timestamp) | 0;
    const continues = !this.#ended && event === this.#event && gap > 0 && gap <= this.#duration;
    this.#timestamp = timestamp;
    this.#event = event;
    this.#duration = duration;
    this.#ended = end;
    this.#at = now;
    return continues ? null : digit;
  }
}

/** One packet to send: `offset` is the distance of its event's timestamp from that of the first, in samples. */
export interface DtmfPacket {
  readonly payload: Uint8Array;
  readonly marker: boolean;
  readonly offset: number;
}

/**
 * The packets of `digits`, one list per 20 ms; empty lists are the pauses between keys. Unknown characters are left out,
 * a comma is a pause of a second.
 */
export function dtmfFrames(digits: string, durationMs: number): DtmfPacket[][] {
  const frames: DtmfPacket[][] = [];
  for (const character of digits.toUpperCase()) {
    if (character === ",") {
      for (let i = 0; i < 50; i++) frames.push([]);
      continue;
    }
    const event = keys.indexOf(character);
    if (event < 0) continue;
    const offset = frames.length * frameSamples;
    const steps = Math.max(2, Math.min(Math.round(durationMs / 20), 400));
    for (let i = 1; i < steps; i++) {
      frames.push([{ payload: eventPayload(event, false, i * frameSamples), marker: i === 1, offset }]);
    }
    const last = { payload: eventPayload(event, true, steps * frameSamples), marker: false, offset };
    frames.push(Array.from({ length: endRepeats }, () => last));
    for (let i = 0; i < gapFrames; i++) frames.push([]);
  }
  return frames;
}

/** Digits on their way out, 20 ms at a time. */
export class DtmfTransmission {
  readonly done: () => void;
  readonly #frames: readonly (readonly DtmfPacket[])[];
  readonly #timestamp: number;
  #next = 0;

  /** `timestamp` is that of the first key; `done` is for the owner to call at the end. */
  constructor(digits: string, durationMs: number, timestamp: number, done: () => void) {
    this.#frames = dtmfFrames(digits, durationMs);
    this.#timestamp = timestamp;
    this.done = done;
  }

  /** What to send now, nothing between two keys, or null at the end. */
  next():
    | readonly { readonly payload: Uint8Array; readonly marker: boolean; readonly timestamp: number }[]
    | null {
    const packets = this.#frames[this.#next++];
    if (packets === undefined) return null;
    return packets.map(({ payload, marker, offset }) => ({
      payload,
      marker,
      timestamp: (this.#timestamp + offset) >>> 0,
    }));
  }
}

function eventPayload(event: number, end: boolean, duration: number): Uint8Array {
  return Uint8Array.of(event, (end ? 0x80 : 0) | eventVolume, duration >> 8, duration & 0xff);
}
