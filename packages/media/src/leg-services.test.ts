import { createSocket, type Socket } from "node:dgram";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeG711 } from "./g711.ts";
import { readRtcp, shortNtp, writeRtcpReport } from "./rtcp.ts";
import { startTestHost, type TestHost } from "./test-host.ts";
import { goertzel, RtpPhone, readWav, sine, toneShare } from "./testing.ts";

let t: TestHost;
let phones: RtpPhone[];
let sockets: Socket[];
let folder: string;

beforeEach(async () => {
  phones = [];
  sockets = [];
  folder = await mkdtemp(join(tmpdir(), "svara-media-"));
  t = await startTestHost({ qualityIntervalMs: 2000 });
});

afterEach(async () => {
  await t.host.close();
  await Promise.all(phones.map((phone) => phone.close()));
  for (const socket of sockets) socket.close();
  await rm(folder, { recursive: true, force: true });
});

async function connect(legId: string, more: (sdp: string) => string = (sdp) => sdp): Promise<RtpPhone> {
  const phone = await RtpPhone.open(phones.length + 1);
  phones.push(phone);
  const remoteSdp = more(phone.sdp({ codecs: ["PCMA"] }));
  const { sdp } = await t.host.request({ type: "leg.answer", legId, kind: "rtp", remoteSdp });
  phone.aim(sdp);
  return phone;
}

const tone = (hz: number, ms: number): Int16Array => sine(hz, ms, 8000);

/** The phone says a tone packet by packet, in time. */
async function speak(legId: string, phone: RtpPhone, samples: Int16Array): Promise<void> {
  const { legs } = await t.host.request({ type: "stats" });
  let count = legs.find((leg) => leg.legId === legId)?.packetsReceived ?? 0;
  for (let at = 0; at < samples.length; at += 160) {
    await phone.say(samples.subarray(at, at + 160), "PCMA");
    await t.received(legId, ++count);
    t.clock.advance(20);
  }
}

/** A socket that keeps the RTCP packets it gets. */
async function rtcpSocket(): Promise<{
  socket: Socket;
  port: number;
  next: (count: number) => Promise<Buffer[]>;
}> {
  const socket = createSocket("udp4");
  sockets.push(socket);
  const packets: Buffer[] = [];
  socket.on("message", (packet) => packets.push(packet));
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const next = async (count: number): Promise<Buffer[]> => {
    while (packets.length < count) await new Promise((resolve) => setImmediate(resolve));
    return packets;
  };
  return { socket, port: socket.address().port, next };
}

describe("the echo of a leg", () => {
  it("[ME58] gives the party back what it says, until it joins a bridge", async () => {
    const a = await connect("a");
    await t.host.request({ type: "leg.echo", legId: "a", on: true });
    await a.say(tone(1000, 200), "PCMA");
    await a.hears(10);
    expect(Buffer.concat(a.heard.map((p) => p.payload))).toEqual(
      Buffer.from(encodeG711(tone(1000, 200), "PCMA")),
    );
    const b = await connect("b");
    await t.host.request({ type: "bridge.create", bridgeId: "x" });
    for (const legId of ["a", "b"]) await t.host.request({ type: "bridge.join", bridgeId: "x", legId });
    await a.say(tone(500, 200), "PCMA");
    await b.hears(10);
    expect(a.heard).toHaveLength(10);
    await t.host.request({ type: "bridge.leave", bridgeId: "x", legId: "a" });
    await a.say(tone(700, 200), "PCMA");
    await a.hears(20);
    await t.host.request({ type: "leg.echo", legId: "a", on: false });
    await a.say(tone(700, 200), "PCMA");
    await t.received("a", 40);
    expect(a.heard).toHaveLength(20);
    expect(b.heard).toHaveLength(10);
  });

  it("[ME58] lets a playback have the party's ear", async () => {
    const a = await connect("a");
    await t.host.request({ type: "leg.echo", legId: "a", on: true });
    await t.host.request({ type: "play.start", playbackId: "p", legId: "a", items: [{ silenceMs: 100 }] });
    await speak("a", a, tone(1000, 100));
    t.clock.advance(40);
    await t.next("play.ended");
    await a.say(tone(1000, 100), "PCMA");
    await a.hears(10);
    expect(goertzel(a.samples().subarray(0, 800), 1000, 8000)).toBe(0);
    expect(goertzel(a.samples().subarray(800), 1000, 8000)).toBeGreaterThan(0.99);
  });
});

