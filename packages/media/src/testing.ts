import { createSocket, type Socket } from "node:dgram";
import { writeFile } from "node:fs/promises";
import { decodeG711, encodeG711 } from "./g711.ts";
import type { Codec } from "./media-host.ts";
import { newRtpView, parseRtp, rtpHeaderLength, writeRtpHeader } from "./rtp-packet.ts";
import { linear, readWav, readWavLayout, type Sound, writeWav } from "./wav.ts";

export { WebRtcPeer } from "./web-rtc-peer.ts";
export { breakWorker, FAULTY_WORKER, type WorkerFault } from "./worker-faults.ts";
export { readWav, type Sound, writeWav };

/** The share (0..1) of the power of `samples` that lies at `hz` (Goertzel 1958); 1 is a pure tone, 0 when there is no sound. */
export function goertzel(samples: Int16Array, hz: number, sampleRate: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / sampleRate);
  let s1 = 0;
  let s2 = 0;
  let total = 0;
  for (const sample of samples) {
    const s0 = sample + coefficient * s1 - s2;
    s2 = s1;
    s1 = s0;
    total += sample * sample;
  }
  const power = s1 * s1 + s2 * s2 - coefficient * s1 * s2;
  return total === 0 ? 0 : Math.min(1, (2 * power) / (samples.length * total));
}

/**
 * The median of `goertzel` over windows of 50 ms: does the tone sound most of the time? Gaps and phase jumps, which a busy machine
 * makes, spoil only the windows they fall into.
 */
export function toneShare(samples: Int16Array, hz: number, sampleRate: number): number {
  const length = Math.round(sampleRate / 20);
  const shares: number[] = [];
  for (let at = 0; at + length <= samples.length; at += length) {
    shares.push(goertzel(samples.subarray(at, at + length), hz, sampleRate));
  }
  return shares.sort((a, b) => a - b)[shares.length >> 1] ?? 0;
}

/** A sine, by default at a third of full scale. */
export function sine(hz: number, ms: number, sampleRate: number, amplitude = 10_000): Int16Array {
  const count = Math.round((ms * sampleRate) / 1000);
  return Int16Array.from({ length: count }, (_, i) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hz * i) / sampleRate)),
  );
}

/** Writes a mono 16-bit WAV with one tone. */
export async function toneWav(path: string, hz: number, seconds: number, sampleRate = 8000): Promise<void> {
  await writeFile(path, writeWav({ sampleRate, samples: sine(hz, seconds * 1000, sampleRate) }));
}

/** Any WAV that the player reads: mixed to mono, and each channel by itself (left first). */
export function decodeWav(file: Buffer): {
  readonly samples: Int16Array;
  readonly rate: number;
  readonly channels: number;
  readonly tracks: readonly Int16Array[];
} {
  const { channels, dataAt, dataLength, format, sampleRate } = readWavLayout(file, "WAV");
  const all = linear(file.subarray(dataAt, dataAt + dataLength), format);
  const track = (channel: number): Int16Array =>
    Int16Array.from(
      { length: Math.floor(all.length / channels) },
      (_, i) => all[i * channels + channel] ?? 0,
    );
  return {
    samples: readWav(file, "WAV").samples,
    rate: sampleRate,
    channels,
    tracks: Array.from({ length: channels }, (_, channel) => track(channel)),
  };
}

/** A phone without SIP: one UDP socket that speaks RTP. Time is the caller's; it sends only when told. */
export class RtpPhone {
  readonly socket: Socket;
  /** Payloads heard, in order of arrival, with their headers. */
  readonly heard: {
    payloadType: number;
    sequence: number;
    timestamp: number;
    ssrc: number;
    marker: boolean;
    payload: Buffer;
  }[] = [];
  readonly ssrc: number;
  sequence = 1000;
  timestamp = 160_000;
  #target: { port: number; address: string } = { port: 0, address: "127.0.0.1" };
  #waiting: { count: number; resolve: () => void }[] = [];

