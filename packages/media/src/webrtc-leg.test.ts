import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeDtlsIdentity } from "./dtls.ts";
import { encodeG711 } from "./g711.ts";
import { startTestHost, type TestHost } from "./test-host.ts";
import { goertzel, RtpPhone, sine } from "./testing.ts";
import { WebRtcPeer } from "./web-rtc-peer.ts";

describe("a WebRTC leg", () => {
  let t: TestHost;
  let peers: (WebRtcPeer | RtpPhone)[];

  beforeEach(async () => {
    t = await startTestHost();
    peers = [];
  });
  afterEach(async () => {
    await t.host.close();
    await Promise.all(peers.map((peer) => peer.close()));
  });

  async function open(): Promise<WebRtcPeer> {
    const peer = await WebRtcPeer.open();
    peers.push(peer);
    return peer;
  }

  async function call(legId: string): Promise<WebRtcPeer> {
    const peer = await open();
    const answer = { type: "leg.answer", legId, kind: "webrtc", remoteSdp: peer.sdp("actpass") } as const;
    await peer.connect((await t.host.request(answer)).sdp);
    await t.next("leg.connected");
    return peer;
  }

  const frames = (hz: number, count: number): Uint8Array[] => {
    const bytes = encodeG711(sine(hz, count * 20, 8000), "PCMU");
    return Array.from({ length: count }, (_, i) => bytes.subarray(i * 160, (i + 1) * 160));
  };

  it("[ME35] called by us, speaks with a phone on the other side", async () => {
    const peer = await open();
    const { sdp } = await t.host.request({ type: "leg.offer", legId: "w", kind: "webrtc" });
    const connecting = peer.connect(sdp); // a browser's checks and its ClientHello come before its answer does
    await t.host.request({ type: "leg.accept", legId: "w", remoteSdp: peer.sdp("active") });
    await connecting;
    const phone = await RtpPhone.open(1);
    peers.push(phone);
    const remoteSdp = phone.sdp({ codecs: ["PCMA"] });
    phone.aim((await t.host.request({ type: "leg.answer", legId: "p", kind: "rtp", remoteSdp })).sdp);
    await t.host.request({ type: "bridge.create", bridgeId: "b" });
    await t.host.request({ type: "bridge.join", bridgeId: "b", legId: "w" });
    await t.host.request({ type: "bridge.join", bridgeId: "b", legId: "p" });
    for (const frame of frames(1000, 10)) peer.send(frame);
    await phone.hears(10);
    expect(goertzel(phone.samples(), 1000, 8000)).toBeGreaterThan(0.99);
    const back = new Promise<Buffer>((resolve) => {
      peer.onPacket = resolve;
    });
    await phone.say(sine(440, 20, 8000), "PCMA");
    const heard = await back;
    expect([heard.length, heard[1]]).toEqual([172, 0x80]); // mu-law, with the marker of a new talk-spurt
  });

  it("[ME36] is not disturbed by strangers, on its port or from its own address", async () => {
    const peer = await call("w");
    const stranger = await open();
    const { sdp } = await t.host.request({ type: "leg.reoffer", legId: "w", direction: "sendrecv" });
    const port = Number(/m=audio (\d+)/.exec(sdp)?.[1]);
    await new Promise<void>((resolve) =>
      stranger.socket.send(Buffer.alloc(172, 0x80), port, "127.0.0.1", () => resolve()),
    );
    // A plaintext alert and a new ClientHello, as an attacker with a forged source address would send them.
    peer.sendRaw(Buffer.from("15fefd00000000000000050002" + "0100", "hex"));
    peer.sendRaw(Buffer.from(`16fefd0000000000000006000d010000010000000000000001${"00"}`, "hex"));
    peer.sendRaw(Buffer.alloc(172, 0x80));
    for (const frame of frames(1000, 3)) peer.send(frame);
    await t.received("w", 4);
    const { legs, host } = await t.host.request({ type: "stats" });
    expect(legs[0]).toMatchObject({ packetsReceived: 3, packetsDropped: 1 });
    expect(host.refusedDatagrams).toBeGreaterThanOrEqual(1);
    expect(t.events.some((e) => e.type === "leg.failed")).toBe(false);
  });

  it("[ME39] with another certificate than its SDP names is refused", async () => {
    const peer = await open();
    const { fingerprint } = await makeDtlsIdentity();
    const remoteSdp = peer.sdp("actpass", fingerprint);
    const { sdp } = await t.host.request({ type: "leg.answer", legId: "w", kind: "webrtc", remoteSdp });
    peer.connect(sdp).catch(() => {});
    expect(await t.next("leg.failed")).toMatchObject({
      reason: "certificate does not match the fingerprint",
    });
    for (const frame of frames(1000, 1)) peer.send(frame);
    expect(t.events.some((e) => e.type === "leg.connected" || e.type === "leg.media")).toBe(false);
  });

  it("[ME41] may come back with another certificate within the call", async () => {
    await call("w");
    const again = await open();
    const { sdp } = await t.host.request({
      type: "leg.reanswer",
      legId: "w",
      remoteSdp: again.sdp("actpass"),
    });
    await again.connect(sdp);
    await t.next("leg.connected", 2);
    for (const frame of frames(1000, 3)) again.send(frame);
    await t.received("w", 3);
  });

  it("[ME42] that vanishes is reported, one that only checks is not", async () => {
    const peer = await call("w");
    t.clock.advance(6_000);
    peer.check();
    const { host } = await t.host.request({ type: "stats" });
    for (const frame of frames(1000, 1)) peer.send(frame);
    await t.received("w", 1);
    t.clock.advance(3_000);
    expect(t.events.some((e) => e.type === "leg.silent")).toBe(false);
    t.clock.advance(2_000);
    expect(await t.next("leg.silent")).toMatchObject({ legId: "w" });
    expect(host.legs).toBe(1);
  });

  it("[ME88] that crashes is noticed within five seconds, one that is held within the media time-out", async () => {
    const peer = await call("w");
    for (const frame of frames(1000, 1)) peer.send(frame);
    await t.received("w", 1);
    const remoteSdp = peer.sdp("actpass").replace("a=sendrecv", "a=recvonly");
    await t.host.request({ type: "leg.reanswer", legId: "w", remoteSdp });
    t.clock.advance(9_000);
    expect(t.events.some((e) => e.type === "leg.silent")).toBe(false);
    await t.host.request({ type: "leg.reanswer", legId: "w", remoteSdp: peer.sdp("actpass") });
    const resumedAt = t.clock.now();
    t.clock.advance(5_000);
    const { at } = await t.next("leg.silent");
    expect(at - resumedAt).toBeLessThanOrEqual(5_000);
  });

  it("[ME40] that wants to be the DTLS server itself is told no", async () => {
    const peer = await open();
    const remoteSdp = peer.sdp("active").replace("setup:active", "setup:passive");
    const refused = t.host.request({ type: "leg.answer", legId: "w", kind: "webrtc", remoteSdp });
    await expect(refused).rejects.toMatchObject({ code: "media.unsupported_sdp", sipStatus: 488 });
    expect((await t.host.request({ type: "stats" })).host.legs).toBe(0);
  });
});