describe("the beep of a recording", () => {
  async function record(legId: string): Promise<string> {
    const pathPrefix = join(folder, legId);
    await t.host.request({ type: "record.start", recordingId: "r", legId, pathPrefix, beepEveryMs: 1000 });
    return pathPrefix;
  }
  const beeps = (samples: Int16Array): number[] => {
    const at: number[] = [];
    for (let from = 0; from + 160 <= samples.length; from += 160) {
      if (goertzel(samples.subarray(from, from + 160), 1400, 8000) > 0.3) at.push(from / 8);
    }
    return at;
  };

  it("[ME59] is heard by both sides of a bridge and stands in both tracks, each time", async () => {
    const a = await connect("a");
    const b = await connect("b");
    await t.host.request({ type: "bridge.create", bridgeId: "x" });
    for (const legId of ["a", "b"]) await t.host.request({ type: "bridge.join", bridgeId: "x", legId });
    const prefix = await record("a");
    const quiet = new Int16Array(160);
    for (let n = 1; n <= 110; n++) {
      await a.say(quiet, "PCMA");
      await b.say(quiet, "PCMA");
      await t.received("a", n);
      await t.received("b", n);
      t.clock.advance(20);
    }
    await Promise.all([a.hears(110), b.hears(110)]);
    await t.host.request({ type: "record.stop", recordingId: "r" });
    const tracks = await Promise.all(
      ["in", "out"].map(async (side) => readWav(await readFile(`${prefix}-${side}.wav`), side).samples),
    );
    for (const samples of [a.samples(), b.samples(), ...tracks]) {
      const at = beeps(samples);
      const starts = at.filter((ms, i) => i === 0 || ms - (at[i - 1] ?? 0) > 100);
      expect(starts.length).toBe(3);
      expect(Math.abs((starts[1] ?? 0) - (starts[0] ?? 0) - 1000)).toBeLessThanOrEqual(40);
      expect(at.filter((ms) => ms < 900).length).toBeGreaterThanOrEqual(9);
      expect(at.filter((ms) => ms < 900).length).toBeLessThanOrEqual(11);
    }
  });

  it("[ME59] is heard on a line on which nothing else is sent, and not while the recording pauses", async () => {
    const a = await connect("a");
    const prefix = await record("a");
    t.clock.advance(260);
    await a.hears(10);
    expect(a.heard.map((p) => p.timestamp - (a.heard[0]?.timestamp ?? 0))).toEqual(
      Array.from({ length: 10 }, (_, i) => i * 160),
    );
    t.clock.advance(240);
    expect(toneShare(a.samples(), 1400, 8000)).toBeGreaterThan(0.95);
    await t.host.request({ type: "record.pause", recordingId: "r" });
    t.clock.advance(3000);
    const { legs } = await t.host.request({ type: "stats" });
    expect(legs[0]?.packetsSent).toBe(10);
    await t.host.request({ type: "record.resume", recordingId: "r" });
    t.clock.advance(1000);
    const { summary } = await t.host.request({ type: "record.stop", recordingId: "r" });
    expect(summary?.pauses).toEqual([{ fromMs: 500, toMs: 3500 }]);
    const { samples } = readWav(await readFile(`${prefix}-out.wav`), "out");
    expect(samples.length).toBe(4500 * 8);
    const at = beeps(samples);
    expect(at.some((ms) => ms < 300)).toBe(true);
    expect(at.some((ms) => ms > 500 && ms < 3500)).toBe(false);
    expect(at.some((ms) => ms > 3500)).toBe(true);
    const sent = (await t.host.request({ type: "stats" })).legs[0]?.packetsSent ?? 0;
    t.clock.advance(3000);
    expect((await t.host.request({ type: "stats" })).legs[0]?.packetsSent).toBe(sent);
  });
});

