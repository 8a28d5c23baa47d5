import type { BridgeId, Disposable } from "@svara/kernel";
import { alawToLinear, encodeG711, mulawToLinear } from "./g711.ts";
import type { Leg } from "./leg.ts";
import type { LegSink } from "./leg-sink.ts";
import type { BridgeRole, Codec } from "./media-host.ts";
import { frameLength } from "./prompt-cache.ts";
import type { RtpView } from "./rtp-packet.ts";
import type { Ticker } from "./ticker.ts";

/** Sound kept per member of a conference before it is played: two packets against jitter. */
const primeSamples = 2 * frameLength;
/** More than this and the oldest is dropped: delay must not grow with clock drift. */
const maxQueuedSamples = 8 * frameLength;

interface Member {
  role: BridgeRole;
  readonly queue: SampleQueue;
}

/**
 * Parties that hear each other. Two plain parties are relayed packet by packet, untouched but for the header (and the
 * codec, when theirs differ); anybody more, or a listener or whisperer, makes it a conference, mixed every 20 ms.
 */
export class Bridge implements LegSink, Disposable {
  readonly bridgeId: BridgeId;
  readonly #ticker: Ticker;
  readonly #members = new Map<Leg, Member>();
  #mixing: Disposable | null = null;
  /** Set while exactly two parties are here: the fast path. */
  #pair: readonly [Leg, Leg] | null = null;

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
      this.#members.set(leg, { role, queue: new SampleQueue() });
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
    if (pair) (pair[0] === from ? pair[1] : pair[0]).relay(packet, view, codec, stream, now);
    else this.#members.get(from)?.queue.push(packet, view.payloadStart, view.payloadEnd, codec);
  }

  /** Keys cross a bridge of two; in a conference nobody can say whom they are for. */
  event(from: Leg, packet: Buffer, view: RtpView, stream: object, now: number): void {
    const pair = this.#pair;
    if (pair) (pair[0] === from ? pair[1] : pair[0]).relayEvent(packet, view, stream, now);
  }

  #arrange(): void {
    const [first, second] = [...this.#members.keys()];
    const plain = [...this.#members.values()].every((member) => member.role.type === "party");
    this.#pair = this.#members.size === 2 && plain && first && second ? [first, second] : null;
    const mix = this.#pair === null && this.#members.size > 1;
    if (mix) this.#mixing ??= this.#ticker.add((now) => this.#mix(now));
    else {
      this.#mixing?.dispose();
      this.#mixing = null;
      for (const member of this.#members.values()) member.queue.clear();
    }
  }

  #mix(now: number): void {
    const heard: { leg: Leg; role: BridgeRole; frame: Int16Array }[] = [];
    for (const [leg, { role, queue }] of this.#members) {
      const frame = queue.take();
      if (frame && role.type !== "listener") heard.push({ leg, role, frame });
    }
    for (const leg of this.#members.keys()) {
      if (leg.busyHearing) continue;
      const mixed = new Int32Array(frameLength);
      for (const source of heard) {
        if (source.leg !== leg && hears(leg, source.role)) add(mixed, source.frame);
      }
      leg.sendFrame(encodeG711(clipped(mixed), leg.codecToSend), this, now);
    }
  }
}

function hears(listener: Leg, speaker: BridgeRole): boolean {
  return speaker.type === "party" || (speaker.type === "whisper" && speaker.to.includes(listener.legId));
}

function add(sum: Int32Array, frame: Int16Array): void {
  for (let i = 0; i < frameLength; i++) sum[i] = (sum[i] ?? 0) + (frame[i] ?? 0);
}

function clipped(sum: Int32Array): Int16Array {
  const out = new Int16Array(frameLength);
  for (let i = 0; i < frameLength; i++) out[i] = Math.max(-32_768, Math.min(32_767, sum[i] ?? 0));
  return out;
}

/** A short queue of linear samples: smooths jitter for the mixer. */
class SampleQueue {
  #samples = new Int16Array(maxQueuedSamples);
  #length = 0;
  #primed = false;
  readonly #frame = new Int16Array(frameLength);

  push(bytes: Uint8Array, from: number, to: number, codec: Codec): void {
    const table = codec === "PCMA" ? alawToLinear : mulawToLinear;
    const count = Math.min(to - from, maxQueuedSamples);
    const over = this.#length + count - maxQueuedSamples;
    if (over > 0) this.#drop(over);
    for (let i = 0; i < count; i++) this.#samples[this.#length + i] = table[bytes[from + i] ?? 0] ?? 0;
    this.#length += count;
    if (this.#length >= primeSamples) this.#primed = true;
  }

  /** 20 ms, valid until the next call, or null while there is not enough. */
  take(): Int16Array | null {
    if (!this.#primed || this.#length < frameLength) {
      this.#primed = false;
      return null;
    }
    this.#frame.set(this.#samples.subarray(0, frameLength));
    this.#drop(frameLength);
    return this.#frame;
  }

  clear(): void {
    this.#length = 0;
    this.#primed = false;
  }

  #drop(count: number): void {
    this.#samples.copyWithin(0, count, this.#length);
    this.#length -= count;
  }
}
