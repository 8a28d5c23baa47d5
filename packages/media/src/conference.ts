import { JitterBuffer } from "./jitter-buffer.ts";
import type { Leg } from "./leg.ts";
import type { BridgeRole, Codec } from "./media-host.ts";
import { addFrame, encodeMix, fadeFrame, frameLevel } from "./mixing.ts";
import { frameLength } from "./prompt-cache.ts";
import type { RtpView } from "./rtp-packet.ts";

/** So many parties are heard at once; of more, the loudest. More voices than this nobody can follow. */
const maxVoices = 4;
/** Who speaks stays chosen against somebody only this much louder, and a level falls by this share each 20 ms: 300 ms of hold. */
const holdFactor = 1.5;
const levelFall = 0.9;

/** One member of a conference. */
export class Voice {
  readonly leg: Leg;
  role: BridgeRole;
  /** What this member is fed by forwarding needs no mix. */
  fedDirectly = false;
  readonly #buffer = new JitterBuffer();
  #stream: object | null = null;
  /** What it says in this tick; null when nothing. */
  frame: Int16Array | null = null;
  level = 0;
  /** Among those who are heard; has a part in this tick's sum. */
  chosen = false;
  audible = false;

  constructor(leg: Leg, role: BridgeRole) {
    this.leg = leg;
    this.role = role;
  }

  hear(packet: Buffer, view: RtpView, codec: Codec, stream: object, now: number): void {
    const { timestamp, payloadStart, payloadEnd } = view;
    this.#buffer.push(now, timestamp, packet, payloadStart, payloadEnd, codec, stream !== this.#stream);
    this.#stream = stream;
  }

  noise(timestamp: number, rms: number, now: number): void {
    this.#buffer.noise(now, timestamp, rms);
  }

  take(now: number): void {
    this.frame = this.#buffer.take(now);
    const level = this.frame === null ? 0 : frameLevel(this.frame);
    this.level = Math.max(level, this.level * levelFall);
  }

  /** The next sound of the party begins anew. */
  rest(): void {
    this.#buffer.clear();
    this.#stream = null;
    this.frame = null;
    this.level = 0;
    this.chosen = false;
    this.audible = false;
  }
}

/**
 * Mixes 20 ms of a conference: each hears the others and not itself. Of many parties the loudest few are heard, coming and
 * going softly. Those who hear the same are sent the same bytes.
 */
export class Conference {
  readonly #total = new Int32Array(frameLength);
  readonly #whole = new Int32Array(frameLength);
  readonly #shared = new Map<Codec, Uint8Array>();

  /** `source` numbers what is sent: one for the conference's whole life. */
  mix(voices: Iterable<Voice>, source: object, now: number): void {
    const all = [...voices];
    for (const voice of all) voice.take(now);
    this.#choose(all);
    this.#total.fill(0);
    for (const voice of all) if (voice.audible && voice.frame) addFrame(this.#total, voice.frame);
    this.#shared.clear();
    const whisperers = all.filter((voice) => voice.role.type === "whisper" && voice.frame !== null);
    for (const voice of all) {
      const { leg } = voice;
      if (voice.fedDirectly || leg.busyHearing) continue;
      leg.sendFrame(this.#forListener(voice, whisperers, leg.codecToSend), source, now);
    }
  }

  #forListener(listener: Voice, whisperers: readonly Voice[], codec: Codec): Uint8Array {
    const own = listener.audible ? listener.frame : null;
    const named = whisperers.filter((voice) => voice !== listener && isNamed(listener, voice.role));
    if (named.length > 0) {
      this.#whole.set(this.#total);
      for (const { frame } of named) if (frame) addFrame(this.#whole, frame);
      return encodeMix(this.#whole, own, codec);
    }
    if (own) return encodeMix(this.#total, own, codec);
    const known = this.#shared.get(codec) ?? encodeMix(this.#total, null, codec);
    this.#shared.set(codec, known);
    return known;
  }

  /** Marks who is heard now; with many parties, who begins or ends is faded within this frame. */
  #choose(all: readonly Voice[]): void {
    const parties = all.filter((voice) => voice.role.type === "party");
    const many = parties.length > maxVoices;
    const wanted = loudest(parties.filter((voice) => voice.frame !== null));
    for (const voice of all) {
      const now = wanted.includes(voice);
      const isHeard = voice.role.type === "party" && voice.frame !== null && (now || voice.chosen);
      if (isHeard && many && voice.frame && now !== voice.chosen) fadeFrame(voice.frame, now ? "in" : "out");
      voice.audible = isHeard;
      voice.chosen = now;
    }
  }
}

function loudest(voices: readonly Voice[]): readonly Voice[] {
  if (voices.length <= maxVoices) return voices;
  const rank = (voice: Voice): number => voice.level * (voice.chosen ? holdFactor : 1);
  return voices.toSorted((a, b) => rank(b) - rank(a)).slice(0, maxVoices);
}

function isNamed(listener: Voice, speaker: BridgeRole): boolean {
  return speaker.type === "whisper" && speaker.to.includes(listener.leg.legId);
}