describe("noise that stands for silence", () => {
  it("[ME54] is taken from a party and heard in a conference", async () => {
    const [a, b] = [await connect("a"), await connect("b")];
    await connect("c");
    await t.host.request({ type: "bridge.create", bridgeId: "x" });
    for (const legId of ["a", "b", "c"]) await t.host.request({ type: "bridge.join", bridgeId: "x", legId });
    await speak("a", a, tone(1000, 200));
    await a.send(13, Uint8Array.of(50), { timestamp: a.timestamp }); // -50 dBov
    await t.received("a", 11);
    t.clock.advance(600);
    await b.hears(38);
    const late = b.samples().subarray(-1600);
    const rms = Math.sqrt(late.reduce((sum, s) => sum + s * s, 0) / late.length);
    expect(rms).toBeGreaterThan(70);
    expect(rms).toBeLessThan(140);
    const { legs } = await t.host.request({ type: "stats" });
    expect(legs.find((leg) => leg.legId === "a")).toMatchObject({ packetsDropped: 0, packetsLost: 0 });
  });

  it("[ME54] is not heard of a party that is muted", async () => {
    const [a, b] = [await connect("a"), await connect("b")];
    await connect("c");
    await t.host.request({ type: "bridge.create", bridgeId: "x" });
    for (const legId of ["a", "b", "c"]) await t.host.request({ type: "bridge.join", bridgeId: "x", legId });
    await t.host.request({ type: "leg.mute", legId: "a", in: true });
    await speak("a", a, tone(1000, 100));
    await a.send(13, Uint8Array.of(50), { timestamp: a.timestamp });
    await t.received("a", 6);
    t.clock.advance(400);
    await b.hears(20);
    expect(Math.max(...b.samples())).toBeLessThanOrEqual(8);
  });

  it("[ME57] is played at -60 dBm0", async () => {
    const a = await connect("a");
    await t.host.request({
      type: "play.start",
      playbackId: "p",
      legId: "a",
      items: [{ comfortNoiseMs: 1500 }],
    });
    t.clock.advance(1600);
    await a.hears(75);
    expect(a.heard).toHaveLength(75);
    const rms = Math.sqrt(a.samples().reduce((sum, s) => sum + s * s, 0) / a.samples().length);
    expect(Math.abs(20 * Math.log10(rms / 16_141) + 60)).toBeLessThan(3);
  });
});

describe("reports", () => {
  it("[ME50] go to the odd port, or with rtcp-mux where the sound goes; the leg says BYE", async () => {
    const own = await rtcpSocket();
    const a = await connect("a", (sdp) => `${sdp}a=rtcp:${own.port}\r\n`);
    await speak("a", a, tone(1000, 4000));
    const [first] = await own.next(1);
    expect(first?.readUInt32BE(8)).toBe(a.ssrc); // the block of a receiver's report is about the phone
    await t.host.request({ type: "leg.close", legId: "a" });
    while (readRtcp((await own.next(1)).at(-1) ?? Buffer.alloc(0))?.bye !== true) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const heard: Buffer[] = [];
    const b = await connect("b", (sdp) => `${sdp}a=rtcp-mux\r\n`);
    b.socket.on("message", (packet) => {
      if (readRtcp(packet)) heard.push(packet);
    });
    await speak("b", b, tone(1000, 4000));
    while (heard.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(heard[0]?.readUInt32BE(8)).toBe(b.ssrc);
  });

  it("[ME52] tell the quality of each leg with media, regularly and at its end", async () => {
    const a = await connect("a", (sdp) => `${sdp}a=rtcp-mux\r\n`);
    await connect("silent");
    await speak("a", a, tone(1000, 1000));
    a.sequence += 5; // lost on the way
    await speak("a", a, tone(1000, 3200));
    const { ssrc } = a.heard[0] ?? { ssrc: 0 };
    const told = t.events.filter((e) => e.type === "leg.quality");
    expect(told.map((e) => e.legId)).toEqual(["a"]);
    expect(told[0]?.quality).toMatchObject({ codec: "PCMA" });
    await t.host.request({ type: "play.start", playbackId: "p", legId: "a", items: [{ tone: "dial" }] });
    t.clock.advance(1000);
    await a.hears(50);
    const ours = a.heard.at(-1)?.ssrc ?? ssrc;
    const lastSr = shortNtp(t.clock.now() - 150);
    await a.sendRaw(
      writeRtcpReport(a.ssrc, "a", null, {
        ssrc: ours,
        fractionLost: 0,
        lost: 5,
        highestSequence: 50,
        jitter: 16,
        lastSr,
        delaySinceLastSrMs: 50,
      }),
    );
    await speak("a", a, tone(1000, 20));
    const { stats, quality } = await t.host.request({ type: "leg.close", legId: "a" });
    expect(stats).toMatchObject({ packetsReceived: 211, packetsLost: 5 });
    expect(quality).toMatchObject({ packetsReceived: 211, packetsSent: 50, roundTripMs: 100 });
    expect(quality?.lossShare).toBeCloseTo(5 / 216, 3);
    expect(quality?.mos).toBeGreaterThan(3.9);
    expect(quality?.mos).toBeLessThan(4.3);
    expect(quality?.remoteMos).toBeLessThan(quality?.mos ?? 0);
    expect(await t.host.request({ type: "leg.close", legId: "silent" })).not.toHaveProperty("quality");
  });
});
