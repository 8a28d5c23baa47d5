import type { BridgeId, Disposable } from "@svara/kernel";
import { Conference, Voice } from "./conference.ts";
import type { Leg } from "./leg.ts";
import type { LegSink } from "./leg-sink.ts";
import type { BridgeRole, Codec, WidebandCodec } from "./media-host.ts";
import type { RtpView } from "./rtp-packet.ts";
import type { Ticker } from "./ticker.ts";

/**
 * Parties that hear each other. A party that is to hear exactly one other party is fed by forwarding, packet by packet,
 * untouched but for the header (and the codec, when theirs differ); everybody else hears the conference, mixed every 20 ms. So two
 * parties stay directly connected whoever listens to them.
 */
export class Bridge implements LegSink, Disposable {
  readonly bridgeId: BridgeId;
  readonly #ticker: Ticker;
  readonly #members = new Map<Leg, Voice>();
  readonly #conference = new Conference();
  #mixing: Disposable | null = null;
  /** Set while exactly two parties and nobody else are here: the fast path. */
  #pair: readonly [Leg, Leg] | null = null;
  /** Whom else a party is forwarded to, while the bridge is no plain pair. */
  readonly #forwards = new Map<Leg, Leg>();

  constructor(bridgeId: BridgeId, ticker: Ticker) {
    this.bridgeId = bridgeId;
    this.#ticker = ticker;
  }

  get size(): number {
    return this.#members.size;
  }

  join(leg: Leg, role: BridgeRole): void {
    const member = this.#members.get(leg);
    if (member) member.role = role;
    else {
      leg.sink?.leave(leg);
      leg.sink = this;
      this.#members.set(leg, new Voice(leg, role));
    }
    this.#arrange();
  }

  leave(leg: Leg): void {
    if (!this.#members.delete(leg)) return;
    leg.sink = null;
    this.#arrange();
  }

  dispose(): void {
    for (const leg of [...this.#members.keys()]) this.leave(leg);
  }

  audio(from: Leg, packet: Buffer, view: RtpView, codec: Codec, stream: object, now: number): void {
    const pair = this.#pair;
    if (pair) {
      (pair[0] === from ? pair[1] : pair[0]).relay(packet, view, codec, stream, now);
      return;
    }
    // First into the mix: the relay rewrites the packet.
    if (this.#mixing) this.#members.get(from)?.hear(packet, view, codec, stream, now);
    this.#forwards.get(from)?.relay(packet, view, codec, stream, now);
  }

  wideband(
    from: Leg,
    packet: Buffer,
    view: RtpView,
    codec: WidebandCodec,
    stream: object,
    now: number,
  ): boolean {
    const pair = this.#pair;
    if (pair) return (pair[0] === from ? pair[1] : pair[0]).relayWideband(packet, view, codec, stream, now);
    return this.#members.size < 2; // with nobody to hear it nothing is missed
  }

  noise(from: Leg, timestamp: number, rms: number, now: number): void {
    if (this.#mixing) this.#members.get(from)?.noise(timestamp, rms, now);
  }

  /** Keys cross between two parties; among more nobody can say whom they are for. */
  event(from: Leg, packet: Buffer, view: RtpView, stream: object, now: number): void {
    const pair = this.#pair;
    const to = pair ? (pair[0] === from ? pair[1] : pair[0]) : this.#forwards.get(from);
    to?.relayEvent(packet, view, stream, now);
  }

  #arrange(): void {
    const voices = [...this.#members.values()];
    const parties = voices.filter((voice) => voice.role.type === "party");
    const [a, b] = parties;
    const two = parties.length === 2 && a && b ? ([a, b] as const) : null;
    this.#pair = two && voices.length === 2 ? [two[0].leg, two[1].leg] : null;
    this.#forwards.clear();
    for (const voice of voices) voice.fedDirectly = false;
    if (two) {
      this.#forward(two[0], two[1], voices);
      this.#forward(two[1], two[0], voices);
    }
    if (this.#pair === null && voices.length > 1) {
      this.#mixing ??= this.#ticker.add((now) => this.#conference.mix(this.#members.values(), this, now));
    } else {
      this.#mixing?.dispose();
      this.#mixing = null;
      for (const voice of voices) voice.rest();
    }
  }

  #forward(from: Voice, to: Voice, voices: readonly Voice[]): void {
    to.fedDirectly = !voices.some(({ role }) => role.type === "whisper" && role.to.includes(to.leg.legId));
    if (to.fedDirectly) this.#forwards.set(from.leg, to.leg);
  }
}
