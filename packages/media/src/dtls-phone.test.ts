import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeDtlsIdentity } from "./dtls.ts";
import { encodeG711 } from "./g711.ts";
import { startTestHost, type TestHost } from "./test-host.ts";
import { goertzel, RtpPhone, sine } from "./testing.ts";
import { WebRtcPeer } from "./web-rtc-peer.ts";

describe("a phone with DTLS", () => {
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

  const frames = (count: number): Uint8Array[] => {
    const bytes = encodeG711(sine(1000, count * 20, 8000), "PCMU");
    return Array.from({ length: count }, (_, i) => bytes.subarray(i * 160, (i + 1) * 160));
  };

  it("[ME76] on a port of its own, without ICE, is heard and hears", async () => {
    const peer = await open();
    const offer = {
      type: "leg.answer",
      legId: "d",
      kind: "rtp",
      remoteSdp: peer.phoneSdp("actpass"),
    } as const;
    const answer = await t.host.request(offer);
    expect(answer).toMatchObject({ encrypted: true, codec: "PCMU" });
    expect(answer.sdp).toMatch(/m=audio \d+ UDP\/TLS\/RTP\/SAVP 0\r\n/);
    expect(answer.sdp).toMatch(/a=fingerprint:sha-256 \S+\r\na=setup:passive\r\n/);
    const phone = await RtpPhone.open(1);
    peers.push(phone);
    const plain = {
      type: "leg.answer",
      legId: "p",
      kind: "rtp",
      remoteSdp: phone.sdp({ codecs: ["PCMU"] }),
    } as const;
    phone.aim((await t.host.request(plain)).sdp);
    await t.host.request({ type: "bridge.create", bridgeId: "b" });
    for (const legId of ["d", "p"]) await t.host.request({ type: "bridge.join", bridgeId: "b", legId });
    await phone.say(sine(440, 20, 8000), "PCMU"); // before the handshake: cannot go out in the clear
    await t.received("p", 1);
    await peer.connect(answer.sdp);
    await t.next("leg.connected");
    for (const frame of frames(5)) peer.send(frame);
    await phone.hears(5);
    expect(goertzel(phone.samples(), 1000, 8000)).toBeGreaterThan(0.99);
    expect(peer.heard).toEqual([]);
    await phone.say(sine(440, 60, 8000), "PCMU");
    while (peer.heard.length < 3) await new Promise((resolve) => setImmediate(resolve));
    expect(peer.heard[0]).toHaveLength(172);
  });

  it("[ME76] whose certificate is not that of its SDP is refused", async () => {
    const peer = await open();
    const { fingerprint } = await makeDtlsIdentity();
    const remoteSdp = peer.phoneSdp("actpass", fingerprint);
    const { sdp } = await t.host.request({ type: "leg.answer", legId: "d", kind: "rtp", remoteSdp });
    peer.connect(sdp).catch(() => {});
    expect(await t.next("leg.failed")).toMatchObject({
      reason: "certificate does not match the fingerprint",
    });
  });

  it("[ME76] that wants to serve the handshake itself, or that meets a leg without encryption, is told no", async () => {
    const peer = await open();
    const answer = { type: "leg.answer", legId: "d", kind: "rtp" } as const;
    const passive = t.host.request({ ...answer, remoteSdp: peer.phoneSdp("passive") });
    await expect(passive).rejects.toMatchObject({ code: "media.unsupported_sdp", sipStatus: 488 });
    const off = t.host.request({ ...answer, remoteSdp: peer.phoneSdp("actpass"), terms: { srtp: "off" } });
    await expect(off).rejects.toMatchObject({ code: "media.unsupported_sdp", sipStatus: 488 });
    expect((await t.host.request({ type: "stats" })).host.legs).toBe(0);
  });
});
