import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeG711 } from "./g711.ts";
import type { BridgeRole, Codec, MediaHostOptions } from "./media-host.ts";
import { startTestHost, type TestHost } from "./test-host.ts";
import { goertzel, RtpPhone, sine, toneWav } from "./testing.ts";

describe("a media host", () => {
  let t: TestHost;
  let phones: RtpPhone[];
  let folder: string;

  beforeEach(async () => {
    phones = [];
    folder = await mkdtemp(join(tmpdir(), "svara-media-"));
    t = await startTestHost();
  });

  afterEach(async () => {
    await t.host.close();
    await Promise.all(phones.map((phone) => phone.close()));
    await rm(folder, { recursive: true, force: true });
  });

  async function restart(options: Partial<MediaHostOptions>): Promise<void> {
    await t.host.close();
    t = await startTestHost(options);
  }

  /** A phone whose call is answered, as leg `legId`. */
  async function connect(
    legId: string,
    codec: Codec = "PCMA",
    sdp?: (phone: RtpPhone) => string,
  ): Promise<RtpPhone> {
    const phone = await RtpPhone.open(phones.length + 1);
    phones.push(phone);
    const remoteSdp = sdp ? sdp(phone) : phone.sdp({ codecs: [codec] });
    const answer = await t.host.request({ type: "leg.answer", legId, kind: "rtp", remoteSdp });
    phone.aim(answer.sdp);
    return phone;
  }

  async function bridge(...members: (string | readonly [string, BridgeRole])[]): Promise<void> {
    await t.host.request({ type: "bridge.create", bridgeId: "b" });
    for (const member of members) {
      const [legId, role] = typeof member === "string" ? [member, { type: "party" } as const] : member;
      await t.host.request({ type: "bridge.join", bridgeId: "b", legId, role });
    }
  }

  const tone = (hz: number, ms = 200): Int16Array => sine(hz, ms, 8000);
  const share = (phone: RtpPhone, hz: number, from = 0): number =>
    goertzel(phone.samples().subarray(from), hz, 8000);

  async function dropped(legId: string): Promise<number> {
    const { legs } = await t.host.request({ type: "stats" });
    return legs.find((l) => l.legId === legId)?.packetsDropped ?? -1;
  }

  it("[ME10] answers the same offer anew when we have held the party since", async () => {
    const a = await connect("a");
    const remoteSdp = a.sdp({ codecs: ["PCMA"] });
    await t.host.request({ type: "leg.reoffer", legId: "a", direction: "sendonly" });
    await t.host.request({ type: "leg.accept", legId: "a", remoteSdp: a.sdp({ direction: "recvonly" }) });
    const { sdp } = await t.host.request({ type: "leg.reanswer", legId: "a", remoteSdp });
    expect(sdp).toContain("a=sendonly");
    expect(sdp).toMatch(/m=audio \d+ RTP\/AVP 8 101\r\n/);
  });

  it("[ME15] relays a tone between two parties, unchanged", async () => {
    const a = await connect("a");
    const b = await connect("b");
    await bridge("a", "b");
    await a.say(tone(1000), "PCMA");
    await b.hears(10);
    await b.say(tone(440), "PCMA");
    await a.hears(10);
    expect(share(b, 1000)).toBeGreaterThan(0.99);
    expect(share(a, 440)).toBeGreaterThan(0.99);
    expect(Buffer.concat(b.heard.map((p) => p.payload))).toEqual(Buffer.from(encodeG711(tone(1000), "PCMA")));
  });

  it("[ME2] transcodes between A-law and mu-law", async () => {
    const a = await connect("a", "PCMA");
    const b = await connect("b", "PCMU");
    await bridge("a", "b");
    await a.say(tone(1000), "PCMA");
    await b.hears(10);
    expect(new Set(b.heard.map((p) => p.payloadType))).toEqual(new Set([0]));
    expect(share(b, 1000)).toBeGreaterThan(0.99);
  });

  it("[ME3] drops what is no RTP and payload types that were not agreed", async () => {
    const a = await connect("a");
    const b = await connect("b");
    await bridge("a", "b");
    await a.say(tone(1000, 20), "PCMA");
    await a.sendRaw(Buffer.from("hello"));
    await a.sendRaw(Buffer.alloc(172, 0x40));
    await a.send(18, Buffer.alloc(20));
    await a.send(0, Buffer.alloc(160)); // mu-law was not agreed
    await a.say(tone(1000, 20), "PCMA");
    await b.hears(2);
    expect(b.heard).toHaveLength(2);
    expect(await dropped("a")).toBe(4);
  });

  it("[ME4] drops a duplicate", async () => {
    const a = await connect("a");
    const b = await connect("b");
    await bridge("a", "b");
    for (let i = 0; i < 3; i++) {
      await a.send(8, Buffer.alloc(160));
      a.sequence--;
    }
    a.sequence++;
    await a.send(8, Buffer.alloc(160));
    await b.hears(2);
    expect(await dropped("a")).toBe(2);
  });

  it("[ME5] sends one SSRC and rising numbers across playback, bridge and playback", async () => {
    const a = await connect("a");
    const b = await connect("b");
    await bridge("a", "b");
    const play = async (playbackId: string): Promise<void> => {
      await t.host.request({
        type: "play.start",
        playbackId,
        legId: "b",
        items: [{ tone: "beep", durationMs: 100 }],
      });
      t.clock.advance(140);
    };
    await play("one");
    await b.hears(5);
    await a.say(tone(1000, 100), "PCMA");
    await b.hears(10);
    await play("two");
    await b.hears(15);
    const first = b.heard[0]?.sequence ?? 0;
    expect(b.heard.map((p) => (p.sequence - first) & 0xffff)).toEqual(
      Array.from({ length: 15 }, (_, i) => i),
    );
    expect(new Set(b.heard.map((p) => p.ssrc)).size).toBe(1);
    expect(b.heard.flatMap((p, i) => (p.marker ? [i] : []))).toEqual([0, 5, 10]);
  });

  it("[ME7] leaves nothing open after an offer it refuses", async () => {
    await restart({ rtpPorts: { min: 0, max: 0 } });
    const phone = await RtpPhone.open();
    phones.push(phone);
    const remoteSdp = phone.sdp({ codecs: [] }).replace("RTP/AVP ", "RTP/AVP 18");
    const refused = t.host.request({ type: "leg.answer", legId: "a", kind: "rtp", remoteSdp });
    await expect(refused).rejects.toMatchObject({ code: "media.no_common_codec", sipStatus: 488 });
    const broken = t.host.request({ type: "leg.answer", legId: "b", kind: "rtp", remoteSdp: "garbage" });
    await expect(broken).rejects.toMatchObject({ code: "media.bad_sdp", sipStatus: 400 });
    expect((await t.host.request({ type: "stats" })).host.legs).toBe(0);
  });

  it("[ME8] does nothing twice", async () => {
    const phone = await RtpPhone.open();
    phones.push(phone);
    const answer = { type: "leg.answer", legId: "a", kind: "rtp", remoteSdp: phone.sdp() } as const;
    const [first, second] = await Promise.all([t.host.request(answer), t.host.request(answer)]);
    expect(second).toEqual(first);
    const offer = { type: "leg.offer", legId: "o", kind: "rtp" } as const;
    expect(await t.host.request(offer)).toEqual(await t.host.request(offer));
    expect((await t.host.request({ type: "stats" })).host.legs).toBe(2);
    const play = { type: "play.start", playbackId: "p", legId: "a", items: [{ silenceMs: 40 }] } as const;
    expect(await t.host.request(play)).toEqual({ durationMs: 40 });
    t.clock.advance(100);
    await t.next("play.ended");
    expect(await t.host.request(play)).toEqual({ durationMs: 40 });
    t.clock.advance(100);
    expect(t.events.filter((e) => e.type === "play.ended")).toHaveLength(1);
  });

  it("[ME8] takes the end of what is over or never was", async () => {
    await expect(t.host.request({ type: "leg.close", legId: "none" })).resolves.toEqual({ stats: null });
    await expect(t.host.request({ type: "play.stop", playbackId: "none" })).resolves.toEqual({});
    await expect(t.host.request({ type: "bridge.destroy", bridgeId: "none" })).resolves.toEqual({});
    await expect(t.host.request({ type: "bridge.leave", bridgeId: "none", legId: "none" })).resolves.toEqual(
      {},
    );
    await expect(t.host.request({ type: "record.stop", recordingId: "none" })).resolves.toEqual({
      summary: null,
    });
    const unknown = t.host.request({ type: "leg.mute", legId: "none", in: true });
    await expect(unknown).rejects.toMatchObject({ code: "media.unknown_leg", sipStatus: 481 });
  });

  it("[ME9] sends to the address of the last answer", async () => {
    const early = await RtpPhone.open();
    const late = await RtpPhone.open();
    phones.push(early, late);
    await t.host.request({ type: "leg.offer", legId: "a", kind: "rtp" });
    await t.host.request({ type: "leg.accept", legId: "a", remoteSdp: early.sdp() });
    const play = (playbackId: string) =>
      t.host.request({
        type: "play.start",
        playbackId,
        legId: "a",
        items: [{ tone: "beep", durationMs: 40 }],
      });
    await play("one");
    t.clock.advance(80);
    await early.hears(2);
    await t.host.request({ type: "leg.accept", legId: "a", remoteSdp: late.sdp() });
    await play("two");
    t.clock.advance(80);
    await late.hears(2);
    expect(early.heard).toHaveLength(2);
  });

  it("[ME12] lets nobody hear a party that holds or is held", async () => {
    const a = await connect("a");
    const b = await connect("b");
    await bridge("a", "b");
    const held = await t.host.request({
      type: "leg.reanswer",
      legId: "a",
      remoteSdp: a.sdp({ codecs: ["PCMA"], direction: "sendonly" }),
    });
    expect(held).toMatchObject({ remoteHold: true });
    await a.say(tone(1000), "PCMA");
    await t.received("a", 10);
    await t.host.request({ type: "leg.reanswer", legId: "a", remoteSdp: a.sdp({ codecs: ["PCMA"] }) });
    await t.host.request({ type: "leg.reoffer", legId: "a", direction: "sendonly" });
    const recvonly = a.sdp({ codecs: ["PCMA"], direction: "recvonly" });
    expect(await t.host.request({ type: "leg.accept", legId: "a", remoteSdp: recvonly })).toMatchObject({
      remoteHold: false,
    });
    await a.say(tone(1000), "PCMA");
    await t.received("a", 20);
    expect(b.heard).toHaveLength(0);
    await t.host.request({ type: "leg.reoffer", legId: "a", direction: "sendrecv" });
    await t.host.request({ type: "leg.accept", legId: "a", remoteSdp: a.sdp({ codecs: ["PCMA"] }) });
    await a.say(tone(1000), "PCMA");
    await b.hears(10);
  });

  it("[ME13] plays to a party that we hold", async () => {
    const a = await connect("a");
    await t.host.request({ type: "leg.reoffer", legId: "a", direction: "sendonly" });
    await t.host.request({ type: "leg.accept", legId: "a", remoteSdp: a.sdp({ direction: "recvonly" }) });
    await t.host.request({
      type: "play.start",
      playbackId: "p",
      legId: "a",
      items: [{ tone: "dial" }],
      loop: true,
    });
    t.clock.advance(440);
    await a.hears(20);
    expect(share(a, 425)).toBeGreaterThan(0.99);
  });

  it("[ME14] answers to where the sound comes from, not to where the SDP says", async () => {
    const nat = await connect("a", "PCMA", (phone) =>
      phone.sdp({ codecs: ["PCMA"], port: 9, address: "192.0.2.55" }),
    );
    await nat.say(tone(1000), "PCMA");
    await t.next("leg.media");
    await t.host.request({ type: "play.start", playbackId: "p", legId: "a", items: [{ tone: "dial" }] });
    t.clock.advance(240);
    await nat.hears(10);
    expect(share(nat, 425)).toBeGreaterThan(0.99);
  });

  it("[ME14] hears nobody but the party once it has spoken, and the party again at its new address", async () => {
    const a = await connect("a");
    const b = await connect("b");
    await bridge("a", "b");
    await a.say(tone(1000), "PCMA");
    await b.hears(10);
    const thief = await RtpPhone.open(666);
    phones.push(thief);
    const { sdp } = await t.host.request({
      type: "leg.reanswer",
      legId: "a",
      remoteSdp: a.sdp({ codecs: ["PCMA"] }),
    });
    thief.aim(sdp);
    await thief.say(tone(300), "PCMA");
    await a.say(tone(1000), "PCMA");
    await b.hears(20);
    expect(share(b, 300)).toBeLessThan(0.01);
    const moved = await RtpPhone.open(77);
    phones.push(moved);
    await t.host.request({ type: "leg.reanswer", legId: "a", remoteSdp: moved.sdp({ codecs: ["PCMA"] }) });
    moved.aim(sdp);
    await moved.say(tone(2000), "PCMA");
    await b.hears(30);
    expect(share(b, 2000, 3200)).toBeGreaterThan(0.99);
    await b.say(tone(440), "PCMA");
    await moved.hears(10);
  });

  it("[ME14] finds the party again that has moved without a word", async () => {
    const a = await connect("a");
    const b = await connect("b");
    await bridge("a", "b");
    await a.say(tone(1000), "PCMA");
    await b.hears(10);
    const moved = await RtpPhone.open(a.ssrc);
    phones.push(moved);
    moved.sequence = a.sequence;
    moved.timestamp = a.timestamp;
    moved.aim((await t.host.request({ type: "leg.reoffer", legId: "a", direction: "sendrecv" })).sdp);
    t.clock.advance(4000);
    await moved.say(tone(2000), "PCMA");
    await b.hears(17); // three of the ten were the proof
    expect(share(b, 2000, 1600)).toBeGreaterThan(0.99);
  });

  /** Lets the given phones speak for half a second of mixing. */
  async function converse(speakers: readonly (readonly [string, RtpPhone, number])[]): Promise<void> {
    const frames = 25;
    const before = new Map<string, number>();
    for (const [legId] of speakers) {
      const { legs } = await t.host.request({ type: "stats" });
      before.set(legId, legs.find((l) => l.legId === legId)?.packetsReceived ?? 0);
    }
    for (let n = 0; n < frames; n++) {
      for (const [legId, phone, hz] of speakers) {
        const whole = tone(hz, frames * 20);
        await phone.say(whole.subarray(n * 160, (n + 1) * 160), "PCMA");
        await t.received(legId, (before.get(legId) ?? 0) + n + 1);
      }
      t.clock.advance(20);
    }
  }

  it("[ME16] mixes three parties: each hears the two others and not itself", async () => {
    const a = await connect("a");
    const b = await connect("b");
    const c = await connect("c");
    await bridge("a", "b", "c");
    await converse([
      ["a", a, 500],
      ["b", b, 1000],
      ["c", c, 2000],
    ]);
    await Promise.all([a, b, c].map((phone) => phone.hears(20)));
    const shares = [a, b, c].map((phone) =>
      [500, 1000, 2000].map((hz) => Math.round(share(phone, hz, 800) * 10) / 10),
    );
    expect(shares).toEqual([
      [0, 0.5, 0.5],
      [0.5, 0, 0.5],
      [0.5, 0.5, 0],
    ]);
  });

  it("[ME17] lets a listener hear all and a whisperer speak to one", async () => {
    const a = await connect("a");
    const b = await connect("b");
    const listener = await connect("l");
    const whisper = await connect("w");
    await bridge("a", "b", ["l", { type: "listener" }], ["w", { type: "whisper", to: ["a"] }]);
    await converse([
      ["a", a, 500],
      ["b", b, 1000],
      ["l", listener, 1500],
      ["w", whisper, 2000],
    ]);
    await Promise.all([a, b, listener].map((phone) => phone.hears(20)));
    const heard = (phone: RtpPhone): number[] =>
      [500, 1000, 1500, 2000].filter((hz) => goertzel(phone.samples().subarray(800), hz, 8000) > 0.2);
    expect(heard(a)).toEqual([1000, 2000]);
    expect(heard(b)).toEqual([500]);
    expect(heard(listener)).toEqual([500, 1000]);
  });

  it("[ME18] moves a leg that joins another bridge, and keeps legs when a bridge goes", async () => {
    const a = await connect("a");
    const b = await connect("b");
    const c = await connect("c");
    await bridge("a", "b");
    await t.host.request({ type: "bridge.create", bridgeId: "second" });
    await t.host.request({ type: "bridge.join", bridgeId: "second", legId: "a" });
    await t.host.request({ type: "bridge.join", bridgeId: "second", legId: "c" });
    await a.say(tone(1000), "PCMA");
    await c.hears(10);
    expect(b.heard).toHaveLength(0);
    await t.host.request({ type: "bridge.destroy", bridgeId: "second" });
    await a.say(tone(1000), "PCMA");
    await t.received("a", 20);
    expect(c.heard).toHaveLength(10);
    expect((await t.host.request({ type: "stats" })).host).toMatchObject({ legs: 3, bridges: 1 });
  });

  it("[ME19] replaces a muted party by silence, in either direction", async () => {
    const a = await connect("a");
    const b = await connect("b");
    await bridge("a", "b");
    await t.host.request({ type: "leg.mute", legId: "a", in: true, out: true });
    await a.say(tone(1000), "PCMA");
    await b.hears(10);
    await b.say(tone(440), "PCMA");
    await a.hears(10);
    expect([...a.heard, ...b.heard].every((p) => p.payload.every((byte) => byte === 0xd5))).toBe(true);
    await t.host.request({ type: "leg.mute", legId: "a", in: false });
    await a.say(tone(1000), "PCMA");
    await b.hears(20);
    expect(share(b, 1000, 1600)).toBeGreaterThan(0.99);
  });

  it("[ME20] [ME22] reports a key once and passes it on under the other's payload type", async () => {
    const a = await connect("a", "PCMA", (phone) => phone.sdp({ dtmf: 96 }));
    const b = await connect("b", "PCMA", (phone) => phone.sdp({ dtmf: 126 }));
    await bridge("a", "b");
    const start = a.timestamp;
    for (const duration of [160, 320, 480]) {
      await a.send(96, Uint8Array.of(5, 10, duration >> 8, duration & 255), { timestamp: start });
    }
    for (let i = 0; i < 3; i++) await a.send(96, Uint8Array.of(5, 0x8a, 2, 0x80), { timestamp: start });
    await b.hears(6);
    expect(t.events.flatMap((e) => (e.type === "leg.dtmf" ? [`${e.legId} ${e.digit}`] : []))).toEqual([
      "a 5",
    ]);
    expect(b.heard.map((p) => p.payloadType)).toEqual(Array(6).fill(126));
    expect(new Set(b.heard.map((p) => p.timestamp)).size).toBe(1);
  });

  it("[ME21] sends digits while the bridge waits, and says when they are sent", async () => {
    const a = await connect("a");
    const b = await connect("b");
    await bridge("a", "b");
    const sent = t.host.request({ type: "dtmf.send", legId: "b", digits: "1#", durationMs: 100 });
    await a.say(tone(1000, 40), "PCMA");
    await t.received("a", 2);
    t.clock.advance(500);
    await sent;
    await b.hears(14);
    expect(b.heard.map((p) => [p.payloadType, p.payload[0]])).toEqual([
      ...Array(7).fill([101, 1]),
      ...Array(7).fill([101, 11]),
    ]);
    const none = await RtpPhone.open(9);
    phones.push(none);
    const remoteSdp = none.sdp().replace(/a=rtpmap:101.*\r\n/, "");
    const terms = { keys: "events" } as const;
    await t.host.request({ type: "leg.answer", legId: "n", kind: "rtp", remoteSdp, terms });
    const refused = t.host.request({ type: "dtmf.send", legId: "n", digits: "1" });
    await expect(refused).rejects.toMatchObject({ code: "media.wrong_state" });
  });

  it("[ME23] plays a packet each 20 ms, in order, and says how it ended", async () => {
    const a = await connect("a");
    await toneWav(join(folder, "a.wav"), 1000, 0.2, 16_000);
    const items = [
      { file: join(folder, "a.wav") },
      { silenceMs: 60 },
      { tone: "beep", durationMs: 100 } as const,
    ];
    const started = await t.host.request({ type: "play.start", playbackId: "p", legId: "a", items });
    expect(started).toEqual({ durationMs: 360 });
    t.clock.advance(100);
    await a.hears(4);
    t.clock.advance(300);
    await a.hears(18);
    expect(t.events.find((e) => e.type === "play.ended")).toMatchObject({
      playbackId: "p",
      reason: "finished",
    });
    const steps = a.heard.slice(1).map((p, i) => p.timestamp - (a.heard[i]?.timestamp ?? 0));
    expect(steps).toEqual(Array(17).fill(160));
    expect(goertzel(a.samples().subarray(0, 1600), 1000, 8000)).toBeGreaterThan(0.95);
    expect(
      a
        .samples()
        .subarray(1600, 2080)
        .every((s) => Math.abs(s) <= 8),
    ).toBe(true);
  });

  it("[ME23] ends a playback as stopped, replaced or with its leg", async () => {
    await connect("a");
    const play = (playbackId: string) =>
      t.host.request({ type: "play.start", playbackId, legId: "a", items: [{ tone: "busy" }], loop: true });
    expect(await play("one")).toEqual({ durationMs: null });
    await play("two");
    await t.host.request({ type: "play.stop", playbackId: "two" });
    await play("three");
    await t.host.request({ type: "leg.close", legId: "a" });
    const ends = t.events.flatMap((e) => (e.type === "play.ended" ? [`${e.playbackId} ${e.reason}`] : []));
    expect(ends).toEqual(["one replaced", "two stopped", "three leg_closed"]);
    const missing = [{ file: join(folder, "missing.wav") }];
    await connect("b");
    const refused = t.host.request({ type: "play.start", playbackId: "four", legId: "b", items: missing });
    await expect(refused).rejects.toMatchObject({ code: "media.prompt_unreadable" });
  });

  it("[ME25] lets the party hear the playback and not the bridge", async () => {
    const a = await connect("a");
    const b = await connect("b");
    await bridge("a", "b");
    await t.host.request({ type: "play.start", playbackId: "p", legId: "b", items: [{ tone: "dial" }] });
    await a.say(tone(1000), "PCMA");
    await t.received("a", 10);
    t.clock.advance(240);
    await b.hears(10);
    expect(share(b, 425)).toBeGreaterThan(0.99);
    await t.host.request({ type: "play.stop", playbackId: "p" });
    const played =
      (await t.host.request({ type: "stats" })).legs.find((l) => l.legId === "b")?.packetsSent ?? 0;
    await b.hears(played);
    await a.say(tone(1000), "PCMA");
    await b.hears(played + 10);
    expect(share(b, 1000, played * 160)).toBeGreaterThan(0.99);
  });

  it("[ME42] reports a silent party after each time-out, not one that is held", async () => {
    await t.host.close();
    t = await startTestHost({ mediaTimeoutMs: 10_000 });
    const a = await connect("a");
    await connect("h", "PCMA", (phone) => phone.sdp({ direction: "inactive" }));
    await a.say(tone(1000, 20), "PCMA");
    await t.next("leg.media");
    t.clock.advance(9_000);
    expect(t.events.filter((e) => e.type === "leg.silent")).toHaveLength(0);
    t.clock.advance(13_000);
    const silent = t.events.flatMap((e) => (e.type === "leg.silent" ? [[e.legId, e.silentMs]] : []));
    expect(silent).toEqual([
      ["a", 10_000],
      ["a", 20_000],
    ]);
  });

  it("[ME45] gives ports back and refuses politely when there are none", async () => {
    const { sdp } = await t.host.request({ type: "leg.offer", legId: "probe", kind: "rtp" });
    const min = Number(/m=audio (\d+)/.exec(sdp)?.[1]);
    await restart({ rtpPorts: { min, max: min + 1 } });
    await t.host.request({ type: "leg.offer", legId: "a", kind: "rtp" });
    const full = t.host.request({ type: "leg.offer", legId: "b", kind: "rtp" });
    await expect(full).rejects.toMatchObject({ code: "media.no_ports", sipStatus: 503, retryable: true });
    await t.host.request({ type: "leg.close", legId: "a" });
    for (;;) {
      if ((await t.host.request({ type: "stats" })).host.freeRtpPorts === 1) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    t.clock.advance(2_000);
    const again = await t.host.request({ type: "leg.offer", legId: "c", kind: "rtp" });
    expect(again.sdp).toContain(`m=audio ${min} `);
    await t.host.close();
    expect(t.clock.pending).toBe(0);
    const closed = t.host.request({ type: "stats" });
    await expect(closed).rejects.toMatchObject({ code: "media.host_closed" });
  });

  it("reports its own figures", async () => {
    const a = await connect("a");
    await a.say(tone(1000, 100), "PCMA");
    await t.received("a", 5);
    t.clock.advance(5_000);
    const stats = await t.next("host.stats");
    expect(stats.stats).toMatchObject({ legs: 1, packetsReceived: 5, packetsDropped: 0 });
    expect(await t.next("host.lateness")).toMatchObject({ lateness: { p50: 0, max: 0 } });
  });
});