  private constructor(socket: Socket, ssrc: number) {
    this.socket = socket;
    this.ssrc = ssrc;
    socket.on("message", (packet) => {
      const view = newRtpView();
      if (!parseRtp(packet, view)) return;
      const { payloadType, sequence, timestamp, marker, payloadStart, payloadEnd } = view;
      this.heard.push({
        payloadType,
        sequence,
        timestamp,
        ssrc: view.ssrc,
        marker,
        payload: packet.subarray(payloadStart, payloadEnd),
      });
      this.#waiting = this.#waiting.filter((w) => {
        if (this.heard.length < w.count) return true;
        w.resolve();
        return false;
      });
    });
  }

  static open(ssrc = 0x1234_5678): Promise<RtpPhone> {
    const socket = createSocket("udp4");
    return new Promise((resolve) => socket.bind(0, "127.0.0.1", () => resolve(new RtpPhone(socket, ssrc))));
  }

  get port(): number {
    return this.socket.address().port;
  }

  /** An SDP that names this phone. */
  sdp(
    options: {
      codecs?: readonly Codec[];
      direction?: string;
      port?: number;
      address?: string;
      dtmf?: number;
    } = {},
  ): string {
    const numbers = (options.codecs ?? ["PCMA", "PCMU"]).map((c) => (c === "PCMA" ? 8 : 0));
    const dtmf = options.dtmf ?? 101;
    const address = options.address ?? "127.0.0.1";
    return [
      "v=0",
      `o=- 1 1 IN IP4 ${address}`,
      "s=-",
      `c=IN IP4 ${address}`,
      "t=0 0",
      `m=audio ${options.port ?? this.port} RTP/AVP ${numbers.join(" ")} ${dtmf}`,
      ...numbers.map((n) => `a=rtpmap:${n} ${n === 8 ? "PCMA" : "PCMU"}/8000`),
      `a=rtpmap:${dtmf} telephone-event/8000`,
      `a=fmtp:${dtmf} 0-16`,
      `a=${options.direction ?? "sendrecv"}`,
      "",
    ].join("\r\n");
  }

  /** Sends to the address that an SDP names from now on. */
  aim(sdp: string): void {
    const port = Number(/m=audio (\d+)/.exec(sdp)?.[1]);
    const address = /c=IN IP4 (\S+)/.exec(sdp)?.[1] ?? "127.0.0.1";
    this.#target = { port, address };
  }

  /** Sends one packet and moves sequence and timestamp on. Resolves when the system has it. */
  send(
    payloadType: number,
    payload: Uint8Array,
    options: { marker?: boolean; timestamp?: number } = {},
  ): Promise<void> {
    const packet = Buffer.alloc(rtpHeaderLength + payload.length);
    packet.set(payload, rtpHeaderLength);
    this.sequence = (this.sequence + 1) & 0xffff;
    const timestamp = options.timestamp ?? this.timestamp;
    writeRtpHeader(
      packet,
      0,
      options.marker ?? false,
      payloadType,
      this.sequence,
      timestamp >>> 0,
      this.ssrc,
    );
    if (options.timestamp === undefined) this.timestamp += payload.length;
    return this.sendRaw(packet);
  }

  /** Sends `samples` as 20 ms packets, all at once. */
  async say(samples: Int16Array, codec: Codec): Promise<void> {
    const bytes = encodeG711(samples, codec);
    for (let at = 0; at < bytes.length; at += 160) {
      await this.send(codec === "PCMA" ? 8 : 0, bytes.subarray(at, at + 160));
    }
  }

  sendRaw(packet: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.send(packet, this.#target.port, this.#target.address, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }

  /** Waits until `count` packets were heard in all. */
  hears(count: number): Promise<void> {
    if (this.heard.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }

  /** What was heard in G.711, as samples. */
  samples(): Int16Array {
    const parts = this.heard
      .filter((p) => p.payloadType === 0 || p.payloadType === 8)
      .map((p) => decodeG711(p.payload, p.payloadType === 8 ? "PCMA" : "PCMU"));
    const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.socket.close(() => resolve()));
  }
}
