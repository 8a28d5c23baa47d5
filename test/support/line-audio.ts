import type { RemoteInfo } from "node:dgram";
import { goertzel, RtpPhone } from "@svara/media/testing";
import { beeps, TELEPHONE_HZ } from "./tones.ts";
import { waitFor } from "./wait-for.ts";

const PACKET_MS = 20;
const PACKET = (TELEPHONE_HZ * PACKET_MS) / 1_000;
/** Judged by the latest so many packets. */
const WINDOW_PACKETS = 10;

/** The sound at a stranger's end of the line: says one tone for ever, and hears. Its RTP goes where the first packet came from. */
export class LineAudio {
  readonly #phone: RtpPhone;
  readonly #tone: Int16Array;
  readonly #timer: NodeJS.Timeout;
  #at = 0;
  #sent = 0;
  #started = 0;
  #aimed = false;
  #mute = false;

  private constructor(phone: RtpPhone, hz: number) {
    this.#phone = phone;
    this.#tone = beeps(hz, 1, TELEPHONE_HZ);
    phone.socket.on("message", (_packet: Buffer, from: RemoteInfo) => this.#aim(from));
    this.#timer = setInterval(() => this.#pump(), PACKET_MS);
  }

  static async open(hz: number): Promise<LineAudio> {
    return new LineAudio(await RtpPhone.open(Math.floor(Math.random() * 2 ** 31)), hz);
  }

  /** To be written into the stranger's SDP. */
  get port(): number {
    return this.#phone.port;
  }

  /** Everything heard so far. */
  heard(): Int16Array {
    return this.#phone.samples();
  }

  /** Keys heard as RFC 4733 events. */
  digits(): string {
    const ends = new Map<number, string>();
    for (const { payloadType, timestamp, payload } of this.#phone.heard) {
      if (payloadType === 101) ends.set(timestamp, "0123456789*#ABCD"[payload[0] ?? 99] ?? "?");
    }
    return [...ends.values()].join("");
  }

  /** Presses a key (RFC 4733): five packets of 20 ms and three that end it. */
  async press(key: string): Promise<void> {
    const event = "0123456789*#ABCD".indexOf(key);
    const timestamp = this.#phone.timestamp;
    for (let i = 1; i <= 8; i++) {
      const duration = Math.min(i, 5) * PACKET;
      const payload = Uint8Array.of(event, (i > 5 ? 0x80 : 0) | 10, duration >> 8, duration & 0xff);
      await this.#phone.send(101, payload, { marker: i === 1, timestamp });
    }
  }

  /** Says nothing more, or again. Packets go on: silence is sent. */
  mute(on: boolean): void {
    this.#mute = on;
  }

  /** Waits until the last 200 ms heard are the tone of `hz`. */
  hears(hz: number, what = `${hz} Hz on the line`): Promise<true> {
    return waitFor(what, () => this.#latest(hz) > 0.8);
  }

  /** Waits until the last 200 ms heard are a sound without the tone of `hz`: music, say. */
  hearsOther(hz: number, what = `something other than ${hz} Hz on the line`): Promise<true> {
    return waitFor(what, () => {
      const samples = this.#window();
      return samples.length > 0 && loudness(samples) > 100 && goertzel(samples, hz, TELEPHONE_HZ) < 0.1;
    });
  }

  /** Waits until the last 200 ms heard are silence. */
  hearsSilence(): Promise<true> {
    return waitFor("silence on the line", () => {
      const samples = this.#window();
      return samples.length > 0 && loudness(samples) < 20;
    });
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#phone.close();
  }

  #window(): Int16Array {
    const { heard } = this.#phone;
    if (heard.length < WINDOW_PACKETS) return new Int16Array(0);
    const all = this.#phone.samples();
    return all.subarray(Math.max(0, all.length - WINDOW_PACKETS * PACKET));
  }

  #latest(hz: number): number {
    return goertzel(this.#window(), hz, TELEPHONE_HZ);
  }

  #aim(from: RemoteInfo): void {
    if (this.#aimed) return;
    this.#aimed = true;
    this.#phone.aim(`m=audio ${from.port}\r\nc=IN IP4 ${from.address}`);
  }

  /** Sends what is due; a late timer catches up. */
  #pump(): void {
    if (!this.#aimed) return;
    const now = performance.now();
    if (this.#sent === 0) this.#started = now;
    const due = Math.min(Math.floor((now - this.#started) / PACKET_MS) + 1, this.#sent + 10);
    while (this.#sent < due) {
      const samples = this.#mute ? new Int16Array(PACKET) : this.#tone.subarray(this.#at, this.#at + PACKET);
      this.#at = (this.#at + PACKET) % this.#tone.length;
      this.#sent++;
      void this.#phone.say(samples, "PCMA").catch(() => undefined);
    }
  }
}

/** Root mean square. */
function loudness(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, samples.length));
}
